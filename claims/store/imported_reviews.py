"""Reviews that others published: saved with their claims, known again by reviewer and address."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from claims.models import Extraction, PublishedReview
from claims.store import Saved, Store


def save_published(
    store: Store, review: PublishedReview, extractions: Sequence[Extraction], ingest_id: int
) -> list[Saved]:
    """Save a published review with its claims, at least one; once more changes nothing.

    ``extractions`` are the claims of the review, the first appearance of the statement first: it
    stands for the others. A review is known by its address, its reviewer and what was claimed;
    where its verdict or summary is another now, the row is brought up to date. What people decided
    since (a claim rejected, a speaker corrected, a review withdrawn) stays.
    """
    with store.transaction() as connection:
        connection.execute("update acting set actor = 'ingest'")
        words = extractions[0].claims[0].text
        known = _known(connection, review, words)
        places = _places(connection, known) if known else set()
        done: list[Saved] = []
        claim_ids: list[int] = []
        for extraction in extractions:
            if extraction.article.url in places:
                continue
            saved = store.save_record(extraction, ingest_id)
            done.append(saved)
            claim_ids += saved.claim_ids or _claim_ids(connection, saved.article_id, extraction)
        claim_ids = list(dict.fromkeys(claim_ids))
        if known or claim_ids:
            review_id = _write(connection, review, known)
            _join(connection, review_id, claim_ids)
            _cite(connection, review_id, review)
        connection.execute("update acting set actor = 'sql'")
        if not done:
            (article_id,) = connection.execute(
                "select article_id from claims join review_claims on claim_id = claims.id "
                "where review_id = ? order by claims.id limit 1",
                (known,),
            ).fetchone()
            done.append(Saved(article_id, False, ()))
        return done


def _known(connection: sqlite3.Connection, review: PublishedReview, words: str) -> int | None:
    found = connection.execute(
        "select reviews.id from claims "
        "join review_claims on claim_id = claims.id join reviews on reviews.id = review_id "
        "where claims.text = ? and reviews.url is ? and reviews.reviewer is ? "
        "order by reviews.id limit 1"
        if review.url is None
        else "select reviews.id from reviews "
        "join review_claims on review_id = reviews.id join claims on claims.id = claim_id "
        "where claims.text = ? and reviews.url = ? and reviews.reviewer is ? "
        "order by reviews.id limit 1",
        (words, review.url, review.reviewer),
    ).fetchone()
    return int(found[0]) if found else None


def _places(connection: sqlite3.Connection, review_id: int) -> set[str | None]:
    """The addresses where the claims of a review appeared."""
    found = connection.execute(
        "select articles.url from review_claims join claims on claims.id = claim_id "
        "join articles on articles.id = article_id where review_id = ?",
        (review_id,),
    )
    return {row[0] for row in found}


def _claim_ids(
    connection: sqlite3.Connection, article_id: int, extraction: Extraction
) -> list[int]:
    """A claim that was there already; none where somebody deleted it."""
    (claim,) = extraction.claims
    found = connection.execute(
        "select claims.id from claims join speakers on speakers.id = speaker_id "
        "where article_id = ? and claims.text = ? and (speakers.name, speakers.kind) = (?, ?) "
        "order by claims.id limit 1",
        (article_id, claim.text, claim.speaker.name, claim.speaker.kind),
    ).fetchone()
    return [int(found[0])] if found else []


def _write(connection: sqlite3.Connection, review: PublishedReview, known: int | None) -> int:
    values = {
        "verdict_id": _verdict_id(connection, review),
        "summary": review.summary,
        "reviewer": review.reviewer,
        "reviewed_on": review.reviewed_on,
        "url": review.url,
    }
    if known is None:
        return int(
            connection.execute(
                f"insert into reviews ({', '.join(values)}, state) "  # noqa: S608 (names of our own)
                f"values ({', '.join('?' * len(values))}, 'published') returning id",
                tuple(values.values()),
            ).fetchone()[0]
        )
    changed = " or ".join(f"{name} is not :{name}" for name in values)
    connection.execute(
        f"update reviews set {', '.join(f'{name} = :{name}' for name in values)} "  # noqa: S608
        f"where id = :id and ({changed}) "
        "and (reviewed_on is null or :reviewed_on is null or reviewed_on <= :reviewed_on)",
        {**values, "id": known},
    )
    return known


def _verdict_id(connection: sqlite3.Connection, review: PublishedReview) -> int:
    """The verdict of this name, however it is capitalized; a new one has the review's rating."""
    found = connection.execute(
        "select id from verdicts where name = :name collate nocase order by name <> :name, id",
        {"name": review.verdict},
    ).fetchone()
    if found is None:
        found = connection.execute(
            "insert into verdicts (name, rating) values (?, ?) returning id",
            (review.verdict, review.rating),
        ).fetchone()
    return int(found[0])


def _join(connection: sqlite3.Connection, review_id: int, claim_ids: Sequence[int]) -> None:
    """Note which claims a review settles; the first of them all stands for its appearances."""
    connection.executemany(
        "insert or ignore into review_claims (review_id, claim_id) values (?, ?)",
        [(review_id, claim_id) for claim_id in claim_ids],
    )
    connection.executemany(
        "update claims set status = 'checked' where id = ? and status in ('suggested', 'accepted') "
        "and exists (select 1 from reviews where id = ? and state = 'published')",
        [(claim_id, review_id) for claim_id in claim_ids],
    )
    (first,) = connection.execute(
        "select min(claim_id) from review_claims where review_id = ?", (review_id,)
    ).fetchone()
    connection.executemany(
        "update claims set canonical_id = :first "
        "where id = :id and id <> :first and canonical_id is null",
        [{"first": first, "id": claim_id} for claim_id in claim_ids],
    )


def _cite(connection: sqlite3.Connection, review_id: int, review: PublishedReview) -> None:
    connection.executemany(
        "insert into evidence (review_id, url, title, stance) select :review, :url, :title, "
        "'context' where not exists "
        "(select 1 from evidence where review_id = :review and url = :url)",
        [{"review": review_id, "url": url, "title": title} for url, title in review.evidence],
    )
