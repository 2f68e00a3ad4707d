"""Reviews: publishing, withdrawing, second opinions.

Publishing turns a draft (``store/drafts.py``) into rows of ``reviews``,
``review_claims`` and ``evidence`` in one transaction. Editing a published review is a draft too:
what readers see changes at once, and ``history`` keeps what it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple
from typing import Any

from claims.errors import ReviewError
from claims.models import Span
from claims.reviews import Evidence, Opinion, Review, Reviewed, checked_review, words
from claims.store import Store
from claims.store.acting import About, action, noted_insert, rows
from claims.store.queue import hand_over

_NOW = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
_EVIDENCE = ("url", "title", "excerpt", "stance", "retrieved_on")


def publish(
    store: Store,
    actor: str,
    review: Review,
    draft_id: int | None = None,
    review_id: int | None = None,
    reviewer: str | None = None,
) -> int:
    """Publish a review, new or over a published one, and mark its claims as checked; its id.

    ``reviewer`` is the name that readers see, the actor's where none is given. The draft goes.
    Confirmations go with the version that they were given to; who disputes it does so until they
    say otherwise. Raises ReviewError where the verdict is missing or a claim was rejected.
    """
    review = checked_review(review)
    if review.verdict is None:
        raise ReviewError("a review is published with a verdict; choose one, or save it as draft")
    about = About(review.claims[0].claim_id, review_id, draft_id, review.to_json())
    with action(store, actor, "publish", about) as connection:
        check(connection, review)
        for claim in review.claims:
            hand_over(connection, claim.claim_id, actor)
        before = _reviewed_claims(connection, review_id) if review_id else []
        connection.execute(
            "delete from opinions where review_id = ? and opinion = 'confirms'", (review_id,)
        )
        review_id = _write_review(connection, review, review_id, reviewer or actor)
        _write_claims(connection, review_id, review.claims)
        _write_evidence(connection, review_id, review.evidence)
        connection.execute(
            "delete from drafts where id is ? or review_id = ?", (draft_id, review_id)
        )
        settle(connection, {*before, *(claim.claim_id for claim in review.claims)})
    return review_id


def check(connection: sqlite3.Connection, review: Review) -> None:
    """Raise ReviewError for a verdict, claim or part that isn't there, or a rejected claim."""
    if review.verdict is not None:
        _verdict_id(connection, review.verdict)
    for claim in review.claims:
        found = connection.execute(
            "select start, end, status from claims where id = ?", (claim.claim_id,)
        ).fetchone()
        if found is None:
            raise ReviewError("there is no claim {claim_id}", claim_id=claim.claim_id)
        start, end, status = found
        if status == "rejected":
            raise ReviewError(
                "claim {claim_id} was rejected; accept it before you review it",
                claim_id=claim.claim_id,
            )
        if claim.start is None and claim.end is None:
            continue
        if claim.start is None or claim.end is None or claim.start >= claim.end or not (
            Span(start, end).covers(Span(claim.start, claim.end))
        ):  # fmt: skip
            raise ReviewError(
                "claim {claim_id}: the part must lie inside the claim", claim_id=claim.claim_id
            )


def fragment(store: Store, claim_id: int, text: str) -> Reviewed:
    """The part of a claim that has these words. Raises ReviewError unless they are in it once."""
    found = store.db.execute("select text, start from claims where id = ?", (claim_id,)).fetchone()
    if found is None:
        raise ReviewError("there is no claim {claim_id}", claim_id=claim_id)
    whole, start = found
    if not text or whole.count(text) != 1:
        times = "often" if text and text in whole else "nowhere"
        raise ReviewError(
            "claim {claim_id}: {text!r} stands {times} in it; once is needed",
            claim_id=claim_id,
            text=text,
            times=times,
        )
    at = start + whole.index(text)
    return Reviewed(claim_id, at, at + len(text))


def _verdict_id(connection: sqlite3.Connection, name: str) -> int:
    found = connection.execute("select id from verdicts where name = ?", (name,)).fetchone()
    if found is None:
        known = connection.execute("select name from verdicts order by id limit 100").fetchall()
        names = ", ".join(row[0] for row in known)
        raise ReviewError("{name!r} is no verdict; there are: {names}", name=name, names=names)
    return int(found[0])


def _write_review(
    connection: sqlite3.Connection, review: Review, review_id: int | None, reviewer: str
) -> int:
    values = {
        "verdict_id": _verdict_id(connection, review.verdict or ""),
        "summary": review.summary, "context": review.context, "context_url": review.context_url,
        "url": review.url, "state": "published",
    }  # fmt: skip
    if review_id is None:
        added = connection.execute(
            f"insert into reviews ({', '.join(values)}, reviewer, reviewed_on) "  # noqa: S608
            f"values ({', '.join('?' * len(values))}, ?, strftime('%Y-%m-%d', 'now')) returning id",
            (*values.values(), reviewer),
        ).fetchone()[0]
        noted_insert(connection, "reviews", added)
        return int(added)
    sets = ", ".join(f"{key} = ?" for key in values)
    if not connection.execute(
        f"update reviews set {sets}, reviewed_on = strftime('%Y-%m-%d', 'now') where id = ?",  # noqa: S608
        (*values.values(), review_id),
    ).rowcount:
        raise ReviewError("there is no review {review_id}", review_id=review_id)
    return review_id


def _write_claims(
    connection: sqlite3.Connection, review_id: int, claims: Iterable[Reviewed]
) -> None:
    """Bring the claims of a review to these, and leave alone what is as it was."""
    wanted = {claim.claim_id: (claim.start, claim.end) for claim in claims}
    for claim_id in set(_reviewed_claims(connection, review_id)) - set(wanted):
        connection.execute(
            "delete from review_claims where review_id = ? and claim_id = ?", (review_id, claim_id)
        )
    connection.executemany(
        "insert into review_claims (review_id, claim_id, start, end) values (?, ?, ?, ?) "
        "on conflict (review_id, claim_id) do update set start = excluded.start, "
        "end = excluded.end where start is not excluded.start or end is not excluded.end",
        [(review_id, claim_id, start, end) for claim_id, (start, end) in wanted.items()],
    )


def _write_evidence(
    connection: sqlite3.Connection, review_id: int, evidence: tuple[Evidence, ...]
) -> None:
    """Bring the evidence of a review to these pieces, and leave alone what is as it was."""
    there = connection.execute(
        f"select id, {', '.join(_EVIDENCE)} from evidence where review_id = ?",  # noqa: S608
        (review_id,),
    ).fetchall()
    kept: set[tuple[object, ...]] = set()
    for row_id, *piece in there:
        if Evidence(*piece) in evidence and tuple(piece) not in kept:
            kept.add(tuple(piece))
        else:
            connection.execute("delete from evidence where id = ?", (row_id,))
    for new in evidence:
        if astuple(new) not in kept:
            kept.add(astuple(new))
            added = connection.execute(
                f"insert into evidence (review_id, {', '.join(_EVIDENCE)}) "  # noqa: S608
                "values (?, ?, ?, ?, ?, ?) returning id",
                (review_id, *astuple(new)),
            ).fetchone()[0]
            noted_insert(connection, "evidence", added)


def _reviewed_claims(connection: sqlite3.Connection, review_id: int) -> list[int]:
    found = connection.execute(
        "select claim_id from review_claims where review_id = ?", (review_id,)
    )
    return [row[0] for row in found]


def settle(connection: sqlite3.Connection, claim_ids: Iterable[int]) -> None:
    """Claims with a published review are checked; those that lost theirs are accepted again."""
    for claim_id in claim_ids:
        connection.execute(
            "update claims set status = iif(reviewed, 'checked', 'accepted') from (select exists "
            "(select 1 from review_claims join reviews on reviews.id = review_id "
            "where claim_id = :id and state = 'published') as reviewed) "
            "where id = :id and status <> iif(reviewed, 'checked', 'accepted') "
            "and (reviewed or status = 'checked')",
            {"id": claim_id},
        )


def withdraw(store: Store, actor: str, review_id: int) -> None:
    """Take a published review back: it stays as withdrawn, and its claims are open again.

    Raises ReviewError for one that isn't published.
    """
    with action(store, actor, "withdraw", About(review_id=review_id)) as connection:
        if not connection.execute(
            "update reviews set state = 'withdrawn' where id = ? and state = 'published'",
            (review_id,),
        ).rowcount:
            raise ReviewError("there is no published review {review_id}", review_id=review_id)
        settle(connection, _reviewed_claims(connection, review_id))


def give_opinion(
    store: Store, actor: str, review_id: int, opinion: Opinion, note: str | None = None
) -> None:
    """Confirm or dispute somebody else's published review; once more replaces what was said.

    Raises ReviewError for one's own review, and for disputing without saying why.
    """
    if opinion not in {"confirms", "disputes"}:
        raise ReviewError(
            "a second checker confirms or disputes; {opinion!r} is neither", opinion=opinion
        )
    note = words(note, "summary")
    if opinion == "disputes" and not note:
        raise ReviewError("say what is wrong with the review that you dispute")
    with action(store, actor, opinion, About(review_id=review_id)) as connection:
        found = rows(connection, "select state from reviews where id = ?", (review_id,))
        if not found or found[0]["state"] != "published":
            raise ReviewError("there is no published review {review_id}", review_id=review_id)
        if published_by(store, review_id) == actor:
            raise ReviewError("your own review has to be confirmed or disputed by somebody else")
        there = connection.execute(
            "update opinions set opinion = ?, note = ?, given_on = strftime('%Y-%m-%d', 'now') "
            "where review_id = ? and actor = ?",
            (opinion, note, review_id, actor),
        )
        if not there.rowcount:
            added = connection.execute(
                "insert into opinions (review_id, actor, opinion, note, given_on) "
                "values (?, ?, ?, ?, strftime('%Y-%m-%d', 'now')) returning id",
                (review_id, actor, opinion, note),
            ).fetchone()[0]
            noted_insert(connection, "opinions", added)


def published_by(store: Store, review_id: int) -> str | None:
    """Who published a review first, by the history; None for one that came from elsewhere."""
    found = store.db.execute(
        "select actor from history where table_name = 'reviews' and row_id = ? "
        "and action = 'insert' order by id desc limit 1",
        (review_id,),
    ).fetchone()
    return str(found[0]) if found else None


def review(store: Store, review_id: int) -> dict[str, Any]:
    """A published or withdrawn review's row with names, ``claims``, ``evidence``, ``opinions``.

    Raises ReviewError when there is none.
    """
    connection = store.db
    found = rows(
        connection,
        "select reviews.*, verdicts.name as verdict, verdicts.rating from reviews "
        "join verdicts on verdicts.id = verdict_id where reviews.id = ?",
        (review_id,),
    )
    if not found:
        raise ReviewError("there is no review {review_id}", review_id=review_id)
    of_the_review = {
        "claims": "select review_claims.claim_id, review_claims.start, review_claims.end, "
        "claims.text, claims.start as claim_start, claims.article_id, claims.language, "
        "speakers.name as speaker from review_claims join claims on claims.id = claim_id "
        "join speakers on speakers.id = speaker_id where review_id = ? order by claim_id",
        "evidence": "select * from evidence where review_id = ? order by id",
        "opinions": "select * from opinions where review_id = ? order by id",
    }
    parts = {key: rows(connection, sql, (review_id,)) for key, sql in of_the_review.items()}
    return {**found[0], **parts, "published_by": published_by(store, review_id)}


def reviews_of(store: Store, claim_id: int) -> list[dict[str, Any]]:
    """The reviews of a claim, published and withdrawn, as `review` gives them."""
    found = store.db.execute(
        "select review_id from review_claims where claim_id = ? order by review_id", (claim_id,)
    )
    return [review(store, row[0]) for row in found.fetchall()]


def verdict_sets(store: Store, names: Iterable[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """The vocabularies with their verdicts in order; those of these names, or all."""
    wanted = tuple(names)
    found = rows(
        store.db,
        "select verdict_sets.name as set_name, verdicts.name, rating from verdict_sets "
        "join verdict_set_members on set_id = verdict_sets.id "
        "join verdicts on verdicts.id = verdict_id order by verdict_sets.id, position",
        (),
    )
    sets: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        if not wanted or row["set_name"] in wanted:
            sets.setdefault(row["set_name"], []).append(row)
    return sets
