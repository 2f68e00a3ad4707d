"""Who a frame's speaker phrase names: a bare name only where the page, or the frame, says so."""

from __future__ import annotations

from dataclasses import replace

from claims.clauses import Clause, Found
from claims.languages import Frame
from claims.models import Span
from claims.phrases import Who, without_brackets
from claims.reading import Reading
from claims.tokens import Tokens

_SUPPOSED_WITHIN = 12  # code points before a speaker in which an "if" stands
_TRIES = 5  # beginnings of a phrase tried: patience is finite
_UNNAMED = 0.85  # what it does to the confidence that a phrase names nobody known


class Finder:
    """Understands the speaker phrases of one page's frames.

    ``known`` holds the names, whole and short, that the page introduces: a bare name counts as a
    speaker only when it is among them.
    """

    def __init__(self, reading: Reading, known: frozenset[str]) -> None:
        self._reading, self._page, self._rules = reading, reading.page, reading.rules
        self._known = known
        self.refused: list[Span] = []  # phrases where a speaker should be that name nobody known

    def who(self, found: Found, frame: Frame | None = None) -> Who | None:
        """The speaker phrase understood; a bare name only when the page introduces it."""
        speaker = found.range("speaker")
        if speaker is None:
            return None
        who = self._understood(found.tokens, *speaker)
        if who is None and frame is not None and frame.introduces:
            who = self._introduced(found.tokens, *speaker)
        partner = found.range("partner")
        if who is None:
            self.refused.append(found.tokens.span(*speaker))
        if who is None or partner is None:
            return who
        return self._joint(found.tokens, partner, speaker, who)

    def who_at_the_end(self, found: Found) -> Who | None:
        """The end of a speaker phrase understood, where words before it don't belong to it."""
        first, last = found.range("speaker") or (0, 0)
        for start in range(first + 1, min(last, first + _TRIES)):
            who = self._understood(found.tokens, start, last)
            if who is not None:
                return who
        return None

    def _understood(self, tokens: Tokens, first: int, last: int) -> Who | None:
        start = tokens.starts[first]
        if self._rules.patterns["hypothetical"].search(
            self._page.text, max(0, start - _SUPPOSED_WITHIN), start
        ):
            return None
        who = self._reading.understand(tokens, first, last)
        if who is not None and who.kind == "bare" and who.name not in self._known:
            return self._unnamed(who, tokens, first, last)
        if who is None:
            return None
        if who.whole and not self._begins(tokens, first, who.whole):
            return None
        described = who.kind == "surname_if_known" and who.otherwise
        if described and first and self._begins(tokens, first, who.otherwise):
            words = without_brackets(self._page.text, tokens.span(first, last))
            return replace(who, name=words, kind="kept_back", confidence=who.confidence * _UNNAMED)
        return who

    def _unnamed(self, who: Who, tokens: Tokens, first: int, last: int) -> Who | None:
        """Somebody whom nothing but what they are is known of: ``관할 지청장``."""
        if not who.otherwise or not self._begins(tokens, first, who.otherwise):
            return None
        if not first and who.role is None:
            return None
        words = without_brackets(self._page.text, tokens.span(first, last))
        confidence = who.confidence * _UNNAMED
        return Who(words, "anonymous", who.shape, confidence=confidence)

    def _introduced(self, tokens: Tokens, first: int, last: int) -> Who | None:
        """Somebody whom nothing but the frame says to be one: by the look of the name."""
        who = self._reading.understand(tokens, first, last)
        if who is None or who.kind != "bare" or not self._begins(tokens, first, "before_phrase"):
            return None
        looks = self._rules.patterns["introduced"].fullmatch(who.name)
        if looks is None:
            return None
        if looks.groupdict().get("unnamed"):
            return replace(who, kind="anonymous")
        kind = "name_alone" if looks["person"] else "organization"
        return replace(who, kind=kind, guessed=True)

    def outlet(self, tokens: Tokens, first: int, last: int) -> str | None:
        """The name of the outlet that a phrase is; None when it is none."""
        who = self._reading.understand(tokens, first, last)
        return who.name if who is not None and who.kind == "outlet" else None

    def _begins(self, tokens: Tokens, first: int, pattern: str) -> bool:
        """Whether a phrase is whole: what is before it cannot be part of a name."""
        return not first or bool(self._rules.tagged[pattern].match(tokens.tags, first - 1))

    def _joint(
        self, tokens: Tokens, partner: tuple[int, int], speaker: tuple[int, int], second: Who
    ) -> Who | None:
        """Several speaking as one, by the words of the article; None if the first is nobody."""
        first = self._understood(tokens, *partner)
        if first is None or first.kind == "pronoun":
            return None
        people = {first.kind, second.kind} <= {"person", "surname", "bare"}
        words = without_brackets(self._page.text, tokens.span(partner[0], speaker[1]))
        return Who(words, "person" if people else "organization", "joint")

    def is_about_somebody(self, clause: Clause, first: int, last: int) -> bool:
        """Whether the first topic of a statement could be somebody who speaks."""
        found = self._rules.tagged["topic"].search(clause.tokens.tags, first, last)
        if found is None:
            return False
        who = self._reading.understand(clause.tokens, *found.span(1))
        named = who is not None and (who.kind != "bare" or who.name in self._known)
        return named or self._introduced(clause.tokens, *found.span(1)) is not None
