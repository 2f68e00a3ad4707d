"""What readers may not see, whatever they ask: the desk's tables, and paths on the own machine.

Datasette lets readers write SQL. SQLite itself refuses what is named here, by an authorizer on each
connection that Datasette opens (https://sqlite.org/c3ref/set_authorizer.html): a table that is
private can't be read at all, a column that is private reads as null, nothing can be written. The
desk's own pages read by a Store, on a connection of its own, once they know who asks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

PRIVATE_TABLES = frozenset(
    ["drafts", "draft_claims", "comments", "assignments", "leases", "desk_log"]
)
PRIVATE_COLUMNS = frozenset(
    [
        ("ingests", "source"),
        ("ingests", "options"),
        ("ingests", "command"),
        ("failures", "source"),
        ("failures", "reason"),  # reasons name sources
        ("fetched", "url"),
    ]
)
# Where a build of SQLite has them: raw pages of the file, and samples of indexed values.
_RAW = frozenset(["sqlite_dbpage", "sqlite_stat3", "sqlite_stat4"])
_WRITES = frozenset(
    [
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_UPDATE,
        sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_CREATE_TABLE,
        sqlite3.SQLITE_CREATE_VTABLE,
        sqlite3.SQLITE_CREATE_TEMP_TABLE,
        sqlite3.SQLITE_ATTACH,
    ]
)

_LARGEST_VALUE = 1 << 25  # bytes
_LARGE_ROW, _LARGEST_RESULT = 10_000, 1 << 26  # code points and bytes


def guard(connection: sqlite3.Connection, *, attaching: bool = False) -> None:
    """Let a connection read what is public, and nothing else; only on a claims database.

    One that is for ``attaching`` others to has none of its own yet, and is guarded in any case.

    What one query makes is bounded, too: ``zeroblob(900000000)`` would take all memory that the
    server has, long before the time limit.
    """
    found = connection.execute(
        "select count(*) from sqlite_master where name in ('claims', 'speakers', 'desk_log')"
    ).fetchone()[0]
    if found == 3 or attaching:
        connection.set_authorizer(_verdict_while_attaching if attaching else _verdict)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
        connection.row_factory = _bounded(connection.row_factory)


def _bounded(make: Callable[..., Any] | None) -> Callable[[sqlite3.Cursor, tuple[Any, ...]], Any]:
    """Rows as ``make`` makes them, until those of one cursor that are large are too much."""
    held: WeakKeyDictionary[sqlite3.Cursor, int] = WeakKeyDictionary()

    def row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Any:
        size = sum(len(value) for value in values if isinstance(value, str | bytes))
        if size > _LARGE_ROW:
            held[cursor] = held.get(cursor, 0) + size
            if held[cursor] > _LARGEST_RESULT:
                raise sqlite3.OperationalError("the result is too large; ask for fewer rows")
        return make(cursor, values) if make else values

    return row


def _verdict(
    action: int,
    table: str | None,
    column: str | None,
    _database: str | None = None,
    _inner: str | None = None,
) -> int:
    if action == sqlite3.SQLITE_READ and table is not None:
        if table.casefold() in PRIVATE_TABLES | _RAW:
            return sqlite3.SQLITE_DENY
        if (table.casefold(), (column or "").casefold()) in PRIVATE_COLUMNS:
            return sqlite3.SQLITE_IGNORE
    if action in _WRITES and not (action == sqlite3.SQLITE_UPDATE and table == "sqlite_master"):
        return sqlite3.SQLITE_DENY  # opening a full-text table counts as updating sqlite_master
    if action == sqlite3.SQLITE_PRAGMA and table == "writable_schema":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _verdict_while_attaching(action: int, *about: str | None) -> int:
    return sqlite3.SQLITE_OK if action == sqlite3.SQLITE_ATTACH else _verdict(action, *about)
