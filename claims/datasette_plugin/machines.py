"""Output for machines: Atom feeds, ClaimReviews as one DataFeed, sitemap and robots.txt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET  # writes only

from datasette import NotFound, Response

from claims.claimreview import claim_reviews, data_feed, web_address
from claims.datasette_plugin.language import language_of
from claims.datasette_plugin.site import Route, Visit, is_claims, page_route
from claims.store import browsing, one_claim

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_FEED_ENTRIES = 100
_REVIEWS_A_PAGE = 1_000
_ADDRESSES_A_MAP = 20_000  # of 50,000 that sitemaps.org allows
_MAPPED = ("articles", "speakers", "outlets", "reviews")
# What XML 1.0 can't hold.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom_renderer() -> dict[str, Any]:
    """Datasette's output as ``.atom``, for every selection of claims, searched ones too."""
    return {"extension": "atom", "render": _render_atom, "can_render": _can_be_atom}


async def reviews_feed(visit: Visit) -> Response:
    """All published reviews as a DataFeed of ClaimReviews; ``?after=ID`` goes on from there."""
    after = visit.request.args.get("after") or "0"
    if not re.fullmatch("[0-9]{1,18}", after):
        raise NotFound("There is no such page of reviews")
    ids = await visit.read(one_claim.review_ids, int(after), _REVIEWS_A_PAGE)
    found = await visit.read(_reviews, ids)
    reviews = [one for review in found for one in claim_reviews(review, _address(visit))]
    feed = data_feed(str(visit.language.say("site.name")), reviews)
    response = Response(
        json.dumps(feed, ensure_ascii=False), content_type="application/ld+json; charset=utf-8"
    )
    if len(ids) == _REVIEWS_A_PAGE:
        more = visit.absolute(f"{visit.request.path}?after={ids[-1]}")
        response.headers["link"] = f'<{more}>; rel="next"'
    return response


async def sitemap(visit: Visit) -> Response:
    """The sitemaps of all articles, speakers, outlets and reviews."""
    root = ET.Element("sitemapindex", xmlns=_SITEMAP)
    for table, last in (await visit.read(browsing.last_ids, _MAPPED)).items():
        for part in range(last // _ADDRESSES_A_MAP + 1 if last else 0):
            path = visit.datasette.urls.path(f"/-/claims/sitemap/{table}/{part}.xml")
            ET.SubElement(ET.SubElement(root, "sitemap"), "loc").text = visit.absolute(path)
    return _xml(root, "application/xml")


async def sitemap_part(visit: Visit) -> Response:
    """The addresses of one sitemap."""
    table, part = visit.request.url_vars["of"], int(visit.request.url_vars["part"])
    first = part * _ADDRESSES_A_MAP
    ids = await visit.read(browsing.ids_between, table, first, first + _ADDRESSES_A_MAP)
    root = ET.Element("urlset", xmlns=_SITEMAP)
    for key in ids:
        address = visit.absolute(visit.row(table, key))
        ET.SubElement(ET.SubElement(root, "url"), "loc").text = address
    return _xml(root, "application/xml")


async def robots(visit: Visit) -> Response:
    """Pages may be read by robots; the endless ways to filter them may not."""
    path = visit.datasette.urls.path
    lines = [
        "User-agent: *",
        f"Allow: {path('/-/claims/sitemap/')}",
        f"Allow: {path('/-/static')}",
        f"Disallow: {path('/-/')}",
        "Disallow: /*?",
        f"Sitemap: {visit.absolute(path('/sitemap.xml'))}",
    ]
    return Response.text("\n".join(lines) + "\n")


def _reviews(connection: Any, ids: list[int]) -> list[browsing.Row]:
    return [found for key in ids if (found := one_claim.review(connection, key))]


def _can_be_atom(columns: list[str], table: str | None) -> bool:
    return table in {"claims", "claims_browse", "unchecked_claims"} and "id" in columns


async def _render_atom(
    datasette: Any, rows: Any, columns: list[str], database: str, table: str | None, request: Any
) -> Response:
    if not _can_be_atom(columns, table) or not await is_claims(datasette, database):
        raise NotFound("Only tables of claims are given as Atom")
    visit = Visit(datasette, request, database, language_of(request))
    ids = [_plain(row["id"]) for row in rows][:_FEED_ENTRIES]
    claims = await visit.read(browsing.claims, ids)
    return _xml(_atom(visit, claims), "application/atom+xml")


def _atom(visit: Visit, claims: list[browsing.Row]) -> ET.Element:
    """RFC 4287. Dates are those of publication, as precisely as known."""
    here = visit.absolute(
        visit.request.path
        + (f"?{visit.request.query_string}" if visit.request.query_string else "")
    )
    feed = ET.Element("feed", xmlns=_ATOM)
    _add(feed, "title", str(visit.language.say("site.name").unescape()))
    _add(feed, "id", here)
    ET.SubElement(feed, "link", rel="self", href=_printable(here))
    ET.SubElement(feed, "link", href=_printable(here.replace(".atom", "", 1)))
    _add(feed, "updated", max((_moment(claim) for claim in claims), default=_NEVER))
    for claim in claims:
        feed.append(_entry(visit, claim))
    return feed


def _entry(visit: Visit, claim: browsing.Row) -> ET.Element:
    page = visit.absolute(visit.row("claims", claim["id"]))
    entry = ET.Element("entry")
    text = claim["text"]
    _add(entry, "title", f"{claim['speaker']}: {text if len(text) <= 120 else text[:119] + '…'}")
    _add(entry, "id", page)
    ET.SubElement(entry, "link", href=page)
    if original := web_address(claim["article_url"]):
        ET.SubElement(entry, "link", rel="via", href=_printable(original))
    _add(entry, "updated", _moment(claim))
    _add(ET.SubElement(entry, "author"), "name", claim["speaker"])
    _add(entry, "content", "\n".join(_told(visit, claim)))
    if claim["language"]:
        entry.set("xml:lang", _printable(claim["language"]))
    return entry


def _told(visit: Visit, claim: browsing.Row) -> Iterator[str]:
    """A claim for a feed reader: its words, who and where, the verdict."""
    yield claim["text"]
    who = [claim["speaker"], claim["organization"], claim["role"]]
    where = [claim["outlet"], visit.language.date(claim["said_on"] or claim["published_on"])]
    yield " · ".join(filter(None, [*who, *where]))
    if claim["verdict"]:
        yield str(visit.language.named("verdict", claim["verdict"].name).unescape())


_NEVER = "1970-01-01T00:00:00Z"


def _moment(claim: browsing.Row) -> str:
    found = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", claim["published_on"] or "")
    if not found:
        return _NEVER
    year, month, day = found.groups()
    return f"{year}-{month or '01'}-{day or '01'}T00:00:00Z"


def _plain(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) else value


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _printable(text)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("\ufffd", text)


def _xml(root: ET.Element, kind: str) -> Response:
    text = ET.tostring(root, "unicode")
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', content_type=f"{kind}; charset=utf-8"
    )


def _address(visit: Visit) -> Any:
    return lambda table, key: visit.absolute(visit.row(table, key))


ROUTES: list[Route] = [
    page_route(r"^/-/claims/reviews\.jsonld$", reviews_feed, "reviews"),
    page_route(r"^/sitemap\.xml$", sitemap),
    page_route(
        rf"^/-/claims/sitemap/(?P<of>{'|'.join(_MAPPED)})/(?P<part>[0-9]{{1,9}})\.xml$",
        sitemap_part,
    ),
    page_route(r"^/robots\.txt$", robots),
]
