"""The notation of a language's data file: patterns that name others, and classes of words.

``<open>`` and ``<closed>`` are the Hangul syllables without and with a final consonant,
``<liquid>`` those with a final ㄹ (Unicode 15, section 3.12); they decide the form of a Korean
particle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from unicodedata import combining, normalize

from claims.kept import Compiler
from claims.necessary import endings

_REFERENCE = re.compile(r"(?<!\?P)<([A-Za-z_0-9]+)>")
_OPEN_SYLLABLES = "[" + "".join(chr(code) for code in range(0xAC00, 0xD7A4, 28)) + "]"
_LIQUID_SYLLABLES = "[" + "".join(chr(code) for code in range(0xAC08, 0xD7A4, 28)) + "]"
_BUILT_IN = {
    "open": _OPEN_SYLLABLES,
    "closed": f"(?!{_OPEN_SYLLABLES})[가-힣]",
    "liquid": _LIQUID_SYLLABLES,
}

_MOST_REMEMBERED = 50_000  # words

# Number, tag, pattern, whether it sees letters, and what `claims.necessary.endings` tells of it.
_Class = tuple[int, str, re.Pattern[str], bool, frozenset[str], frozenset[str] | None]
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
        self._lasts: list[frozenset[str] | None] = []  # the last characters of what each ends in
        self._classes = 0
        self._remembered: dict[str, str] = {}
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
            ends, needs = endings(pattern.pattern)
            self._patterns.append((self._classes, tag, pattern, letters, ends, needs))
            is_open = needs is None or bool(needs)
            self._lasts.append(None if is_open else frozenset(end[-1] for end in ends))
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
        best, tag = self._listed.get(word, none)
        folded = self._folded.get(word.casefold()) if self._folded else None
        if folded is not None and folded[0] < best:
            best, tag = folded
        apart = ""
        for number, other, pattern, letters, ends, needs in self._worth_trying(word[-1:]):
            if number >= best:
                break
            if letters:
                apart = seen = apart or normalize("NFD", word)
            else:
                seen = word
            if (
                seen[-2:] not in ends
                and seen[-1:] not in ends
                and needs is not None
                and (not needs or needs.isdisjoint(seen))
            ):
                continue
            if pattern.fullmatch(seen):
                return other
        return tag

    def _worth_trying(self, end: str) -> list[_Class]:
        """The patterns for words with this last character, in their order."""
        known = self._by_end.get(end)
        if known is not None:
            return known
        if not end or combining(end):  # the order of these changes when letters are taken apart
            return self._patterns
        lasts = {end, normalize("NFD", end)[-1]}
        known = self._by_end[end] = [
            one
            for one, last in zip(self._patterns, self._lasts, strict=True)
            if last is None or not lasts.isdisjoint(last)
        ]
        return known


class Endings:
    """Endings that words have, each with a tag; the first that a word has counts."""

    def __init__(self, patterns: Iterable[tuple[str, re.Pattern[str]]]) -> None:
        self._endings = [(tag, one, *endings(one.pattern)) for tag, one in patterns]
        self._by_end: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def find(self, word: str) -> tuple[int, str] | None:
        """Where the ending of a word begins, and its tag; None for a word that has none, or is one.

        The patterns are searched: they end with the end of the word.
        """
        for tag, pattern in self._worth_trying(word[-2:]):
            found = pattern.search(word)
            if found and found.start():
                return found.start(), tag
        return None

    def tag(self, word: str) -> str | None:
        """The tag of a word that is an ending by itself; None for another."""
        for tag, pattern in self._worth_trying(word[-2:]):
            if pattern.fullmatch(word):
                return tag
        return None

    def _worth_trying(self, end: str) -> list[tuple[str, re.Pattern[str]]]:
        """The patterns for words with these last characters, in their order."""
        known = self._by_end.get(end)
        if known is None:
            if len(self._by_end) > _MOST_REMEMBERED:
                self._by_end.clear()
            known = self._by_end[end] = [
                (tag, pattern)
                for tag, pattern, ends, needs in self._endings
                if needs is None or needs or end in ends or end[-1:] in ends
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
