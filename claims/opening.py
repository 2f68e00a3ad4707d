"""How a database is opened: made from ``schema.sql`` where there is none, migrated where it is old.

A fresh database counts as migrated. What migrates older ones, `claims.migrations`, is loaded only
for these: sqlite-utils takes longer to import than a small ingest takes.
"""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from claims.errors import DatabaseError
from claims.shipped import shipped

NAME = "claims"  # of the set of migrations
MIGRATIONS = ("m0001_first_schema",)  # the functions of `claims.migrations`
_BUSY_SECONDS = 60
_PAGE = 2048  # bytes: articles fill the last of theirs by half on average
_CACHE = 16_384  # KiB of pages in memory; with four times as many nothing gets faster
# As sqlite-utils makes it.
_TABLE_OF_MIGRATIONS = (
    'CREATE TABLE "_sqlite_migrations" ( '
    '"id" INTEGER PRIMARY KEY, "migration_set" TEXT, "name" TEXT, "applied_at" TEXT )',
    'CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name" '
    'ON "_sqlite_migrations" ("migration_set", "name")',
)


def open_database(path: str | Path) -> sqlite3.Connection:
    """A connection to a database file, made and migrated as needed.

    Raises DatabaseError when it can't be opened or holds something else.
    """
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        connection.execute(f"pragma page_size = {_PAGE}")  # of a new database
        connection.execute("pragma foreign_keys = on")
        connection.execute("pragma recursive_triggers = on")
        _refuse_strangers(connection, path)
        with suppress(sqlite3.OperationalError):  # another program is making it right now
            connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.execute(f"pragma cache_size = -{_CACHE}")
        bring_up_to_date(connection)
    except sqlite3.Error as error:
        raise DatabaseError(f"{path}: {sentence_of(error)}") from error
    return connection


def check_unchanging(path: Path) -> None:
    """Raise DatabaseError unless a file can be served as one that never changes; it isn't changed.

    That is a claims database of this version that no program is writing to.
    """
    log = Path(f"{path}-wal")
    if log.exists() and log.stat().st_size:
        raise DatabaseError(
            f"{path}: this is being written to; serve a snapshot of it, or leave out --immutable"
        )
    try:
        address = f"{path.absolute().as_uri()}?immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            _refuse_strangers(connection, path)
            if not _is_current(connection):
                raise DatabaseError(
                    f"{path}: this was made by an earlier version of claims; take it anew"
                )
    except sqlite3.Error as error:
        raise DatabaseError(f"{path}: {sentence_of(error)}") from error


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Make the schema in an empty database, or migrate an older one; one transaction.

    Several programs may do so at once: the second waits, and finds it done. Raises DatabaseError
    for a database of a later version of claims.
    """
    if _is_current(connection):
        return
    connection.execute("begin immediate")
    try:
        if not _has(connection, "claims"):
            for statement in schema_statements():
                connection.execute(statement)
            _count_as_migrated(connection)
        else:
            from claims.migrations import migrate

            migrate(connection)
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _has(connection: sqlite3.Connection, name: str) -> bool:
    found = connection.execute("select 1 from sqlite_master where name = ?", (name,))
    return found.fetchone() is not None


def _count_as_migrated(connection: sqlite3.Connection) -> None:
    if not _has(connection, "_sqlite_migrations"):
        for statement in _TABLE_OF_MIGRATIONS:
            connection.execute(statement)
    now = datetime.datetime.now(datetime.UTC)
    connection.executemany(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values (?, ?, ?)",
        [(NAME, name, str(now)) for name in MIGRATIONS],
    )


def _is_current(connection: sqlite3.Connection) -> bool:
    if not _has(connection, "_sqlite_migrations"):
        return False
    found = connection.execute(
        "select name from _sqlite_migrations where migration_set = ?", (NAME,)
    )
    applied = {name for (name,) in found}
    if applied.difference(MIGRATIONS):
        raise DatabaseError(
            "this database was made by a later version of claims; install that one or a newer"
        )
    return applied.issuperset(MIGRATIONS)


def schema_statements() -> list[str]:
    """The statements of ``schema.sql``, one by one (a script can't run inside a transaction)."""
    statements: list[str] = []
    pending = ""
    for line in shipped("schema.sql").read_text("utf-8").splitlines(keepends=True):
        if pending or (line.strip() and not line.startswith("--")):
            pending += line
        if pending and sqlite3.complete_statement(pending):
            statements.append(pending.strip())
            pending = ""
    return statements


def _refuse_strangers(connection: sqlite3.Connection, path: str | Path) -> None:
    """Raise DatabaseError for a database that somebody made for something else."""
    tables = {row[0] for row in connection.execute("select name from sqlite_master")}
    if tables and not {"claims", "articles", "speakers"} <= tables:
        raise DatabaseError(
            f"{path}: this is a database, but not one of claims; name another with --db"
        )


def sentence_of(error: sqlite3.Error) -> str:
    """SQLite's message as a sentence that says what to do."""
    text = str(error)
    hints = {
        "file is not a database": "this file is not a SQLite database; name another with --db",
        "unable to open": "can't be opened; is the folder there, and may you write to it?",
        "readonly": "is read-only; copy it, or change its permissions",
        "disk is full": "the disk is full; nothing of this article was saved",
        "locked": "is in use by another program that doesn't let go; try again",
    }
    return next((hint for key, hint in hints.items() if key in text), text)
