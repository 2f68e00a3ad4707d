"""Drafts of reviews, which only checkers see: one JSON document each, in a private table."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from typing import Any

from claims.errors import ReviewError
from claims.reviews import Review, checked_review, review_of
from claims.store import Store
from claims.store.acting import About, action, rows
from claims.store.reviewing import check
from claims.store.reviewing import review as published

_NOW = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"


def save_draft(
    store: Store,
    actor: str,
    review: Review,
    draft_id: int | None = None,
    review_id: int | None = None,
) -> int:
    """Save a draft, new or over an earlier one; its id.

    With ``review_id`` it is to replace a published review. Raises ReviewError.
    """
    review = checked_review(review)
    about = About(review.claims[0].claim_id, review_id, draft_id, review.to_json())
    with action(store, actor, "draft", about) as connection:
        check(connection, review)
        return _save(connection, actor, review, draft_id, review_id)


def _save(
    connection: sqlite3.Connection,
    actor: str,
    review: Review,
    draft_id: int | None,
    review_id: int | None,
) -> int:
    if draft_id is None:
        draft_id = connection.execute(
            f"insert into drafts (review_id, author, document, changed_at) "  # noqa: S608
            f"values (?, ?, ?, {_NOW}) on conflict (review_id) do update "
            "set document = excluded.document, changed_at = excluded.changed_at returning id",
            (review_id, actor, review.to_json()),
        ).fetchone()[0]
    elif not connection.execute(
        f"update drafts set document = ?, changed_at = {_NOW} where id = ?",  # noqa: S608
        (review.to_json(), draft_id),
    ).rowcount:
        raise ReviewError(
            "there is no draft {draft_id}; was it published, or thrown away?", draft_id=draft_id
        )
    connection.execute("delete from draft_claims where draft_id = ?", (draft_id,))
    connection.executemany(
        "insert into draft_claims (draft_id, claim_id) values (?, ?)",
        [(draft_id, claim.claim_id) for claim in review.claims],
    )
    return int(draft_id)


def draft(store: Store, draft_id: int) -> dict[str, Any]:
    """A draft's row, with the ``review`` in it. Raises ReviewError when there is none.

    Claims that were deleted since are left out of it; its ``document`` is as it was saved.
    """
    found = _drafts(store, "drafts.id = ?", draft_id)
    if not found:
        raise ReviewError(
            "there is no draft {draft_id}; was it published, or thrown away?", draft_id=draft_id
        )
    return found[0]


def drafts(
    store: Store, author: str | None = None, claim_id: int | None = None
) -> list[dict[str, Any]]:
    """Drafts, the last changed first: of an author, of a claim, or all (200 at the most)."""
    if author is not None:
        return _drafts(store, "author = ?", author)
    if claim_id is not None:
        return _drafts(
            store, "drafts.id in (select draft_id from draft_claims where claim_id = ?)", claim_id
        )
    return _drafts(store, "true")


def _drafts(store: Store, test: str, *values: object) -> list[dict[str, Any]]:
    found = rows(
        store.db,
        f"select * from drafts where {test} order by changed_at desc, id desc limit 200",  # noqa: S608
        values,
    )
    return [
        {**row, "review": _of_what_is_there(store, Review.from_json(row["document"]))}
        for row in found
    ]


def _of_what_is_there(store: Store, review: Review) -> Review:
    """The review without claims that were deleted since it was written."""
    wanted = json.dumps([claim.claim_id for claim in review.claims])
    there = {
        row[0]
        for row in store.db.execute(
            "select id from claims where id in (select value from json_each(?))", (wanted,)
        )
    }
    return replace(
        review, claims=tuple(claim for claim in review.claims if claim.claim_id in there)
    )


def led_to(connection: sqlite3.Connection, kept_id: int, other_id: int) -> None:
    """Let drafts about one claim be about another that stands at the same words instead."""
    found = rows(
        connection,
        "select id, document from drafts "
        "where id in (select draft_id from draft_claims where claim_id = ?)",
        (other_id,),
    )
    for row in found:
        review = Review.from_json(row["document"])
        about = [
            replace(claim, claim_id=kept_id) if claim.claim_id == other_id else claim
            for claim in review.claims
        ]
        document = replace(review, claims=tuple(dict.fromkeys(about))).to_json()
        connection.execute("update drafts set document = ? where id = ?", (document, row["id"]))
    for sql in (
        "update or ignore draft_claims set claim_id = ? where claim_id = ?",
        "delete from draft_claims where claim_id <> ? and claim_id = ?",
    ):
        connection.execute(sql, (kept_id, other_id))


def throw_away(store: Store, actor: str, draft_id: int) -> None:
    """Delete a draft; the desk's log keeps what it said. Raises ReviewError for none."""
    found = draft(store, draft_id)
    about = About(draft_id=draft_id, review_id=found["review_id"], document=found["document"])
    with action(store, actor, "throw away", about) as connection:
        connection.execute("delete from drafts where id = ?", (draft_id,))


def edited(store: Store, review_id: int) -> Review:
    """A published review as its next version begins: its draft, where there is one."""
    found = _drafts(store, "review_id = ?", review_id)
    if found:
        at_work: Review = found[0]["review"]
        return at_work
    return review_of(published(store, review_id))
