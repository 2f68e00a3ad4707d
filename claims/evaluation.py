"""How well claims are found: an extractor's claims against annotated ones.

The measure is that of the quotation attribution literature (Pareti 2015; Muzny et al. 2017): a
claim and an annotated quote match when the Jaccard index of their letters and digits is 0.8 or
more, one to one, best first. *Joint* asks for the right speaker as well. Quotes that readers could
differ on (not ``core``) neither help nor hurt. Intervals are bootstrap percentiles over articles
(Efron and Tibshirani 1993).
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from claims.gold import AnnotatedArticle, Quote
from claims.languages import rules_for
from claims.models import Claim, Span

OVERLAP = 0.8
_RESAMPLES = 1000
# What may stand before a name or be missing there (the list of the PolNeAR comparisons).
_TITLES = frozenset(
    ("mr", "mrs", "ms", "dr", "sir", "prof", "sen", "rep", "gov", "president", "prime", "minister",
     "senator", "secretary", "chief", "director", "the", "a", "an")
)  # fmt: skip
_BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.01)


@dataclass(frozen=True, slots=True)
class Judged:
    """One claim, one quote, or a matching pair of them, with what is right about the pair.

    ``resolved`` is None where the speaker phrase is a pronoun and nobody annotated its name.
    """

    article_id: str
    language: str
    claim: Claim | None
    quote: Quote | None
    speaker: bool = False
    resolved: bool | None = False
    named: dict[str, bool] = field(default_factory=dict)

    @property
    def joint(self) -> bool:
        """Whether both the span and the speaker are right."""
        return self.claim is not None and self.quote is not None and self.speaker

    @property
    def counts(self) -> bool:
        """Whether it is measured: anything but quotes that readers could differ on."""
        return self.quote is None or self.quote.core


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over judged claims and quotes, and the figures that follow from them (0 to 1)."""

    quotes: int
    claims: int
    spans: int
    joint: int
    resolved: int
    unresolvable: int
    named: int
    named_right: int

    @property
    def precision(self) -> float:
        """Of the claims, those with the right span."""
        return _share(self.spans, self.claims)

    @property
    def recall(self) -> float:
        """Of the quotes, those found."""
        return _share(self.spans, self.quotes)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of spans."""
        return _f1(self.spans, self.claims, self.quotes)

    @property
    def joint_precision(self) -> float:
        """Of the claims, those with the right span and the right speaker."""
        return _share(self.joint, self.claims)

    @property
    def joint_recall(self) -> float:
        """Of the quotes, those found with the right speaker."""
        return _share(self.joint, self.quotes)

    @property
    def joint_f1(self) -> float:
        """Harmonic mean of joint precision and joint recall."""
        return _f1(self.joint, self.claims, self.quotes)

    @property
    def resolved_f1(self) -> float:
        """Joint F1 where a pronoun counts only with the name that it stands for."""
        return _f1(self.resolved, self.claims, self.quotes)

    @property
    def named_accuracy(self) -> float:
        """Of the right claims, those whose role, organization and via are exactly as annotated."""
        return _share(self.named_right, self.named)


def judge(annotated: AnnotatedArticle, claims: Sequence[Claim]) -> list[Judged]:
    """Match an article's claims with its annotated quotes, one to one, best first."""
    text = annotated.article.text
    of_quotes = [_variants(text, quote.spans) for quote in annotated.quotes]
    of_claims = [_letters(text, [Span(claim.start, claim.end)]) for claim in claims]
    pairs = sorted(
        (
            (max(_jaccard(letters, variant) for variant in variants), quote, claim)
            for quote, variants in enumerate(of_quotes)
            for claim, letters in enumerate(of_claims)
            if letters & variants[0]
        ),
        key=lambda pair: (-pair[0], not annotated.quotes[pair[1]].core),
    )
    by_quote: dict[int, int] = {}
    by_claim: dict[int, int] = {}
    for overlap, quote_at, claim_at in pairs:
        if overlap >= OVERLAP and quote_at not in by_quote and claim_at not in by_claim:
            by_quote[quote_at], by_claim[claim_at] = claim_at, quote_at
    judged = [
        _pair(annotated, quote, claims[by_quote[number]] if number in by_quote else None)
        for number, quote in enumerate(annotated.quotes)
    ]
    # A part of a quote that was matched already is no mistake of its own.
    parts = [of_quotes[number][0] for number in by_quote if len(annotated.quotes[number].spans) > 1]
    for number, claim in enumerate(claims):
        letters = of_claims[number]
        inside = any(len(letters & part) >= OVERLAP * max(1, len(letters)) for part in parts)
        if number not in by_claim and not inside:
            judged.append(Judged(annotated.id, annotated.article.language, claim, None))
    return judged


def score(judged: Iterable[Judged]) -> Score:
    """The counts of what was judged."""
    rows = [row for row in judged if row.counts]
    return Score(
        quotes=sum(row.quote is not None for row in rows),
        claims=sum(row.claim is not None for row in rows),
        spans=sum(row.claim is not None and row.quote is not None for row in rows),
        joint=sum(row.joint for row in rows),
        resolved=sum(row.joint and row.resolved is not False for row in rows),
        unresolvable=sum(row.resolved is None for row in rows),
        named=sum(row.joint and bool(row.named) for row in rows),
        named_right=sum(row.joint and bool(row.named) and all(row.named.values()) for row in rows),
    )


def interval(
    by_article: Sequence[Sequence[Judged]], figure: Callable[[Score], float], seed: int = 1
) -> tuple[float, float]:
    """The 95 % bootstrap interval of a figure, articles drawn with replacement."""
    draw = random.Random(seed)  # noqa: S311 (statistics, not secrets)
    scores = [score(rows) for rows in by_article]
    values = sorted(figure(_sum([draw.choice(scores) for _ in scores])) for _ in range(_RESAMPLES))
    return values[int(0.025 * _RESAMPLES)], values[int(0.975 * _RESAMPLES) - 1]


def calibration(judged: Iterable[Judged]) -> list[tuple[float, float, Score]]:
    """For bands of confidence, from and to: the score of the claims in the band."""
    rows = [row for row in judged if row.counts and row.claim is not None]
    bands = []
    for low, high in pairwise(_BANDS):
        inside = [row for row in rows if row.claim and low <= row.claim.confidence < high]
        if inside:
            bands.append((low, min(high, 1.0), score(inside)))
    return bands


def at_thresholds(judged: Iterable[Judged]) -> list[tuple[float, Score]]:
    """What the score would be if only claims of at least such a confidence were recorded."""
    rows = list(judged)
    return [(threshold, score(_from(rows, threshold))) for threshold in _BANDS[:-1]]


def _from(rows: Iterable[Judged], threshold: float) -> Iterable[Judged]:
    for row in rows:
        if row.claim is None or row.claim.confidence >= threshold:
            yield row
        elif row.quote is not None:
            yield Judged(row.article_id, row.language, None, row.quote)


def speaker_right(said: str, right: Iterable[str]) -> bool:
    """Whether a name is one of the right ones, or holds or is held by one, titles apart."""
    names = _tokens(said)
    for one in map(_tokens, right):
        if names and names == one:
            return True
        short, long = set(names) - _TITLES, set(one) - _TITLES
        if short and long and (short <= long or long <= short):
            return True
    return False


def _pair(annotated: AnnotatedArticle, quote: Quote, claim: Claim | None) -> Judged:
    if claim is None:
        return Judged(annotated.id, annotated.article.language, None, quote)
    names = [*filter(None, [quote.speaker]), *quote.alternatives]
    right = not quote.speaker or speaker_right(claim.speaker.name, names)
    resolved: bool | None = right
    if quote.pronoun and quote.speaker:
        pronouns = rules_for(annotated.article.language).pronouns
        known = [name for name in names if name not in pronouns]
        resolved = speaker_right(claim.speaker.name, known) if known else None
    said = {"role": claim.role, "organization": claim.organization, "via": claim.via}
    named = {key: said[key] == value for key, value in quote.named.items()}
    return Judged(annotated.id, annotated.article.language, claim, quote, right, resolved, named)


def _variants(text: str, spans: Sequence[Span]) -> list[set[int]]:
    """A content's letters; for one in parts also those of its envelope and its longest part."""
    found = [_letters(text, spans)]
    if len(spans) > 1:
        found.append(_letters(text, [Span(spans[0].start, spans[-1].end)]))
        found.append(max((_letters(text, [span]) for span in spans), key=len))
    return found


def _letters(text: str, spans: Iterable[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end) if text[at].isalnum()}


def _jaccard(one: set[int], other: set[int]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _tokens(name: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", name).lower()
    return re.findall(r"\w+", re.sub(r"[’']s\b", "", folded))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _f1(right: int, said: int, true: int) -> float:
    return _share(2 * right, said + true)


def _sum(scores: Sequence[Score]) -> Score:
    return Score(*(sum(getattr(one, key) for one in scores) for key in Score.__slots__))
