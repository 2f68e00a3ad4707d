"""One attribution, and what a page's attributions make of each other.

A quotation that its cue splits is one; of statements that share text the surest stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from claims.models import Kind, Span
from claims.phrases import Who


@dataclass(frozen=True, slots=True)
class Attribution:
    """One statement with the spans that attribute it; ``who`` is the speaker phrase understood.

    ``carries`` means that the speaker is the one of the statement before. ``via`` is the phrase
    that names the outlet it is relayed from, ``outlet`` the name where it isn't the whole phrase.
    ``clause`` is the clause it was found in; ``inside`` that another one of its sentence precedes
    it.
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


def joined(found: list[Attribution], text: str) -> list[Attribution]:
    """A quotation that its own cue splits is one: from its first word to its last.

    The two parts share the cue, and the first doesn't end a sentence or the second goes on small.
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
            and text[one.content.start].islower()
        ):
            parts[-1] = replace(last, content=Span(last.content.start, one.content.end))
        else:
            parts.append(one)
    return parts


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
