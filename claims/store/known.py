"""Articles that are here already: which one it is, and what a later ingest adds to it.

The part of the store that is about known articles. What was empty is filled in; claims that people
mended stay mended, and those that they deleted stay away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.models import Article, Claim, Stated

if TYPE_CHECKING:
    from claims.store import Store


def find(store: Store, article: Article, outlet_id: int | None) -> dict[str, Any] | None:
    """The article of the same text, URL and outlet, where one side need not say; None for none."""
    cursor = store.db.execute(
        "select id, outlet_id, url, title, byline, published_on, modified_on from articles "
        "where substr(sha256, 1, 16) = substr(?1, 1, 16) and +sha256 = ?1 and excerpt = ?2 "
        "and (url is null or ?3 is null or url = ?3) "
        "and (outlet_id is null or ?4 is null or outlet_id = ?4) order by id limit 1",
        (article.sha256, article.excerpt, article.url, outlet_id),
    )
    row = cursor.fetchone()
    return dict(zip([c[0] for c in cursor.description], row, strict=True)) if row else None


def home(
    store: Store, article: Article, words: str, place: int | None
) -> tuple[int, int, int | None, str | None] | None:
    """The article a recorded claim was read in: its id, where in it, its outlet and date.

    Known by the URL, else by title, outlet and date together; the words must stand in it at the
    recorded place, or once.
    """
    if not article.url and not article.title:
        return None
    found = store.db.execute(
        "select articles.id, text, outlet_id, published_on from articles "
        "left join outlets on outlets.id = outlet_id where excerpt = 0 and case "
        "when :url is not null then url = :url else "
        "title = :title and name is :outlet and published_on is :published_on end "
        "order by articles.id desc",
        {
            "url": article.url,
            "title": article.title,
            "outlet": article.outlet,
            "published_on": article.published_on,
        },
    )
    for article_id, text, outlet_id, published_on in found:
        if place is not None and text[place : place + len(words)] == words:
            return article_id, place, outlet_id, published_on
        if text.count(words) == 1:
            return article_id, text.index(words), outlet_id, published_on
    return None


def complete(
    store: Store, known: dict[str, Any], article: Article, outlet_id: int | None, stated: Stated
) -> None:
    """Fill in what a known article lacked, and take over what the person states."""
    found = {
        "outlet_id": outlet_id,
        "url": article.url,
        "title": article.title,
        "byline": article.byline,
        "published_on": article.published_on,
        "modified_on": article.modified_on,
    }
    said = {"title": stated.title, "published_on": stated.published_on}
    wanted = {key: said.get(key) or known[key] or found[key] for key in found}
    if article.modified_on and known["modified_on"]:
        wanted["modified_on"] = max(known["modified_on"], article.modified_on)
    changed = {key: value for key, value in wanted.items() if value != known[key]}
    if not changed:
        return
    _update(store, "articles", known["id"], changed)
    shared = {key: changed[key] for key in ("outlet_id", "published_on") if key in changed}
    if shared:
        sets = ", ".join(f"{key} = ?" for key in shared)
        store.db.execute(
            f"update claims set {sets} where article_id = ?",  # noqa: S608 (names of our own)
            [*shared.values(), known["id"]],
        )


def date_claims(store: Store, article_id: int, claims: tuple[Claim, ...]) -> None:
    """Give dates to claims that had only words for them, now that the article has a date."""
    store.db.executemany(
        "update claims set said_on = ? where article_id = ? and start = ? and end = ? "
        "and said_on is not ?",
        [(c.said_on, article_id, c.start, c.end, c.said_on) for c in claims if c.said_on],
    )


def relay_claims(store: Store, article_id: int, via_id: int | None) -> None:
    """Take over the outlet that the person states an article relays its claims from."""
    if via_id is not None:
        store.db.execute(
            "update claims set via_outlet_id = :via "
            "where article_id = :id and via_outlet_id is not :via",
            {"via": via_id, "id": article_id},
        )


def unknown_claims(store: Store, article_id: int, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Claims at places of a known article where there is none, and nobody deleted one."""
    taken = store.db.execute(
        "select start, end, speakers.name from claims "
        "join speakers on speakers.id = speaker_id where article_id = :id union all "
        "select start, end, null from earlier_claims where article_id = :id union all "
        "select before ->> 'start', before ->> 'end', null from history "
        "where table_name = 'claims' and action = 'delete' and before ->> 'article_id' = :id",
        {"id": article_id},
    ).fetchall()
    return tuple(
        claim
        for claim in claims
        if not any(
            start < claim.end
            and claim.start < end
            and (claim.extractor == "rules" or name in {None, claim.speaker.name})
            for start, end, name in taken
        )
    )


def _update(store: Store, table: str, row_id: int, values: dict[str, Any]) -> None:
    sets = ", ".join(f"{key} = ?" for key in values)
    store.db.execute(f"update {table} set {sets} where id = ?", [*values.values(), row_id])  # noqa: S608
