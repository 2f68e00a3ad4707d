"""Fact-checks that others published as schema.org ClaimReview, in all the shapes that are in use.

A JSON-LD file, a page that embeds it, and Google's Data Commons feed (a ``DataFeed``). Claims are
named in an ``itemReviewed`` that is a Claim (since 2019) or the CreativeWork in which it appeared
(before), with what Google's documentation asks for: author, datePublished, appearance and
firstAppearance, reviewRating with alternateName. Names stand for objects and lists for single
values wherever people wrote them so; ``@id`` leads to the node that has it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from claims.errors import SourceError
from claims.models import PublishedReview
from claims.sources.page_facts import address_of, name_of, one_line, partial_day_of, unwrapped
from claims.sources.reading import Page

NOBODY = "unknown"  # the speaker of a claim whose review doesn't say who made it
REVIEW = "ClaimReview"
_DEEPEST = 20
_MOST_NODES = 100_000  # of one document, or of one element of a feed
_MOST_SPEAKERS = 10
_MOST_APPEARANCES = 50
_LONGEST_CLAIM = 5_000  # code points
_LONGEST_SUMMARY = 20_000
_PREFIX = re.compile(r"^(?:schema:|https?://(?:www\.)?schema\.org/)")
_LINKED_DATA = re.compile(
    r"""<script\b[^<>]{0,500}\btype\s*=\s*["']?application/ld\+json\b[^<>]{0,500}>""", re.IGNORECASE
)
_ORGANIZATION = re.compile(r"Organization|Corporation|Government|Party|Company|Brand|NGO")
_OUTLET = re.compile(r"NewsMedia|Newspaper|WebSite|Periodical|RadioStation|TelevisionStation")
_Node = Mapping[str, Any]


def has_reviews(value: object) -> bool:
    """Whether there is a ClaimReview somewhere in a value of JSON."""
    return any(_is_review(node) for node in _nodes(value))


def with_reviews(page: Page) -> Iterator[Page | PublishedReview | SourceError]:
    """The reviews that a page embeds, and the page itself.

    It comes last: who goes on after an interruption knows by the page that all of it was read.
    """
    yield from reviews_in(page.html, page.source, page.url)
    yield page


def reviews_in(html: str, name: str, url: str | None) -> Iterator[PublishedReview | SourceError]:
    """The reviews in the JSON-LD of a page; ``url`` is where it was fetched from."""
    if REVIEW not in html:
        return
    for number, script in enumerate(_LINKED_DATA.finditer(html), 1):
        end = html.find("</script", script.end())
        if end < 0:
            return
        text = html[script.end() : end]
        if REVIEW not in text:
            continue
        try:
            value = json.loads(unwrapped(text), strict=False)
        except (ValueError, RecursionError) as error:
            yield SourceError(f"{name}: the ClaimReview on this page is not JSON ({error})")
        else:
            yield from reviews_of(value, name, number, url)


def reviews_of(
    value: object, name: str, line: int | None = None, url: str | None = None
) -> Iterator[PublishedReview | SourceError]:
    """The reviews in a value of JSON; one that can't be used comes as a SourceError.

    ``line`` is where in the source it stands, ``url`` the page that it stands on. The elements of a
    feed are counted from 1.
    """
    elements = value.get("dataFeedElement") if isinstance(value, Mapping) else None
    if isinstance(elements, list):
        for number, element in enumerate(elements, 1):
            yield from reviews_of(element, name, number, url)
        return
    place = f"{name}, item {line}" if line else name
    by_id = {_id(node): node for node in _nodes(value) if _id(node) and len(node) > 1}
    for node in _nodes(value):
        if _is_review(node):
            try:
                yield _Review(node, by_id, url).read(name, line)
            except SourceError as error:
                yield SourceError(f"{place}: {error}")


# -- nodes


def _nodes(value: object) -> Iterator[_Node]:
    """All objects in a value of JSON, outer ones first."""
    return islice(_walk(value, 0), _MOST_NODES)


def _walk(value: object, depth: int) -> Iterator[_Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)


def _types(node: _Node) -> list[str]:
    kinds = _listed(node.get("@type", node.get("type")))
    return [_PREFIX.sub("", kind) for kind in kinds if isinstance(kind, str)]


def _is_review(node: _Node) -> bool:
    return REVIEW in _types(node)


def _id(node: _Node) -> str | None:
    value = node.get("@id")
    return value if isinstance(value, str) else None


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


@dataclass(frozen=True, slots=True)
class _Appearance:
    url: str | None
    title: str | None
    outlet: str | None
    published_on: str | None


@dataclass(frozen=True, slots=True)
class _Review:
    """One node, the nodes of its document by their ``@id``, and the page that it stands on."""

    node: _Node
    by_id: Mapping[str | None, _Node]
    page: str | None

    def read(self, name: str, line: int | None) -> PublishedReview:
        """The review. Raises SourceError for one without a claim or a verdict."""
        items = [item for item in self._all(self.node, "itemReviewed") if isinstance(item, Mapping)]
        text = self._words(self.node, "claimReviewed", _LONGEST_CLAIM) or next(
            (said for item in items if (said := self._named(item, _LONGEST_CLAIM))), None
        )
        if not text:
            raise SourceError("this ClaimReview doesn't say which claim it is about")
        rating = next(iter(self._all(self.node, "reviewRating")), None)
        verdict = self._verdict(rating)
        address = self._address(self.node, "url") or self.page or _own_address(self.node)
        summary = self._words(self.node, "reviewBody", _LONGEST_SUMMARY) or self._words(
            self.node, "description", _LONGEST_SUMMARY
        )
        return PublishedReview(
            source=name,
            line=line,
            claims=tuple(self._claims(text, items)),
            verdict=verdict,
            rating=_rating_of(rating) if isinstance(rating, Mapping) else None,
            reviewer=self._who("author") or self._who("publisher") or self._who("creator"),
            reviewed_on=self._published(self.node),
            url=address,
            summary=summary,
            evidence=tuple(self._evidence(address)),
        )

    # -- what is claimed

    def _claims(self, text: str, items: list[_Node]) -> Iterator[dict[str, str]]:
        """One claim for each speaker and appearance, as cells named as the export's columns."""
        for item in items or [{}]:
            is_claim = "Claim" in _types(item) or not _types(item)
            said_on = self._published(item)
            appearances = self._appearances(item, is_claim)
            for speaker in self._speakers(item):
                for appearance in appearances:
                    cells = {
                        "text": text,
                        "said_on": said_on if is_claim else None,
                        "published_on": appearance.published_on,
                        "article_url": appearance.url,
                        "article_title": appearance.title,
                        "outlet": appearance.outlet,
                        "status": "checked",
                        **speaker,
                    }
                    yield {key: value for key, value in cells.items() if value}

    def _speakers(self, item: _Node) -> list[dict[str, str | None]]:
        found: list[dict[str, str | None]] = []
        for author in self._all(item, "author")[:_MOST_SPEAKERS]:
            name = name_of(_plain(author))
            if name and all(name != one["speaker"] for one in found):
                is_node = isinstance(author, Mapping)
                works_for = self._all(author, "worksFor") or self._all(author, "affiliation")
                found.append(
                    {
                        "speaker": name,
                        "speaker_kind": _kind_of(_types(author)) if is_node else None,
                        "role": self._words(author, "jobTitle") if is_node else None,
                        "organization": name_of([_plain(one) for one in works_for[:1]]),
                    }
                )
        return found or [{"speaker": NOBODY, "speaker_kind": "anonymous"}]

    def _appearances(self, item: _Node, is_claim: bool) -> list[_Appearance]:
        """Where it appeared, the first one first; somewhere unknown, where that isn't told."""
        if not is_claim:
            return [self._appearance(item)]
        works = self._all(item, "firstAppearance") + self._all(item, "appearance")
        found = [one for work in works[:_MOST_APPEARANCES] if (one := self._appearance(work)).url]
        first: dict[str | None, _Appearance] = {}
        for one in found:
            first.setdefault(one.url, one)
        return list(first.values()) or [_Appearance(None, None, None, None)]

    def _appearance(self, work: object) -> _Appearance:
        if not isinstance(work, Mapping):
            return _Appearance(address_of(work), None, None, None)
        return _Appearance(
            self._address(work, "url") or _own_address(work) or self._address(work, "sameAs"),
            self._words(work, "headline") or self._words(work, "name"),
            name_of([_plain(one) for one in self._all(work, "publisher")]),
            self._day(work, "datePublished"),
        )

    # -- what is found of it

    def _verdict(self, rating: object) -> str:
        if isinstance(rating, Mapping):
            said = self._words(rating, "alternateName") or self._words(rating, "name")
            if said:
                return said
            value, best = (_number(_value(rating, key)) for key in ("ratingValue", "bestRating"))
            if value is not None and best is not None:
                return f"{value:g} / {best:g}"
        said = one_line(_literal(rating)) if rating is not None else None
        if said:
            return said
        raise SourceError("this ClaimReview has no verdict (reviewRating.alternateName)")

    def _evidence(self, address: str | None) -> Iterator[tuple[str, str | None]]:
        """What the review cites, and the page on which it lays out its reasons."""
        seen = set()
        if address:
            seen.add(address)
            title = self._words(self.node, "headline") or self._words(self.node, "name")
            yield address, title
        for key in ("citation", "isBasedOn", "isBasedOnUrl"):
            for work in self._all(self.node, key)[:_MOST_APPEARANCES]:
                cited = self._appearance(work)
                if cited.url and cited.url not in seen:
                    seen.add(cited.url)
                    yield cited.url, cited.title

    def _who(self, key: str) -> str | None:
        return name_of([_plain(one) for one in self._all(self.node, key)])

    # -- values

    def _all(self, node: object, key: str) -> list[Any]:
        """The values of a property, and for those that only refer to a node, that node."""
        if not isinstance(node, Mapping):
            return []
        return [
            self.by_id.get(_id(value), value) if isinstance(value, Mapping) else value
            for value in _listed(_value(node, key))
        ]

    def _words(self, node: _Node, key: str, longest: int = 500) -> str | None:
        said = (one_line(_literal(value), longest) for value in self._all(node, key))
        return next(filter(None, said), None)

    def _named(self, item: _Node, longest: int) -> str | None:
        return self._words(item, "text", longest) or self._words(item, "name", longest)

    def _address(self, node: _Node, key: str) -> str | None:
        values = [_own_address(v) if isinstance(v, Mapping) else v for v in self._all(node, key)]
        return next((url for value in values if (url := address_of(value, self.page))), None)

    def _published(self, node: _Node) -> str | None:
        return self._day(node, "datePublished") or self._day(node, "dateCreated")

    def _day(self, node: _Node, key: str) -> str | None:
        values = (partial_day_of(_literal(value)) for value in self._all(node, key))
        return next(filter(None, values), None)


def _value(node: _Node, key: str) -> Any:
    """The value of a property, with the prefix of its vocabulary or without."""
    names = (key, f"schema:{key}", f"http://schema.org/{key}", f"https://schema.org/{key}")
    return next((node[name] for name in names if node.get(name) is not None), None)


def _literal(value: object) -> object:
    return value.get("@value") if isinstance(value, Mapping) else value


def _plain(value: object) -> object:
    """A node with its name under ``name``, as `name_of` reads it; what is no node as it is."""
    return {"name": _value(value, "name")} if isinstance(value, Mapping) else value


def _own_address(node: _Node) -> str | None:
    return address_of(_value(node, "url")) or address_of(_id(node))


def _kind_of(types: list[str]) -> str | None:
    if any(_OUTLET.search(kind) for kind in types):
        return "outlet"
    if any(_ORGANIZATION.search(kind) for kind in types):
        return "organization"
    return "person" if "Person" in types else None


def _number(value: object) -> float | None:
    """A number, also where it is written as words; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(str(value)[:40].replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _rating_of(rating: _Node) -> int | None:
    """A rating on our scale from 1 (false) to 5 (true), None where its own scale isn't told.

    Only with a best and a worst: many sites leave them out, or give every review the same value.
    """
    keys = ("worstRating", "ratingValue", "bestRating")
    worst, value, best = (_number(_literal(_value(rating, key))) for key in keys)
    if worst is None or value is None or best is None or worst == best:
        return None
    share = (value - worst) / (best - worst)
    return 1 + round(4 * share) if 0 <= share <= 1 else None
