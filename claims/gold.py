"""Annotated articles: what they say that somebody said, to measure an extractor against.

One JSON object a line: ``id``, ``lang``, ``text``, perhaps ``outlet``, ``published_on``, ``title``,
and ``quotes``, each with ``start`` and ``end`` (code points, half open), ``spans`` where content is
in parts, ``speaker`` (the fullest name printed; null where nobody is named), ``kind``; optionally
``speaker_alt`` (other names that are right), ``pronoun`` (whether the speaker phrase is one),
``role``, ``organization``, ``via``, and ``core`` (false where readers could differ). The format is
described in ``benchmarks/gold/README.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.errors import SourceError
from claims.models import Article, Span


@dataclass(frozen=True, slots=True)
class Quote:
    """One annotated attribution; ``spans`` has one entry unless the content is in parts.

    ``named`` holds what was annotated of role, organization and via (absent where it was not).
    """

    spans: tuple[Span, ...]
    kind: str
    speaker: str | None
    alternatives: tuple[str, ...]
    pronoun: bool
    core: bool
    named: dict[str, str | None]

    @property
    def envelope(self) -> Span:
        """From the first code point to the last."""
        return Span(self.spans[0].start, self.spans[-1].end)


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """One article with all that it attributes to somebody."""

    id: str
    article: Article
    quotes: tuple[Quote, ...]


def read_gold(path: Path) -> Iterator[AnnotatedArticle]:
    """The annotated articles of a file, one a line.

    Raises SourceError, naming the line, for one that isn't of this form, and for a file without
    any.
    """
    try:
        # not splitlines(): JSON may hold U+2028 and its like as they are
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: can't be read ({error})") from error
    if not any(map(str.strip, lines)):
        raise SourceError(f"{path}: there is no annotated article in it")
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _article(json.loads(line))
            except ValueError as error:
                raise SourceError(
                    f"{path}, line {number}: this is no annotated article: {error}"
                ) from error


def _typed(row: object, wanted: Mapping[str, type]) -> dict[str, Any]:
    """The row, if it is an object that has these fields of these types; else raises ValueError."""
    if not isinstance(row, dict):
        raise ValueError("it is no JSON object")
    for field, of in wanted.items():
        if field not in row:
            raise ValueError(f"{field} is missing")
        if not isinstance(row[field], of) or isinstance(row[field], bool):
            raise ValueError(f"{field} is no {_NAMES[of]}")
    return row


_NAMES = {str: "text", int: "number of code points", list: "list"}


def _article(row: object) -> AnnotatedArticle:
    row = _typed(row, {"lang": str, "text": str, "quotes": list})
    if "id" not in row:
        raise ValueError("id is missing")
    article = Article(
        text=row["text"],
        language=row["lang"],
        title=row.get("title"),
        outlet=row.get("outlet"),
        published_on=row.get("published_on"),
    )
    return AnnotatedArticle(
        str(row["id"]), article, tuple(_quote(q, len(article.text)) for q in row["quotes"])
    )


def _quote(row: object, length: int) -> Quote:
    row = _typed(row, {"start": int, "end": int, "kind": str})
    spans = [_span(ends) for ends in row.get("spans") or [[row["start"], row["end"]]]]
    if not all(0 <= span.start < span.end <= length for span in spans):
        raise ValueError(f"a span of {row['start']}–{row['end']} lies outside the text")
    return Quote(
        spans=tuple(spans),
        kind=row["kind"],
        speaker=row.get("speaker") or None,
        alternatives=tuple(row.get("speaker_alt") or ()),
        pronoun=bool(row.get("pronoun")),
        core=bool(row.get("core", True)),
        named={key: row[key] for key in ("role", "organization", "via") if key in row},
    )


def _span(ends: object) -> Span:
    match ends:
        case [int(start), int(end)]:
            return Span(start, end)
    raise ValueError("spans are pairs of numbers, [start, end]")
