"""What a later version of an article changed in its claims.

Claims are aligned in three steps, each over what the one before left: the same words of the same
speaker, the same words of another, and alike words of the same speaker. Alike is told by
rapidfuzz's normalized Indel similarity (a longest common subsequence), or by one standing inside
the other.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from unicodedata import normalize

ChangeKind = Literal[
    "kept",  # the same words of the same speaker
    "reworded",  # other words of the same speaker
    "reattributed",  # the same words, now another's
    "added",  # words that the earlier version didn't have
    "attributed",  # words that it had, but nobody's
    "dropped",  # words that the later version doesn't have
    "unattributed",  # words that it has, but nobody's
]
_ALIKE = 60.0  # least similarity of a rewording, 0 to 100
_AROUND = 50  # claims before and after in the order of the article that may be the reworded one
_COMPARED = 2_000  # code points of a claim that are compared
_TELLING = 8  # code points; fewer stand in any text by chance
_PRINTED_ALIKE = str.maketrans("“”„«»‘’‚–—‒\u00a0", '"""""\'\'\'--- ')


@dataclass(frozen=True, slots=True)
class Told:
    """A claim as far as versions are compared by it: its id, its words, who said them."""

    id: int
    text: str
    speaker: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article: its text, and its claims in order of appearance."""

    text: str
    claims: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a claim: ``before`` and ``after`` are the claim in either version, if any."""

    kind: ChangeKind
    before: Told | None
    after: Told | None


_Pairs = dict[
    int, tuple[ChangeKind, int]
]  # place in the later version -> what, place in the earlier


def compare(earlier: Version, later: Version) -> list[Change]:
    """What the later version made of each claim of the earlier one, and what it added.

    First the claims of the later version in their order, then those that are gone.
    """
    pairs: _Pairs = {}
    before = [_Words(claim) for claim in earlier.claims]
    after = [_Words(claim) for claim in later.claims]
    steps: tuple[tuple[ChangeKind, Callable[[], Iterable[tuple[int, int]]]], ...] = (
        ("kept", lambda: _same(before, after, pairs, lambda one: (one.words, one.speaker))),
        ("reattributed", lambda: _same(before, after, pairs, lambda one: one.words)),
        ("reworded", lambda: _alike(before, after, pairs)),
    )
    for kind, matched in steps:  # each over what the one before left
        pairs |= {new: (kind, old) for old, new in matched()}
    return list(_told(earlier, later, pairs))


class _Words:
    """A claim's words without what only typesetting changes."""

    __slots__ = ("speaker", "words")

    def __init__(self, claim: Told) -> None:
        self.words = _plain(claim.text)
        self.speaker = claim.speaker


def _plain(text: str) -> str:
    text = normalize("NFC", text).translate(_PRINTED_ALIKE)
    return re.sub(r"\s+", " ", text).strip()


def _same(
    before: list[_Words], after: list[_Words], pairs: _Pairs, key: Callable[[_Words], Hashable]
) -> Iterable[tuple[int, int]]:
    """Places of claims with the same key, the first with the first and so on."""
    taken = {old for _, old in pairs.values()}
    left: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for old, one in enumerate(before):
        if old not in taken:
            left[key(one)].append(old)
    found = []
    for new, one in enumerate(after):
        if new not in pairs and left[key(one)]:
            found.append((left[key(one)].popleft(), new))
    return found


def _alike(before: list[_Words], after: list[_Words], pairs: _Pairs) -> Iterator[tuple[int, int]]:
    """Places of claims of one speaker in alike words, the most alike first."""
    taken = {old for _, old in pairs.values()}
    olds = [old for old in range(len(before)) if old not in taken]
    news = [new for new in range(len(after)) if new not in pairs]
    scored = []
    for rank, old in enumerate(olds):
        for new in news[max(0, rank - _AROUND) : rank + _AROUND]:
            if before[old].speaker == after[new].speaker:
                score = _likeness(before[old].words, after[new].words)
                if score >= _ALIKE:
                    scored.append((-score, abs(old - new), old, new))
    gone: set[int] = set()
    came: set[int] = set()
    for _, _, old, new in sorted(scored):
        if old not in gone and new not in came:
            gone.add(old)
            came.add(new)
            yield old, new


def _likeness(one: str, other: str) -> float:
    from rapidfuzz.fuzz import ratio

    one, other = one[:_COMPARED], other[:_COMPARED]
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= _TELLING and shorter in longer:
        return 100.0
    return float(ratio(one, other))


def _told(earlier: Version, later: Version, pairs: _Pairs) -> Iterator[Change]:
    was, now = _plain(earlier.text), _plain(later.text)
    for place, claim in enumerate(later.claims):
        if place in pairs:
            kind, old = pairs[place]
            yield Change(kind, earlier.claims[old], claim)
        else:
            yield Change("attributed" if _stands(claim, was) else "added", None, claim)
    taken = {old for _, old in pairs.values()}
    for place, claim in enumerate(earlier.claims):
        if place not in taken:
            yield Change("unattributed" if _stands(claim, now) else "dropped", claim, None)


def _stands(claim: Told, text: str) -> bool:
    words = _plain(claim.text)
    return len(words) >= _TELLING and words in text
