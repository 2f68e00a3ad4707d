"""A claim in its surroundings, and as a quotation to take away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from claims.datasette_plugin.language import Language
from claims.marking import cue_span, speaker_span
from claims.models import Span

_AROUND = 350  # code points before and after a claim


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of an article's text and what it is: ``claim``, ``speaker``, ``cue`` or nothing."""

    text: str
    part: str


@dataclass(frozen=True, slots=True)
class Around:
    """A claim in its article; ``cut_before`` and ``cut_after`` where the article goes on."""

    stretches: tuple[Stretch, ...]
    cut_before: bool
    cut_after: bool


def around(text: str, claim: dict[str, Any]) -> Around:
    """The text around a claim, by words, with the claim, its speaker and its cue told apart."""
    span = Span(claim["start"], claim["end"])
    start = _word_start(text, max(0, span.start - _AROUND))
    end = _word_end(text, min(len(text), span.end + _AROUND))
    parts = [(span, "claim")]
    speaker = speaker_span(claim)
    if speaker and Span(start, end).covers(speaker) and not speaker.overlaps(span):
        parts.append((speaker, "speaker"))
    cue = cue_span(text, claim)
    if cue and Span(start, end).covers(cue) and not any(cue.overlaps(part) for part, _ in parts):
        parts.append((cue, "cue"))
    stretches, at = [], start
    for part, name in sorted(parts, key=lambda pair: pair[0].start):
        stretches += [Stretch(text[at : part.start], ""), Stretch(part.of(text), name)]
        at = part.end
    stretches.append(Stretch(text[at:end], ""))
    return Around(tuple(s for s in stretches if s.text), start > 0, end < len(text))


def quotation(claim: dict[str, Any], language: Language, address: str) -> str:
    """A claim as a text to paste: words, who, where and when, and the address of its page."""
    said_by = ", ".join(filter(None, [claim["speaker"], claim["organization"], claim["role"]]))
    where = ", ".join(
        filter(None, [claim["outlet"], language.date(claim["said_on"] or claim["published_on"])])
    )
    marks = language.strings["quotation"]
    quoted = f"{marks['open']}{claim['text']}{marks['close']}"
    return "\n".join(filter(None, [f"{quoted} — {said_by}", where, claim["article_url"], address]))


def _word_start(text: str, at: int) -> int:
    blank = re.search(r"\s", text[at : at + 40]) if at else None
    return at + blank.end() if blank else at


def _word_end(text: str, at: int) -> int:
    if at == len(text):
        return at
    blank = re.search(r"\s(?=\S*$)", text[max(0, at - 40) : at])
    return max(0, at - 40) + blank.start() if blank else at
