"""How a database is opened and comes to the schema of this version: sqlite-utils' migrations.

A fresh database is made from ``schema.sql`` and counts as migrated. A change of the schema goes
into ``schema.sql`` and, as a numbered function, here; a test holds that a database of each earlier
version ends as a fresh one does.
"""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from claims.errors import DatabaseError
from claims.shipped import shipped

migrations = Migrations("claims")
_BUSY_SECONDS = 60
_CACHE = 65_536  # KiB of pages in memory: indexes are written all over


@migrations()
def m0001_first_schema(db: Database) -> None:
    """The schema as first released: a database that has tables at all has these."""


def open_database(path: str | Path) -> Database:
    """A connection to a database file, made and migrated as needed.

    Raises DatabaseError when it can't be opened or holds something else.
    """
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        connection.execute("pragma foreign_keys = on")
        _refuse_strangers(connection, path)
        with suppress(sqlite3.OperationalError):  # another program is making it right now
            connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.execute(f"pragma cache_size = -{_CACHE}")
        db = Database(connection)
        bring_up_to_date(db)
    except sqlite3.Error as error:
        raise DatabaseError(f"{path}: {sentence_of(error)}") from error
    return db


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
            if not _is_current(Database(connection)):
                raise DatabaseError(
                    f"{path}: this was made by an earlier version of claims; take it anew"
                )
    except sqlite3.Error as error:
        raise DatabaseError(f"{path}: {sentence_of(error)}") from error


def bring_up_to_date(db: Database) -> None:
    """Make the schema in an empty database, or migrate an older one; one transaction.

    Several programs may do so at once: the second waits, and finds it done. Raises DatabaseError
    for a database of a later version of claims.
    """
    if _is_current(db):
        return
    db.execute("begin immediate")
    try:
        if db.execute("select 1 from sqlite_master where name = 'claims'").fetchone() is None:
            for statement in schema_statements():
                db.execute(statement)
            _count_as_migrated(db)
        else:
            migrations.apply(db)
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")


def _count_as_migrated(db: Database) -> None:
    migrations.ensure_migrations_table(db)
    now = datetime.datetime.now(datetime.UTC)
    db.conn.executemany(
        f"insert into {migrations.migrations_table} (migration_set, name, applied_at) "  # noqa: S608
        "values (?, ?, ?)",
        [(migrations.name, migration.name, str(now)) for migration in migrations.pending(db)],
    )


def _is_current(db: Database) -> bool:
    applied = {migration.name for migration in migrations.applied(db)}
    pending = {migration.name for migration in migrations.pending(db)}
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    if applied - known:
        raise DatabaseError(
            "this database was made by a later version of claims; install that one or a newer"
        )
    return not pending


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
