"""Feeds: RSS, Atom (read by feedparser) and JSON Feed (version 1.1) -> entries, followed or not.

An entry is followed to its article, unless its own text is wanted or it leads nowhere. XML that
declares entities is refused before any parser sees it: no feed needs them, and they can grow
without end or name files.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from typing import Any

from claims.errors import SourceError
from claims.models import Document, Facts
from claims.sources.looks import is_markup
from claims.sources.page_facts import address_of, day_of, language_code, name_of
from claims.sources.pages import read_html
from claims.sources.reading import Page

LARGEST_FEED = 10 * 1024 * 1024  # code points
_MOST_ENTRIES = 1000
_LONGEST_KEY = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what tells it from others, when it was changed, where it leads, what it says.

    ``text`` is its own text as the feed has it, perhaps with markup, perhaps empty.
    """

    key: str
    updated: str | None
    facts: Facts
    text: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's title and its entries, the newest first as most feeds have them."""

    title: str | None
    entries: tuple[Entry, ...]


def parse_feed(text: str, source: str, url: str | None = None) -> Feed:
    """The feed in a text; ``url`` is where it was fetched from, for links without a host.

    Raises SourceError for what is no feed, is too large, or declares entities.
    """
    if len(text) > LARGEST_FEED:
        raise SourceError(f"{source}: this feed is larger than {LARGEST_FEED // 1024**2} MB")
    if text.lstrip().startswith("{"):
        return _json_feed(text, source, url)
    if "<!ENTITY" in text:
        raise SourceError(f"{source}: this feed declares entities, which no feed needs; not read")
    return _xml_feed(text, source, url)


def own_document(entry: Entry, source: str) -> Document:
    """The document that an entry itself is. Raises SourceError where it has no text."""
    text = entry.text.strip()
    if is_markup(text):
        text = read_html(f"<html><body>{text}</body></html>", source).content
    if not any(map(str.isalnum, text)):
        raise SourceError(f"{source}: this entry of the feed has no text of its own")
    return Document(source, text, entry.facts)


def completed(item: Document | Page, entry: Entry) -> Document | Page:
    """An article with what only the entry that led to it says of it."""
    if isinstance(item, Page):
        return replace(item, otherwise=entry.facts)
    return replace(item, facts=item.facts.or_else(entry.facts))


def _xml_feed(text: str, source: str, url: str | None) -> Feed:
    import feedparser

    # A stream, never a name: feedparser would open that. The header's charset is what it obeys.
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url or ""}
    data = io.BytesIO(text.encode("utf-8", "replace"))
    try:
        parsed = feedparser.parse(data, response_headers=headers, sanitize_html=False)
    except (ValueError, AssertionError, LookupError, RecursionError, TypeError) as error:
        raise SourceError(f"{source}: this feed can't be read ({error})") from error
    if not parsed.get("version") and not parsed.entries:
        raise SourceError(f"{source}: this is no feed (RSS, Atom or JSON Feed)")
    language = language_code(parsed.feed.get("language"))
    found = (_xml_entry(entry, language, url) for entry in parsed.entries[:_MOST_ENTRIES])
    return Feed(name_of(parsed.feed.get("title")), tuple(filter(None, found)))


def _xml_entry(said: Any, language: str | None, base: str | None) -> Entry | None:
    entry = dict(said)  # without what feedparser puts in place of what isn't said
    address = address_of(entry.get("link"), base)
    contents = [part.get("value") or "" for part in entry.get("content", [])]
    text = max([*contents, entry.get("summary") or ""], key=len)
    facts = Facts(
        title=name_of(entry.get("title")),
        byline=name_of(entry.get("author")),
        published_on=day_of(entry.get("published") or entry.get("updated")),
        modified_on=day_of(entry.get("published") and entry.get("updated")),
        url=address,
        language=language,
    )
    key = entry.get("id") or address or facts.title or text
    return _entry(key, entry.get("updated") or entry.get("published"), facts, text)


def _json_feed(text: str, source: str, url: str | None) -> Feed:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{source}: this is not JSON ({error})") from error
    items = feed.get("items")
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version")):
        raise SourceError(f"{source}: this is no feed (RSS, Atom or JSON Feed)")
    language = feed.get("language")
    found = (
        _json_entry(item, language, url) for item in items[:_MOST_ENTRIES] if isinstance(item, dict)
    )
    return Feed(name_of(feed.get("title")), tuple(filter(None, found)))


def _json_entry(item: dict[str, Any], language: Any, base: str | None) -> Entry | None:
    texts = [item.get("content_html"), item.get("content_text"), item.get("summary")]
    text = next((text for text in texts if isinstance(text, str) and text.strip()), "")
    facts = Facts(
        title=name_of(item.get("title")),
        byline=name_of(item.get("authors") or item.get("author")),
        published_on=day_of(item.get("date_published") or item.get("date_modified")),
        modified_on=day_of(item.get("date_published") and item.get("date_modified")),
        url=address_of(item.get("url") or item.get("external_url"), base),
        language=language_code(item.get("language") or language),
    )
    updated = item.get("date_modified") or item.get("date_published")
    return _entry(item.get("id") or facts.url or facts.title or text, updated, facts, text)


def _entry(key: object, updated: object, facts: Facts, text: str) -> Entry | None:
    """An entry; None for one that neither leads anywhere nor says anything."""
    if not key or not (facts.url or text.strip()):
        return None
    return Entry(str(key)[:_LONGEST_KEY], str(updated)[:100] if updated else None, facts, text)
