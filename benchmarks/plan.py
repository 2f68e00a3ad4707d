"""A year of the world's online news on paper, from the rates in ``rates.json``.

The tables of docs/large.md are made here. What is measured comes from the file; what is supposed is
in `Year`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RATES = json.loads((Path(__file__).parent / "rates.json").read_text("utf-8"))
_HOUR = 3600


@dataclass(frozen=True)
class Year:
    """What is supposed: articles, the length of their text (characters), the size of their pages
    (bytes, and as they are packed in web archives), and how many claims they hold."""

    articles: int = 100_000_000
    characters: int = 3_000
    html_bytes: int = 100_000
    archived_bytes: int = 20_000
    claims: int = 8


@dataclass(frozen=True)
class Cost:
    """What a step costs: core-hours, bytes written, and whether many machines can share it."""

    step: str
    hours: float
    size: float = 0
    is_shared: bool = True


def costs(lang: str, year: Year | None = None) -> list[Cost]:
    """The steps of an ingest of a year, in one language.

    Finding text grows with a page's bytes, finding claims with the characters of its text. Saving,
    the parts and the database grow with claims and with text; what was measured has many more
    claims to its length than supposed here, so the larger of the two is taken.
    """
    year = year or Year()
    rate = RATES["rates"][lang]
    pages = year.articles * year.html_bytes / rate["html_bytes"]
    texts = year.articles * year.characters / rate["characters"]
    most = year.articles * max(year.characters / rate["characters"], year.claims / rate["claims"])
    exported = year.articles * year.claims / rate["claims"] * rate["export_bytes"]
    return [
        Cost("read web archives", 0, year.articles * year.archived_bytes),
        Cost("find the text of pages", pages * rate["page_seconds"] / _HOUR),
        Cost("find claims", texts * rate["extract_seconds"] / _HOUR),
        Cost("write parts", most * rate["write_seconds"] / _HOUR, most * rate["part_bytes"]),
        Cost("load", most * rate["load_seconds"] / _HOUR, most * rate["database_bytes"], False),
        Cost("export to Parquet", 0, exported, False),
    ]


def measured() -> Iterator[str]:
    """The rates as the lines of a table in Markdown."""
    yield "| | Korean | English |"
    yield "|---|---|---|"
    for key, title, unit, scale in (
        ("characters", "text of an article", "characters", 1),
        ("text_bytes", "the same in UTF-8", "kB", 1e-3),
        ("claims", "claims in it", "", 1),
        ("html_bytes", "its page", "kB", 1e-3),
        ("page_seconds", "find the text of the page", "ms", 1e3),
        ("extract_seconds", "find the claims of the text", "ms", 1e3),
        ("write_seconds", "write it into a part", "ms", 1e3),
        ("load_seconds", "load it from the part", "ms", 1e3),
        ("part_bytes", "its share of a part", "kB", 1e-3),
        ("database_bytes", "its share of a database, search included", "kB", 1e-3),
        ("export_bytes", "its share of an export to Parquet", "kB", 1e-3),
    ):
        cells = (f"{RATES['rates'][lang][key] * scale:,.3g} {unit}" for lang in ("ko", "en"))
        if key == "characters":
            cells = (f"{RATES['rates'][lang][key]:,.0f} {unit}" for lang in ("ko", "en"))
        yield f"| {title} | {' | '.join(cell.strip() for cell in cells)} |"


def table(year: Year | None = None) -> Iterator[str]:
    """The costs as the lines of a table in Markdown."""
    korean, english = costs("ko", year), costs("en", year)
    yield "| step | shared? | core-hours, Korean | English | bytes, Korean | English |"
    yield "|---|---|---|---|---|---|"
    for one, other in zip(korean, english, strict=True):
        hours = " | ".join(f"{cost.hours:,.0f}" if cost.hours else "" for cost in (one, other))
        sizes = " | ".join(_size(cost.size) for cost in (one, other))
        yield f"| {one.step} | {'yes' if one.is_shared else 'one machine'} | {hours} | {sizes} |"


def total(lang: str, year: Year | None = None, *, shared: bool) -> float:
    """Core-hours of the steps that many machines share, or of those that one machine does."""
    return sum(cost.hours for cost in costs(lang, year) if cost.is_shared is shared)


def _size(count: float) -> str:
    return f"{count / 1e12:,.2f} TB" if count else ""
