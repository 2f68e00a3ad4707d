"""An article in, its claims out: the one interface behind which extractors stand."""

from __future__ import annotations

from claims.models import Article, Claim


def extract(article: Article) -> tuple[Claim, ...]:
    """Find the claims of an article with the rules of its language, in order of appearance."""
    return ()
