"""Claims that pass a test which nothing is kept about: words in a text, a role … or a search.

Rows are looked at one by one, once for all that a page asks about them.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from pyroaring import BitMap

SIGNS = {
    "=", "!=", ">", ">=", "<", "<=", "like", "not like", "glob", "in", "is null", "is not null"
}  # fmt: skip
_FEW = 50_000  # claims that are fetched one by one; for more, the table is gone through


@dataclass(frozen=True, slots=True)
class Scanned:
    """Rows of a table of claims whose ``column`` passes a test, with SQL's words for its sign."""

    table: str
    column: str
    sign: str
    values: tuple[str, ...]

    def test(self, column: str | None = None) -> str:  # noqa: ARG002 (as the other tests have it)
        """The same as a condition on the table claims, with parameters in the values' order."""
        return (
            f"exists (select 1 from {self.table} as seen "  # noqa: S608 (known names, and marks)
            f"where seen.id = claims.id and {self._condition})"
        )

    def claims(self, connection: sqlite3.Connection, among: BitMap | None) -> BitMap:
        """The claims that pass, as far as claims are counted; only those ``among`` some."""
        within, given = "id <= (select claim_id from counted)", list[str]()
        if among is not None and len(among) <= _FEW:
            within, given = "id in (select value from json_each(?))", [json.dumps(list(among))]
        rows = connection.execute(
            f"select id from {self.table} where {within} and {self._condition}",  # noqa: S608
            (*given, *self.values),
        )
        found = BitMap([row[0] for row in rows])
        return found if among is None else found & among

    @property
    def _condition(self) -> str:
        marks = f" ({', '.join('?' * len(self.values))})" if self.sign == "in" else ""
        if not marks and self.values:
            marks = " ?"
        return f'"{self.column}" {self.sign}{marks}'


@dataclass(frozen=True, slots=True)
class Given:
    """Claims whose ids were found already."""

    ids: tuple[int, ...]

    @property
    def values(self) -> tuple[str]:
        """What belongs to the mark in `test`."""
        return (json.dumps(self.ids),)

    def test(self, column: str | None = None) -> str:  # noqa: ARG002 (as the other tests have it)
        """The same as a condition on the table claims."""
        return "+id in (select value from json_each(?))"  # of the few that are asked about anyway

    def claims(self, connection: sqlite3.Connection, among: BitMap | None) -> BitMap:
        """Those of them that are counted; only those ``among`` some."""
        (upto,) = connection.execute("select claim_id from counted").fetchone()
        found = BitMap([claim_id for claim_id in self.ids if claim_id <= upto])
        return found if among is None else found & among
