"""How databases of earlier versions become ones of this version: sqlite-utils' migrations.

A fresh database is made from ``schema.sql`` and counts as migrated. A change of the schema goes
into ``schema.sql`` and, as a numbered function, here; a test holds that both ways end the same.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from claims.shipped import shipped

migrations = Migrations("claims")


@migrations()
def m0001_first_schema(db: Database) -> None:
    """The schema as first released."""
    for statement in schema_statements():
        db.execute(statement)


def schema_statements() -> list[str]:
    """The statements of ``schema.sql``, one by one (a script can't run inside a transaction)."""
    import sqlite3

    statements: list[str] = []
    pending = ""
    for line in shipped("schema.sql").read_text("utf-8").splitlines(keepends=True):
        if pending or (line.strip() and not line.startswith("--")):
            pending += line
        if pending and sqlite3.complete_statement(pending):
            statements.append(pending.strip())
            pending = ""
    return statements
