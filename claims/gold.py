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
from collections.abc import Iterator
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

    Raises SourceError, naming the line, for one that isn't of this form.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: can't be read ({error})") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _article(json.loads(line))
            except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
                raise SourceError(
                    f"{path}, line {number}: this is no annotated article ({error!r})"
                ) from error


def _article(row: dict[str, Any]) -> AnnotatedArticle:
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


def _quote(row: dict[str, Any], length: int) -> Quote:
    spans = [Span(*ends) for ends in row.get("spans") or [[row["start"], row["end"]]]]
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
