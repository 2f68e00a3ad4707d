"""A smaller database of the part that people browse: same schema, same ids, nothing private.

What is copied is named here, table by table, so that a table nobody thought of stays out. Not in a
snapshot are the desk's drafts, comments, assignments and log, the feeds, and the runs of ingests
with their failures, since they name files of the machine. A reference to a row that stayed behind
is empty.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.errors import DatabaseError, RefusedError
from claims.store import Store

# Tables in the order in which they are filled, and which of their rows go along. kept_articles,
# kept_claims and the like are those before, by id.
_ROWS = {
    "outlets": "id in (select outlet_id from temp.kept_articles) or id in (select outlet_id from "
    "whole.claims where id in temp.kept_claims) or id in (select via_outlet_id from whole.claims "
    "where id in temp.kept_claims)",
    "speakers": "id in temp.kept_speakers",
    "speaker_aliases": "speaker_id in temp.kept_speakers",
    "articles": "id in (select id from temp.kept_articles)",
    "claims": "id in temp.kept_claims",
    "earlier_claims": "claim_id in temp.kept_claims "
    "and article_id in (select id from temp.kept_articles)",
    "verdicts": "true",
    "verdict_sets": "true",
    "verdict_set_members": "true",
    "reviews": "id in temp.kept_reviews",
    "review_claims": "review_id in temp.kept_reviews and claim_id in temp.kept_claims",
    "evidence": "review_id in temp.kept_reviews",
    "opinions": "review_id in temp.kept_reviews",
    "topics": "true",
    "claim_topics": "claim_id in temp.kept_claims",
}
# References that may lead out of the snapshot, and the rows that they then find.
_LOOSE = {
    ("articles", "ingest_id"): "null",
    ("articles", "supersedes_id"): "(select id from temp.kept_articles)",
    ("claims", "canonical_id"): "temp.kept_claims",
}
_SEEDED = ("verdict_set_members", "verdict_sets", "verdicts")  # filled by the schema itself
INSPECT_DATA = "inspect-data.json"  # the name that Datasette looks for
# Whose history goes along, and which row of it belongs to what is there.
_OF_REVIEW = "coalesce(after, before) ->> 'review_id' in temp.kept_reviews"
_HISTORY = {
    **{
        table: f"row_id in (select id from main.{table})"  # noqa: S608 (names of our own)
        for table in ("outlets", "speakers", "articles", "claims", "verdicts", "reviews")
    },
    "review_claims": f"{_OF_REVIEW} and row_id in temp.kept_claims",
    "evidence": _OF_REVIEW,
    "opinions": _OF_REVIEW,
}


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a database that a snapshot has.

    Articles of some ``outlets`` (all, where none is named), published ``since`` a day (ISO 8601; an
    article without a date isn't), with their claims and what was said of these.
    """

    since: str | None = None
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a snapshot holds: rows, and bytes of its file."""

    articles: int
    claims: int
    size: int


def take(source: str | Path, output: Path, part: Part) -> Snapshot:
    """Write the part of a database to another file, which appears when it is whole.

    A file that is there is replaced. The source may be written to meanwhile. Raises DatabaseError
    when one of the two can't be used, RefusedError for an outlet that isn't in the database.
    """
    from claims.opening import sentence_of

    Store.open(source, create=False).close()  # there, ours, and of this version
    with _new_file(output) as unfinished:
        store = Store.open(unfinished)
        try:
            _fill(store, Path(source), part)
            articles, claims = store.db.execute(
                "select (select count(*) from articles), (select count(*) from claims)"
            ).fetchone()
        except sqlite3.Error as error:
            raise DatabaseError(f"{output}: {sentence_of(error)}") from error
        finally:
            store.close()
        size = unfinished.stat().st_size
    _forget_inspect_data(output)
    return Snapshot(articles, claims, size)


def write_inspect_data(path: Path) -> Path:
    """Write beside a snapshot what ``datasette inspect`` tells of it; gives the file's path.

    Hash (SHA-256), size and the rows of each table, under the database's name, as Datasette looks
    for it in a folder that it serves; counted here since the plugin lets Datasette count no private
    table. Raises DatabaseError.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as opened:
        tables = opened.execute(
            "select name from sqlite_master where type = 'table' order by rowid"
        ).fetchall()
        counts = {
            name: {"count": opened.execute(f'select count(*) from "{name}"').fetchone()[0]}  # noqa: S608
            for (name,) in tables
        }
    output = path.with_name(INSPECT_DATA)
    with path.open("rb") as file:
        told = hashlib.file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    about = {path.stem: {"hash": told, "size": size, "file": path.name, "tables": counts}}
    try:
        output.write_text(json.dumps(about, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise DatabaseError(f"{output}: can't be written ({error.strerror})") from error
    return output


def inspect_data(path: Path) -> dict[str, Any] | None:
    """What `write_inspect_data` told of a snapshot; None where it didn't, or of another one.

    Raises DatabaseError for a file that can't be served as one that never changes.
    """
    from claims.opening import check_unchanging

    if not path.is_file():
        raise DatabaseError(f"{path}: there is no such file; `claims snapshot` makes one")
    check_unchanging(path)
    try:
        told = json.loads(path.with_name(INSPECT_DATA).read_text("utf-8"))[path.stem]
        is_of_this = told["size"] == path.stat().st_size and isinstance(told["tables"], dict)
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return dict(told) if is_of_this else None


def _forget_inspect_data(path: Path) -> None:
    """Remove what was told of the file that was here before."""
    beside = path.with_name(INSPECT_DATA)
    with suppress(OSError, ValueError, TypeError):
        if path.stem in json.loads(beside.read_text("utf-8")):
            beside.unlink()


@contextmanager
def _new_file(output: Path) -> Iterator[Path]:
    """A file beside ``output`` that takes its place when all went well."""
    unfinished = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        yield unfinished
        os.replace(unfinished, output)
    except OSError as error:
        raise DatabaseError(f"{output}: can't be written ({error.strerror})") from error
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                Path(f"{unfinished}{suffix}").unlink()


def _fill(store: Store, source: Path, part: Part) -> None:
    connection = store.db
    connection.execute("attach database ? as whole", (str(source),))
    connection.execute("begin")  # an immediate one would keep others from writing to the source
    connection.execute("pragma defer_foreign_keys = on")
    _choose(connection, part)
    for table in _SEEDED:
        connection.execute(f"delete from main.{table}")  # noqa: S608 (names of our own)
    connection.execute("delete from main.history")  # what emptying the others left
    for table, test in _ROWS.items():
        _copy(connection, table, test)
    of_tables = " or ".join(f"table_name = '{name}' and {test}" for name, test in _HISTORY.items())
    _copy(connection, "history", of_tables)
    connection.execute("commit")
    connection.execute("detach database whole")
    store.reindex()
    store.refresh_counts()
    for table in ("articles_fts", "claims_fts"):
        connection.execute(f"insert into {table} ({table}) values ('optimize')")  # noqa: S608
    connection.execute("vacuum")
    connection.execute("pragma journal_mode = delete")  # no files beside one that doesn't change


def _choose(connection: sqlite3.Connection, part: Part) -> None:
    """Name the rows that go along, by id."""
    outlet_ids = [_outlet_id(connection, name) for name in part.outlets]
    connection.execute("create temp table chosen (outlet_id integer primary key)")
    connection.executemany(
        "insert or ignore into chosen values (?)", [(number,) for number in outlet_ids]
    )
    connection.execute(
        "create temp table kept_articles as select id, outlet_id from whole.articles "
        "where (?1 is null or published_on >= ?1) and (?2 or outlet_id in temp.chosen)",
        (part.since, not part.outlets),
    )
    connection.execute("create index temp.kept_by_id on kept_articles (id)")
    for table, rows in {
        "claims": "id from whole.claims where article_id in (select id from temp.kept_articles)",
        "speakers": "distinct speaker_id from whole.claims where id in temp.kept_claims",
        "reviews": "distinct review_id from whole.review_claims where claim_id in temp.kept_claims",
    }.items():
        connection.execute(f"create temp table kept_{table} (id integer primary key)")
        connection.execute(f"insert into kept_{table} select {rows}")


def _outlet_id(connection: sqlite3.Connection, name: str) -> int:
    row = connection.execute("select id from whole.outlets where name = ?", (name,)).fetchone()
    if row is None:
        some = connection.execute("select name from whole.outlets order by name limit 6")
        names = [known for (known,) in some]
        told = ", ".join([*names[:5], *(["…"] if len(names) > 5 else [])])
        raise RefusedError(f"there is no outlet {name!r} in this database; there are: {told}")
    return int(row[0])


def _copy(connection: sqlite3.Connection, table: str, test: str) -> None:
    columns = [row[1] for row in connection.execute(f"pragma main.table_info({table})")]
    taken = ", ".join(_taken(table, column) for column in columns)
    named = ", ".join(f'"{column}"' for column in columns)
    connection.execute(
        f"insert into main.{table} ({named}) "  # noqa: S608 (names of our own)
        f"select {taken} from whole.{table} as old where {test} order by 1"
    )


def _taken(table: str, column: str) -> str:
    """A column as it is copied: empty where it refers to a row that stays behind."""
    found = _LOOSE.get((table, column))
    if found is None:
        return f'old."{column}"'
    return "null" if found == "null" else f"case when old.{column} in {found} then old.{column} end"
