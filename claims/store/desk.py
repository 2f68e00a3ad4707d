"""What the desk's pages show of articles, claims and speakers: reading only."""

from __future__ import annotations

from typing import Any

from claims.errors import ReviewError
from claims.store import Store
from claims.store.acting import rows

_MOST = 300


def article_of(store: Store, article_id: int) -> dict[str, Any]:
    """An article's row with its outlet's name. Raises ReviewError when there is none."""
    found = rows(
        store.db,
        "select articles.*, outlets.name as outlet from articles "
        "left join outlets on outlets.id = outlet_id where articles.id = ?",
        (article_id,),
    )
    if not found:
        raise ReviewError("there is no article {article_id}", article_id=article_id)
    return found[0]


def neighbours(store: Store, claim: dict[str, Any]) -> list[dict[str, Any]]:
    """The other claims of a claim's article, in their order, with their speakers' names."""
    return rows(
        store.db,
        "select claims.id, text, start, end, status, claims.language, speakers.name as speaker "
        "from claims join speakers on speakers.id = speaker_id "
        "where article_id = ? and claims.id <> ? order by start, end limit ?",
        (claim["article_id"], claim["id"], _MOST),
    )


def claim_with_names(store: Store, claim_id: int) -> dict[str, Any]:
    """A claim's row with the names behind its ids. Raises ReviewError when there is none."""
    found = rows(
        store.db,
        "select claims.*, speakers.name as speaker, speakers.kind as speaker_kind, "
        "outlets.name as outlet, vias.name as via, articles.title, articles.url "
        "from claims join speakers on speakers.id = speaker_id "
        "join articles on articles.id = article_id "
        "left join outlets on outlets.id = claims.outlet_id "
        "left join outlets as vias on vias.id = via_outlet_id where claims.id = ?",
        (claim_id,),
    )
    if not found:
        raise ReviewError("there is no claim {claim_id}", claim_id=claim_id)
    return found[0]


def speakers_of_article(store: Store, article_id: int) -> list[str]:
    """The names of an article's speakers and their aliases, and its outlet's: for suggesting."""
    found = store.db.execute(
        "with quoted as (select distinct speaker_id as id from claims where article_id = :id) "
        "select name from speakers where id in quoted union "
        "select alias from speaker_aliases where speaker_id in quoted union "
        "select outlets.name from articles join outlets on outlets.id = outlet_id "
        "where articles.id = :id order by 1 limit :most",
        {"id": article_id, "most": _MOST},
    )
    return [row[0] for row in found]


def speaker(store: Store, speaker_id: int) -> dict[str, Any]:
    """A speaker's row with other names and the number of claims. Raises ReviewError for none."""
    found = rows(
        store.db,
        "select speakers.*, (select count(*) from claims where speaker_id = speakers.id) as claims "
        "from speakers where id = ?",
        (speaker_id,),
    )
    if not found:
        raise ReviewError("there is no speaker {speaker_id}", speaker_id=speaker_id)
    aliases = store.db.execute(
        "select alias from speaker_aliases where speaker_id = ? order by 1", (speaker_id,)
    )
    return {**found[0], "aliases": [row[0] for row in aliases]}


def disputed(store: Store, limit: int = 50) -> list[dict[str, Any]]:
    """Published reviews that somebody disputes, the last first."""
    return rows(
        store.db,
        "select reviews.id, verdicts.name as verdict, summary, reviewer, opinions.actor, note, "
        "given_on from opinions join reviews on reviews.id = review_id "
        "join verdicts on verdicts.id = verdict_id "
        "where opinion = 'disputes' and state = 'published' order by opinions.id desc limit ?",
        (limit,),
    )


def latest_reviews(store: Store, limit: int = 20) -> list[dict[str, Any]]:
    """The reviews that were published last."""
    return rows(
        store.db,
        "select reviews.id, verdicts.name as verdict, summary, reviewer, reviewed_on, state "
        "from reviews join verdicts on verdicts.id = verdict_id order by reviews.id desc limit ?",
        (limit,),
    )
