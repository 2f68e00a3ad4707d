"""Whose turn it is: leases, so that two checkers never have the same claim; assignments; comments.

All of it is private to the desk (see `claims.store.private`).
"""

from __future__ import annotations

import datetime
import sqlite3
from dataclasses import dataclass
from typing import Any

from claims.errors import ClashError, ReviewError
from claims.models import storable
from claims.store import Store, counts
from claims.store.acting import About, action, named, rows

LEASE = datetime.timedelta(minutes=10)
_LONGEST_COMMENT = 5_000
_NOW = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"

# One statement, so that of two who ask at once each gets a claim of their own. The first branch
# goes on after the last claim, the second begins again from the first.
_TAKE = f"""
insert into leases (claim_id, actor, until)
select id, :actor, :until from (
    select id from claims
    where +status = 'suggested' {{narrowed}}
    and id not in (select claim_id from leases where until > {_NOW} and actor <> :actor)
    and id not in (select claim_id from assignments where assignee <> :actor)
    and id {{beyond}} :after
    order by id limit 1
) where true
on conflict (claim_id) do update set actor = excluded.actor, until = excluded.until
returning claim_id
"""  # noqa: S608 (nothing of it comes from outside)
_SUGGESTED = counts.Selection("status", ("suggested",))
_GIVE_BACK = f"delete from leases where actor = ? or until <= {_NOW}"  # noqa: S608
_HOLDER = f"select actor from leases where claim_id = ? and until > {_NOW}"  # noqa: S608
_ASSIGN = f"insert into assignments (claim_id, assignee, assigned_by, at) values (?, ?, ?, {_NOW})"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which suggested claims a checker goes through; None for all. Ids of rows."""

    article_id: int | None = None
    speaker_id: int | None = None
    outlet_id: int | None = None
    language: str | None = None


def take_next(
    store: Store, actor: str, after: int = 0, narrowed: Narrowed | None = None
) -> int | None:
    """The next suggested claim after ``after`` that nobody else has, leased to the actor.

    From the last one it goes back to the first; None when there is none left. A checker holds one
    lease: taking a claim gives back the one before.
    """
    chosen = {
        key: value for key, value in vars_of(narrowed or Narrowed()).items() if value is not None
    }
    sql = " ".join(f"and {key} = :{key}" for key in chosen)
    values = {"actor": named(actor), "until": _until(), "after": after, **chosen}
    with store.transaction() as connection:
        connection.execute(_GIVE_BACK, (actor,))
        if not counts.total(connection, _SUGGESTED):
            return None  # before all claims are looked at
        for beyond in (">", "<="):
            found = connection.execute(_TAKE.format(narrowed=sql, beyond=beyond), values).fetchone()
            if found:
                return int(found[0])
    return None


def vars_of(narrowed: Narrowed) -> dict[str, Any]:
    """The columns by which claims are narrowed, with their values."""
    return {key: getattr(narrowed, key) for key in Narrowed.__slots__}


def take(store: Store, actor: str, claim_id: int) -> None:
    """Lease one claim to the actor. Raises ClashError when somebody else has it."""
    with store.transaction() as connection:
        hand_over(connection, claim_id, actor)
        connection.execute("delete from leases where actor = ?", (actor,))
        connection.execute(
            "insert into leases (claim_id, actor, until) values (?, ?, ?)",
            (claim_id, actor, _until()),
        )


def release(store: Store, actor: str) -> None:
    """Give back what the actor has leased."""
    with store.transaction() as connection:
        connection.execute("delete from leases where actor = ?", (actor,))


def hand_over(
    connection: sqlite3.Connection, claim_id: int, actor: str, *, keep: bool = False
) -> None:
    """End the lease of a claim that the actor decides, unless to ``keep`` it.

    Raises ClashError when somebody else has it.
    """
    holder = connection.execute(_HOLDER, (claim_id,)).fetchone()
    if holder and holder[0] != actor:
        raise ClashError(
            "{holder} is at claim {claim_id} right now; try again in a while",
            holder=holder[0],
            claim_id=claim_id,
        )
    if not keep:
        connection.execute("delete from leases where claim_id = ?", (claim_id,))


def holder(store: Store, claim_id: int) -> str | None:
    """Who has a claim on the desk right now."""
    found = store.db.execute(_HOLDER, (claim_id,)).fetchone()
    return str(found[0]) if found else None


def _until() -> str:
    until = datetime.datetime.now(datetime.UTC) + LEASE
    return until.strftime("%Y-%m-%dT%H:%M:%SZ")


def assign(store: Store, actor: str, claim_id: int, assignee: str | None) -> None:
    """Give a claim to somebody, or to nobody. Raises ReviewError for a claim that isn't there."""
    with action(store, actor, "assign", About(claim_id, document=assignee)) as connection:
        _require_claim(connection, claim_id)
        connection.execute("delete from assignments where claim_id = ?", (claim_id,))
        if assignee:
            connection.execute(
                _ASSIGN,
                (claim_id, named(assignee), named(actor)),
            )


def comment(store: Store, actor: str, claim_id: int, text: str) -> int:
    """Say something to the other checkers about a claim; the comment's id. Raises ReviewError."""
    text = storable(text).strip()
    if not text or len(text) > _LONGEST_COMMENT:
        raise ReviewError("a comment has one to {longest:,} characters", longest=_LONGEST_COMMENT)
    with action(store, actor, "comment", About(claim_id)) as connection:
        _require_claim(connection, claim_id)
        added = connection.execute(
            f"insert into comments (claim_id, author, at, text) values (?, ?, {_NOW}, ?) "  # noqa: S608
            "returning id",
            (claim_id, named(actor), text),
        )
        return int(added.fetchone()[0])


def _require_claim(connection: sqlite3.Connection, claim_id: int) -> None:
    if not connection.execute("select 1 from claims where id = ?", (claim_id,)).fetchone():
        raise ReviewError("there is no claim {claim_id}", claim_id=claim_id)


def comments(store: Store, claim_id: int) -> list[dict[str, Any]]:
    """What checkers said about a claim, the oldest first."""
    return rows(
        store.db,
        "select id, author, at, text from comments where claim_id = ? order by id",
        (claim_id,),
    )


def assignee(store: Store, claim_id: int) -> str | None:
    """Who has been given a claim."""
    found = store.db.execute("select assignee from assignments where claim_id = ?", (claim_id,))
    row = found.fetchone()
    return str(row[0]) if row else None


def assigned(store: Store, actor: str, limit: int = 200) -> list[dict[str, Any]]:
    """The claims that the actor was given and nobody has checked or rejected, the oldest first."""
    return rows(
        store.db,
        "select claims.id, claims.text, claims.language, claims.status, claims.article_id, "
        "speakers.name as speaker, assigned_by, at "
        "from assignments join claims on claims.id = claim_id "
        "join speakers on speakers.id = speaker_id "
        "where assignee = ? and status in ('suggested', 'accepted') order by at, claims.id limit ?",
        (actor, limit),
    )


def progress(store: Store, actor: str) -> dict[str, int]:
    """How many claims have each status, and how many decisions the actor took today (UTC)."""
    found = dict(counts.top(store.db, "status"))
    today = store.db.execute(
        "select count(*) from desk_log where actor = ? and undone = 0 "
        "and action in ('accept', 'reject') and at >= strftime('%Y-%m-%d', 'now')",
        (actor,),
    ).fetchone()[0]
    statuses = ("suggested", "accepted", "rejected", "checked")
    return {**{status: found.get(status, 0) for status in statuses}, "today": today}
