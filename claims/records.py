"""Claims that people recorded themselves: by hand, or as rows of a table like an export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from claims.dates import parse_date
from claims.errors import DateError, RowError
from claims.models import (
    Article,
    Claim,
    Extraction,
    Kind,
    Speaker,
    SpeakerKind,
    Status,
    storable,
)


def record(cells: Mapping[str, str | None], extractor: str = "hand") -> Extraction:
    """A claim in an article of its own words, from cells named as the export's columns.

    ``text`` and ``speaker`` must be there. Raises RowError with a sentence for anything unusable.
    """
    value = {key: storable(cell or "").strip() or None for key, cell in cells.items()}
    text, speaker = value.get("text"), value.get("speaker")
    if not text or not speaker:
        raise RowError(f"a claim needs its {'words' if not text else 'speaker'}")
    article = Article(
        text=text,
        language=value.get("language") or "und",
        title=value.get("article_title"),
        outlet=value.get("outlet"),
        published_on=_date(value.get("published_on")),
        url=value.get("article_url"),
        excerpt=True,
        modified_on=_date(value.get("modified_on")),
    )
    claim = Claim(
        text=text,
        kind=cast(Kind, _one_of(value, "kind", get_args(Kind), "indirect")),
        speaker=Speaker(
            speaker,
            cast(SpeakerKind, _one_of(value, "speaker_kind", get_args(SpeakerKind), "person")),
        ),
        start=0,
        end=len(text),
        language=article.language,
        rule=value.get("rule") or extractor,
        confidence=_confidence(value.get("confidence")),
        role=value.get("role"),
        organization=value.get("organization"),
        via=value.get("via"),
        said_on=_date(value.get("said_on")),
        said_on_text=value.get("said_on_text"),
        cue=value.get("cue"),
        extractor=extractor,
        status=cast(Status, _one_of(value, "status", get_args(Status), "accepted")),
    )
    return Extraction(article, (claim,))


def place_of(cells: Mapping[str, str | None]) -> int | None:
    """Where a row says its words stand in the article (code points), ``None`` where it doesn't."""
    start = (cells.get("start") or "").strip()
    return int(start) if start.isascii() and start.isdigit() and len(start) < 10 else None


def _date(words: str | None) -> str | None:
    try:
        return parse_date(words) if words else None
    except DateError as error:
        raise RowError(str(error)) from error


def _one_of(
    value: Mapping[str, str | None], column: str, allowed: tuple[str, ...], usual: str
) -> str:
    word = value.get(column) or usual
    if word not in allowed:
        raise RowError(f"{column} is {word!r}; it can be {', '.join(allowed)}")
    return word


def _confidence(word: str | None) -> float:
    try:
        number = float(word) if word else 1.0
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise RowError(f"confidence is {word!r}; it is a number from 0 to 1")
    return number
