"""The small newsroom of newsroom.py with two published reviews, one of them disputed."""

from __future__ import annotations

from pathlib import Path

from newsroom import news_database

from claims.reviews import Evidence, Review, Reviewed
from claims.store import Store
from claims.store.reviewing import give_opinion, publish


def checked_database(path: Path) -> Path:
    """Review 1 refutes claims 1 and 3, with evidence; review 2 finds claim 5 true, disputed."""
    store = Store.open(news_database(path))
    evidence = (Evidence("https://stats.example/rates", "Rates", "3.0%", "refutes", "2024-12-20"),)
    refuted = Review(
        (Reviewed(1), Reviewed(3)),
        "false",
        "시장 금리는 내렸다.",
        "그 전 달에는 올랐다.",
        "https://stats.example/before",
        evidence=evidence,
    )
    publish(store, "ana", refuted)
    publish(store, "ana", Review((Reviewed(5),), "true", "They did."))
    give_opinion(store, "bo", 2, "disputes", "Only some did.")
    with store.transaction() as connection:  # as any other tool may write it
        connection.execute(
            "insert into evidence (review_id, url, title, stance) "
            "values (1, 'javascript:probe()', 'Not a link', 'context')"
        )
    store.close()
    return path
