"""Claims that people recorded themselves: by hand, or as rows of a table in the export's columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from claims.dates import parse_date
from claims.errors import DateError, RowError
from claims.models import Article, Claim, Extraction, Kind, Speaker, SpeakerKind, Status


def record(cells: Mapping[str, str | None], extractor: str = "hand") -> Extraction:
    """A claim in an article of its own words, from cells named as the export's columns.

    ``text`` and ``speaker`` must be there. Raises RowError with a sentence for anything unusable.
    """
    value = {key: (cell or "").strip() or None for key, cell in cells.items()}
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
    )
    claim = Claim(
        text=text,
        kind=_one_of(value.get("kind") or "indirect", Kind, "kind"),
        speaker=Speaker(
            speaker, _one_of(value.get("speaker_kind") or "person", SpeakerKind, "speaker_kind")
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
        status=_one_of(value.get("status") or "accepted", Status, "status"),
    )
    return Extraction(article, (claim,))


def _date(words: str | None) -> str | None:
    try:
        return parse_date(words) if words else None
    except DateError as error:
        raise RowError(str(error)) from error


def _one_of(word: str, kinds: object, column: str) -> str:
    allowed = get_args(kinds)
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
