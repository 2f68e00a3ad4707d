"""The schema: fresh databases and migrated ones are the same, and columns are what code says."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from claims.migrations import migrations
from claims.opening import MIGRATIONS, bring_up_to_date, schema_statements

RELEASED = sorted((Path(__file__).parent / "schemas").glob("*.sql"))


def shape(db: Database) -> dict[str, str]:
    """Every table, view, index and trigger by name, with its SQL without layout."""
    found = db.execute("select name, sql from sqlite_master where sql is not null")
    return {name: re.sub(r"\s+", " ", sql) for name, sql in found}


def content(db: Database) -> list[object]:
    return db.execute("select name, rating from verdicts order by name").fetchall()


@pytest.fixture
def fresh():
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    bring_up_to_date(db.conn)
    return db


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_a_database_of_an_earlier_version_ends_as_a_fresh_one(path, fresh):
    """``schemas/NNNN.sql`` is the schema as it was after migration NNNN.

    Until 0.1.0 is released, a change of schema.sql is copied to schemas/0001.sql; after that it
    needs a migration.
    """
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    db.conn.executescript(path.read_text("utf-8"))
    migrations.ensure_migrations_table(db)
    for migration in migrations.pending(db):
        if migration.name[1:5] <= path.stem:
            db[migrations.migrations_table].insert(
                {"migration_set": migrations.name, "name": migration.name, "applied_at": ""}
            )
    bring_up_to_date(db.conn)
    assert shape(db) == shape(fresh)
    assert content(db) == content(fresh)
    assert migrations.pending(db) == []


def test_a_fresh_database_counts_as_migrated(fresh):
    assert migrations.pending(fresh) == []
    assert [migration.name for migration in migrations.applied(fresh)] == list(MIGRATIONS)


def test_there_is_a_released_schema_for_every_migration(fresh):
    numbers = [migration.name[1:5] for migration in migrations.applied(fresh)]
    assert [path.stem for path in RELEASED] == numbers


def test_every_statement_of_the_schema_is_run():
    script = Database(memory=True)
    script.conn.executescript(";\n".join(schema_statements()))
    tables = {"articles", "claims", "claims_fts", "speakers", "outlets", "history", "claims_browse"}
    assert tables <= set(shape(script))


def test_making_a_database_again_changes_nothing(fresh):
    before = shape(fresh)
    bring_up_to_date(fresh.conn)
    assert shape(fresh) == before


def test_a_failed_schema_leaves_nothing(monkeypatch):
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    statements = [*schema_statements()[:5], "create table outlets (id)"]
    monkeypatch.setattr("claims.opening.schema_statements", lambda: statements)
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        bring_up_to_date(db.conn)
    assert shape(db) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "insert into speakers (name, kind) values ('윤서연', 'robot')",
        "insert into speakers (name, kind) values ('', 'person')",
        "insert into articles (text, sha256) values ('', '')",
        "insert into articles (text, sha256, published_on) values ('둑', '', 'yesterday')",
        "insert into articles (id, text, sha256) values ('x', '둑', '')",
        "update acting set id = 2",
    ],
)
def test_what_makes_no_sense_is_refused(fresh, statement):
    with pytest.raises(sqlite3.IntegrityError):
        fresh.execute(statement)
