"""An article in, its claims out: the one interface behind which extractors stand."""

from __future__ import annotations

from claims.attribution import Attributor
from claims.captions import captions
from claims.cast import Cast
from claims.confidence import Signs
from claims.interviews import answers
from claims.languages import available
from claims.models import Article, Claim
from claims.reading import Reading
from claims.speakers import Resolver

THRESHOLD = 0.63  # joint precision is then 0.8 on real American news (docs/attribution.md)


def extract(article: Article, threshold: float = THRESHOLD) -> tuple[Claim, ...]:
    """Find the claims of an article with the rules of its language, in order of appearance.

    ``threshold`` is the least confidence, 0 to 1. An article in a language without rules has no
    claims.
    """
    return tuple(claim for claim in resolved(article)[0] if claim.confidence >= threshold)


def resolved(article: Article) -> tuple[list[Claim], list[Signs]]:
    """Every claim of an article however unsure, and what speaks for or against each."""
    if article.language not in available():
        return [], []
    reading = Reading(article.text, article.language)
    if not reading.candidates and not reading.has_captions:
        return [], []
    cast = Cast(reading)
    answered = [*captions(reading, cast), *answers(reading, cast)]
    attributions = [
        one
        for one in Attributor(reading, cast.known).attributions()
        if not any(one.content.overlaps(answer.content) for answer in answered)
    ]
    attributions = sorted([*attributions, *answered], key=lambda one: one.content.start)
    resolver = Resolver(article, reading, cast)
    return resolver.claims(attributions), resolver.signs
