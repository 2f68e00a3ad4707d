"""An article in, its claims out: the one interface behind which extractors stand."""

from __future__ import annotations

from claims.attribution import Attributor
from claims.cast import Cast
from claims.languages import available, rules_for
from claims.models import Article, Claim
from claims.segments import read_page
from claims.speakers import Resolver

THRESHOLD = 0.5  # claims that a rule is less sure of than this are not recorded


def extract(article: Article, threshold: float = THRESHOLD) -> tuple[Claim, ...]:
    """Find the claims of an article with the rules of its language, in order of appearance.

    ``threshold`` is the least confidence, 0 to 1. An article in a language without rules has no
    claims.
    """
    if article.language not in available():
        return ()
    rules = rules_for(article.language)
    page = read_page(article.text, rules)
    cast = Cast(page, rules)
    attributions = Attributor(page, rules, cast.known).attributions()
    claims = Resolver(article, page, rules, cast).claims(attributions)
    return tuple(claim for claim in claims if claim.confidence >= threshold)
