"""One attribution, and what a page's attributions make of each other.

A quotation that its cue splits is one; of statements that share text the surest stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from claims.models import Kind, Span
from claims.phrases import Who
from claims.segments import Page


@dataclass(slots=True)  # many are made: frozen, that takes three times as long
class Attribution:
    """One statement with the spans that attribute it; ``who`` is the speaker phrase understood.

    ``carries`` means that the speaker is the one of the statement before. ``via`` is the phrase
    that names the outlet it is relayed from, ``outlet`` the name where it isn't the whole phrase.
    ``clause`` is the clause it was found in; ``inside`` that another one of its sentence precedes
    it; ``further`` how many sentences its content goes on for.
    """

    content: Span
    kind: Kind
    rule: str
    confidence: float
    sentence: int
    clause: Span
    cue: Span | None = None
    speaker: Span | None = None
    who: Who | None = None
    via: Span | None = None
    outlet: str | None = None
    carries: bool = False
    inside: bool = False
    further: int = 0


def joined(found: list[Attribution], text: str) -> list[Attribution]:
    """A quotation that its own cue splits is one: from its first word to its last.

    The two parts share the cue, the first doesn't end a sentence, and the second goes on small or
    behind a comma.
    """
    ordered = sorted(found, key=lambda one: (one.content.start, one.content.end))
    parts: list[Attribution] = []
    for one in ordered:
        last = parts[-1] if parts else None
        if (
            last is not None
            and last.cue is not None
            and last.cue == one.cue
            and last.kind == one.kind == "direct"
            and last.content.end < last.cue.start < one.content.start
            and text[last.content.end - 1] not in ".?!"
            and _goes_on(text, last, one)
        ):
            parts[-1] = replace(last, content=Span(last.content.start, one.content.end))
        else:
            parts.append(one)
    return parts


def _goes_on(text: str, first: Attribution, second: Attribution) -> bool:
    """Whether the second part of a quotation is of the same sentence as the first."""
    between = text[first.content.end : second.content.start].rstrip("\"'“‘ ")
    return text[second.content.start].islower() or between.endswith(",")


def over_paragraphs(ordered: list[Attribution], page: Page) -> list[Attribution]:
    """A quotation that its paragraph leaves open is one with that which begins the next.

    Not where that has another speaker: then the closing mark was forgotten.
    """
    kept: list[Attribution] = []
    for one in ordered:
        last = kept[-1] if kept else None
        alike = last is not None and (one.carries or one.who == last.who)
        if last is not None and alike and _left_open(last, page) and _begins(one, page):
            before = page.sentences[last.sentence + last.further]
            after = page.sentences[one.sentence].block - before.block
            if after == 1:
                content = Span(last.content.start, one.content.end)
                kept[-1] = replace(last, content=content, further=one.sentence - last.sentence)
                continue
        kept.append(one)
    return kept


def from_open_paragraphs(ordered: list[Attribution], page: Page) -> list[Attribution]:
    """What is said over paragraphs is one, from the first that leaves its quotation open.

    Only paragraphs that are nothing but such a quotation, and that nobody else has said.
    """
    taken = {one.sentence for one in ordered}
    return [_from_its_beginning(one, page, taken) for one in ordered]


def _from_its_beginning(one: Attribution, page: Page, taken: set[int]) -> Attribution:
    first = one.sentence
    while _begins(one, page) and first and first - 1 not in taken:
        before = page.sentences[first - 1]
        alone = len(before.quotations) == 1 and before.quotations[0].outer == before.span
        if not alone or before.quotations[0].closed or not before.opens_block:
            break
        first -= 1
    if first == one.sentence:
        return one
    start = page.sentences[first].quotations[0].inner.start
    content = Span(start, one.content.end)
    return replace(one, content=content, sentence=first, further=one.further + one.sentence - first)


def _left_open(one: Attribution, page: Page) -> bool:
    quotations = page.sentences[one.sentence + one.further].quotations
    return any(not q.closed and q.inner.end == one.content.end for q in quotations)


def _begins(one: Attribution, page: Page) -> bool:
    """Whether a quotation is what its paragraph begins with."""
    sentence = page.sentences[one.sentence]
    first = sentence.quotations[0] if sentence.quotations else None
    return (
        one.kind == "direct"
        and sentence.opens_block
        and first is not None
        and first.outer.start == sentence.span.start
        and first.inner.start == one.content.start
    )


def without_overlaps(ordered: list[Attribution]) -> list[Attribution]:
    """Of statements that share text, the one that a surer rule found."""
    kept: list[Attribution] = []
    for one in ordered:
        if kept and kept[-1].content.overlaps(one.content):
            if one.confidence > kept[-1].confidence:
                kept[-1] = one
        else:
            kept.append(one)
    return kept


def says_the_same(reported: Attribution, quoted: Attribution) -> bool:
    """Whether a report is of what a quotation says too, or its cue stands behind the quotation."""
    if reported.content.overlaps(quoted.content):
        return True
    cue = quoted.cue
    return cue is not None and cue == reported.cue and quoted.content.end <= cue.start
