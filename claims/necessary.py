"""What a pattern can't fit without, told from the pattern itself: most need not be tried at all.

A language has some hundred patterns, and nearly all of them fit hardly any word or sentence. What
they end in and which characters they need is worked out once, when they are compiled, and asked
before they are tried. Reads patterns as Python's own compiler does (``re._parser``); without that,
or where a pattern is too free, nothing is told and the pattern is tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

try:
    from re import _parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover (another Python)
    _parser = None

_TAIL = 2  # characters of an ending that are looked at
_WIDEST = 64  # characters of a range that are listed
_MOST_NEEDS = 3  # of a pattern; the others hardly tell more
_LAST_BIT = 127

Masks = tuple[int, ...]


class _Bits(dict[str, int]):
    """The bit of each character."""

    def __missing__(self, character: str) -> int:
        bit = self[character] = 1 << (ord(character) & _LAST_BIT)
        return bit


_BIT = _Bits()

_Items = Sequence[tuple[Any, Any]]
_Tail = tuple[str, bool]  # the last characters of what fits, and whether these are all of it
_ANYTHING: frozenset[_Tail] = frozenset({("", False)})
_NOTHING: frozenset[_Tail] = frozenset({("", True)})
_ASSERTIONS = {"AT", "ASSERT", "ASSERT_NOT"}
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


def endings(pattern: str) -> tuple[frozenset[str], frozenset[str] | None]:
    """What tells that a pattern can't fit a whole text.

    That ends in one of the first (two characters each, or one) or has one of the second, if the
    pattern fits; None where that can't be told.
    """
    items = _parsed(pattern)
    if items is None:
        return frozenset(), None
    ends: set[str] = set()
    others: set[str] = set()
    for branch in _branches(items):
        told = {text for text, _ in _tails(branch)}
        needs = min(_needs(branch), key=len, default=None)
        if "" not in told:
            ends |= told
        elif needs is None:
            return frozenset(), None
        else:
            others |= needs
    return frozenset(ends), frozenset(others)


def needed(pattern: str) -> tuple[frozenset[str], ...]:
    """Sets of characters of each of which at least one is in every text that a pattern fits in."""
    items = _parsed(pattern)
    found: list[frozenset[str]] = []
    for some in sorted(_needs(items) if items is not None else (), key=len):
        if not any(other <= some for other in found):
            found.append(some)
    return tuple(found[:_MOST_NEEDS])


def bits(characters: Iterable[str]) -> int:
    """Some characters as a set of bits; two seldom share one."""
    found = 0
    for character in set(characters):
        found |= _BIT[character]
    return found


def masks(pattern: re.Pattern[str] | None) -> Masks:
    """The same as `needed`, each set as bits; none for no pattern."""
    return tuple(bits(some) for some in needed(pattern.pattern)) if pattern else ()


def lacks(has: int, needs: Masks) -> bool:
    """Whether a text with these characters (as bits) lacks what a pattern needs."""
    for need in needs:  # noqa: SIM110 (asked a hundred times a sentence: `any` is slow)
        if not has & need:
            return True
    return False


def _parsed(pattern: str) -> _Items | None:
    if _parser is None:  # pragma: no cover (another Python)
        return None
    parsed = _parser.parse(pattern, re.MULTILINE)
    return None if parsed.state.flags & re.IGNORECASE else list(parsed)


def _branches(items: _Items) -> list[_Items]:
    """The alternatives that a pattern consists of; itself where it has none."""
    if len(items) == 1:
        name, value = str(items[0][0]), items[0][1]
        within = _within(name, value)
        if within is not None:
            return _branches(within)
        if name == "BRANCH":
            return [one for branch in value[1] for one in _branches(list(branch))]
    return [items]


def _listed(name: str, value: Any) -> frozenset[str] | None:
    """The characters of an item that is one of some; None for another."""
    if name == "LITERAL":
        return frozenset(chr(value))
    if name != "IN":
        return None
    found: set[str] = set()
    for kind, what in value:
        if str(kind) == "LITERAL":
            found.add(chr(what))
        elif str(kind) == "RANGE" and what[1] - what[0] < _WIDEST:
            found.update(map(chr, range(what[0], what[1] + 1)))
        else:
            return None
    return frozenset(found)


def _within(name: str, value: Any) -> _Items | None:
    """What a group holds; None for what is no group, or regards no case."""
    if name == "ATOMIC_GROUP":
        return list(value)
    if name == "SUBPATTERN" and not value[1] & re.IGNORECASE:
        return list(value[3])
    return None


def _tails(items: _Items) -> frozenset[_Tail]:
    """What a sequence of items ends in."""
    tails = _NOTHING
    for kind, value in reversed(items):
        if str(kind) in _ASSERTIONS:  # these take no character
            continue
        whole = {tail for tail in tails if tail[1]}
        if not whole:
            break
        before = _tails_of_one(str(kind), value)
        tails = (tails - whole) | {_joined(one, tail) for one in before for tail in whole}
    return tails


def _joined(before: _Tail, tail: _Tail) -> _Tail:
    text = before[0] + tail[0]
    return text[-_TAIL:], before[1] and len(text) < _TAIL


def _tails_of_one(name: str, value: Any) -> frozenset[_Tail]:
    some = _listed(name, value)
    if some is not None:
        return frozenset((character, True) for character in some)
    within = _within(name, value)
    if within is not None:
        return _tails(within)
    if name == "BRANCH":
        return _union(_tails(list(branch)) for branch in value[1])
    if name in _REPEATS:
        least, most, repeated = value
        tails = _tails(list(repeated))
        if most > 1:
            tails = frozenset((text, False) for text, _ in tails)
        return tails | _NOTHING if least == 0 else tails
    return _ANYTHING


def _needs(items: _Items) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    for kind, value in items:
        name = str(kind)
        some = _listed(name, value)
        within = _within(name, value)
        if some is not None:
            found.append(some)
        elif within is not None:
            found += _needs(within)
        elif name == "ASSERT":
            found += _needs(list(value[1]))
        elif name in _REPEATS and value[0] > 0:
            found += _needs(list(value[2]))
        elif name == "BRANCH":
            branches = [_needs(list(branch)) for branch in value[1]]
            if all(branches):
                found.append(_union(min(branch, key=len) for branch in branches))
    return found


def _union(sets: Iterable[frozenset[Any]]) -> frozenset[Any]:
    return frozenset().union(*sets)
