"""Facets and sizes of the tables that people browse, from the counts that are kept.

A part of a table is all of it, its rows with one value in a column, or those of a period; for any
other there are no counts, and NotKept is raised.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass

from claims.store import counts
from claims.store.counts import ALL, DIMENSIONS, Selection, Value
from claims.store.periods import Period, top_of_period, total_of_period

SEARCHED = 2000  # matches of a search, those recorded last, that are sorted and counted

_UNCHECKED = Selection("status", ("suggested", "accepted"))
_TABLES = {"claims": ALL, "claims_browse": ALL, "unchecked_claims": _UNCHECKED}
_IDS = {"speaker_id", "outlet_id", "via_outlet_id"}
# Columns of the views that hold names: the column of ids, and the table of the names.
_NAMES = {
    "speaker": ("speaker_id", "speakers"),
    "outlet": ("outlet_id", "outlets"),
    "via": ("via_outlet_id", "outlets"),
}
_LONGEST_ID = 18  # digits; SQLite's integers end at 2^63
_NAMESAKES = 4  # speakers of one name at the most: one of each kind


class NotKept(Exception):
    """There are no counts for this part of a table."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a table that pass all of some tests: a column, a sign, a value as in a URL."""

    table: str
    tests: tuple[tuple[str, str, str], ...] = ()


def facet(
    connection: sqlite3.Connection, part: Part, column: str, limit: int
) -> list[tuple[Value, int]]:
    """The values of a column with most rows, as Datasette's facets have them. Raises NotKept."""
    chosen = _chosen(connection, part)
    if column in _NAMES and part.table != "claims":
        return _by_name(connection, chosen, column, limit)
    if column not in _columns(part.table):
        raise NotKept
    return _top(connection, column, chosen, limit)


def size(connection: sqlite3.Connection, part: Part) -> int:
    """How many rows a part has. Raises NotKept."""
    chosen = _chosen(connection, part)
    if isinstance(chosen, Period):
        return total_of_period(connection, chosen)
    return counts.total(connection, chosen)


def _chosen(connection: sqlite3.Connection, part: Part) -> Selection | Period:
    whole = _TABLES.get(part.table)
    if whole is None or (part.tests and whole is not ALL):
        raise NotKept
    if not part.tests:
        return whole
    if all(column == "published_on" and sign != "=" for column, sign, _ in part.tests):
        return _period(part)
    if len(part.tests) > 1 or part.tests[0][1] != "=":
        raise NotKept
    column, _, value = part.tests[0]
    if column in _NAMES and part.table != "claims":
        dimension, names = _NAMES[column]
        found = connection.execute(f"select id from {names} where name = ?", (value,))  # noqa: S608
        return Selection(dimension, tuple(row[0] for row in found) or (0,))
    if column not in _columns(part.table):
        raise NotKept
    if column in _IDS:
        if not str(value).isdecimal() or len(str(value)) > _LONGEST_ID:
            raise NotKept
        return Selection(column, (int(value),))
    return Selection(column, (str(value),))


def _columns(table: str) -> set[str]:
    """The columns of a table that counts are kept by; the view of names shows only one id."""
    if table == "claims":
        return set(DIMENSIONS) - {"month"}
    return set(DIMENSIONS) - {"outlet_id", "via_outlet_id"}


def _period(part: Part) -> Period:
    """A period; only by tests that include the day they name."""
    firsts = [str(value) for _, sign, value in part.tests if sign == ">="]
    lasts = [str(value) for _, sign, value in part.tests if sign == "<="]
    if len(firsts) + len(lasts) != len(part.tests):
        raise NotKept
    everything = Period()
    return Period(max(firsts, default=everything.first), min(lasts, default=everything.last))


def _top(
    connection: sqlite3.Connection, column: str, chosen: Selection | Period, limit: int
) -> list[tuple[Value, int]]:
    if isinstance(chosen, Period):
        return top_of_period(connection, column, chosen, limit)
    return counts.top(connection, column, chosen, limit)


def _by_name(
    connection: sqlite3.Connection, chosen: Selection | Period, column: str, limit: int
) -> list[tuple[Value, int]]:
    """By names instead of ids; two speakers of one name (a person, an outlet) are one value."""
    dimension, table = _NAMES[column]
    wanted = limit
    while True:
        wanted *= _NAMESAKES
        found = dict(_top(connection, dimension, chosen, wanted))
        exhausted, least = len(found) < wanted, min(found.values(), default=0)
        named: Counter[Value] = Counter()
        for row_id, name in connection.execute(
            f"select id, name from {table} where name in (select name from {table} "  # noqa: S608
            "where id in (select value from json_each(?)))",
            (str(list(found)),),
        ):
            if row_id not in found:
                found[row_id] = _number(connection, chosen, dimension, row_id)
            named[name] += found[row_id]
        most = counts.ordered(named, limit)
        # Namesakes further down have at the most so many claims together.
        beyond = least * _NAMESAKES if table == "speakers" else least
        if exhausted or (len(most) == limit and most[-1][1] >= beyond):
            return most


def _number(
    connection: sqlite3.Connection, chosen: Selection | Period, dimension: str, row_id: Value
) -> int:
    """Claims with one id of a chosen part: counted now, for the few that are asked for."""
    if isinstance(chosen, Period):
        test, values = "published_on between ? and ?", (chosen.first, chosen.last)
    else:
        test = chosen.test(DIMENSIONS.get(chosen.dimension))
        values = chosen.values  # type: ignore[assignment]
    return int(
        connection.execute(
            f"select count(*) from claims where {dimension} = ? and {test}",  # noqa: S608
            (row_id, *values),
        ).fetchone()[0]
    )
