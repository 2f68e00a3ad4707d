"""A review as a checker writes it, before it goes anywhere: checked, bounded, and to and from JSON.

The fields are those of schema.org's ClaimReview and of what fact-checkers ask for beyond it: a
review may settle several claims, or a part of one (schema.org issue 2844), and may say what a true
but misleading claim leaves out (``context``, schema.org issue 2056).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from claims.errors import ReviewError
from claims.models import storable

Stance = Literal["supports", "refutes", "context"]
Opinion = Literal["confirms", "disputes"]
STANCES: tuple[Stance, ...] = get_args(Stance)

_LONGEST = {"summary": 20_000, "context": 20_000, "excerpt": 5_000, "title": 1_000, "url": 2_000}
_MOST_EVIDENCE = 100
_MOST_CLAIMS = 500


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict rests on: an address, what it says, and which way it points.

    ``retrieved_on`` is ISO 8601.
    """

    url: str | None = None
    title: str | None = None
    excerpt: str | None = None
    stance: Stance | None = None
    retrieved_on: str | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A claim that a review settles; ``start`` and ``end`` where it settles only a part of it.

    Offsets are code points into the article's text, half open, as a claim's own.
    """

    claim_id: int
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A whole review. ``verdict`` is a name of the table of verdicts, None while undecided."""

    claims: tuple[Reviewed, ...]
    verdict: str | None = None
    summary: str | None = None
    context: str | None = None
    context_url: str | None = None
    url: str | None = None
    evidence: tuple[Evidence, ...] = ()

    def to_json(self) -> str:
        """The review as one JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Review:
        """The review that ``to_json`` wrote."""
        fields: dict[str, Any] = json.loads(text)
        return cls(
            **{
                **fields,
                "claims": tuple(Reviewed(**claim) for claim in fields["claims"]),
                "evidence": tuple(Evidence(**piece) for piece in fields["evidence"]),
            }
        )


def checked_review(review: Review) -> Review:
    """The review with blanks trimmed and empty pieces of evidence left out.

    Raises ReviewError for an address that no browser may follow, and for what is too much.
    """
    if not review.claims:
        raise ReviewError("a review is about one claim at least; name it")
    if len(review.claims) > _MOST_CLAIMS:
        raise ReviewError("one review can settle {most} claims; these are more", most=_MOST_CLAIMS)
    numbers = [claim.claim_id for claim in review.claims]
    if len(set(numbers)) < len(numbers):
        raise ReviewError("each claim can be in a review once, whole or in part")
    evidence = tuple(filter(None, map(_checked_evidence, review.evidence)))
    if len(evidence) > _MOST_EVIDENCE:
        raise ReviewError(
            "a review can have {most} pieces of evidence; this has more", most=_MOST_EVIDENCE
        )
    return replace(
        review,
        verdict=words(review.verdict, "verdict"),
        summary=words(review.summary, "summary"),
        context=words(review.context, "context"),
        context_url=address(review.context_url, "the address of the context"),
        url=address(review.url, "the address of the review"),
        evidence=evidence,
    )


def _checked_evidence(piece: Evidence) -> Evidence | None:
    if piece.stance not in {None, *STANCES}:
        raise ReviewError(
            "evidence {stances}; {stance!r} is none of these",
            stances=", ".join(STANCES),
            stance=piece.stance,
        )
    found = Evidence(
        address(piece.url, "the address of the evidence"),
        words(piece.title, "title"),
        words(piece.excerpt, "excerpt"),
        piece.stance,
        _day(piece.retrieved_on),
    )
    return found if found.url or found.title or found.excerpt else None


def _day(date: str | None) -> str | None:
    if not (date := (date or "").strip()):
        return None
    try:
        return datetime.date.fromisoformat(date).isoformat()
    except ValueError as error:
        raise ReviewError("{date!r} is no date; write it like 2024-12-17", date=date) from error


def words(text: str | None, field: str) -> str | None:
    """The text without blanks around it; None for an empty one; ReviewError for a very long one."""
    text = storable(text or "").strip().replace("\r\n", "\n")
    longest = _LONGEST.get(field, 500)
    if len(text) > longest:
        raise ReviewError(
            "the {field} has {length:,} characters; {longest:,} is the most",
            field=field,
            length=len(text),
            longest=longest,
        )
    return text or None


def address(url: str | None, what: str) -> str | None:
    """The URL when a browser may follow it (http or https, with a host); None for an empty one.

    Raises ReviewError for any other.
    """
    if not (url := words(url, "url")):
        return None
    try:
        parts = urlsplit(url)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits or any(mark.isspace() or not mark.isprintable() for mark in url):
        raise ReviewError(
            "{what} is {url!r}, which is no web address; it begins with https://",
            what=what,
            url=url,
        )
    return url


def review_of(row: Mapping[str, Any]) -> Review:
    """A published review's row, with its ``claims`` and ``evidence``, as a checker edits it."""
    return Review(
        claims=tuple(
            Reviewed(claim["claim_id"], claim["start"], claim["end"]) for claim in row["claims"]
        ),
        evidence=tuple(
            Evidence(
                piece["url"], piece["title"], piece["excerpt"], piece["stance"],
                piece["retrieved_on"],
            )
            for piece in row["evidence"]
        ),
        **{key: row[key] for key in ("verdict", "summary", "context", "context_url", "url")},
    )  # fmt: skip
