"""Attributions -> claims: within one article, who each speaker phrase means.

Short forms, titles and pronouns point back to the fullest name that the article prints; role and
organization are carried over with it. Where two people could be meant, the claim is left out: a
quotation under the wrong name is worse than one missed.
"""

from __future__ import annotations

import re
from dataclasses import replace

from claims.attribution import Attribution
from claims.cast import Cast, Member
from claims.dates import resolve
from claims.models import Article, Claim, Span, Speaker, SpeakerKind
from claims.phrases import Who
from claims.reading import Reading

_NAMED: frozenset[SpeakerKind] = frozenset({"person", "organization", "outlet"})
_CARRY_SENTENCES = 3  # a statement further away than this carries no speaker over
_FAR = 0.85  # what a speaker found by reference, not by name, does to the confidence


class Resolver:
    """Goes through an article's attributions in order and remembers who spoke last."""

    def __init__(self, article: Article, reading: Reading, cast: Cast) -> None:
        self._article, self._rules, self._cast = article, reading.rules, cast
        self._last: tuple[Attribution, Member] | None = None
        self._latest: dict[SpeakerKind, Member] = {}
        self.unresolved: list[Attribution] = []  # nobody, or more than one, could be meant

    def claims(self, attributions: list[Attribution]) -> list[Claim]:
        """The claims of the attributions whose speaker is beyond doubt."""
        found: list[Claim] = []
        for attribution in attributions:
            member = self._member(attribution)
            if member is None:
                self.unresolved.append(attribution)
                continue
            contents = [a.content for a in attributions if a.clause.overlaps(attribution.clause)]
            found.append(self._claim(attribution, member, contents))
            self._last = attribution, member
            self._latest[member.kind] = member
        return found

    def _member(self, attribution: Attribution) -> Member | None:
        if attribution.carries or attribution.who is None:
            return self._carried(attribution)
        start = attribution.speaker.start if attribution.speaker else attribution.content.start
        member = self._named(attribution.who, start)
        if member is not None and attribution.who.organization in self._rules.pronouns:
            group = self._referred(("organization",), start, attribution.who)
            member.organization = group.name if group else None
        return member

    def _named(self, who: Who, start: int) -> Member | None:
        pronoun = self._rules.pronouns.get(who.name)
        if pronoun is not None or who.kind == "pronoun":
            kinds = pronoun.kinds if pronoun else ("anonymous", "person", "organization", "outlet")
            return self._referred(kinds, start, who, pronoun.gender if pronoun else None)
        member = self._cast.find(who)
        if member is not None:
            return self._cast.add(replace(who, name=member.name, kind=member.kind))
        if who.kind == "bare":
            return None
        if who.kind.startswith("described"):
            return self._described(who, start)
        if who.kind == "surname_or_this":
            return self._cast.latest_with_role(start, who.role)
        if who.kind.startswith("surname"):
            name = self._rules.surname_and_role.format(name=who.name, role=who.role or "").strip()
            kind = "anonymous" if who.kind == "surname_or_some" else "person"
            return self._cast.add(replace(who, name=name, kind=kind))
        return self._cast.add(who)

    def _referred(
        self, kinds: tuple[SpeakerKind, ...], start: int, who: Who, gender: str | None = None
    ) -> Member | None:
        """Who a pronoun or ``the company`` means: the last one of its kind."""
        if kinds == ("person",):
            member = self._cast.latest_subject(start, gender=gender) or self._latest.get("person")
            if member is not None and gender is not None:
                member.gender = member.gender or gender
            return member if member is None or gender in {None, member.gender} else None
        for kind in kinds:
            member = self._cast.latest_subject(start, kind=kind) if kind in _NAMED else None
            member = member or self._latest.get(kind)
            if member is not None:
                return member
        if "organization" in kinds:
            return self._cast.add(replace(who, kind="organization"))
        return None

    def _described(self, who: Who, start: int) -> Member | None:
        """``the minister``, ``the company``: somebody named before, else as printed."""
        if who.kind == "described":
            member = self._cast.latest_with_role(start, who.name)
            return member or self._cast.add(replace(who, kind="anonymous"))
        word = who.name.split()[-1].casefold()
        member = self._cast.latest_subject(start, kind="organization")
        if member is not None and word in member.name.casefold():
            return member
        return self._cast.add(replace(who, kind="organization"))

    def _carried(self, attribution: Attribution) -> Member | None:
        """The speaker of the statement before, unless somebody else came on stage since."""
        if self._last is None:
            return None
        before, member = self._last
        if attribution.sentence - before.sentence > _CARRY_SENTENCES:
            return None
        newcomer = self._cast.latest_subject(attribution.content.start, before.clause.end)
        return newcomer or member

    def _claim(self, attribution: Attribution, member: Member, contents: list[Span]) -> Claim:
        article, content = self._article, attribution.content
        around = _blanked(article.text, attribution.clause, contents)
        via = self._via(attribution, member, around)
        said_on_text = self._said_on_text(around)
        referred = attribution.carries or (attribution.who and attribution.who.kind == "pronoun")
        return Claim(
            text=content.of(article.text),
            kind=attribution.kind,
            speaker=Speaker(member.name, member.kind, tuple(member.aliases)),
            start=content.start,
            end=content.end,
            language=self._rules.code,
            rule=f"{self._rules.code}: {attribution.rule}",
            confidence=round(attribution.confidence * (_FAR if referred else 1), 3),
            role=member.role,
            organization=member.organization,
            organization_aliases=tuple(member.organization_aliases),
            via=article.via or via,
            said_on=resolve(said_on_text, article.published_on, self._rules),
            said_on_text=said_on_text,
            cue=attribution.cue.of(article.text) if attribution.cue else None,
            speaker_start=attribution.speaker.start if attribution.speaker else None,
            speaker_end=attribution.speaker.end if attribution.speaker else None,
        )

    def _via(self, attribution: Attribution, member: Member, around: str) -> str | None:
        """The outlet that the article says it has this claim from."""
        if member.kind == "outlet":
            return member.name
        if attribution.via is not None:
            name = attribution.via.of(self._article.text)
            return self._cast.add(Who(name, "outlet", "via")).name
        found = self._rules.patterns["via"].search(around)
        if not found or found["via"] == self._article.outlet:
            return None
        outlet = self._cast.add(Who(found["via"], "outlet", "via"))
        self._latest["outlet"] = outlet
        return outlet.name

    def _said_on_text(self, around: str) -> str | None:
        found = self._rules.patterns["said_on"].search(around)
        return found.group().strip() if found else None


def _blanked(text: str, clause: Span, contents: list[Span]) -> str:
    """The clause without the contents in it: only what attributes."""
    piece = list(clause.of(text))
    for content in contents:
        for at in range(max(content.start, clause.start), min(content.end, clause.end)):
            piece[at - clause.start] = "\n"
    return re.sub(r"\n+", " \n ", "".join(piece))
