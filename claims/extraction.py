"""An article in, its claims out: the one interface behind which extractors stand."""

from __future__ import annotations

from claims.attribution import Attributor
from claims.attributions import Attribution
from claims.captions import captions
from claims.cast import Cast
from claims.confidence import Signs
from claims.interviews import answers, turns
from claims.languages import available
from claims.models import Article, Claim
from claims.reading import Reading
from claims.speakers import Resolver

THRESHOLD = 0.64  # joint precision is then 0.8 on real American news (docs/attribution.md)


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
    attributions = with_answers(Attributor(reading, cast.known).attributions(), reading, cast)
    resolver = Resolver(article, reading, cast)
    return resolver.claims(attributions), resolver.signs


def with_answers(
    attributions: list[Attribution], reading: Reading, cast: Cast
) -> list[Attribution]:
    """A page's attributions with those of its captions, answers and turns, in order."""
    answered = captions(reading, cast)
    answered += answers(reading, cast) or turns(reading, cast)
    others = [
        one
        for one in attributions
        if not any(one.content.overlaps(answer.content) for answer in answered)
    ]
    return sorted([*others, *answered], key=lambda one: one.content.start)
