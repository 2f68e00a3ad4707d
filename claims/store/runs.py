"""Runs of ``claims ingest``: what they were asked, what they have done, what failed in them.

The part of the store that makes long work safe to stop: an unfinished ingest is gone on with by
the same command, and a document that was read before is known by its digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claims.store import Saved, Store


@dataclass(frozen=True, slots=True)
class Failure:
    """One row of ``failures``, with the ``options`` (JSON) that its ingest was given."""

    id: int
    ingest_id: int
    source: str
    position: str | None
    reason: str
    options: str


def begin(
    store: Store, source: str, options: str = "{}", command: str | None = None
) -> tuple[int, frozenset[str]]:
    """Begin an ingest, or go on with an unfinished one of the same ``command``.

    Its id, and the addresses that it has read already. Failures of before are forgotten: what
    failed is tried again.
    """
    with store.transaction() as connection:
        unfinished = connection.execute(
            "select id from ingests where command = ? and finished_at is null order by id desc",
            (command,),
        ).fetchone()
        if unfinished:
            ingest_id = int(unfinished[0])
            connection.execute("delete from failures where ingest_id = ?", (ingest_id,))
            read = connection.execute("select url from fetched where ingest_id = ?", (ingest_id,))
            return ingest_id, frozenset(url for (url,) in read)
        return store.start_ingest(source, options, command), frozenset()


def count(store: Store, ingest_id: int, saved: Saved) -> None:
    """Add what one article brought; inside the transaction that saves it."""
    if saved.new or saved.claim_ids:
        store.db.execute(
            "update ingests set articles = articles + ?, claims = claims + ? where id = ?",
            (int(saved.new), len(saved.claim_ids), ingest_id),
        )


def article_of(store: Store, digest: bytes) -> int | None:
    """The id of the article that a document became, if it was read before."""
    row = store.db.execute(
        "select article_id from documents where digest = ?", (digest,)
    ).fetchone()
    return int(row[0]) if row else None


def note_document(store: Store, digest: bytes, article_id: int, *, states: bool) -> None:
    """Note what a document became; inside the transaction that saves it.

    Where the person ``states`` something of it, other documents of the same article may say
    otherwise, and are to be read again when they come again.
    """
    if states:
        store.db.execute("delete from documents where article_id = ?", (article_id,))
    store.db.execute(
        "insert or replace into documents (digest, article_id) values (?, ?)", (digest, article_id)
    )


def note_fetched(store: Store, ingest_id: int, url: str) -> None:
    """Note that what is at an address was read."""
    with store.transaction() as connection:
        connection.execute(
            "insert or ignore into fetched (ingest_id, url) values (?, ?)", (ingest_id, url)
        )


def fail(store: Store, ingest_id: int, source: str, position: str | None, reason: str) -> None:
    """Note a source, or a place in it, that could not be used."""
    with store.transaction() as connection:
        connection.execute(
            "insert into failures (ingest_id, source, position, reason) values (?, ?, ?, ?)",
            (ingest_id, source, position, reason),
        )


def failures(store: Store, ingest_id: int | None = None) -> Iterator[Failure]:
    """What failed, in one ingest or in all, in the order in which it did."""
    rows = store.db.execute(
        "select failures.id, ingest_id, failures.source, position, reason, options "
        "from failures join ingests on ingests.id = ingest_id "
        "where ?1 is null or ingest_id = ?1 order by failures.id",
        (ingest_id,),
    )
    for row in rows:
        yield Failure(*row)


def settle(store: Store, failure: Failure, reason: str | None) -> None:
    """Drop a failure that now works, or note why it still doesn't."""
    with store.transaction() as connection:
        if reason is None:
            connection.execute("delete from failures where id = ?", (failure.id,))
            connection.execute(
                "update ingests set failures = failures - 1 where id = ? and failures > 0",
                (failure.ingest_id,),
            )
        else:
            connection.execute("update failures set reason = ? where id = ?", (reason, failure.id))
