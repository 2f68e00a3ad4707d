"""The phrases of a page's prose that introduce somebody: whom the cast is made of."""

from __future__ import annotations

from dataclasses import replace

from claims.phrases import Who
from claims.reading import Reading
from claims.tokens import GENITIVE, Tokens

_TRIES = 4  # beginnings of a phrase tried, since words that don't belong may precede it
_UNNAMED = frozenset({"pronoun", "anonymous", "document", "office"})


def introductions(reading: Reading) -> list[tuple[int, Who, bool, int]]:
    """Phrases of the prose that name somebody: offset, whether subjects, number of sentence."""
    found = []
    text = reading.page.text
    introduction = reading.rules.tagged["introduction"]
    subject = reading.rules.tagged["subject_marker"]
    rules, presents = reading.rules, reading.rules.patterns.get("presents")
    aged = rules.patterns.get("aged")
    for number, tokens in enumerate(reading.tokens):
        for phrase in introduction.finditer(tokens.tags):
            first, who = _understood(reading, tokens, *phrase.span())
            if who is not None:
                start = tokens.starts[first]
                if (
                    who.kind == "bare"
                    and presents
                    and rules.may_fit("presents", text[max(0, start - 20) : start])
                    and presents.search(text[max(0, start - 20) : start])
                ):
                    who = replace(who, kind="person")
                if (
                    aged
                    and who.kind == "person"
                    and aged.match(text, tokens.ends[phrase.end() - 1])
                ):
                    who = replace(who, aged=True)
                marked = subject.match(tokens.tags, phrase.end()) is not None
                found.append((start, who, marked, number))
            found += _owners(reading, tokens, first, phrase.end(), number)
            if who is not None and who.kind == "organization":
                found += _head(reading, tokens, first, phrase.end(), number)
            if who is None or first > phrase.start():
                last = first if who else phrase.end()
                for start, end, inner in _inside(reading, tokens, phrase.start(), last):
                    marked = subject.match(tokens.tags, end) is not None
                    found.append((start, inner, marked, number))
    return found


def _head(
    reading: Reading, tokens: Tokens, first: int, last: int, number: int
) -> list[tuple[int, Who, bool, int]]:
    """The person with an office whose an organization is: ``최만수 교수 연구팀``."""
    who = reading.understand(tokens, first, last - 1)
    if who is None or who.kind != "person" or not who.role:
        return []
    return [(tokens.starts[first], who, False, number)]


def _owners(
    reading: Reading, tokens: Tokens, first: int, last: int, number: int
) -> list[tuple[int, Who, bool, int]]:
    """The person whose somebody a phrase names: ``김서준 씨의 변호인 이도현 변호사``."""
    genitive = tokens.tags.find(GENITIVE, first, last)
    if genitive <= first:
        return []
    owner = reading.understand(tokens, first, genitive)
    if owner is None or owner.kind != "person":
        return []
    if not owner.role and tokens.span(first, genitive).of(reading.page.text).endswith(owner.name):
        return []  # no title behind it says that this is a person: 서울 연희동의 찻집
    return [(tokens.starts[first], owner, False, number)]


def _inside(reading: Reading, tokens: Tokens, start: int, end: int) -> list[tuple[int, int, Who]]:
    """Who is named in the first words of a phrase that as a whole names nobody.

    With the offset of the words, and the token behind them.
    """
    for last in range(end, max(end - _TRIES, start), -1):
        first, who = _understood(reading, tokens, start, last)
        if who is not None and who.kind in {"person", "organization", "likely_organization"}:
            return [(tokens.starts[first], last, who)]
    return []


def _understood(reading: Reading, tokens: Tokens, start: int, last: int) -> tuple[int, Who | None]:
    """Where a phrase that names somebody begins, and who that is; None when nobody is named."""
    for first in range(start, min(last, start + _TRIES)):
        who = reading.understand(tokens, first, last)
        if who is not None:
            return first, None if who.kind in _UNNAMED else who
    return start, None


def fuller(found: tuple[int, Who, bool, int]) -> tuple[int, int]:
    """Sorts names of more words first, and of those longer ones."""
    return -len(found[1].name.split()), -len(found[1].name)
