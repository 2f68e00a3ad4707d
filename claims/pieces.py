"""A paragraph without what isn't prose and was run into it: datelines, credits, signatures.

Pages that crawlers made one paragraph of have these within it. Offsets are Unicode code points into
the page's text, half open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from claims.languages import LanguageRules
from claims.models import Span

TERMINALS = ".?!。？！…"
CLOSERS = "\"'”’)]」』»›）】〉》*"
ENDS_AS_SENTENCE = re.compile(rf"[{re.escape(TERMINALS)}:][{re.escape(CLOSERS)}]*$")
END = 40  # code points at a paragraph's end in which its terminal and closing marks stand
_LONG, _TAIL = 200, 80  # code points of a paragraph, and of what is none of it at its end
_TERMINATED = re.compile(rf"[{re.escape(TERMINALS)}][{re.escape(CLOSERS)}]*(?=\s)")


def pieces(text: str, block: Span, rules: LanguageRules) -> Iterator[Span]:
    """The parts of a paragraph that are prose, or could be, in order."""
    cuts = {block.start, block.end}
    for name in ("run_in", "signed"):
        pattern = rules.patterns.get(name)
        if pattern is None or (name == "signed" and text.find("@", block.start, block.end) < 0):
            continue
        for found in pattern.finditer(text, block.start, block.end):
            cuts.add(found.start())
            if found.lastgroup is None:
                cuts.add(found.end())
    for start, end in pairwise(sorted(cuts)):
        piece = _stripped(text, start, end)
        tail = _tail(text, piece, cut=end < block.end)
        if tail is not None:
            yield Span(piece.start, tail)
            piece = _stripped(text, tail, piece.end)
        if piece.start < piece.end:
            yield piece


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return (
        Span(end - len(piece.lstrip()), start + len(piece.rstrip()))
        if piece.strip()
        else Span(end, end)
    )


def _tail(text: str, piece: Span, cut: bool) -> int | None:
    """Where the last sentence of a long or a cut paragraph ends, if words follow that are none."""
    if (piece.end - piece.start < _LONG and not cut) or ENDS_AS_SENTENCE.search(
        text, max(piece.start, piece.end - END), piece.end
    ):
        return None
    start = max(piece.start, piece.end - _TAIL)
    ends = [found.end() for found in _TERMINATED.finditer(text, start, piece.end)]
    return ends[-1] if ends else None
