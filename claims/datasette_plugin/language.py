"""The words of the pages, in the reader's language: strings/CODE/*.toml hold them.

Plurals, dates and numbers follow Unicode's CLDR, by Babel. What a page says is data; no code here
or in a template asks which language it is.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from claims.errors import ReviewError

DEFAULT = "en"
COOKIE = "claims_language"
_MOST_ASKED = 20  # languages of an Accept-Language header that are looked at


@dataclass(frozen=True)
class Language:
    """One language of the pages. ``strings`` are by section and key, a plural is a table."""

    code: str
    strings: dict[str, dict[str, Any]] = field(repr=False)

    def say(self, key: str, /, **values: Any) -> Markup:
        """The words for ``section.key``, with values put in, escaped. Raises KeyError."""
        section, _, name = key.partition(".")
        return _filled(self.strings[section][name], values)

    def count(self, key: str, n: int, /, **values: Any) -> Markup:
        """The words for ``section.key`` in the plural form of ``n``, which is ``{n}`` in them."""
        section, _, name = key.partition(".")
        forms = self.strings[section][name]
        chosen = forms.get(self._locale.plural_form(n), forms["other"])
        return _filled(chosen, {"n": self.number(n), **values})

    def named(self, section: str, key: Any) -> Markup:
        """The word for one of a set (a kind, a status); itself where there is none for it."""
        words = self.strings.get(section, {}).get(str(key))
        return escape(key if words is None else words)

    def column(self, table: str, name: str) -> Markup:
        """The heading of a column; what it means in this table before what it means elsewhere."""
        own = f"table_{table}"
        return self.named(own if name in self.strings.get(own, {}) else "table", name)

    def refusal(self, error: ReviewError) -> Markup:
        """What can't be done; as the command line says it where there are no words for it."""
        words = self.strings.get("refusal", {}).get(error.sentence)
        return escape(str(error)) if words is None else _filled(words, error.values)

    def number(self, n: float) -> str:
        """A number with separators."""
        return str(format_decimal(n, locale=self._locale))

    def percent(self, share: float) -> str:
        """A share from 0 to 1 as a whole percentage."""
        return str(format_percent(share, locale=self._locale))

    def date(self, iso: str | None, form: str = "medium") -> str:
        """A date as precise as it is known (``2024-12-16``, ``2024-12``, ``2024``).

        Anything else is shown as it stands. ``form`` is medium, or short where room is scarce.
        """
        if not iso:
            return ""
        parts = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", iso)
        if parts is None:
            return iso
        year, month, day = (int(part or 0) for part in parts.groups())
        try:
            day_of = date(year, month or 1, day or 1)
        except ValueError:  # the 30th of February, as somebody printed it
            return iso
        if day:
            return str(format_date(day_of, form, locale=self._locale))
        return str(format_skeleton("yMMM" if month else "y", day_of, locale=self._locale))

    def sort_key(self, name: str | None) -> tuple[int, str, str]:
        """Where a name belongs in a list: the language's own script first, then by letters.

        Hangul syllables and kana lie in dictionary order by their code points; letters with marks
        go beside those without (Unicode CLDR: ``[reorder Hang Hani]`` for Korean).
        """
        plain = unicodedata.normalize("NFKC", name or "").casefold()
        bare = "".join(
            c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c)
        )
        first = plain[:1]
        script = unicodedata.name(first, "").split(" ")[0] if first.isalpha() else ""
        order = self.strings["language"]["scripts"]
        rank = 0 if not script else 1 + (order.index(script) if script in order else len(order))
        return rank, unicodedata.normalize("NFC", bare), plain

    def sorted(self, names: Iterable[str]) -> list[str]:
        """Names in the order that readers of the language expect."""
        return sorted(names, key=self.sort_key)

    @property
    def name(self) -> str:
        """What the language calls itself."""
        return str(self.strings["language"]["name"])

    @property
    def _locale(self) -> Locale:
        return _locale(self.code)


@cache
def languages() -> dict[str, Language]:
    """All languages that there are strings for, by code."""
    folder = files("claims.datasette_plugin") / "strings"
    found = {}
    for language in sorted(folder.iterdir(), key=lambda entry: entry.name):
        strings: dict[str, dict[str, Any]] = {}
        for part in sorted(language.iterdir(), key=lambda entry: entry.name):
            if part.name.endswith(".toml"):
                for section, words in tomllib.loads(part.read_text("utf-8")).items():
                    strings.setdefault(section, {}).update(words)
        found[language.name] = Language(language.name, strings)
    return found


def language_of(request: Any) -> Language:
    """The language that the reader chose, else the first of the browser's that we have."""
    known = languages()
    if request is None:
        return known[DEFAULT]
    chosen = request.cookies.get(COOKIE)
    if chosen in known:
        return known[chosen]
    for code in _asked(request.headers.get("accept-language") or ""):
        if code in known:
            return known[code]
    return known[DEFAULT]


def _asked(header: str) -> list[str]:
    """The language codes of an Accept-Language header, the most wanted first (RFC 9110)."""
    wanted = []
    for part in header.split(",")[:_MOST_ASKED]:
        tag, _, quality = part.partition(";")
        found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", quality)
        weight = float(found.group(1)) if found else 1.0
        if weight:
            wanted.append((weight, tag.strip().split("-")[0].lower()))
    return [code for _, code in sorted(wanted, key=lambda pair: -pair[0])]


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


def _filled(words: str, values: dict[str, Any]) -> Markup:
    return escape(words).format(**values) if values else escape(words)
