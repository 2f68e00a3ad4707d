"""The things that travel through the pipeline, as frozen dataclasses.

All offsets are Unicode code points into ``Article.text``, half open: ``text[start:end]``.
Vocabulary: PARC 3.0 (Pareti 2016) and Citron (BBC, 2020) for cue, content and source (here
*speaker*), schema.org for Claim and Article.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["direct", "indirect", "mixed"]
SpeakerKind = Literal["person", "organization", "outlet", "anonymous"]
Status = Literal["suggested", "accepted", "rejected", "checked"]


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with U+FFFD for each NUL and each lone surrogate, of the same length.

    SQLite ends a text at NUL, and UTF-8 has no form for a lone surrogate; everything else is kept.
    """
    return _UNSTORABLE.sub("\ufffd", text)


@dataclass(
    slots=True, unsafe_hash=True
)  # made by the thousand: frozen, that takes six times as long
class Span:
    """A stretch of a text: code points, half open. Not to be changed, as all of these."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of ``text`` that the span covers."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page says of itself; what it doesn't say is None.

    ``published_on`` and ``modified_on`` are ISO 8601, ``language`` an ISO 639-1 code.
    """

    title: str | None = None
    byline: str | None = None
    outlet: str | None = None
    published_on: str | None = None
    url: str | None = None
    language: str | None = None
    modified_on: str | None = None

    def or_else(self, other: Facts) -> Facts:
        """These facts, and for what they don't say, the other's."""
        said = {name: getattr(self, name) for name in self.__slots__}
        return replace(other, **{name: fact for name, fact in said.items() if fact is not None})


@dataclass(frozen=True, slots=True)
class Document:
    """One raw document as a source gave it: decoded, not yet understood.

    ``source`` is the name the person knows it by (a path, an address, ``-``); ``content`` its text,
    and ``facts`` what stood beside the text: in the head of its page, say. ``line`` is where in
    the source it was, for a corpus. ``otherwise`` holds for what neither facts nor text say.
    """

    source: str
    content: str
    facts: Facts = Facts()
    line: int | None = None
    otherwise: Facts = Facts()


@dataclass(frozen=True, slots=True)
class PublishedReview:
    """A fact-check that somebody else published.

    ``claims`` has the cells of each claim, named as the export's columns: of one statement, for
    each speaker and appearance, the first appearance first. ``verdict`` is in the reviewer's own
    words, ``rating`` from 1 (false) to 5 (true), None where its scale isn't told; ``reviewed_on``
    is ISO 8601; ``evidence`` are addresses with their titles. ``source`` and ``line`` are where it
    stood.
    """

    source: str
    claims: tuple[dict[str, str], ...]
    verdict: str
    rating: int | None = None
    reviewer: str | None = None
    reviewed_on: str | None = None
    url: str | None = None
    summary: str | None = None
    evidence: tuple[tuple[str, str | None], ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What the person states about the articles; wins over what a page says of itself.

    ``published_on`` is ISO 8601, as precise as known; ``language`` an ISO 639-1 code.
    """

    outlet: str | None = None
    published_on: str | None = None
    url: str | None = None
    title: str | None = None
    language: str | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One published text. ``text`` never changes: every offset points into it."""

    text: str
    language: str
    title: str | None = None
    byline: str | None = None
    outlet: str | None = None
    published_on: str | None = None
    url: str | None = None
    via: str | None = None
    excerpt: bool = False
    modified_on: str | None = None

    @property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the text in UTF-8."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who a claim is attributed to: ``name`` as fully as the article gives it.

    ``aliases`` are other names the article prints for the same speaker (a Latin name in brackets).
    """

    name: str
    kind: SpeakerKind = "person"
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement that one article attributes to somebody.

    ``text`` is always ``article.text[start:end]``. ``role`` and ``organization`` are as the article
    prints them; ``via`` is the outlet this claim is relayed from; ``said_on`` is ISO 8601, as
    precise as known, ``said_on_text`` the article's own words for it; ``confidence`` is 0 to 1.
    """

    text: str
    kind: Kind
    speaker: Speaker
    start: int
    end: int
    language: str
    rule: str
    confidence: float
    role: str | None = None
    organization: str | None = None
    organization_aliases: tuple[str, ...] = ()
    via: str | None = None
    said_on: str | None = None
    said_on_text: str | None = None
    cue: str | None = None
    speaker_start: int | None = None
    speaker_end: int | None = None
    extractor: str = "rules"
    status: Status = "suggested"


@dataclass(frozen=True, slots=True)
class Extraction:
    """An article with the claims found in it."""

    article: Article
    claims: tuple[Claim, ...] = field(default=())
