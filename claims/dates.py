"""Dates as articles and people write them -> ISO 8601, as precise as known."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from functools import lru_cache

from claims.errors import DateError
from claims.languages import LanguageRules

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_LONGEST = 60  # code points of a date that a person typed; the library takes seconds for odd ones
_DATE_LIKE = re.compile(r"[\w .,/:+()'’-]+")
_MOST_WORDS = 8
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
    elif _names_a_day(words):
        parsed = _by_library(words)
        if parsed:
            return parsed.isoformat()
    raise DateError(f"{words!r} is not a date; write it like 2024-12-17, 2024-12 or 2024")


def _names_a_day(words: str) -> bool:
    """Whether there are a year and a day, in an order that can't be mistaken (12/05/2024 can).

    What is longer than any date, or has more words or other signs, is none.
    """
    if len(words) > _LONGEST or not _DATE_LIKE.fullmatch(words):
        return False
    if len(words.split()) > _MOST_WORDS:
        return False
    numbers = re.findall("[0-9]+", words)
    years = [number for number in numbers if len(number) == 4]
    spelled = any(char.isalpha() for char in words)
    return len(years) == 1 and len(numbers) > 1 and (spelled or numbers[0] == years[0])


@lru_cache(4096)
def _by_library(words: str) -> datetime.date | None:
    import dateparser

    parsed = dateparser.parse(
        words, settings={"DATE_ORDER": "YMD", "REQUIRE_PARTS": ["day", "month", "year"]}
    )
    return parsed.date() if parsed else None


def resolve(
    words: str | None, published_on: str | None, rules: LanguageRules, before: str = ""
) -> str | None:
    """ISO 8601 of an article's words for a day, month or year, counted back from its publication.

    ``before`` is the article's text up to these words: ``이날`` is the day it named last, and that
    of the publication where it named none. None without words, where they give no date, or where
    it takes a publication date that isn't known as precisely.
    """
    found = rules.patterns["said_on"].search(words) if words else None
    if not found:
        return None
    if published_on and not _ISO.match(published_on):
        published_on = None
    part = groups_of(found)
    if "same_day" in part:
        return _named_last(before, published_on, rules) or _iso(_published(published_on))
    if "year" in part:
        return _as_precise_as(part["year"], part, rules)
    if "year_before" in part and published_on:
        return _as_precise_as(str(int(published_on[:4]) - 1), part, rules)
    if "month_before" in part:
        return _last_month(part, published_on)
    published = _published(published_on)
    return None if published is None else _iso(_day(part, published, rules))


def _day(
    part: Mapping[str, str], published: datetime.date, rules: LanguageRules
) -> datetime.date | None:
    if "relative" in part:
        days = rules.relative_days.get(part["relative"].casefold())
        return None if days is None else published + datetime.timedelta(days=days)
    if "weekday" in part:
        back = (published.weekday() - rules.weekdays[part["weekday"].casefold()]) % 7
        return published - datetime.timedelta(days=back or (7 if "last" in part else 0))
    if "day" in part:
        month = _month(part["month"], rules) if "month" in part else None
        return _latest(published, month, int(part["day"]))
    return None


def _named_last(before: str, published_on: str | None, rules: LanguageRules) -> str | None:
    """The day that the text before named last, as ISO 8601."""
    for found in reversed(list(rules.patterns["said_on"].finditer(before))):
        if "day" in groups_of(found):
            return resolve(found.group(), published_on, rules)
    return None


def _as_precise_as(year: str, part: Mapping[str, str], rules: LanguageRules) -> str | None:
    """A year with the month and day that a pattern found, as far as it did."""
    if "month" not in part:
        return year if "day" not in part else None
    month = _month(part["month"], rules)
    date = _date(int(year), month, int(part.get("day", 1))) if month else None
    return date.isoformat()[: 10 if "day" in part else 7] if date else None


def _last_month(part: Mapping[str, str], published_on: str | None) -> str | None:
    if not published_on or len(published_on) < len("2024-12"):
        return None
    year, month = int(published_on[:4]), int(published_on[5:7]) - 1
    first = _date(year, month, 1) if month else _date(year - 1, 12, 1)
    if first is None:
        return None  # what is said to be the day of publication is no date
    if "day" in part:
        return _iso(_date(first.year, first.month, int(part["day"])))
    return first.isoformat()[:7]


def groups_of(found: re.Match[str]) -> dict[str, str]:
    """The named groups that matched, without the digits that tell alternatives apart."""
    return {
        key.rstrip("0123456789"): value.strip()
        for key, value in found.groupdict().items()
        if value is not None
    }


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
