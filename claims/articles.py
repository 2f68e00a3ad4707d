"""Raw document -> Article: what the page says of itself, and what the person stated."""

from __future__ import annotations

from claims.models import Article, Document, Stated


def read_article(document: Document, stated: Stated) -> Article:
    """Make an article of a document; ``stated`` wins over what the page says."""
    return Article(
        text=document.content,
        language=stated.language or "ko",
        title=stated.title,
        outlet=stated.outlet,
        published_on=stated.published_on,
        url=stated.url,
        via=stated.via,
    )
