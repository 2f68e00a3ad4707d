"""Counts of claims published from one day to another, from the counts kept by month."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass

from claims.store.counts import (
    ALWAYS_KEPT,
    DIMENSIONS,
    FREQUENT,
    Selection,
    Value,
    later,
    ordered,
    top,
    waiting,
)

_AFTER_ALL = "~"  # behind every digit and dash
_NO_LIMIT = 1_000_000


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
            if self.first <= month and end <= self.last:
                whole.append(month)
            elif self.first <= f"{month}{_AFTER_ALL}" and month <= self.last:
                parts.append(month)
        return whole, parts


def total_of_period(connection: sqlite3.Connection, period: Period) -> int:
    """How many claims were published in a period."""
    return sum(number for _, number in top_of_period(connection, "published_on", period, _NO_LIMIT))


def top_of_period(
    connection: sqlite3.Connection, by: str, period: Period, limit: int = 1000
) -> list[tuple[Value, int]]:
    """As ``counts.top``, of the claims published in a period."""
    if by in {"published_on", "month"}:
        return ordered(_days(connection, by, period), limit)
    whole, parts = period.months(connection)
    beside = _counted_now(connection, by, period, parts)
    found = _of_kept_values(connection, by, whole) + later(connection, by, _months(whole))
    likely = ordered(found + beside, limit)
    # A value that is not among the kept ones has fewer claims in all than the last one found.
    enough = FREQUENT + waiting(connection)
    if by in ALWAYS_KEPT or (len(likely) == limit and likely[-1][1] >= enough):
        return likely
    return ordered(_of_months(connection, by, period, whole) + beside, limit)


def _days(connection: sqlite3.Connection, by: str, period: Period) -> Counter[Value]:
    found: Counter[Value] = Counter()
    for day, number in top(connection, "published_on", limit=_NO_LIMIT):
        if period.first <= str(day) <= period.last:
            found[day if by == "published_on" else str(day)[: len("2024-12")]] += number
    return found


def _of_kept_values(connection: sqlite3.Connection, by: str, months: list[str]) -> Counter[Value]:
    """Kept counts of whole months, for those values that are frequent enough to have them."""
    rows = connection.execute(
        "select kept.value, sum(claims) from kept_selections as kept cross join claim_counts "
        "on (claim_counts.dimension, claim_counts.value, by) "
        "= (kept.dimension, kept.value, 'month') "
        "where kept.dimension = ? and by_value between ? and ? "
        "and by_value in (select value from json_each(?)) group by kept.value",
        (by, min(months, default=""), max(months, default=""), json.dumps(months)),
    )
    return Counter({row[0]: row[1] for row in rows})


def _of_months(
    connection: sqlite3.Connection, by: str, period: Period, months: list[str]
) -> Counter[Value]:
    """Counts of whole months, for all values."""
    kept = {
        row[0]
        for row in connection.execute("select value from kept_selections where dimension = 'month'")
    }
    frequent = [month for month in months if month in kept]
    rows = connection.execute(
        "select by_value, sum(claims) from claim_counts where dimension = 'month' and by = ? "
        "and value in (select value from json_each(?)) group by by_value",
        (by, json.dumps(frequent)),
    )
    found: Counter[Value] = Counter({row[0]: row[1] for row in rows})
    rest = [month for month in months if month not in kept]
    found.update(later(connection, by, _months(frequent)))
    found.update(_counted_now(connection, by, period, rest))
    return found


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


def _months(months: list[str]) -> Selection:
    return Selection("month", tuple(months) or ("",))
