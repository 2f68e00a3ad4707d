"""What a page about an article shows: its row with names, its claims, and its text with marks.

Nothing here knows HTML: what comes out is text and offsets, to be escaped where it is shown.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from claims.models import Span

_ARTICLE = """
select articles.*, outlets.name as outlet,
    (select max(id) from articles as later where later.supersedes_id = articles.id) as later_id
from articles left join outlets on outlets.id = outlet_id
where articles.id = :id
"""
# With the claims that went on to a later version: where they stood in this one.
_CLAIMS = """
with here (claim_id, text, start, end, speaker_start, speaker_end) as (
    select id, text, start, end, speaker_start, speaker_end from claims where article_id = :id
    union all
    select claim_id, text, start, end, speaker_start, speaker_end
    from earlier_claims where article_id = :id
)
select claims.id, here.text, claims.kind, claims.speaker_id, speakers.name as speaker,
    claims.role, claims.organization, claims.via_outlet_id, outlets.name as via, claims.said_on,
    claims.said_on_text, here.start, here.end, claims.language, claims.status, claims.cue,
    here.speaker_start, here.speaker_end
from here
join claims on claims.id = here.claim_id
join speakers on speakers.id = claims.speaker_id
left join outlets on outlets.id = claims.via_outlet_id
order by here.start, here.end desc, claims.id
"""
_CUE_WITHIN = 200  # code points from a claim in which its cue is looked for


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with the claims that cover all of it, the outermost first.

    ``first`` and ``last`` are the claims that begin and that end with this piece. ``part`` is
    ``speaker`` or ``cue`` where these words say who said it, or that it was said.
    """

    text: str
    claims: tuple[int, ...]
    first: frozenset[int]
    last: frozenset[int]
    part: str = ""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article's row with its outlet's name, the rows of its claims, and its marked paragraphs.

    ``article`` has ``later_id``, the article that supersedes this one. A claim's ``number`` counts
    from 1 in order of appearance.
    """

    article: dict[str, Any]
    claims: tuple[dict[str, Any], ...]
    paragraphs: tuple[tuple[Piece, ...], ...]

    def claim(self, claim_id: int) -> dict[str, Any]:
        """The row of a claim of this page."""
        return next(claim for claim in self.claims if claim["id"] == claim_id)


def article_page(connection: sqlite3.Connection, article_id: int) -> ArticlePage | None:
    """Read an article by its id; None when there is none."""
    articles = _rows(connection, _ARTICLE, article_id)
    if not articles:
        return None
    claims = _rows(connection, _CLAIMS, article_id)
    for number, claim in enumerate(claims, 1):
        claim["number"] = number
    text = articles[0]["text"]
    spans = {claim["id"]: Span(claim["start"], claim["end"]) for claim in claims}
    parts = [(span, "speaker") for claim in claims if (span := speaker_span(claim))]
    parts += [(span, "cue") for claim in claims if (span := cue_span(text, claim))]
    return ArticlePage(articles[0], tuple(claims), marked(text, spans, parts))


def speaker_span(claim: dict[str, Any]) -> Span | None:
    """Where the claim's speaker is named, if that is known."""
    if claim.get("speaker_start") is None or claim.get("speaker_end") is None:
        return None
    span = Span(claim["speaker_start"], claim["speaker_end"])
    return span if span.start < span.end else None


def cue_span(text: str, claim: dict[str, Any]) -> Span | None:
    """Where the claim's cue stands: the occurrence nearest to the claim, in its paragraph."""
    cue = claim.get("cue")
    if not cue:
        return None
    first = max(text.rfind("\n", 0, claim["start"]) + 1, claim["start"] - _CUE_WITHIN)
    paragraph_end = text.find("\n", claim["end"])
    last = min(paragraph_end if paragraph_end >= 0 else len(text), claim["end"] + _CUE_WITHIN)
    found = [
        Span(first + match.start(), first + match.end())
        for match in re.finditer(re.escape(cue), text[first:last])
    ]
    claimed = Span(claim["start"], claim["end"])
    outside = [span for span in found if not span.overlaps(claimed)]
    return min(outside, key=lambda span: _distance(span, claimed), default=None)


def marked(
    text: str, spans: dict[int, Span], parts: Sequence[tuple[Span, str]] = ()
) -> tuple[tuple[Piece, ...], ...]:
    """Cut a text into paragraphs of pieces, so that every claim begins and ends with a piece.

    ``spans`` are the claims by id; they may nest, overlap and go over several paragraphs. ``parts``
    are other spans with a name, which their pieces get. The pieces hold every character but the
    line ends and the blank lines.
    """
    words = {key: trimmed for key, span in spans.items() if (trimmed := _trimmed(text, span))}
    return tuple(_pieces(text, line, words, parts) for line in _lines(text))


def _distance(one: Span, other: Span) -> int:
    return min(abs(one.start - other.end), abs(other.start - one.end))


def _trimmed(text: str, span: Span) -> Span | None:
    """The span without blanks around its words; None when it has no words."""
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    end = span.end - (len(words) - len(words.rstrip()))
    return Span(start, end) if start < end else None


def _lines(text: str) -> Iterable[Span]:
    start = 0
    for line in text.splitlines(keepends=True):
        if words := line.rstrip():
            yield Span(start, start + len(words))
        start += len(line)


def _pieces(
    text: str, line: Span, spans: dict[int, Span], parts: Sequence[tuple[Span, str]]
) -> tuple[Piece, ...]:
    within = {key: span for key, span in spans.items() if span.overlaps(line)}
    beside = [(span, name) for span, name in parts if span.overlaps(line)]
    cuts = {line.start, line.end}
    for span in (*within.values(), *(span for span, _ in beside)):
        cuts |= {max(span.start, line.start), min(span.end, line.end)}
    pieces = []
    for start, end in pairwise(sorted(cuts)):
        piece = Span(start, end)
        covering = {key: span for key, span in within.items() if span.covers(piece)}
        pieces.append(
            Piece(
                text[start:end],
                tuple(sorted(covering, key=lambda key: (spans[key].start, -spans[key].end, key))),
                frozenset(key for key, span in covering.items() if span.start == start),
                frozenset(key for key, span in covering.items() if span.end == end),
                next((name for span, name in beside if span.covers(piece)), ""),
            )
        )
    return tuple(pieces)


def _rows(connection: sqlite3.Connection, sql: str, key: int) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, {"id": key})
    names: Sequence[str] = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
