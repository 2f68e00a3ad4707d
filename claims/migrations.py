"""How a database of an earlier version comes to the schema of this one: sqlite-utils' migrations.

A change of the schema goes into ``schema.sql`` and, as a numbered function, here and by its name
into `claims.opening`; a test holds that a database of each earlier version ends as a fresh one
does.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("claims")


@migrations()
def m0001_first_schema(db: Database) -> None:
    """The schema as first released: a database that has tables at all has these."""


def migrate(connection: sqlite3.Connection) -> None:
    """Do what is yet to be done to a database, inside the transaction that is open."""
    migrations.apply(Database(connection))
