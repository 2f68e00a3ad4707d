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

_MOST_REMEMBERED = 50_000  # words


_Tree = dict[str, "_Tree"]  # characters that may come next; empty where a word may end


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
        self._remembered: dict[str, str] = {}

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
        known = self._remembered.get(word)
        if known is None:
            if len(self._remembered) > _MOST_REMEMBERED:
                self._remembered.clear()
            known = self._remembered[word] = self._found(word)
        return known

    def _found(self, word: str) -> str:
        none = (self._classes, "")
        best, tag = min(self._listed.get(word, none), self._folded.get(word.casefold(), none))
        apart = None
        for number, other, pattern, letters in self._patterns:
            if number >= best:
                break
            if letters:
                apart = apart or normalize("NFD", word)
            if pattern.fullmatch(apart if letters and apart else word):
                return other
        return tag


def any_of(words: list[str]) -> str:
    """A pattern for any one of the words, the longest first.

    What they begin with alike is written once: of a thousand words, few are tried.
    """
    tree: _Tree = {}
    for word in words:
        branch = tree
        for character in word:
            branch = branch.setdefault(character, {})
        branch[""] = {}
    return _pattern(tree)


def _pattern(tree: _Tree) -> str:
    """What may follow in a tree of words; its end (an empty key) only where nothing longer does."""
    branches = []
    for character, below in tree.items():
        written = character and re.escape(character)
        while len(below) == 1:  # one way to go on
            ((character, below),) = below.items()
            written += character and re.escape(character)
        branches.append(written + _group(below))
    return "|".join(sorted(branches, key=len, reverse=True))


def _group(tree: _Tree) -> str:
    longer = {character: below for character, below in tree.items() if character}
    if not longer:
        return ""
    return f"(?:{_pattern(longer)}){'?' if '' in tree else ''}"


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
