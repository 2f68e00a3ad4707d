"""Why claims were found in an article, and why others were not, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass

from claims.attribution import Attributor
from claims.attributions import Attribution
from claims.cast import Cast
from claims.extraction import THRESHOLD, with_answers
from claims.languages import available
from claims.models import Article, Claim, Span
from claims.reading import Reading
from claims.speakers import Resolver


@dataclass(frozen=True, slots=True)
class Explained:
    """One sentence that holds a quotation or a word of attribution, or one turn of an interview.

    ``claims`` are those recorded from it, ``cues`` the spans of their cues; ``reasons`` say, in
    words, why anything else in it was not. Offsets are code points into the text, half open.
    """

    sentence: Span
    claims: tuple[Claim, ...]
    cues: tuple[Span, ...]
    reasons: tuple[str, ...]


def explain(article: Article, threshold: float = THRESHOLD) -> list[Explained]:
    """What was made of every candidate sentence, in order.

    ``threshold`` is the least confidence, 0 to 1. Nothing for a language without rules.
    """
    if article.language not in available():
        return []
    reading = Reading(article.text, article.language)
    if not reading.candidates:
        return []
    cast = Cast(reading)
    attributor = Attributor(reading, cast.known)
    attributions = with_answers(attributor.attributions(), reading, cast)
    resolver = Resolver(article, reading, cast)
    claims = resolver.claims(attributions)
    explainer = _Explainer(
        article.text, threshold, attributions, attributor.refused, resolver.unresolved
    )
    explained = []
    for number in reading.candidates:
        sentence = reading.page.sentences[number]
        inside = [claim for claim in claims if _starts_in(claim.start, sentence.span)]
        quoted = [quotation.inner for quotation in sentence.quotations]
        explained.append(explainer.explain(sentence.span, inside, quoted))
    spans = [one.sentence for one in explained]
    for claim in claims:  # answers, turns and captions
        if not any(_starts_in(claim.start, span) for span in spans):
            explained.append(explainer.explain(Span(claim.start, claim.end), [claim], []))
    return sorted(explained, key=lambda one: one.sentence.start)


@dataclass(frozen=True, slots=True)
class _Explainer:
    text: str
    threshold: float
    attributions: list[Attribution]
    refused: list[Span]
    unresolved: list[Attribution]

    def explain(self, sentence: Span, claims: list[Claim], quoted: list[Span]) -> Explained:
        recorded = tuple(claim for claim in claims if claim.confidence >= self.threshold)
        reasons = [
            f"{self._words(claim.start, claim.end)}: {claim.rule} fits, but its confidence of "
            f"{claim.confidence:.3f} is below {self.threshold:.3f}"
            for claim in claims
            if claim.confidence < self.threshold
        ]
        for attribution in self.unresolved:
            if _starts_in(attribution.content.start, sentence):
                reasons.append(self._unresolved(attribution))
        known = [Span(claim.start, claim.end) for claim in claims]
        known += [attribution.content for attribution in self.unresolved]
        left = [span for span in quoted if not any(span.overlaps(one) for one in known)]
        phrases = [span for span in self.refused if _starts_in(span.start, sentence)]
        if phrases and (left or not known):
            names = ", ".join(dict.fromkeys(self._words(s.start, s.end) for s in phrases))
            reasons.append(f"no speaker that is known to be one in {names}")
        reasons += [
            f"{self._words(span.start, span.end)}: no rule fits; there is no speaker with a cue "
            "around it"
            for span in left
            if not phrases
        ]
        if not recorded and not reasons:
            reasons.append("no rule fits: no speaker with a cue and something said")
        starts = {claim.start for claim in recorded}
        cues = (one.cue for one in self.attributions if one.content.start in starts and one.cue)
        return Explained(sentence, recorded, tuple(cues), tuple(reasons))

    def _unresolved(self, attribution: Attribution) -> str:
        content = self._words(attribution.content.start, attribution.content.end)
        if attribution.speaker is None or attribution.who is None:
            return (
                f"{content}: the speaker would be the one before, and there is none to carry over"
            )
        phrase = self._words(attribution.speaker.start, attribution.speaker.end)
        return f"{content}: {attribution.rule} fits, but {phrase} could be nobody, or several"

    def _words(self, start: int, end: int) -> str:
        words = self.text[start:end]
        return f"“{words if len(words) <= 40 else words[:39] + '…'}”"


def _starts_in(offset: int, span: Span) -> bool:
    return span.start <= offset < span.end
