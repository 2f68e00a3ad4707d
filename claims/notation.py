"""The notation of a language's data file: patterns that name others, and classes of words.

``<open>`` and ``<closed>`` are the Hangul syllables without and with a final consonant,
``<liquid>`` those with a final ㄹ (Unicode 15, section 3.12); they decide the form of a Korean
particle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from unicodedata import combining, normalize

from claims.kept import Compiler

_REFERENCE = re.compile(r"(?<!\?P)<([A-Za-z_0-9]+)>")
_OPEN_SYLLABLES = "[" + "".join(chr(code) for code in range(0xAC00, 0xD7A4, 28)) + "]"
_LIQUID_SYLLABLES = "[" + "".join(chr(code) for code in range(0xAC08, 0xD7A4, 28)) + "]"
_BUILT_IN = {
    "open": _OPEN_SYLLABLES,
    "closed": f"(?!{_OPEN_SYLLABLES})[가-힣]",
    "liquid": _LIQUID_SYLLABLES,
}

_MOST_REMEMBERED = 50_000  # words
_MANY = 300  # words after which it is worth while to know what the words of a class end in


_Class = tuple[int, str, re.Pattern[str], bool]  # number, tag, pattern, whether it sees letters
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
        self._patterns: list[_Class] = []
        self._classes = 0
        self._remembered: dict[str, str] = {}
        self._ends: list[frozenset[str] | None] = []  # what the words of each pattern end in
        self._by_end: dict[str, list[_Class]] = {}  # the patterns for words that end in something

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
        for number, other, pattern, letters in self._worth_trying(word[-1:]):
            if number >= best:
                break
            if letters:
                apart = apart or normalize("NFD", word)
            if pattern.fullmatch(apart if letters and apart else word):
                return other
        return tag

    def _worth_trying(self, end: str) -> list[_Class]:
        """The patterns for words with this last character, in their order."""
        known = self._by_end.get(end)
        if known is not None:
            return known
        if len(self._remembered) < _MANY or not end or combining(end):
            return self._patterns
        if not self._ends:
            self._ends = [last_characters(one[2].pattern) for one in self._patterns]
        lasts = {end, normalize("NFD", end)[-1]}
        known = self._by_end[end] = [
            one
            for one, ends in zip(self._patterns, self._ends, strict=True)
            if ends is None or not lasts.isdisjoint(ends)
        ]
        return known


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


def last_characters(pattern: str) -> frozenset[str] | None:
    """The characters that whatever fits a pattern ends in; None where that can't be told soon.

    Most words end in none of them, so that most patterns need not be tried. Reads a pattern as
    Python's own compiler does; without that, nothing can be told.
    """
    try:
        from re import _parser  # type: ignore[attr-defined]
    except ImportError:  # pragma: no cover (another Python)
        return None
    return _last_of(list(_parser.parse(pattern, re.MULTILINE)))


def _last_of(items: list[Any]) -> frozenset[str] | None:
    """The same for a parsed sequence; None too where it may be empty."""
    found: frozenset[str] = frozenset()
    for kind, value in reversed(items):
        name = str(kind)
        if name in {"AT", "ASSERT", "ASSERT_NOT"}:  # these take no character
            continue
        some, is_optional = _last_of_one(name, value)
        if some is None:
            return None
        found |= some
        if not is_optional:
            return found
    return None


def _last_of_one(name: str, value: Any) -> tuple[frozenset[str] | None, bool]:
    """The characters that one item ends in, and whether there may be none of it."""
    if name == "LITERAL":
        return frozenset(chr(value)), False
    if name == "IN" and all(str(kind) == "LITERAL" for kind, _ in value):
        return frozenset(chr(code) for _, code in value), False
    if name == "SUBPATTERN":
        return _last_of(list(value[-1])), False
    if name == "BRANCH":
        branches = [_last_of(list(branch)) for branch in value[1]]
        if None in branches:
            return None, False
        return frozenset().union(*filter(None, branches)), False
    if name in {"MAX_REPEAT", "MIN_REPEAT"}:
        return _last_of(list(value[2])), value[0] == 0
    return None, False


class Expander:
    """Replaces ``<name>`` by the named pattern, and compiles."""

    def __init__(self, names: Mapping[str, str], compiler: Compiler) -> None:
        self._names = {**_BUILT_IN, **names}
        self._compiler = compiler
        self._done: dict[str, str] = {}

    def expand(self, pattern: str) -> str:
        """A pattern with every name in it replaced."""
        return _REFERENCE.sub(lambda found: f"(?:{self._named(found.group(1))})", pattern)

    def compile(self, pattern: str) -> re.Pattern[str]:
        """A pattern compiled; raises KeyError for a name that nothing has."""
        return self._compiler.compile(self.expand(pattern), re.MULTILINE)

    def compile_letters(self, pattern: str) -> re.Pattern[str]:
        """The same for words with Hangul syllables taken apart (normalization form D)."""
        return self._compiler.compile(normalize("NFD", self.expand(pattern)))

    def _named(self, name: str) -> str:
        if name not in self._done:
            self._done[name] = self.expand(self._names[name])
        return self._done[name]
