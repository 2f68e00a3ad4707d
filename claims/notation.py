"""The notation of a language's data file: patterns that name others, and classes of words.

``<open>`` and ``<closed>`` are the Hangul syllables without and with a final consonant,
``<liquid>`` those with a final ㄹ (Unicode 15, section 3.12); they decide the form of a Korean
particle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from unicodedata import normalize

_REFERENCE = re.compile(r"(?<!\?P)<([A-Za-z_0-9]+)>")
_OPEN_SYLLABLES = "[" + "".join(chr(code) for code in range(0xAC00, 0xD7A4, 28)) + "]"
_LIQUID_SYLLABLES = "[" + "".join(chr(code) for code in range(0xAC08, 0xD7A4, 28)) + "]"
_BUILT_IN = {
    "open": _OPEN_SYLLABLES,
    "closed": f"(?!{_OPEN_SYLLABLES})[가-힣]",
    "liquid": _LIQUID_SYLLABLES,
}


class Words:
    """Classes of words, each with a tag: those of some lists, and those that a pattern fits.

    The first class that holds a word gives its tag. Lists that are folded are compared without
    regard to case; patterns over letters see Hangul syllables taken apart (Unicode normalization
    form D).
    """

    def __init__(self) -> None:
        self._listed: dict[str, tuple[int, str]] = {}
        self._folded: dict[str, tuple[int, str]] = {}
        self._patterns: list[tuple[int, str, re.Pattern[str], bool]] = []
        self._classes = 0

    def add(
        self,
        tag: str,
        words: Iterable[str],
        pattern: re.Pattern[str] | None,
        fold: bool,
        letters: bool,
    ) -> None:
        """Add a class behind those that are there."""
        listed = self._folded if fold else self._listed
        for word in words:
            listed.setdefault(word.casefold() if fold else word, (self._classes, tag))
        if pattern is not None:
            self._patterns.append((self._classes, tag, pattern, letters))
        self._classes += 1

    def tag(self, word: str) -> str:
        """The tag of a word; empty when no class holds it."""
        none = (self._classes, "")
        best, tag = min(self._listed.get(word, none), self._folded.get(word.casefold(), none))
        for number, other, pattern, letters in self._patterns:
            if number >= best:
                break
            if pattern.fullmatch(normalize("NFD", word) if letters else word):
                return other
        return tag


def any_of(words: list[str]) -> str:
    """A pattern for any one of the words, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


class Expander:
    """Replaces ``<name>`` by the named pattern, and compiles."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = {**_BUILT_IN, **names}
        self._done: dict[str, str] = {}

    def expand(self, pattern: str) -> str:
        """A pattern with every name in it replaced."""
        return _REFERENCE.sub(lambda found: f"(?:{self._named(found.group(1))})", pattern)

    def compile(self, pattern: str) -> re.Pattern[str]:
        """A pattern compiled; raises KeyError for a name that nothing has."""
        return re.compile(self.expand(pattern), re.MULTILINE)

    def _named(self, name: str) -> str:
        if name not in self._done:
            self._done[name] = self.expand(self._names[name])
        return self._done[name]
