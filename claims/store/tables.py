"""Facets and sizes of the tables that people browse, from the counts and sets that are kept.

A part of a table is its rows that pass some tests on columns that are counted; for any other there
are no counts, and NotKept is raised.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from dataclasses import dataclass

from claims.search import match_terms
from claims.store import counts, narrowed
from claims.store.counts import ALL, DIMENSIONS, Selection, Value
from claims.store.narrowed import Narrowed, Test
from claims.store.narrowed import NotKept as NotKept
from claims.store.periods import Period, behind, behind_all
from claims.store.scanned import SIGNS, Given, Scanned

SEARCHED = 2000  # matches of a search, those recorded last, that are sorted and counted

_UNCHECKED = Selection("status", ("suggested", "accepted"))
_TABLES = {"claims": ALL, "claims_browse": ALL, "unchecked_claims": _UNCHECKED}
IDS = {"speaker_id", "outlet_id", "via_outlet_id"}
# Columns of the views that hold names: the column of ids, and the table of the names.
NAMES = {
    "speaker": ("speaker_id", "speakers"),
    "outlet": ("outlet_id", "outlets"),
    "via": ("via_outlet_id", "outlets"),
}
BEGINNING = re.compile("[0-9][0-9-]*%")  # of a day, as SQL's like has it
_PAGE = 51  # rows that Datasette asks for
_LONGEST_ID = 18  # digits; SQLite's integers end at 2^63
_MOST_NAMES = 2000  # with some letters in them, whose claims are put together
_NAMESAKES = 4  # speakers of one name at the most: one of each kind


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a table that pass all of some tests: a column, a sign, values as in a URL.

    With a ``search``, those with its words that were recorded last; at the most ``SEARCHED``.
    Signs are SQL's: ``in`` has any number of values, ``is null`` none, most have one.
    """

    table: str
    tests: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    search: str | None = None


def facet(
    connection: sqlite3.Connection, part: Part, column: str, limit: int
) -> list[tuple[Value, int]]:
    """The values of a column with most rows, as Datasette's facets have them. Raises NotKept."""
    chosen = _chosen(connection, part)
    if column in NAMES and part.table != "claims":
        return _by_name(connection, chosen, column, limit)
    if column not in _columns(part.table):
        raise NotKept
    return _top(connection, column, chosen, limit)


def size(connection: sqlite3.Connection, part: Part) -> int:
    """How many rows a part has. Raises NotKept."""
    chosen = _chosen(connection, part)
    if isinstance(chosen, Narrowed):
        return narrowed.size(connection, chosen)
    return counts.total(connection, chosen)


def few(part: Part, connection: sqlite3.Connection) -> list[int] | None:
    """The claims of a part by id; None where a page of them, in some order, is found sooner along
    an index of that order: it looks at some rows for each that is shown, sorting at all.

    Raises NotKept.
    """
    chosen = _chosen(connection, part)
    if part.search is None:
        claims = (
            counts.total(connection, chosen)
            if isinstance(chosen, Selection)
            else narrowed.size(connection, chosen)
        )
        if claims**2 > _PAGE * counts.total(connection):
            return None
    return narrowed.ids(connection, _narrowed(connection, chosen))


def ids_of(
    wanted: list[tuple[str, str]], connection: sqlite3.Connection
) -> dict[tuple[str, str], list[int]]:
    """The ids of some names, each with the column of a view that has it."""
    return {(column, name): _named(connection, column, (name,)) for column, name in wanted}


def _named(connection: sqlite3.Connection, column: str, names: tuple[str, ...]) -> list[int]:
    rows = connection.execute(
        f"select id from {NAMES[column][1]} "  # noqa: S608 (names of our own)
        f"where name in ({', '.join('?' * len(names))})",
        names,
    )
    return [row[0] for row in rows]


def _chosen(connection: sqlite3.Connection, part: Part) -> Selection | Narrowed:
    whole = _TABLES.get(part.table)
    if whole is None:
        raise NotKept
    if part.search is not None:
        within = _narrowed(connection, _chosen(connection, Part(part.table, part.tests)))
        found = narrowed.found(connection, within, match_terms(part.search), SEARCHED)
        return narrowed.narrowed(connection, [Given(tuple(found))])
    tests: list[Test] = [] if whole is ALL else [whole]
    for column, sign, values in part.tests:
        try:
            if column == "published_on" and sign not in {"=", "in"}:
                tests.append(_period(sign, values))
            else:
                tests.append(_selection(connection, part.table, column, sign, values))
        except NotKept:
            if column in IDS and not sign.startswith("is "):
                raise  # an index is at hand
            tests.append(_scanned(connection, part.table, column, sign, values))
    if not tests:
        return ALL
    first = tests[0]
    is_kept = isinstance(first, Selection) and (
        len(first.values) == 1 or first.dimension in counts.ALWAYS_KEPT
    )
    if len(tests) == 1 and is_kept:
        return first  # type: ignore[return-value]
    return narrowed.narrowed(connection, tests)


def _narrowed(connection: sqlite3.Connection, chosen: Selection | Narrowed) -> Narrowed:
    if isinstance(chosen, Narrowed):
        return chosen
    if chosen is ALL:  # each claim is of some kind
        kinds = tuple(value for value, _ in counts.top(connection, "kind"))
        chosen = Selection("kind", kinds)
    return narrowed.narrowed(connection, [chosen])


def _selection(
    connection: sqlite3.Connection, table: str, column: str, sign: str, values: tuple[str, ...]
) -> Selection:
    if sign == "!=" and column in counts.ALWAYS_KEPT:  # the few other values, of a column full
        others = [str(value) for value, _ in counts.top(connection, column) if value != values[0]]
        return Selection(column, tuple(others) or ("",))
    if column in NAMES and table != "claims" and sign == "like":
        return Selection(NAMES[column][0], tuple(_like(connection, column, values[0])) or (0,))
    if sign not in {"=", "in"}:
        raise NotKept
    if column in NAMES and table != "claims":
        return Selection(NAMES[column][0], tuple(_named(connection, column, values)) or (0,))
    if column not in _columns(table):
        raise NotKept
    if column in IDS:
        if not all(value.isdecimal() and len(value) <= _LONGEST_ID for value in values):
            raise NotKept
        return Selection(column, tuple(int(value) for value in values))
    return Selection(column, values)


def _like(connection: sqlite3.Connection, column: str, pattern: str) -> list[int]:
    rows = connection.execute(
        f"select id from {NAMES[column][1]} where name like ? limit {_MOST_NAMES}",  # noqa: S608
        (pattern,),
    ).fetchall()
    if len(rows) == _MOST_NAMES:
        raise NotKept
    return [row[0] for row in rows]


def _scanned(
    connection: sqlite3.Connection, table: str, column: str, sign: str, values: tuple[str, ...]
) -> Scanned:
    known = {row[1] for row in connection.execute(f"pragma table_info({table})")}
    if column not in known or sign not in SIGNS:
        raise NotKept
    return Scanned(table, column, sign, values)


def _columns(table: str) -> set[str]:
    """The columns of a table that counts are kept by."""
    return set(DIMENSIONS) - ({"month"} if table == "claims" else set())


def _period(sign: str, values: tuple[str, ...]) -> Period:
    """Before or after a day, or on those that begin as it does. Raises NotKept."""
    day = values[0] if values else ""
    if sign == "like" and BEGINNING.fullmatch(day):
        return Period(day[:-1], behind_all(day[:-1]))
    if sign in {">", ">="}:
        return Period(day if sign == ">=" else behind(day))
    if sign in {"<", "<="}:
        return Period(end=day if sign == "<" else behind(day))
    raise NotKept


def _top(
    connection: sqlite3.Connection, column: str, chosen: Selection | Narrowed, limit: int
) -> list[tuple[Value, int]]:
    if isinstance(chosen, Narrowed):
        return narrowed.most(connection, chosen, column, limit)
    return counts.top(connection, column, chosen, limit)


def _by_name(
    connection: sqlite3.Connection, chosen: Selection | Narrowed, column: str, limit: int
) -> list[tuple[Value, int]]:
    """By names instead of ids; two speakers of one name (a person, an outlet) are one value."""
    dimension, table = NAMES[column]
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
        ).fetchall():
            if row_id not in found:
                found[row_id] = 0 if exhausted else _number(connection, chosen, dimension, row_id)
            named[name] += found[row_id]
        most = counts.ordered(named, limit)
        # Namesakes further down have at the most so many claims together.
        beyond = least * _NAMESAKES if table == "speakers" else least
        if exhausted or (len(most) == limit and most[-1][1] >= beyond):
            return most


def _number(
    connection: sqlite3.Connection, chosen: Selection | Narrowed, dimension: str, row_id: int
) -> int:
    """How many of the chosen claims have one id."""
    if chosen is ALL:
        return counts.total(connection, Selection(dimension, (row_id,)))
    return narrowed.number(connection, _narrowed(connection, chosen), dimension, row_id)
