"""One claim with all that belongs to it: what its page and its JSON-LD show.

Like `claims.store.browsing`: by indexes and limits, on a connection that somebody lends.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from claims.search import match_terms
from claims.store.browsing import CLAIMS, Row, claims, rows, standing

_LIKE = 0.8  # least similarity of another appearance, as rapidfuzz's ratio
_TELLING_WORDS = 5
_CANDIDATES = 40
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class OneClaim:
    """A claim's row with names, its article's text, its reviews, appearances and history."""

    row: Row
    text: str
    reviews: list[Row]
    same: list[Row]
    alike: list[Row]
    topics: list[str]
    history: list[Row]


def one_claim(connection: sqlite3.Connection, claim_id: int) -> OneClaim | None:
    """A claim by id; None when there is none."""
    found = claims(connection, [claim_id])
    if not found:
        return None
    (more,) = rows(connection, _MORE, [claim_id])
    same = _same(connection, claim_id, more["canonical_id"])
    known = {claim_id, *(claim["id"] for claim in same)}
    topics = connection.execute(
        "select name from claim_topics join topics on topics.id = topic_id where claim_id = ? "
        "limit 100",
        [claim_id],
    )
    return OneClaim(
        {**found[0], **more},
        more.pop("article_text"),
        reviews_of(connection, [claim_id]),
        same,
        [claim for claim in _alike(connection, found[0]["text"]) if claim["id"] not in known],
        [row[0] for row in topics],
        _history(connection, claim_id),
    )


_MORE = """
select claims.start, claims.end, claims.speaker_start, claims.speaker_end, claims.cue,
    claims.said_on_text, claims.extractor, claims.rule, claims.confidence, claims.canonical_id,
    speakers.kind as speaker_kind, speakers.wikidata as speaker_wikidata, articles.byline,
    articles.excerpt, articles.language as article_language, articles.text as article_text
from claims
join speakers on speakers.id = claims.speaker_id
join articles on articles.id = claims.article_id
where claims.id = ?
"""


def reviews_of(connection: sqlite3.Connection, claim_ids: list[int]) -> list[Row]:
    """The published reviews of some claims, the newest first, each with all that it rests on.

    ``claims`` are the claims that it settles, with ``fragment`` where only a part of one.
    """
    found = rows(
        connection,
        "select reviews.*, verdicts.name as verdict, verdicts.rating from reviews "  # noqa: S608
        "join verdicts on verdicts.id = verdict_id where state = 'published' and reviews.id in ("
        "select review_id from review_claims where claim_id in (select value from json_each(?))) "
        f"order by reviewed_on desc, reviews.id desc limit {_SHOWN}",
        [json.dumps(claim_ids)],
    )
    return [_whole(connection, review) for review in found]


def review(connection: sqlite3.Connection, review_id: int) -> Row | None:
    """A published review by id, as `reviews_of` has it; None when there is none."""
    found = rows(
        connection,
        "select reviews.*, verdicts.name as verdict, verdicts.rating from reviews "
        "join verdicts on verdicts.id = verdict_id where state = 'published' and reviews.id = ?",
        [review_id],
    )
    return _whole(connection, found[0]) if found else None


def review_ids(connection: sqlite3.Connection, after: int, limit: int) -> list[int]:
    """Ids of published reviews that come after one, by rising id."""
    found = connection.execute(
        "select id from reviews where state = 'published' and id > ? order by id limit ?",
        [after, limit],
    )
    return [row[0] for row in found]


def published(connection: sqlite3.Connection) -> Iterator[Row]:
    """All published reviews, as `review` has them, by id."""
    ids = connection.execute("select id from reviews where state = 'published' order by id")
    for (key,) in ids.fetchall():
        found = review(connection, key)
        if found:
            yield found


def _whole(connection: sqlite3.Connection, review: Row) -> Row:
    settled = rows(
        connection,
        "select claim_id, start, end from review_claims where review_id = ? limit 500",
        [review["id"]],
    )
    parts = {part["claim_id"]: part for part in settled}
    of = claims(connection, parts)
    for claim in of:
        part = parts[claim["id"]]
        claim["fragment"] = _words(connection, claim["article_id"], part["start"], part["end"])
    evidence, opinions = (
        rows(
            connection,
            f"select * from {table} where review_id = ? order by id limit 100",  # noqa: S608
            [review["id"]],
        )
        for table in ("evidence", "opinions")
    )
    stands = standing(review["rating"])
    if any(opinion["opinion"] == "disputes" for opinion in opinions):
        stands = "disputed"
    return {**review, "standing": stands, "claims": of, "evidence": evidence, "opinions": opinions}


def _words(
    connection: sqlite3.Connection, article_id: int, start: int | None, end: int | None
) -> str | None:
    """A part of an article's text; None for no part."""
    if start is None or end is None:
        return None
    (words,) = connection.execute(
        "select substr(text, ? + 1, ? - ?) from articles where id = ?",
        [start, end, start, article_id],
    ).fetchone()
    return str(words)


def _same(connection: sqlite3.Connection, claim_id: int, canonical_id: int | None) -> list[Row]:
    """The other claims that one canonical claim stands for, itself among them."""
    canonical = canonical_id or claim_id
    return rows(
        connection,
        f"{CLAIMS} where claims.id in (select id from claims where canonical_id = :canonical "  # noqa: S608
        "union select :canonical) and claims.id <> :id "
        f"order by claims.published_on, claims.id limit {_SHOWN}",
        {"canonical": canonical, "id": claim_id},
    )


def _alike(connection: sqlite3.Connection, text: str) -> list[Row]:
    """Claims in nearly the same words: found by the longest words, compared whole."""
    from rapidfuzz.fuzz import ratio

    words = sorted(set(re.findall(r"\w{2,}", text)), key=lambda word: (-len(word), word))
    if not words:
        return []
    hits = connection.execute(
        "select rowid from claims_fts where claims_fts match ? limit ?",
        [match_terms(" ".join(words[:_TELLING_WORDS])), _CANDIDATES],
    )
    found = claims(connection, [row[0] for row in hits])
    return [claim for claim in found if ratio(text, claim["text"]) >= _LIKE * 100]


def _history(connection: sqlite3.Connection, claim_id: int) -> list[Row]:
    """What was changed of the claim later, the latest first: when, by whom, which columns."""
    found = rows(
        connection,
        "select at, actor, action, before, after from history "  # noqa: S608 (a number of ours)
        f"where table_name = 'claims' and row_id = ? order by id desc limit {_SHOWN}",
        [claim_id],
    )
    return [
        {
            **{key: change[key] for key in ("at", "actor", "action")},
            "changes": _changes(change["before"], change["after"]),
        }
        for change in found
    ]


def _changes(before: str | None, after: str | None) -> list[tuple[str, object, object]]:
    """Column, value before and value after, of those that differ."""
    was, became = json.loads(before or "{}"), json.loads(after or "{}")
    return [
        (key, was.get(key), value)
        for key, value in became.items()
        if value != was.get(key) and not key.endswith("_id")
    ]
