"""What a page about an article shows: its row with names, its claims, and its text with marks.

Nothing here knows HTML: what comes out is text and offsets, to be escaped where it is shown.
"""

from __future__ import annotations

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
where articles.id = ?
"""
_CLAIMS = """
select claims.id, claims.text, claims.kind, claims.speaker_id, speakers.name as speaker,
    claims.role, claims.organization, claims.via_outlet_id, outlets.name as via, claims.said_on,
    claims.said_on_text, claims.start, claims.end, claims.language, claims.status
from claims
join speakers on speakers.id = claims.speaker_id
left join outlets on outlets.id = claims.via_outlet_id
where article_id = ?
order by start, end desc, claims.id
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with the claims that cover all of it, the outermost first.

    ``first`` and ``last`` are the claims that begin and that end with this piece.
    """

    text: str
    claims: tuple[int, ...]
    first: frozenset[int]
    last: frozenset[int]


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
    spans = {claim["id"]: Span(claim["start"], claim["end"]) for claim in claims}
    return ArticlePage(articles[0], tuple(claims), marked(articles[0]["text"], spans))


def marked(text: str, spans: dict[int, Span]) -> tuple[tuple[Piece, ...], ...]:
    """Cut a text into paragraphs of pieces, so that every claim begins and ends with a piece.

    ``spans`` are the claims by id; they may nest, overlap and go over several paragraphs. The
    pieces hold every character but the line ends and the blank lines.
    """
    words = {key: trimmed for key, span in spans.items() if (trimmed := _trimmed(text, span))}
    return tuple(_pieces(text, line, words) for line in _lines(text))


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


def _pieces(text: str, line: Span, spans: dict[int, Span]) -> tuple[Piece, ...]:
    within = {key: span for key, span in spans.items() if span.overlaps(line)}
    cuts = {line.start, line.end}
    for span in within.values():
        cuts |= {max(span.start, line.start), min(span.end, line.end)}
    pieces = []
    for start, end in pairwise(sorted(cuts)):
        covering = {key: span for key, span in within.items() if span.covers(Span(start, end))}
        pieces.append(
            Piece(
                text[start:end],
                tuple(sorted(covering, key=lambda key: (spans[key].start, -spans[key].end, key))),
                frozenset(key for key, span in covering.items() if span.start == start),
                frozenset(key for key, span in covering.items() if span.end == end),
            )
        )
    return tuple(pieces)


def _rows(connection: sqlite3.Connection, sql: str, key: int) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, (key,))
    names: Sequence[str] = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
