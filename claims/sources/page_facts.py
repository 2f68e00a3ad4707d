"""What a page of HTML says of itself: title, byline, outlet, date, canonical address, language.

From schema.org JSON-LD (``NewsArticle`` and its kin), then OpenGraph, then ``meta`` tags, in this
order of trust. Nothing is guessed from the page's looks: what isn't said there stays empty.
"""

from __future__ import annotations

import datetime
import html
import json
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from claims.dates import parse_date
from claims.errors import DateError
from claims.models import Facts, storable

_ARTICLES = re.compile(r"(?:^|/)(?:\w*Article|\w*BlogPosting|Report|LiveBlogPosting)$")
_MOST_NODES = 2000  # of JSON-LD; more is no description of an article
_DEEPEST = 20
_LONGEST = 500  # code points of a title, a name
_LONGEST_URL = 2000
_LONGEST_DATE = 60
_DAY = re.compile(
    r"\s*([0-9]{4})"
    r"(?:[-./] ?([0-9]{1,2})[-./] ?([0-9]{1,2})(?![0-9])|([0-9]{2})([0-9]{2})(?![0-9]\b))"
)
_MONTH_OR_YEAR = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?")
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_]\w+)?$")
_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "title")
_BYLINES = ("author", "byl", "byline", "article:author", "og:article:author", "dable:author",
            "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "citation_author",
            )  # fmt: skip
_OUTLETS = ("og:site_name", "article:publisher", "dc.publisher", "dcterms.publisher",
            "application-name")  # fmt: skip
_DATES = ("article:published_time", "og:article:published_time", "article:published",
          "datepublished", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date",
          "pubdate", "publishdate", "publish-date", "publication_date", "parsely-pub-date",
          "sailthru.date", "citation_publication_date", "date")  # fmt: skip
_CHANGES = ("article:modified_time", "og:article:modified_time", "article:modified",
            "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified",
            "last-modified", "lastmod", "moddate")  # fmt: skip
_MOBILE = re.compile(r"^(?:www|m|mobile|amp|news)\.")


def facts_of(tree: Any, url: str | None = None) -> Facts:
    """The facts in the tree of a page; ``url`` is where it was fetched from, None for a file."""
    linked = next(_articles(tree), {})
    meta = _meta(tree)
    outlet = name_of(linked.get("publisher")) or _first(meta, _OUTLETS)
    title = one_line(linked.get("headline")) or _first(meta, _TITLES) or _printed_title(tree)
    byline = name_of(linked.get("author")) or _first(meta, _BYLINES)
    return Facts(
        title=_without_outlet(title, outlet),
        byline=None if byline == outlet else byline,
        outlet=outlet,
        published_on=_published(tree, linked, meta),
        url=_canonical(tree, linked, meta, url),
        language=_language(tree, linked, meta),
        modified_on=_modified(tree, linked, meta),
    )


def body_of(tree: Any) -> str:
    """The article's text in JSON-LD, for pages that are put together by a script; else empty.

    Only where it has its lines: in one that was flattened, headings have run into prose.
    """
    said = next((node["articleBody"] for node in _articles(tree) if node.get("articleBody")), None)
    lines = said.strip().splitlines() if isinstance(said, str) else []
    paragraphs = [" ".join(html.unescape(line).split()) for line in lines]
    return "\n\n".join(filter(None, paragraphs)) if len(paragraphs) > 1 else ""


def day_of(value: object) -> str | None:
    """ISO 8601 of the day in a machine's date (``2024-12-17T09:00``, ``20241217``, RFC 2822).

    It is the day as written, in the page's own time zone, which is the one its prose counts in.
    """
    words = value if isinstance(value, str) else ""
    found = _DAY.match(words)
    try:
        if found:
            year, month, day = (int(part) for part in found.groups() if part)
            return datetime.date(year, month, day).isoformat()
        return parsedate_to_datetime(words[:100]).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def partial_day_of(value: object) -> str | None:
    """As `day_of`; also a month or a year alone, as machines write them."""
    words = value.strip()[:_LONGEST_DATE] if isinstance(value, str) else ""
    return words if _MONTH_OR_YEAR.fullmatch(words) else day_of(words)


def day_in(value: object) -> str | None:
    """ISO 8601 of a date as people or machines write it, as precise as it is; None for no date."""
    words = str(value).strip() if isinstance(value, (str, int)) else ""
    if not words or len(words) > _LONGEST_DATE:
        return None
    try:
        return day_of(words) or parse_date(words)
    except DateError:
        return None


def language_code(value: object) -> str | None:
    """The ISO 639-1 code in ``ko``, ``ko-KR`` or ``ko_KR``; None for anything else."""
    found = _LANGUAGE.match(value.strip()) if isinstance(value, str) else None
    return found[1].casefold() if found else None


# -- JSON-LD


def _articles(tree: Any) -> Iterator[dict[str, Any]]:
    """The nodes of JSON-LD that describe an article, in their order."""
    for script in tree.xpath("//script[@type]"):
        if not script.get("type").strip().casefold().startswith("application/ld+json"):
            continue
        for node in islice(_nodes(_json(script.text or "")), _MOST_NODES):
            kinds = node.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and _ARTICLES.search(kind) for kind in kinds):
                yield node


def _json(text: str) -> Any:
    try:
        return json.loads(unwrapped(text), strict=False)  # line ends in strings
    except (ValueError, RecursionError):
        return None


def unwrapped(script: str) -> str:
    """A script's JSON without the comments that pages put around it for browsers of old."""
    text = script.strip()
    for opening in ("<!--", "//<![CDATA[", "// <![CDATA[", "<![CDATA["):
        text = text.removeprefix(opening)
    text = text.strip().removesuffix(";").rstrip()
    for closing in ("-->", "]]>"):
        text = text.removesuffix(closing).rstrip()
    return text.removesuffix("//").rstrip().removesuffix(";").rstrip()


def _nodes(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
            yield from _nodes(value.get(key), depth + 1)


def name_of(value: Any, depth: int = 0) -> str | None:
    """The name of a person or organization; several are put side by side."""
    if depth > 2:
        return None
    if isinstance(value, list):
        names = [name for item in value[:10] if (name := name_of(item, depth + 1))]
        return ", ".join(dict.fromkeys(names)) or None
    if isinstance(value, dict):
        return name_of(value.get("name"), depth + 1)
    text = one_line(value)
    return None if text and "://" in text else text


# -- meta tags


def _meta(tree: Any) -> dict[str, str]:
    """The content of each meta tag by its name in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for tag in islice(tree.iter("meta"), _MOST_NODES):
        content = one_line(tag.get("content"), _LONGEST_URL)
        for attribute in ("property", "name", "itemprop"):
            name = (tag.get(attribute) or "").strip().casefold()
            if name and content:
                found.setdefault(name, content)
    return found


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    values = (meta[name] for name in names if name in meta)
    return next((value[:_LONGEST] for value in values if "://" not in value), None)


def _published(tree: Any, linked: dict[str, Any], meta: dict[str, str]) -> str | None:
    said = [linked.get("datePublished"), *(meta.get(name) for name in _DATES)]
    said += tree.xpath("//*[@itemprop='datePublished']/@datetime")[:1]
    return next((day for value in said if (day := day_of(value))), None)


def _modified(tree: Any, linked: dict[str, Any], meta: dict[str, str]) -> str | None:
    said = [linked.get("dateModified"), *(meta.get(name) for name in _CHANGES)]
    said += tree.xpath("//*[@itemprop='dateModified']/@datetime")[:1]
    return next((day for value in said if (day := day_of(value))), None)


def _language(tree: Any, linked: dict[str, Any], meta: dict[str, str]) -> str | None:
    root = tree.getroottree().getroot()
    said = [linked.get("inLanguage"), root.get("lang"), meta.get("og:locale")]
    return next((code for value in said if (code := language_code(value))), None)


def _canonical(
    tree: Any, linked: dict[str, Any], meta: dict[str, str], url: str | None
) -> str | None:
    """The page's canonical address, as long as it is the site's own; else where it was fetched.

    A page may not speak for another site: its text would supersede that site's article.
    """
    links = tree.xpath("//link[@rel='canonical']/@href")[:1]
    for said in (*links, meta.get("og:url"), linked.get("url")):
        address = address_of(said, url)
        if address and (url is None or _site(address) == _site(url)):
            return address
    return url


def address_of(said: object, base: str | None = None) -> str | None:
    """A value as an address with http or https; None for anything else."""
    if not isinstance(said, str) or not 0 < len(said.strip()) <= _LONGEST_URL:
        return None
    try:
        address = urljoin(base or "", storable(said).strip())
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None


def _site(address: str) -> str:
    return _MOBILE.sub("", (urlsplit(address).hostname or "").casefold())


# -- words


def _printed_title(tree: Any) -> str | None:
    """The page's title, as the top heading has it where the title only adds the site's name."""
    title, heading = (
        one_line(found[0].text_content()) if (found := tree.xpath(path)) else None
        for path in ("//head/title", "//h1")
    )
    return heading if title and heading and title.startswith(heading) else title


def one_line(value: object, longest: int = _LONGEST) -> str | None:
    """A value as one line of plain text; None for what is no text, or empty."""
    if not isinstance(value, str):
        return None
    return storable(" ".join(html.unescape(value).split())[:longest].strip()) or None


def _without_outlet(title: str | None, outlet: str | None) -> str | None:
    """A headline without the outlet's name that many pages put behind it."""
    if not title or not outlet:
        return title
    shorter = re.sub(rf"\s*(?:[-–—|:<:ㅣ│]+)\s*{re.escape(outlet)}\s*$", "", title)
    return shorter or title
