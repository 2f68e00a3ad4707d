"""A Datasette database that answers its table pages from counts kept ahead.

Datasette asks one ``group by`` a facet and one ``count(*)`` a page, each over all rows of the
selection: seconds where there are millions. It has no hook for counting, and a facet class of ours
would stand beside its own and not in its place. So the database itself knows those two questions
(their text is the same in 0.65 and 1.0), answers them from ``claims.store.counts`` where the
selection is all claims, those of one value of a column, or a period; every other question goes to
SQLite as it is. A search alone is bounded to the matches that were recorded last.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from math import inf
from typing import Any

from datasette.database import Database, QueryInterrupted, Results
from datasette.utils import sqlite_timelimit

from claims.store import tables
from claims.store.tables import NotKept, Part

_WORD = r"""["\[]?(\w+)["\]]?"""
_WHERE = r"(?: where (.*?))?\s*"
# Datasette's own questions, as ColumnFacet and its table page ask them.
_FACET = re.compile(
    rf"select {_WORD} as value, count\(\*\) as count from \(\s*"  # noqa: S608 (a pattern)
    rf"select [^()]*? from {_WORD}{_WHERE}\)\s*where {_WORD} is not null\s+"
    rf"group by {_WORD} order by count desc, value limit (\d+)",
    re.S,
)
_COUNT = re.compile(
    rf"select count\(\*\) from (?:\(select \* from )?{_WORD}{_WHERE}(?:limit (\d+)\))?",  # noqa: S608 (a pattern)
    re.S,
)
_TEST = re.compile(rf"{_WORD} (=|!=|>=|<=|>|<|like|in) \(?((?::\w+(?:, )?)+)\)?")
# What page two and on add to the selection; facets are those of the whole selection on each page.
_AFTER = re.compile(
    r"(?:^| and )(?:\((\w+) [<>] :p\d+(?: or \1 is null)? or \(\1 = :p\d+ and "
    r"\(*\w+ > :p\d+\)*\)\)|\(+\w+ > :p\d+\)+)\s*$"
)
_SEARCH = re.compile(
    r"(\w+ in \(select rowid from \w+_fts where \w+_fts match escape_fts\(:search\))\)"
)


class CountedDatabase(Database):  # type: ignore[misc]  # Datasette ships no types
    """Datasette's database, which knows how many claims there are without counting them."""

    async def execute(self, sql: str, params: Any = None, *args: Any, **options: Any) -> Results:
        """As Datasette's own; facets and counts from what is kept, where it is."""
        if not params or isinstance(params, Mapping):
            reading = _reading(sql, params or {})
            if reading is not None:
                limit = min(options.get("custom_time_limit") or inf, self.ds.sql_time_limit_ms)
                try:
                    return await self.execute_fn(partial(_in_time, reading, limit, sql, params))
                except NotKept:
                    pass
            sql = bounded(sql)
        return await super().execute(sql, params, *args, **options)


async def count_ahead(database: Any) -> None:
    """Make a database that Datasette opened one of these, where it is one of claims."""
    if type(database) is Database and await database.table_exists("claim_counts"):
        database.__class__ = CountedDatabase  # one that is served can't be put in another's place


def bounded(sql: str) -> str:
    """A query with a search and no other test, over the matches that were recorded last."""
    found = _SEARCH.search(sql)
    if found is None or " and " in sql.replace(found.group(), ""):
        return sql
    limit = f"{found.group(1)} order by rowid desc limit {tables.SEARCHED})"
    return sql[: found.start()] + limit + sql[found.end() :]


def _reading(sql: str, params: Mapping[str, Any]) -> Callable[[sqlite3.Connection], Results] | None:
    """How to answer a question of Datasette's from counts; None for any other."""
    sql = sql.strip()
    if facet := _FACET.fullmatch(sql):
        column, table, where, *again, limit = facet.groups()
        part = _part(table, _AFTER.sub("", where or ""), params)
        if part is None or set(again) != {column}:
            return None
        return partial(_facet, part, column, int(limit))
    if count := _COUNT.fullmatch(sql):
        table, where, limit = count.groups()
        part = _part(table, where or "", params)
        if part is None:
            return None
        return partial(_count, part, int(limit or 0))
    return None


def _in_time(
    reading: Callable[[sqlite3.Connection], Results],
    limit: float,
    sql: str,
    params: Any,
    connection: sqlite3.Connection,
) -> Results:
    """What a reading gives; QueryInterrupted, as Datasette has it, after some milliseconds.

    All that it asks for is of one state of the database, whatever others write meanwhile.
    """
    with sqlite_timelimit(connection, limit):
        try:
            connection.execute("begin")
            return reading(connection)
        except sqlite3.OperationalError as error:
            if error.args == ("interrupted",):
                raise QueryInterrupted(error, sql, params) from error
            raise
        finally:
            connection.rollback()


def _facet(part: Part, column: str, limit: int, connection: sqlite3.Connection) -> Results:
    found = tables.facet(connection, part, column, limit)
    rows = [{"value": value, "count": number} for value, number in found]
    return Results(rows, False, (("value",), ("count",)))


def _count(part: Part, limit: int, connection: sqlite3.Connection) -> Results:
    number = tables.size(connection, part)
    return Results([(min(number, limit) if limit else number,)], False, (("count(*)",),))


def _part(table: str, where: str, params: Mapping[str, Any]) -> Part | None:
    """The part of a table that Datasette asks about; None where there are other tests."""
    tests = []
    for test in where.split(" and ") if where.strip() else []:
        found = _TEST.fullmatch(test.strip())
        if found is None:
            return None
        column, sign, marks = found.groups()
        names = [mark.removeprefix(":") for mark in marks.split(", ")]
        if not params.keys() >= set(names):
            return None
        tests.append((column, sign, tuple(str(params[name]) for name in names)))
    return Part(table, tuple(tests))
