"""The filters of a table of claims: what is active, how each is removed, a form without script.

Filters are Datasette's own (``column__operator=value`` in the address); ``_verdict`` is ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import Response
from datasette.filters import FilterArguments

from claims.datasette_plugin.language import Language
from claims.datasette_plugin.site import Visit
from claims.store.browsing import STANDING_TESTS, names

TABLES = {"claims", "claims_browse", "unchecked_claims"}
_NAMED = {"speaker_id": "speakers", "outlet_id": "outlets", "via_outlet_id": "outlets"}
_SIGNS = {"exact": "", "gte": "≥", "lte": "≤", "gt": ">", "lt": "<", "not": "≠", "in": ""}
_OPEN = "suggested,accepted"
_SORTS = {
    "newest": {},
    "oldest": {"_sort": "published_on"},
    "said": {"_sort_desc": "said_on"},
    "confidence": {"_sort_desc": "confidence"},
}
_KINDS = ("direct", "indirect", "mixed")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_OF_THE_FORM = {
    "_search", "published_on__gte", "published_on__lte", "kind", "kind__in", "_verdict",
    "status__in", "_sort", "_sort_desc", "_next",
}  # fmt: skip

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter: its name in addresses, its words, and the table's address without it."""

    key: str
    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What the form shows: ``chosen`` by its fields, ``keep`` what it passes on, and the chips."""

    chips: list[Chip]
    clear: str
    keep: str
    chosen: dict[str, Any] = field(default_factory=dict)


def verdict_filter(standing: str | None) -> FilterArguments | None:
    """Datasette's filter for ``_verdict``: supported, refuted or disputed."""
    if standing not in STANDING_TESTS:
        return None
    return FilterArguments([STANDING_TESTS[standing]], {}, [f"verdict: {standing}"], {})


async def filters(visit: Visit, table: str) -> Filters:
    """The active filters of a table page."""
    pairs: Pairs = parse_qsl(visit.request.query_string, keep_blank_values=True)
    path = str(visit.datasette.urls.table(visit.database, table))
    named = {
        (column, int(value)): ""
        for column, value in pairs
        if column in _NAMED and re.fullmatch("[0-9]{1,18}", value)
    }
    for column, of in _NAMED.items():
        ids = [key for known, key in named if known == column]
        for key, name in (await visit.read(names, of, ids) if ids else {}).items():
            named[column, key] = name
    chips = []
    for pair in pairs:
        label = _label(pair, named, visit.language)
        if label:
            chips.append(Chip(pair[0], label, _address(path, [o for o in pairs if o != pair])))
    kept = [pair for pair in pairs if not _is_filter(pair[0]) and pair[0] != "_next"]
    chosen = _chosen(dict(pairs))
    keep = urlencode([pair for pair in pairs if pair[0] not in _OF_THE_FORM])
    return Filters(chips, _address(path, kept), keep, chosen)


async def apply(visit: Visit) -> Response:
    """What the form asks for, as an address of the table without empty filters."""
    args = visit.request.args
    pairs = [
        pair
        for pair in parse_qsl(args.get("keep") or "", keep_blank_values=True)
        if pair[0] not in _OF_THE_FORM
    ]
    if words := (args.get("q") or "").strip():
        pairs.append(("_search", words))
    for name, operator in (("from", "gte"), ("to", "lte")):
        if _DATE.fullmatch(day := (args.get(name) or "").strip()):
            pairs.append((f"published_on__{operator}", day))
    kinds = [kind for kind in _KINDS if kind in args.getlist("kind")]
    if 0 < len(kinds) < len(_KINDS):
        pairs.append(("kind__in", ",".join(kinds)) if len(kinds) > 1 else ("kind", kinds[0]))
    check = args.get("check")
    if check == "needs":
        pairs.append(("status__in", _OPEN))
    elif check in STANDING_TESTS:
        pairs.append(("_verdict", check))
    pairs += _SORTS.get(args.get("sort") or "", {}).items()
    path = str(visit.datasette.urls.table(visit.database, "claims"))
    return Response.redirect(_address(path, pairs))


def _chosen(given: dict[str, str]) -> dict[str, Any]:
    order = {key: value for key, value in given.items() if key in {"_sort", "_sort_desc"}}
    return {
        "q": given.get("_search", ""),
        "from": given.get("published_on__gte", ""),
        "to": given.get("published_on__lte", ""),
        "kinds": given.get("kind__in", given.get("kind", "")).split(","),
        "check": "needs" if given.get("status__in") == _OPEN else given.get("_verdict", ""),
        "sort": next((name for name, sort in _SORTS.items() if sort == order), ""),
    }


def _is_filter(key: str) -> bool:
    return not key.startswith("_") or key in {"_search", "_verdict"}


def _label(pair: tuple[str, str], named: dict[tuple[str, int], str], language: Language) -> str:
    """A filter in words; empty for what is none."""
    key, value = pair
    if not _is_filter(key):
        return ""
    if key == "_search":
        return f"{language.say('filter.search').unescape()}: {value}"
    if key == "_verdict":
        return f"{_title(language, 'verdict_id')}: {language.named('standing', value).unescape()}"
    column, _, operator = key.partition("__")
    shown = named.get((column, int(value)), "") if value.isdecimal() and len(value) < 19 else ""
    shown = shown or ", ".join(_word(language, column, one) for one in value.split(","))
    sign = _SIGNS.get(operator or "exact", operator)
    return f"{_title(language, column)}: {sign} {shown}".replace(":  ", ": ")


def _word(language: Language, column: str, value: str) -> str:
    if column in {"published_on", "said_on"}:
        return language.date(value)
    return str(language.named(column, value).unescape()) if column in {"kind", "status"} else value


def _title(language: Language, column: str) -> str:
    return str(language.named("table", column).unescape())


def _address(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    query = urlencode([pair for pair in pairs if pair[0] != "_next"])
    return f"{path}?{query}" if query else path
