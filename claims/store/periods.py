"""Claims published from one day to another."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TypeVar

from pyroaring import BitMap

from claims.store import sets
from claims.store.counts import Selection, top

T = TypeVar("T")
_AFTER_ALL = ":"  # behind every digit, with which dates begin
_MONTH = len("2024-12")


def behind(text: str) -> str:
    """The first text that sorts behind another one."""
    return f"{text}\0"


def behind_all(prefix: str) -> str:
    """The first text that sorts behind all that begin with ``prefix``."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


@dataclass(frozen=True, slots=True)
class Period:
    """Claims published from ``first`` up to, and without, ``end``; compared as texts."""

    first: str = ""
    end: str = _AFTER_ALL

    @property
    def values(self) -> tuple[str, str]:
        """What belongs to the marks in `test`."""
        return self.first, self.end

    def test(self, column: str | None = None) -> str:
        """The same as a condition on a column."""
        name = column or "published_on"
        return f"{name} >= ? and {name} < ?"

    def claims(self, connection: sqlite3.Connection) -> BitMap:
        """The claims of the period, as far as claims are counted."""
        whole, parts = self._months(connection)
        found = sets.of_values(connection, "month", whole)
        for first, end in parts:
            found |= sets.of_days(connection, max(first, self.first), min(end, self.end))
        return found

    def _months(self, connection: sqlite3.Connection) -> tuple[list[str], list[tuple[str, str]]]:
        """The months that lie in it; first and end of those that it cuts, or have no set."""
        whole, parts = [], []
        for month in (str(value) for value, _ in top(connection, "month", limit=100_000)):
            # A date of less than a month's precision is a month of its own.
            first, end = month, behind_all(month) if len(month) == _MONTH else behind(month)
            if end <= self.first or first >= self.end:
                continue
            cut = _has_claims(connection, first, self.first) or _has_claims(
                connection, self.end, end
            )
            if cut or not sets.has_set(connection, "month", month):
                parts.append((first, end))
            else:
                whole.append(month)
        return whole, parts


def _has_claims(connection: sqlite3.Connection, first: str, end: str) -> bool:
    if first >= end:
        return False
    found = connection.execute(
        "select 1 from claims where published_on >= ? and published_on < ? limit 1", (first, end)
    )
    return found.fetchone() is not None


def of_month(test: T) -> T | Period:
    """A month as the period that it is; any other as it is."""
    if isinstance(test, Selection) and test.dimension == "month" and len(test.values) == 1:
        month = str(test.values[0])
        if len(month) == _MONTH:
            return Period(month, behind_all(month))
    return test
