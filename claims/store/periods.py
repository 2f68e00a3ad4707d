"""Counts of claims published from one day to another, from the counts kept by month."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass

from claims.store.counts import (
    DIMENSIONS,
    Selection,
    Value,
    later,
    ordered,
    several,
    top,
)

_AFTER_ALL = "~"  # behind every digit and dash


@dataclass(frozen=True, slots=True)
class Period:
    """Claims published from ``first`` to ``last``, both included, compared as texts."""

    first: str = ""
    last: str = _AFTER_ALL

    def months(self, connection: sqlite3.Connection) -> tuple[list[str], list[str]]:
        """The months with claims that lie in it, and those of which it has a part."""
        whole, parts = [], []
        for month in (str(value) for value, _ in top(connection, "month", limit=100_000)):
            # A date of less than a month's precision is a month of its own, and of one day.
            end = f"{month}-31" if len(month) == len("2024-12") else month
            begun = self.first <= month or (
                self.first <= f"{month}-01" and not _of_month_only(connection, month)
            )
            if begun and end <= self.last:
                whole.append(month)
            elif self.first <= f"{month}{_AFTER_ALL}" and month <= self.last:
                parts.append(month)
        return whole, parts


def _of_month_only(connection: sqlite3.Connection, month: str) -> bool:
    """Whether there are claims of which no more than the month is known."""
    found = connection.execute("select 1 from claims where published_on = ? limit 1", (month,))
    return found.fetchone() is not None


def total_of_period(connection: sqlite3.Connection, period: Period) -> int:
    """How many claims were published in a period."""
    return sum(number for _, number in top_of_period(connection, "kind", period))


def top_of_period(
    connection: sqlite3.Connection, by: str, period: Period, limit: int = 1000
) -> list[tuple[Value, int]]:
    """As ``counts.top``, of the claims published in a period."""
    if by in {"published_on", "month"}:
        return ordered(_days(connection, by, period, limit), limit)
    whole, parts = period.months(connection)
    kept = _kept(connection, whole)
    rest = [month for month in whole if month not in kept]
    months = Selection("month", tuple(kept) or ("",))
    found = several(connection, by, months, limit) + later(connection, by, months)
    return ordered(found + _counted_now(connection, by, period, parts + rest), limit)


def _days(connection: sqlite3.Connection, by: str, period: Period, limit: int) -> Counter[Value]:
    rows = connection.execute(
        f"select {'day' if by == 'published_on' else 'substr(day, 1, 7)'}, sum(n) from ("  # noqa: S608
        "select by_value as day, claims as n from claim_counts "
        "where dimension = '' and value = '' and by = 'published_on' "
        "and by_value between ? and ? union all "
        "select published_on, n from claims_uncounted where published_on between ? and ?"
        ") group by 1 having sum(n) > 0 order by 2 desc, 1 limit ?",
        (*(period.first, period.last) * 2, limit),
    )
    return Counter({row[0]: row[1] for row in rows})


def _kept(connection: sqlite3.Connection, months: list[str]) -> list[str]:
    """Those months whose counts are kept."""
    rows = connection.execute("select value from kept_selections where dimension = 'month'")
    return sorted({row[0] for row in rows} & set(months))


def _counted_now(
    connection: sqlite3.Connection, by: str, period: Period, months: list[str]
) -> Counter[Value]:
    """Claims of the period in some months, without kept counts."""
    found: Counter[Value] = Counter()
    for month in months:
        for value, number in connection.execute(
            f"select {DIMENSIONS[by]} as value, count(*) from claims "  # noqa: S608
            "where published_on between ? and ? and substr(published_on, 1, 7) = ? "
            "and value is not null group by value",
            (max(period.first, month), min(period.last, month + _AFTER_ALL), month),
        ):
            found[value] += number
    return found
