"""Who comes on stage between two statements: a pronoun may then mean somebody new.

Only what the page itself tells counts, not who is named in what somebody said.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from claims.attributions import Attribution
from claims.cast import Cast
from claims.members import Member, Mention
from claims.models import SpeakerKind
from claims.phrases import Who
from claims.reading import Reading

SOMEBODY: frozenset[SpeakerKind] = frozenset({"person", "anonymous"})


class Scene:
    """A page's sentences, with what was said in them."""

    def __init__(self, reading: Reading, cast: Cast, attributions: Sequence[Attribution]) -> None:
        self._reading, self._rules, self._cast = reading, reading.rules, cast
        self._contents = [attribution.content for attribution in attributions]
        self._heard = {attribution.sentence for attribution in attributions}  # somebody speaks

    def is_said(self, at: int) -> bool:
        """Whether an offset lies in what somebody said."""
        before = bisect_right(self._contents, at, key=lambda content: content.start) - 1
        return before >= 0 and at < self._contents[before].end

    def is_one_of_two(self, mention: Mention) -> bool:
        """Whether a mention is of one of two who are a subject together."""
        pair = self._rules.tagged.get("one_of_two")
        tokens = self._reading.tokens[mention.sentence]
        return pair is not None and any(
            tokens.starts[found.start()] <= mention.start < tokens.starts[found.end() - 1]
            for found in pair.finditer(tokens.tags)
        )

    def others(self, after: int, before: int) -> bool:
        """Whether sentences between two name a person in passing or have somebody for a topic."""
        for mention in reversed(self._cast.mentions):
            if mention.sentence <= after:
                break
            between = mention.sentence < before and mention.member.kind in SOMEBODY
            if between and not self.is_said(mention.start):
                return True
        return self.has_strangers(after, before)

    def has_strangers(self, after: int, before: int) -> bool:
        """Whether somebody without a name is what a sentence between two is about."""
        return any(self._has_stranger(number) for number in range(after + 1, before))

    def _has_stranger(self, number: int) -> bool:
        """Whether somebody without a name is the topic of a sentence."""
        stranger = self._rules.tagged.get("stranger")
        tokens = self._reading.tokens[number]
        for found in stranger.finditer(tokens.tags) if stranger else ():
            who = self._reading.understand(tokens, *found.span(1))
            somebody = who and (who.kind == "anonymous" or self._looks_like_somebody(who))
            if somebody and not self.is_said(tokens.starts[found.start(1)]):
                return True
        return False

    def _looks_like_somebody(self, who: Who) -> bool:
        """Whether a bare name or a role alone that nobody of the cast has is somebody's."""
        perhaps = self._rules.patterns.get("perhaps_somebody")
        if perhaps is None or who.kind != "bare" or self._cast.find(who) is not None:
            return False
        return bool(who.otherwise) or perhaps.fullmatch(who.name) is not None

    def names_another(self, number: int, member: Member) -> bool:
        """Whether a sentence prints, outside what is said, a whole name not this member's."""
        full_name = self._rules.tagged.get("name_put_forward")
        tokens = self._reading.tokens[number]
        for found in full_name.finditer(tokens.tags) if full_name else ():
            name = tokens.span(*found.span(1)).of(self._reading.page.text)
            if name not in member.name and not self.is_said(tokens.starts[found.start(1)]):
                return True
        return False

    def unheard(self, after: int, before: int) -> bool:
        """Whether a sentence between two says something by somebody whom nobody understood."""
        pattern = self._rules.tagged.get("unheard")
        return pattern is not None and any(
            number not in self._heard and self._is_unheard(number, pattern)
            for number in self._reading.candidates
            if after < number < before
        )

    def _is_unheard(self, number: int, pattern: re.Pattern[str]) -> bool:
        """Whether a sentence has a subject that may be somebody, and says something."""
        found = pattern.search(self._reading.outline(number))
        if found is None or not found.re.groups:
            return found is not None
        words = self._reading.tokens[number].span(*found.span(1)).of(self._reading.page.text)
        return self._rules.patterns["nobody"].fullmatch(words) is None

    def are_several(self, member: Member) -> bool:
        """Whether a member is several people, whom no word for one means."""
        several = self._rules.patterns.get("several")
        return bool(several and several.search(member.name))

    def alone(self, member: Member, after: int, before: int) -> Member | None:
        """The member, unless the sentences between two put somebody else's name forward."""
        between = range(after + 1, before)
        return None if any(self.names_another(one, member) for one in between) else member

    def latest_subject(self, start: int, other_than: Member | None) -> Mention | None:
        """The last mention of a person as a subject that isn't in what somebody said."""
        for mention in reversed(self._cast.mentions):
            if (
                mention.start < start
                and mention.subject
                and mention.member.kind in SOMEBODY
                and mention.member is not other_than
                and not self.are_several(mention.member)
                and not self.is_said(mention.start)
            ):
                return mention
        return None
