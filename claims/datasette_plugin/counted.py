"""A Datasette database that answers its table pages from counts kept ahead.

Datasette asks one ``group by`` a facet and one ``count(*)`` a page, each over all rows of the
selection: seconds where there are millions. It has no hook for counting, and a facet class of ours
would stand beside its own and not in its place. So the database itself knows those questions
(claims/datasette_plugin/questions.py), and answers them from ``claims.store.tables`` where the
selection is by columns that are counted. Other questions go to SQLite, some in other words, so that
it finds an index for them. A search is bounded to the matches that were recorded last.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from math import inf
from typing import Any, TypeVar

from datasette.database import Database, QueryInterrupted, Results
from datasette.utils import sqlite_timelimit

from claims.datasette_plugin import questions
from claims.datasette_plugin.questions import Question
from claims.store import tables
from claims.store.tables import NotKept

_FOUND = "claims_found"
T = TypeVar("T")


class CountedDatabase(Database):  # type: ignore[misc]  # Datasette ships no types
    """Datasette's database, which knows how many claims there are without counting them."""

    async def execute(self, sql: str, params: Any = None, *args: Any, **options: Any) -> Results:
        """As Datasette's own; facets and counts from what is kept, where it is."""
        if params and not isinstance(params, Mapping):
            return await super().execute(sql, params, *args, **options)
        params = params or {}
        limit = min(options.get("custom_time_limit") or inf, self.ds.sql_time_limit_ms)

        async def read(reading: Callable[[sqlite3.Connection], T]) -> T:
            answer: T = await self.execute_fn(partial(_in_time, reading, limit, sql, params))
            return answer

        sql = questions.steady(sql)
        question = questions.counting(sql, params)
        try:
            if question is not None:
                return await read(partial(_answer, question))
        except NotKept:
            pass
        try:
            search = questions.searched(sql, params)
            if search is None:
                raise NotKept
            few = await read(partial(tables.few, search))
            params = {**params, _FOUND: json.dumps(few)}
            sql = questions.among(sql, _FOUND)
        except NotKept:
            sql = questions.bounded(sql, tables.SEARCHED)
        try:
            rows = questions.sorted_rows(sql, params)
            if rows is not None:
                few = await read(partial(tables.few, rows))
                if few is None:
                    sql, params = questions.by_order(sql, params)
                else:
                    params = {**params, _FOUND: json.dumps(few)}
                    sql = questions.among(sql, _FOUND)
        except (NotKept, QueryInterrupted):
            pass  # an index may still be quick enough
        sql = questions.unsaid_first(sql)
        wanted = questions.names(sql, params)
        known = await read(partial(tables.ids_of, wanted)) if wanted else {}
        sql, params = questions.by_index(sql, params, known)
        return await super().execute(sql, params, *args, **options)


async def count_ahead(database: Any) -> None:
    """Make a database that Datasette opened one of these, where it is one of claims."""
    if type(database) is Database and await database.table_exists("kept_counts"):
        database.__class__ = CountedDatabase  # one that is served can't be put in another's place


def _answer(question: Question, connection: sqlite3.Connection) -> Results:
    part, column, limit = question.part, question.column, question.limit
    if column is not None:
        found = tables.facet(connection, part, column, limit)
        rows = [{"value": value, "count": number} for value, number in found]
        return Results(rows, False, (("value",), ("count",)))
    number = tables.size(connection, part)
    return Results([(min(number, limit) if limit else number,)], False, (("count(*)",),))


def _in_time(
    reading: Callable[[sqlite3.Connection], T],
    limit: float,
    sql: str,
    params: Any,
    connection: sqlite3.Connection,
) -> T:
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
