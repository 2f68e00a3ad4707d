"""Versions of an article: what becomes of its claims in a later one, and what that changed.

The part of the store that is about changed pages. A claim that a later version still has goes on to
it: it keeps its id, and with that its reviews and all that people did, and it is counted once.
Where it stood before is in ``earlier_claims``. One that a later version dropped or reworded stays
with the version that had it: it was published.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from claims.changes import Change, Told, Version, compare
from claims.errors import ClaimsError
from claims.models import Article, Claim

if TYPE_CHECKING:
    from claims.store import Store


@dataclass(frozen=True, slots=True)
class Changed:
    """A version of an article that changed claims of the one before, and what it changed.

    ``seen_at`` is when the ingest that brought it began (UTC).
    """

    article_id: int
    earlier_id: int
    changes: tuple[Change, ...]
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    seen_at: str | None = None


@dataclass(frozen=True, slots=True)
class Going:
    """What becomes of claims in a new version of their page.

    ``on`` are claims that go on to it: their ids, and where they stand there. ``fresh`` are claims
    that only the new version has.
    """

    on: tuple[tuple[int, Place], ...]
    fresh: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a claim stands in a version: its words, and code points."""

    text: str
    start: int
    end: int
    speaker_start: int | None = None
    speaker_end: int | None = None


def going(store: Store, earlier_id: int, article: Article, claims: Sequence[Claim]) -> Going:
    """What becomes of the claims of a version when ``article``, with its ``claims``, succeeds it.

    The same words of the same speaker are the same claim. A claim that a person recorded or changed
    goes on wherever its words still stand, as that person left it. What somebody deleted doesn't
    come back.
    """
    earlier = _version(store.db, earlier_id)
    found = Version(
        article.text,
        [Told(number, one.text, one.speaker.name) for number, one in enumerate(claims)],
    )
    on: dict[int, Place] = {}
    met: set[int] = set()
    for change in compare(earlier, found):
        if change.kind == "kept" and change.before and change.after:
            on[change.before.id] = _place(claims[change.after.id])
            met.add(change.after.id)
    for told in earlier.claims:
        if told.id not in on and _is_a_persons(store, told.id):
            start = article.text.find(told.text)
            if start >= 0:
                on[told.id] = Place(told.text, start, start + len(told.text))
    deleted = _deleted(store, article.url)
    fresh = [
        claim
        for number, claim in enumerate(claims)
        if number not in met
        and claim.text not in deleted
        and not any(place.start < claim.end and claim.start < place.end for place in on.values())
    ]
    return Going(tuple(on.items()), tuple(fresh))


def move(store: Store, going: Going, article_id: int, published_on: str | None) -> None:
    """Let claims go on to a new version of their page; inside the transaction that saves it."""
    connection = store.db
    connection.executemany(
        "insert or ignore into earlier_claims "
        "(article_id, claim_id, text, start, end, speaker_start, speaker_end) "
        "select article_id, id, text, start, end, speaker_start, speaker_end from claims "
        "where id = ?",
        [(claim_id,) for claim_id, _ in going.on],
    )
    connection.executemany(
        "update claims set article_id = ?, text = ?, start = ?, end = ?, speaker_start = ?, "
        "speaker_end = ? where id = ?",
        [(article_id, *astuple(place), claim_id) for claim_id, place in going.on],
    )
    if published_on:
        connection.execute(
            "update claims set published_on = ? where article_id = ? and published_on is not ?",
            (published_on, article_id, published_on),
        )


def _place(claim: Claim) -> Place:
    return Place(claim.text, claim.start, claim.end, claim.speaker_start, claim.speaker_end)


def _is_a_persons(store: Store, claim_id: int) -> bool:
    """Whether a person recorded a claim, or changed it."""
    return bool(
        store.db.execute(
            "select 1 from claims where id = :id and (extractor in ('hand', 'table') "
            "or status <> 'suggested' or exists (select 1 from history where "
            "table_name = 'claims' and row_id = :id and actor <> 'ingest'))",
            {"id": claim_id},
        ).fetchone()
    )


def _deleted(store: Store, url: str | None) -> set[str]:
    """The words of claims that somebody deleted from a version of a page."""
    found = store.db.execute(
        "select before ->> 'text' from history where table_name = 'claims' and action = 'delete' "
        "and before ->> 'article_id' in (select id from articles where url = ?)",
        (url,),
    )
    return {text for (text,) in found}


def changes(
    store: Store, article_id: int | None = None, since: str | None = None
) -> Iterator[Changed]:
    """What changed pages added, dropped or reworded, the latest first.

    Of one article (any version of it), or of all; ``since`` is the least date (ISO 8601) on which
    the changed page was read. Versions that kept all claims are left out.
    """
    found = store.db.execute(
        "with recursive versions (id) as (select :article union "
        "select supersedes_id from articles join versions using (id) "
        "where supersedes_id is not null union "
        "select later.id from articles as later join versions on supersedes_id = versions.id) "
        "select articles.id, supersedes_id, url, title, outlets.name, started_at from articles "
        "left join outlets on outlets.id = outlet_id left join ingests on ingests.id = ingest_id "
        "where supersedes_id is not null "
        "and (:article is null or articles.id in (select id from versions)) "
        "and (:since is null or started_at >= :since) order by articles.id desc",
        {"article": article_id, "since": since},
    ).fetchall()
    for later_id, earlier_id, *described in found:
        changed = between(store, earlier_id, later_id)
        if changed:
            yield Changed(later_id, earlier_id, changed, *described)


def article_id(store: Store, words: str) -> int:
    """The id of the article whose id or address this is. Raises ClaimsError where there is none."""
    row = store.db.execute(
        "select max(id) from articles where url = ?1 or (?1 glob '[0-9]*' and id = ?1)", (words,)
    ).fetchone()
    if row[0] is None:
        raise ClaimsError(f"{words}: there is no article of this id or address")
    return int(row[0])


def between(store: Store, earlier_id: int, later_id: int) -> tuple[Change, ...]:
    """What one version of an article changed of another, without what it kept."""
    return changed(store.db, earlier_id, later_id)


def changed(connection: sqlite3.Connection, earlier_id: int, later_id: int) -> tuple[Change, ...]:
    """As `between`, on a connection that somebody lends."""
    found = compare(_version(connection, earlier_id), _version(connection, later_id))
    return tuple(change for change in found if change.kind != "kept")


def _version(connection: sqlite3.Connection, article_id: int) -> Version:
    """A version with all claims that it had, those too that went on to a later one."""
    row = connection.execute("select text from articles where id = ?", (article_id,)).fetchone()
    claims = connection.execute(
        "select claims.id, claims.text, name, start, end from claims "
        "join speakers on speakers.id = speaker_id where article_id = :id union all "
        "select claims.id, earlier_claims.text, name, earlier_claims.start, earlier_claims.end "
        "from earlier_claims join claims on claims.id = claim_id "
        "join speakers on speakers.id = speaker_id where earlier_claims.article_id = :id "
        "order by start, end, claims.id",
        {"id": article_id},
    )
    return Version(row[0] if row else "", [Told(*found[:3]) for found in claims])
