"""What our templates need beyond Datasette's own variables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from claims.datasette_plugin.filtering import filters
from claims.datasette_plugin.language import language_of
from claims.datasette_plugin.site import DATABASE, Visit
from claims.store.browsing import Verdict, verdicts_of
from claims.store.tables import SEARCHED

# Facets in this order.
_FACETS = [
    "speaker_id", "speaker", "outlet_id", "outlet", "via_outlet_id", "via", "published_on",
    "said_on", "month", "kind", "status", "language", "verdict_id",
]  # fmt: skip
_SEARCHED_WORDS = 10
_LONG = 280  # characters of a claim in a list

_TEMPLATES = str(Path(__file__).parent / "templates")


def put_first(env: Any, template_dir: str | None) -> None:
    """Our templates before those of other plugins, which Datasette has in no certain order.

    So that our sign-in page is the one shown. What is in ``--template-dir`` stays before ours.
    """
    for loader in getattr(env.loader, "loaders", []):
        paths = getattr(loader, "searchpath", [])
        if _TEMPLATES in paths:
            paths.remove(_TEMPLATES)
            paths.insert(1 if template_dir and template_dir in paths[:1] else 0, _TEMPLATES)


async def template_vars(
    datasette: Any, request: Any, database: str | None, table: str | None
) -> dict[str, Any]:
    """Variables of a table's page: its active filters, and what gives the verdicts of its rows.

    ``claims_bounded`` is how many matches a search counts at the most (see ``counted``).
    ``search`` is what was searched for: Datasette 1.0a41 leaves its search box empty.
    """
    if not table or not database or request is None:
        return {}
    found: dict[str, Any] = {}
    if request.args.get("_search"):
        found["search"] = request.args["_search"]
    if table == "claims":
        visit = Visit(datasette, request, database, language_of(request))

        async def verdicts(ids: list[int]) -> dict[int, Verdict]:
            return await visit.read(verdicts_of, ids)

        found["claims_filters"] = await filters(visit, table)
        if "_search" in [chip.key for chip in found["claims_filters"].chips]:
            found["claims_bounded"] = SEARCHED
        found["claims_verdicts"] = verdicts
    return found


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


def excerpt(text: Any, search: str | None = None, length: int = _LONG) -> Markup:
    """A long text shortened to its beginning, or to what is around the first word searched for."""
    words = " ".join(str(text).split())
    if len(words) <= length:
        return found(words, search)
    first = _first_match(words, search)
    start = max(0, min(first - length // 3, len(words) - length))
    if start:
        start = words.find(" ", start, start + 20) + 1 or start
    end = start + length
    if end < len(words):
        end = max(words.rfind(" ", end - 20, end), 0) or end
    before, after = "… " if start else "", " …" if end < len(words) else ""
    return Markup("{}{}{}").format(before, found(words[start:end], search), after)


def _first_match(text: str, search: str | None) -> int:
    """Where the first word of a search stands in a text; 0 where none does."""
    words = re.findall(r"\w+", search or "")[:_SEARCHED_WORDS]
    places = [text.casefold().find(word.casefold()) for word in words]
    return min((place for place in places if place >= 0), default=0)


def steady(facets: list[dict[str, Any]], database: str) -> list[dict[str, Any]]:
    """Facets in one order, whatever they hold; other databases keep Datasette's."""
    if database != DATABASE:
        return facets
    order = _FACETS
    return sorted(
        facets, key=lambda f: order.index(f["name"]) if f["name"] in order else len(order)
    )
