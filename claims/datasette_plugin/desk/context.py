"""A claim's surroundings in its article, cut so that each piece knows where in the text it begins.

Offsets are code points of the article's text; a script turns a selection into them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_AROUND = 1500  # characters before and after the claim that are shown


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and what it is: ``claim``, ``speaker``, ``other`` claim, or nothing."""

    start: int
    text: str
    role: str


def surroundings(
    text: str, claim: dict[str, Any], others: list[dict[str, Any]], around: int = _AROUND
) -> list[list[Piece]]:
    """The paragraphs around a claim, each in pieces; whole paragraphs, unless they are very long.

    ``others`` are rows of the article's other claims.
    """
    first = text.rfind("\n", 0, max(0, claim["start"] - around)) + 1
    first = max(first, claim["start"] - 3 * around, 0)
    last = text.find("\n", min(len(text), claim["end"] + around))
    last = min(len(text) if last < 0 else last, claim["end"] + 3 * around)
    spans = [(claim["start"], claim["end"], "claim")]
    if claim["speaker_start"] is not None:
        spans.append((claim["speaker_start"], claim["speaker_end"], "speaker"))
    spans += [(other["start"], other["end"], "other") for other in others]
    paragraphs = []
    start = first
    for line in text[first:last].splitlines(keepends=True):
        if line.strip():
            paragraphs.append(_pieces(text, start, start + len(line.rstrip()), spans))
        start += len(line)
    return paragraphs


def _pieces(text: str, start: int, end: int, spans: list[tuple[int, int, str]]) -> list[Piece]:
    """One line, cut wherever something begins or ends; of several, the first named wins."""
    cuts = {start, end}
    for first, last, _ in spans:
        cuts |= {at for at in (first, last) if start < at < end}
    places = sorted(cuts)
    return [
        Piece(
            first,
            text[first:last],
            next((role for at, to, role in spans if at <= first and last <= to), ""),
        )
        for first, last in pairwise(places)
    ]


def nearest(text: str, words: str, place: int) -> int | None:
    """Where ``words`` stand in a text, the closest to ``place``; None when they don't."""
    before = text.rfind(words, 0, place + len(words))
    after = text.find(words, place)
    found = [at for at in (before, after) if at >= 0]
    return min(found, key=lambda at: abs(at - place)) if words and found else None
