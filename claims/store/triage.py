"""Decisions about claims that a rule or a model found: is it one, who said it, where does it stand.

The part of the store that changes claims for people. Every function is one action in one
transaction (see `claims.store.acting`), can be undone, and refuses a claim that somebody else has
on the desk right now (see `claims.store.queue`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Literal, get_args

from claims.columns import CLAIM_COLUMNS
from claims.errors import ReviewError
from claims.models import Span, SpeakerKind, storable
from claims.store import Store, drafts
from claims.store.acting import About, action, noted_insert, reindexed, rows
from claims.store.queue import hand_over
from claims.store.reviewing import settle

Decision = Literal["accept", "reject"]
_STATUS = {"accept": "accepted", "reject": "rejected"}
_MOST_AT_ONCE = 10_000
_LONGEST_NAME = 500
# Claims of two speakers that are the same words at the same place.
_TWINS = """
select kept.id, other.id from claims as other
join claims as kept on (kept.article_id, kept.start, kept.end) =
    (other.article_id, other.start, other.end)
where kept.speaker_id = ? and other.speaker_id = ?
"""


def decide(store: Store, actor: str, claim_ids: Sequence[int], decision: Decision) -> list[int]:
    """Accept or reject claims; the ids of those that were not so before.

    Raises ReviewError for one that isn't there, or has a published review.
    """
    if len(claim_ids) > _MOST_AT_ONCE:
        raise ReviewError(
            "{most:,} claims can be decided at once; these are more", most=_MOST_AT_ONCE
        )
    only = claim_ids[0] if len(claim_ids) == 1 else None
    with action(store, actor, decision, About(only)) as connection:
        changed = []
        for claim_id in claim_ids:
            claim = claim_row(connection, claim_id)
            if claim["status"] == "checked":
                raise ReviewError(
                    "claim {claim_id} is checked: withdraw its review before you {decision} it",
                    claim_id=claim_id,
                    decision=decision,
                )
            hand_over(connection, claim_id, actor)
            if claim["status"] != _STATUS[decision]:
                connection.execute(
                    "update claims set status = ? where id = ?", (_STATUS[decision], claim_id)
                )
                changed.append(claim_id)
    return changed


def fix_speaker(
    store: Store,
    actor: str,
    claim_id: int,
    name: str,
    kind: SpeakerKind,
    described: tuple[str | None, str | None] = (None, None),
) -> int:
    """Attribute a claim to somebody else; the speaker's id, known by name or alias, or new.

    ``described`` are role and organization as the article prints them. Raises ReviewError,
    also for a claim that is checked: a verdict on one speaker's words never becomes one on
    another's.
    """
    name = _words(name, "a speaker's name")
    if kind not in get_args(SpeakerKind):
        raise ReviewError(
            "a speaker is {kinds}; {kind!r} is none",
            kinds=", ".join(get_args(SpeakerKind)),
            kind=kind,
        )
    role, organization = (_words(text, "it") if text and text.strip() else None
                          for text in described)  # fmt: skip
    with action(store, actor, "speaker", About(claim_id)) as connection:
        claim = _open_claim(connection, claim_id)
        hand_over(connection, claim_id, actor, keep=True)
        speaker_id = _speaker(connection, name, kind)
        _refuse_twin(connection, claim, speaker_id=speaker_id)
        moved = speaker_id != claim["speaker_id"]
        with reindexed(connection, [claim_id]):
            connection.execute(
                "update claims set speaker_id = :speaker, role = :role, "
                "organization = :organization, "
                "speaker_start = iif(:moved, null, speaker_start), "
                "speaker_end = iif(:moved, null, speaker_end) where id = :id",
                {
                    "speaker": speaker_id, "role": role, "organization": organization,
                    "moved": moved, "id": claim_id,
                },
            )  # fmt: skip
    return speaker_id


def fix_span(store: Store, actor: str, claim_id: int, span: Span) -> str:
    """Let a claim begin and end elsewhere in its article; blanks at its ends don't count.

    ``span`` is in code points of the article's text. Returns the claim's words. Raises ReviewError
    where there are no words, or a published review settles the claim; the part that a withdrawn
    one settled may come to lie outside, and is chosen anew before that is published again.
    """
    with action(store, actor, "span", About(claim_id)) as connection:
        claim = _open_claim(connection, claim_id)
        hand_over(connection, claim_id, actor, keep=True)
        fitted = _fitted(article_text(connection, claim), span)
        _refuse_twin(connection, claim, span=fitted)
        return _moved(connection, claim, fitted)


def split(store: Store, actor: str, claim_id: int, at: int) -> int:
    """Cut a claim in two at a place in its article (a code point); the id of the second.

    The second is as the first in all but its words. Raises ReviewError for a place that leaves
    one of them without words, and for a claim that has a published review.
    """
    with action(store, actor, "split", About(claim_id)) as connection:
        claim = _open_claim(connection, claim_id)
        hand_over(connection, claim_id, actor, keep=True)
        if not claim["start"] < at < claim["end"]:
            raise ReviewError("a claim is split at a place inside it")
        text = article_text(connection, claim)
        first = _fitted(text, Span(claim["start"], at))
        second = _fitted(text, Span(at, claim["end"]))
        _refuse_twin(connection, claim, span=first)
        _refuse_twin(connection, claim, span=second)
        _moved(connection, claim, first)
        values = {key: claim[key] for key in CLAIM_COLUMNS if key != "id"}
        values |= {"text": second.of(text), "start": second.start, "end": second.end}
        with reindexed(connection, []) as ids:
            added = connection.execute(
                f"insert into claims ({', '.join(values)}) "  # noqa: S608 (names of our own)
                f"values ({', '.join('?' * len(values))}) returning id",
                tuple(values.values()),
            ).fetchone()[0]
            ids.append(added)
        noted_insert(connection, "claims", added)
        return int(added)


def merge(store: Store, actor: str, claim_id: int, other_id: int) -> str:
    """Make one claim of two of the same article, from the first word of both to the last.

    ``other_id`` stays as rejected, with ``canonical_id`` leading to the one that was kept. Returns
    the claim's words. Raises ReviewError for claims of two articles, or with a published review.
    """
    with action(store, actor, "merge", About(claim_id)) as connection:
        claim, other = _open_claim(connection, claim_id), _open_claim(connection, other_id)
        hand_over(connection, claim_id, actor, keep=True)
        hand_over(connection, other_id, actor)
        if claim_id == other_id or claim["article_id"] != other["article_id"]:
            raise ReviewError("two claims of the same article can be merged, and no others")
        span = Span(min(claim["start"], other["start"]), max(claim["end"], other["end"]))
        _led_to(connection, claim_id, other_id)
        connection.execute(
            "update claims set status = 'rejected', canonical_id = ? where id = ?",
            (claim_id, other_id),
        )
        if claim["kind"] != other["kind"]:
            connection.execute("update claims set kind = 'mixed' where id = ?", (claim_id,))
        if (span.start, span.end) == (claim["start"], claim["end"]):
            return str(claim["text"])
        _refuse_twin(connection, claim, span=span)
        return _moved(connection, claim, span)


def _led_to(connection: sqlite3.Connection, kept_id: int, other_id: int) -> None:
    """Let what leads to one claim lead to another, which itself leads there no more: no circles."""
    connection.execute(
        "with recursive led (id) as (select canonical_id from claims where id = :kept union "
        "select canonical_id from claims join led using (id)) "
        "update claims set canonical_id = null where id = :kept and :other in (select id from led)",
        {"kept": kept_id, "other": other_id},
    )
    connection.execute(
        "update claims set canonical_id = ? where canonical_id = ?", (kept_id, other_id)
    )


def merge_speakers(store: Store, actor: str, kept_id: int, other_id: int) -> int:
    """Make one speaker of two: the other's claims and names go to the one that is kept.

    Returns how many claims were moved; one that stands at the same place already is deleted, and
    its reviews, drafts, comments and assignment go to that one. Raises ReviewError for a speaker
    that isn't there.
    """
    with action(store, actor, "merge speakers", About()) as connection:
        found = rows(
            connection, "select id, name from speakers where id in (?, ?)", (kept_id, other_id)
        )
        names = {row["id"]: row["name"] for row in found}
        if kept_id == other_id or len(names) < 2:
            missing = other_id if other_id not in names else kept_id
            raise ReviewError(
                "speaker {missing}: two different speakers can be merged, no others",
                missing=missing,
            )
        moved = [
            row["id"]
            for row in rows(connection, "select id from claims where speaker_id = ?", (other_id,))
        ]
        twins = connection.execute(_TWINS, (kept_id, other_id)).fetchall()
        with reindexed(connection, moved):
            for twin in twins:
                for table in ("review_claims", "comments", "assignments"):
                    connection.execute(
                        f"update or ignore {table} set claim_id = ? where claim_id = ?",  # noqa: S608
                        twin,
                    )
                drafts.led_to(connection, *twin)
                _led_to(connection, *twin)
                connection.execute("delete from claims where id = ?", twin[1:])
            connection.execute(
                "update claims set speaker_id = ? where speaker_id = ?", (kept_id, other_id)
            )
        connection.execute(
            "insert or ignore into speaker_aliases (alias, speaker_id) "
            "select alias, :kept from speaker_aliases where speaker_id = :other and alias <> :name "
            "union select :other_name, :kept where :other_name <> :name",
            {
                "kept": kept_id, "other": other_id, "name": names[kept_id],
                "other_name": names[other_id],
            },
        )  # fmt: skip
        connection.execute("delete from speakers where id = ?", (other_id,))
        settle(connection, [kept for kept, _ in twins])
    store.forget()
    return len(moved)


def claim_row(connection: sqlite3.Connection, claim_id: int) -> dict[str, Any]:
    """A claim's row; raises ReviewError when there is none."""
    found = rows(connection, "select * from claims where id = ?", (claim_id,))
    if not found:
        raise ReviewError("there is no claim {claim_id}", claim_id=claim_id)
    return found[0]


def article_text(connection: sqlite3.Connection, claim: dict[str, Any]) -> str:
    """The text that a claim's offsets point into."""
    found = connection.execute("select text from articles where id = ?", (claim["article_id"],))
    return str(found.fetchone()[0])


def _open_claim(connection: sqlite3.Connection, claim_id: int) -> dict[str, Any]:
    claim = claim_row(connection, claim_id)
    if claim["status"] == "checked":
        raise ReviewError(
            "claim {claim_id} is checked: withdraw its review before you change it",
            claim_id=claim_id,
        )
    return claim


def _fitted(text: str, span: Span) -> Span:
    """The span without blanks at its ends; raises ReviewError when that leaves no words."""
    if not 0 <= span.start < span.end <= len(text):
        raise ReviewError(
            "the article has {length:,} characters; {start} to {end} is not in it",
            length=len(text),
            start=span.start,
            end=span.end,
        )
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    fitted = Span(start, start + len(words.strip()))
    if not any(mark.isalnum() for mark in fitted.of(text)):
        raise ReviewError("there are no words in that part of the article")
    return fitted


def _moved(connection: sqlite3.Connection, claim: dict[str, Any], span: Span) -> str:
    """Write a claim's new place and words."""
    words = span.of(article_text(connection, claim))
    with reindexed(connection, [claim["id"]]):
        connection.execute(
            "update claims set text = ?, start = ?, end = ? where id = ?",
            (words, span.start, span.end, claim["id"]),
        )
    return words


def _refuse_twin(
    connection: sqlite3.Connection,
    claim: dict[str, Any],
    span: Span | None = None,
    speaker_id: int | None = None,
) -> None:
    """Raise ReviewError where the same speaker's same words are another claim already."""
    span = span or Span(claim["start"], claim["end"])
    twin = connection.execute(
        "select id from claims where (article_id, start, end, speaker_id) = (?, ?, ?, ?) "
        "and id <> ?",
        (
            claim["article_id"], span.start, span.end, speaker_id or claim["speaker_id"],
            claim["id"],
        ),
    ).fetchone()  # fmt: skip
    if twin:
        raise ReviewError("that is claim {twin} already; reject one of the two", twin=twin[0])


def _speaker(connection: sqlite3.Connection, name: str, kind: SpeakerKind) -> int:
    """The id of a speaker by name, else by the one alias; a new one where there is none."""
    found = connection.execute(
        "select id from speakers where name = ? and kind = ?", (name, kind)
    ).fetchone()
    if found:
        return int(found[0])
    aliased = connection.execute(
        "select distinct speaker_id from speaker_aliases "
        "join speakers on speakers.id = speaker_id where alias = ? and kind = ?",
        (name, kind),
    ).fetchall()
    if len(aliased) == 1:
        return int(aliased[0][0])
    added = connection.execute(
        "insert into speakers (name, kind) values (?, ?) returning id", (name, kind)
    ).fetchone()[0]
    noted_insert(connection, "speakers", added)
    return int(added)


def _words(text: str, what: str) -> str:
    words = " ".join(storable(text).split())
    if not words or len(words) > _LONGEST_NAME:
        raise ReviewError(
            "{what} has one to {longest} characters", what=what, longest=_LONGEST_NAME
        )
    return words
