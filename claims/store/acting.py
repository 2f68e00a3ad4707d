"""One action of a person: one transaction, with who, what and when; and how it is taken back.

Triggers write what a row was and became to ``history``, with the actor named in ``acting``; what is
added is written there by ``noted_insert``. The action itself goes to ``desk_log``, with the rows of
``history`` that it left: `undo` turns exactly those round.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from claims.errors import ClashError, ReviewError
from claims.search import index_terms
from claims.store import Store

UNDOABLE = ("accept", "reject", "speaker", "span", "split", "merge")
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class About:
    """What an action is about, as ``desk_log`` keeps it."""

    claim_id: int | None = None
    review_id: int | None = None
    draft_id: int | None = None
    document: str | None = None


@contextmanager
def action(store: Store, actor: str, name: str, about: About) -> Iterator[sqlite3.Connection]:
    """All of what is done inside, by this actor, or nothing."""
    actor = named(actor)
    with store.transaction() as connection:
        connection.execute("update acting set actor = ?", (actor,))
        before = _last_change(connection)
        yield connection
        after = _last_change(connection)
        connection.execute("update acting set actor = 'sql'")
        connection.execute(
            "insert into desk_log (at, actor, action, claim_id, review_id, draft_id, document, "
            "first_change, last_change) "
            "values (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                actor, name, about.claim_id, about.review_id, about.draft_id, about.document,
                before + 1 if after > before else None, after if after > before else None,
            ),
        )  # fmt: skip


def named(actor: str) -> str:
    """The actor's name; raises ReviewError when there is none."""
    actor = actor.strip()
    if not actor or len(actor) > _LONGEST_NAME or not actor.isprintable():
        raise ReviewError(
            "{actor!r} can't be the name of who does this", actor=actor[:_LONGEST_NAME]
        )
    return actor


def noted_insert(connection: sqlite3.Connection, table: str, row_id: int) -> None:
    """Write a row that a person added to ``history``."""
    row = rows(connection, f"select * from {table} where id = ?", (row_id,))[0]  # noqa: S608
    connection.execute(
        "insert into history (actor, action, table_name, row_id, after) "
        "values ((select actor from acting), 'insert', ?, ?, ?)",
        (table, row_id, json.dumps(row, ensure_ascii=False)),
    )


@contextmanager
def reindexed(connection: sqlite3.Connection, claim_ids: Iterable[int]) -> Iterator[list[int]]:
    """Keep the full-text index right while claims change inside; new ones are added to the list."""
    ids = list(claim_ids)
    before = _terms(connection, ids)
    yield ids
    after = _terms(connection, ids)
    gone = [("delete", *old) for old in before.items() if old not in after.items()]
    come = [new for new in after.items() if new not in before.items()]
    # The index keeps no words of its own, and forgets only those that it is told.
    connection.executemany(
        "insert into claims_fts (claims_fts, rowid, terms) values (?, ?, ?)", gone
    )
    connection.executemany("insert into claims_fts (rowid, terms) values (?, ?)", come)


def _terms(connection: sqlite3.Connection, ids: list[int]) -> dict[int, str]:
    found = connection.execute(
        "select claims.id, text, name, role, organization from claims "
        "join speakers on speakers.id = speaker_id "
        "where claims.id in (select value from json_each(?))",
        (json.dumps(ids),),
    )
    return {row[0]: index_terms(" ".join(filter(None, row[1:]))) for row in found}


def undo(store: Store, actor: str) -> dict[str, Any]:
    """Take back the actor's last decision about claims that isn't taken back yet.

    Returns what was taken back: ``action`` and ``claim_id``. Raises ReviewError when there is none,
    ClashError when what it changed was changed again since.
    """
    marks = ", ".join("?" * len(UNDOABLE))
    with action(store, actor, "undo", About()) as connection:
        found = rows(
            connection,
            "select id, action, claim_id, first_change, last_change from desk_log "  # noqa: S608
            "where actor = ? and undone = 0 and first_change is not null "
            f"and action in ({marks}) order by id desc limit 1",
            (named(actor), *UNDOABLE),
        )
        if not found:
            raise ReviewError("there is nothing to undo")
        done = found[0]
        changes = rows(
            connection,
            "select action, table_name, row_id, before, after from history "
            "where id between ? and ? and table_name in ('claims', 'speakers') order by id desc",
            (done["first_change"], done["last_change"]),
        )
        claims = {change["row_id"] for change in changes if change["table_name"] == "claims"}
        with reindexed(connection, claims):
            for change in changes:
                _turn_round(connection, change)
        connection.execute("update desk_log set undone = 1 where id = ?", (done["id"],))
    store.forget()
    return {"action": done["action"], "claim_id": done["claim_id"]}


def _turn_round(connection: sqlite3.Connection, change: dict[str, Any]) -> None:
    """Make a row what it was before a change; an added one goes, if nothing else needs it."""
    table, row_id = change["table_name"], change["row_id"]
    before = json.loads(change["before"]) if change["before"] else None
    after = json.loads(change["after"])
    now = rows(connection, f"select * from {table} where id = ?", (row_id,))  # noqa: S608
    if not now or any(now[0][key] != value for key, value in after.items()):
        if before is None and table == "speakers":
            return  # a speaker that others have described since stays
        raise ClashError(
            "{row} {row_id} was changed again since; it can't be undone any more",
            row=table[:-1],
            row_id=row_id,
        )
    if before is None:
        if table == "claims" or not _is_quoted(connection, row_id):
            connection.execute(f"delete from {table} where id = ?", (row_id,))  # noqa: S608
        return
    changed = {key: value for key, value in before.items() if value != after[key]}
    if not changed:
        return
    sets = ", ".join(f'"{key}" = ?' for key in changed)
    try:
        connection.execute(
            f"update {table} set {sets} where id = ?",  # noqa: S608 (names of our own columns)
            (*changed.values(), row_id),
        )
    except sqlite3.IntegrityError as error:  # its speaker then was merged into another since
        raise ClashError(
            "{row} {row_id}: the speaker or claim that it led to is gone; it can't be undone",
            row=table[:-1],
            row_id=row_id,
        ) from error


def _is_quoted(connection: sqlite3.Connection, speaker_id: int) -> bool:
    found = connection.execute("select 1 from claims where speaker_id = ? limit 1", (speaker_id,))
    return found.fetchone() is not None


def _last_change(connection: sqlite3.Connection) -> int:
    return int(connection.execute("select coalesce(max(id), 0) from history").fetchone()[0])


def rows(
    connection: sqlite3.Connection, sql: str, parameters: tuple[object, ...] | dict[str, object]
) -> list[dict[str, Any]]:
    """The rows of a query, as dictionaries."""
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
