"""What a text is by its looks: a feed, a page of HTML, a part of one."""

from __future__ import annotations

import re

_BEGINS_AS_FEED = re.compile(
    r"\s*(?:<\?[^>]{0,500}>\s*){0,5}(?:<!--(?:(?!-->).){0,2000}-->\s*){0,5}<(?:rss|feed|rdf:RDF)\b",
    re.DOTALL,
)
_BEGINS_AS_JSON_FEED = re.compile(
    r'\s*\{.{0,4000}?"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org', re.DOTALL
)
_FEED_WITHIN = 20_000  # code points at the start of a text that tell whether it is a feed
_BEGINS_AS_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*){0,5}<(?:!doctype\s+html|html|head)\b",
    re.IGNORECASE | re.DOTALL,
)
_PARAGRAPH = re.compile(r"<(?:p|div|br)(?:\s[^<>]{0,500})?/?>", re.IGNORECASE)
_HTML_WITHIN = 12_000  # code points at the start of a text that tell whether it is HTML


def is_feed(text: str) -> bool:
    """Whether a text begins as a feed does."""
    start = text[:_FEED_WITHIN]
    return bool(_BEGINS_AS_FEED.match(start) or _BEGINS_AS_JSON_FEED.match(start))


def is_html(text: str) -> bool:
    """Whether a text begins as an HTML page does."""
    return bool(_BEGINS_AS_HTML.match(text[:_HTML_WITHIN]))


def is_markup(text: str) -> bool:
    """Whether a text has the tags of paragraphs, as a part of a page does."""
    return bool(_PARAGRAPH.search(text))
