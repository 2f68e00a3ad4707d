"""Pages for readers: front, article, claim, speaker, outlet, review, search."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette import NotFound, Response

from claims.claimreview import claim as claim_ld
from claims.claimreview import claim_reviews, document, json_ld
from claims.datasette_plugin import charts, filtering, versions
from claims.datasette_plugin.quoting import around, quotation
from claims.datasette_plugin.site import Route, Visit, only_claims, page_route, row_route
from claims.marking import article_page
from claims.store import browsing, one_claim, profiles
from claims.store.versions import changed

_STANDINGS = ("supported", "between", "refuted", "disputed", "open")


async def front(visit: Visit) -> Response:
    """What is in here; Datasette's own front page where other databases are published too."""
    if not await only_claims(visit.datasette):
        answer: Response = await versions.index_page(visit.datasette, visit.request)
        return answer
    front = await visit.read(browsing.front)
    return await visit.page("claims_front.html", front=front, chart=_chart(visit, front.months, {}))


async def article(visit: Visit) -> Response:
    """An article with its claims marked."""
    page = await visit.read(article_page, visit.key)
    if page is None:
        raise NotFound("Record not found")
    verdicts = await visit.read(browsing.verdicts_of, [claim["id"] for claim in page.claims])
    earlier = page.article["supersedes_id"]
    changes = await visit.read(changed, earlier, page.article["id"]) if earlier else ()
    return await visit.page(
        "claims_article.html", claims_page=page, verdicts=verdicts, changes=changes
    )


async def claim(visit: Visit) -> Response:
    """A claim with all that belongs to it."""
    found = await visit.read(one_claim.one_claim, visit.key)
    if found is None:
        raise NotFound("Record not found")
    original = visit.absolute(visit.row("claims", found.row["id"]))
    return await visit.page(
        "claims_claim.html",
        found=found,
        claim=found.row,
        around=around(found.text, found.row),
        quotation=quotation(found.row, visit.language, original),
        json_ld=json_ld(_claim_document(visit, found)),
    )


async def claim_jsonld(visit: Visit) -> Response:
    """A claim, and its reviews, as JSON-LD."""
    found = await visit.read(one_claim.one_claim, visit.key)
    if found is None:
        raise NotFound("Record not found")
    return ld_response(json_ld(_claim_document(visit, found)))


async def review(visit: Visit) -> Response:
    """A published review with what it rests on."""
    found = await visit.read(one_claim.review, visit.key)
    if found is None:
        return await versions.row_page(visit.datasette, visit.request)  # withdrawn, or never there
    reviews = claim_reviews(found, _address(visit))
    return await visit.page("claims_review.html", review=found, json_ld=json_ld(document(reviews)))


async def review_jsonld(visit: Visit) -> Response:
    """A published review as JSON-LD, a ClaimReview for each of its claims."""
    found = await visit.read(one_claim.review, visit.key)
    if found is None:
        raise NotFound("Record not found")
    return ld_response(json_ld(document(claim_reviews(found, _address(visit)))))


async def speaker(visit: Visit) -> Response:
    """A speaker: names, roles, numbers, claims."""
    found = await visit.read(profiles.speaker, visit.key)
    if found is None:
        raise NotFound("Record not found")
    shares = [(name, found.verdicts[name]) for name in _STANDINGS if found.verdicts[name]]
    return await visit.page(
        "claims_speaker.html",
        found=found,
        chart=_chart(visit, found.months, {"speaker_id": found.row["id"]}),
        shares=shares,
        share_bar=charts.share_bar(shares),
    )


async def outlet(visit: Visit) -> Response:
    """An outlet: whom it quotes and relays, its articles."""
    found = await visit.read(profiles.outlet, visit.key)
    if found is None:
        raise NotFound("Record not found")
    chart = _chart(visit, found.months, {"outlet_id": found.row["id"]})
    return await visit.page("claims_outlet.html", found=found, chart=chart)


async def search(visit: Visit) -> Response:
    """One search over claims, speakers and articles."""
    query = (visit.request.args.get("q") or "")[:500]
    found = await visit.read(browsing.search, query)
    return await visit.page("claims_search.html", claims_query=query, found=found)


def ld_response(text: str) -> Response:
    """JSON-LD as an answer of its own."""
    return Response(text, content_type="application/ld+json; charset=utf-8")


def _claim_document(visit: Visit, found: one_claim.OneClaim) -> dict[str, Any]:
    """The claim's reviews, each with the claim in it; the claim alone where there are none."""
    address = _address(visit)
    reviews = [
        one
        for review in found.reviews
        for one in claim_reviews(review, address)
        if one["itemReviewed"]["@id"] == address("claims", found.row["id"])
    ]
    return document(reviews or [claim_ld(found.row, found.same, address)])


def _address(visit: Visit) -> Any:
    return lambda table, key: visit.absolute(visit.row(table, key))


def _chart(visit: Visit, months: list[tuple[str, int]], chosen: dict[str, Any]) -> dict[str, Any]:
    """A chart of claims over time, and the figures that are its table."""
    language = visit.language
    bars = charts.over_time(months, lambda period: language.date(period, "short"))
    table = visit.datasette.urls.table(visit.database, "claims")

    def link(period: str) -> str:
        return f"{table}?{urlencode({**chosen, 'published_on__startswith': period})}"

    name = str(language.say("chart.over_time"))
    return {
        "svg": charts.column_chart(bars, name, link, language.number),
        "rows": [(bar.label, bar.number, link(bar.period)) for bar in reversed(bars) if bar.number],
    }


ROUTES: list[Route] = [
    page_route(r"^/$", front),
    page_route(r"^/-/claims/search$", search),
    page_route(r"^/-/claims/filter$", filtering.apply),
    row_route("articles", article),
    row_route("claims", claim),
    row_route("claims", claim_jsonld, "jsonld"),
    row_route("speakers", speaker),
    row_route("outlets", outlet),
    row_route("reviews", review),
    row_route("reviews", review_jsonld, "jsonld"),
]
