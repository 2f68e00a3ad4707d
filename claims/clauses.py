"""A clause of a sentence, and what a pattern over its tags found in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from claims.models import Span
from claims.tokens import Tokens

_numbers: dict[tuple[str, str], list[int]] = {}  # of the groups of a pattern that have a name


# Many of both are made: they aren't frozen, which would make that three times as long.
@dataclass(slots=True)
class Clause:
    """Tokens ``first`` to before ``last`` of a sentence."""

    number: int
    tokens: Tokens
    outline: str
    first: int
    last: int

    @property
    def tags(self) -> str:
        """The part of the outline."""
        return self.outline[self.first : self.last]

    def part(self, first: int, last: int) -> Clause:
        """Other tokens of the same sentence."""
        return Clause(self.number, self.tokens, self.outline, first, last)

    @property
    def span(self) -> Span:
        """Where the clause stands in the text."""
        return self.tokens.full_span(self.first, self.last)


@dataclass(slots=True)
class Found:
    """A match over tags, with the index of the token at which its string began."""

    match: re.Match[str]
    tokens: Tokens
    offset: int

    def range(self, name: str) -> tuple[int, int] | None:
        """The tokens of a named group, or of the first of its numbered alternatives."""
        pattern = self.match.re
        numbers = _numbers.get((pattern.pattern, name))
        if numbers is None:
            numbers = _numbers[pattern.pattern, name] = [
                number
                for key, number in pattern.groupindex.items()
                if key.rstrip("0123456789") == name
            ]
        for number in numbers:
            start, end = self.match.span(number)
            if start >= 0:
                return start + self.offset, end + self.offset
        return None

    def span(self, name: str) -> Span | None:
        """Where the tokens of a group stand in the text; None where there are none."""
        found = self.range(name)
        return self.tokens.span(*found) if found and found[0] < found[1] else None
