"""Dates as articles and people write them -> ISO 8601, as precise as known."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from claims.errors import DateError
from claims.languages import LanguageRules

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_AHEAD = datetime.timedelta(days=2)  # a date this far after publication is one of last year


def parse_date(words: str) -> str:
    """ISO 8601 (``2024-12-17``, ``2024-12`` or ``2024``) of a date a person typed.

    Raises DateError, with a sentence that shows the form to use.
    """
    words = words.strip()
    found = _ISO.fullmatch(words)
    if found:
        year, month, day = (int(part) if part else 1 for part in found.groups())
        if _date(year, month, day):
            return words
    elif re.search(r"\d{4}", words) and re.search(r"\d{4}.*\d", words + " "):
        parsed = _by_library(words)
        if parsed:
            return parsed.isoformat()
    raise DateError(f"{words!r} is not a date; write it like 2024-12-17, 2024-12 or 2024")


def _by_library(words: str) -> datetime.date | None:
    import dateparser

    parsed = dateparser.parse(
        words, settings={"DATE_ORDER": "YMD", "REQUIRE_PARTS": ["day", "month", "year"]}
    )
    return parsed.date() if parsed else None


def resolve(words: str | None, published_on: str | None, rules: LanguageRules) -> str | None:
    """ISO 8601 of an article's words for a day, counted back from its publication.

    None without words, without a publication date to the day, or when the words give no day.
    """
    if not words:
        return None
    found = rules.patterns["said_on"].search(words)
    published = _published(published_on)
    if not found:
        return None
    part = {key: value for key, value in found.groupdict().items() if value}
    if "year" in part and "month" in part and "day" in part:
        return date_of(part, rules)
    if published is None:
        return None
    if "relative" in part:
        days = rules.relative_days.get(part["relative"].casefold())
        return None if days is None else _iso(published + datetime.timedelta(days=days))
    if "weekday" in part:
        back = (published.weekday() - rules.weekdays[part["weekday"].casefold()]) % 7
        return _iso(published - datetime.timedelta(days=back))
    if "day" in part:
        month = _month(part["month"], rules) if "month" in part else None
        return _iso(_latest(published, month, int(part["day"])))
    return None


def date_of(parts: Mapping[str, str], rules: LanguageRules) -> str | None:
    """ISO 8601 of a pattern's groups ``year``, ``month`` and ``day``; None for no such day."""
    month = _month(parts["month"], rules)
    return _iso(_date(int(parts["year"]), month, int(parts["day"]))) if month else None


def _latest(published: datetime.date, month: int | None, day: int) -> datetime.date | None:
    """The last such day up to the publication (or hardly after it, for other time zones)."""
    for back in range(14):
        total = published.year * 12 + published.month - 1 - back
        candidate = _date(total // 12, total % 12 + 1, day)
        if candidate is None or (month is not None and candidate.month != month):
            continue
        if candidate <= published or (month is not None and candidate <= published + _AHEAD):
            return candidate
    return None


def _published(published_on: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(published_on) if published_on else None
    except ValueError:  # only year or month known
        return None


def _month(words: str, rules: LanguageRules) -> int | None:
    if words.isdecimal():
        return int(words)
    return rules.months.get(words.casefold().rstrip("."))


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _iso(date: datetime.date | None) -> str | None:
    return date.isoformat() if date else None
