"""What our templates need beyond Datasette's own variables."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from claims.datasette_plugin.site import DATABASE
from claims.marking import article_page

# Columns by the names that readers see.
TITLES = {
    "speaker_id": "Speaker",
    "speaker": "Speaker",
    "outlet_id": "Outlet",
    "outlet": "Outlet",
    "via_outlet_id": "Via",
    "via": "Via",
    "published_on": "Published",
    "said_on": "Said",
    "month": "Month",
    "kind": "Kind",
    "status": "Status",
    "language": "Language",
    "verdict_id": "Verdict",
    "text": "Claim",
}
_SEARCHED_WORDS = 10


async def template_vars(
    datasette: Any, request: Any, database: str | None, table: str | None, view_name: str
) -> dict[str, Any]:
    """Variables of a page: ``claims_titles``, and ``claims_page`` on the row page of an article.

    ``search`` is what was searched for: Datasette 1.0a41 leaves its search box empty.
    """
    common: dict[str, Any] = {"claims_titles": TITLES}
    if table and request and request.args.get("_search"):
        common["search"] = request.args["_search"]
    if view_name != "row" or table != "articles" or database is None:
        return common
    key = request.url_vars.get("pks", "")
    if not key.isdecimal():
        return common
    db = datasette.get_database(database)
    page = await db.execute_fn(lambda connection: article_page(connection, int(key)))
    return {**common, "claims_page": page}


def found(text: str, search: str | None) -> Markup:
    """The text, escaped, with the words of a search marked."""
    words = sorted(re.findall(r"\w+", search or "")[:_SEARCHED_WORDS], key=len, reverse=True)
    if not words:
        return escape(text)
    parts = re.split(f"({'|'.join(map(re.escape, words))})", str(text), flags=re.IGNORECASE)
    marks = [
        Markup('<mark class="found">{}</mark>').format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    ]
    return Markup("").join(marks)


def steady(facets: list[dict[str, Any]], database: str) -> list[dict[str, Any]]:
    """Facets in the order of ``TITLES``, whatever they hold; other databases keep Datasette's."""
    if database != DATABASE:
        return facets
    order = list(TITLES)
    return sorted(
        facets, key=lambda f: order.index(f["name"]) if f["name"] in order else len(order)
    )


def web_address(url: str | None) -> str | None:
    """The URL if a browser may follow it: http or https, with a host; None for anything else."""
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return None
    return parts.geturl() if parts.scheme in {"http", "https"} and parts.netloc else None
