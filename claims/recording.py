"""An attribution whose speaker is known -> a claim, with its outlet, its day and how sure it is."""

from __future__ import annotations

import re

from claims.attributions import Attribution
from claims.cast import Cast
from claims.confidence import Signs, measured
from claims.dates import resolve
from claims.languages import LanguageRules
from claims.members import Member
from claims.models import Article, Claim, Span, Speaker
from claims.relays import Relays
from claims.signs import GOES_ON, signs_of, way_of

_DAYS_WITHIN = 1000  # code points looked back for the day that "the same day" means


class Recorder:
    """Makes an article's claims, in order; ``signs`` are what speaks for or against each."""

    def __init__(self, article: Article, rules: LanguageRules, cast: Cast) -> None:
        self._article, self._rules, self._cast = article, rules, cast
        self.relays = Relays(article, rules, cast)
        self.signs: list[Signs] = []
        self.last_confidence = 1.0  # of the claim before
        self._last_way = ""
        self._measured = measured(rules.code)

    def claim(
        self, attribution: Attribution, member: Member, contents: list[Span], sure: float, way: str
    ) -> Claim:
        """The claim of an attribution; ``contents`` are those of its sentence.

        ``sure`` is what the ``way`` in which the speaker was found does to the confidence.
        """
        article, content = self._article, attribution.content
        self._see_who_speaks(attribution, member)
        around = _blanked(article.text, attribution.clause, contents)
        via = self.relays.via(attribution, member, around)
        said_on_text = self._said_on_text(around)
        start = attribution.clause.start
        before = article.text[max(0, start - _DAYS_WITHIN) : start]
        self.last_confidence = self._confidence(attribution, member, sure, way)
        return Claim(
            text=content.of(article.text),
            kind=attribution.kind,
            speaker=Speaker(member.name, member.shown_as, tuple(member.aliases)),
            start=content.start,
            end=content.end,
            language=self._rules.code,
            rule=f"{self._rules.code}: {attribution.rule}",
            confidence=self.last_confidence,
            role=member.role,
            organization=self._organization(member),
            organization_aliases=tuple(member.organization_aliases),
            via=article.via or via,
            said_on=resolve(said_on_text, article.published_on, self._rules, before),
            said_on_text=said_on_text,
            cue=attribution.cue.of(article.text) if attribution.cue else None,
            speaker_start=attribution.speaker.start if attribution.speaker else None,
            speaker_end=attribution.speaker.end if attribution.speaker else None,
        )

    def _see_who_speaks(self, attribution: Attribution, member: Member) -> None:
        """A name that only its sentence knows is a person's where it does what people do."""
        speaks = self._rules.patterns.get("speaks_as_person")
        guessed = attribution.who is not None and attribution.who.guessed
        if not guessed or not speaks or not attribution.cue or member.kind != "organization":
            return
        if speaks.fullmatch(attribution.cue.of(self._article.text)):
            member.kind = "person"

    def _confidence(
        self, attribution: Attribution, member: Member, sure: float, reference: str
    ) -> float:
        """How sure a claim is: as measured, where the language was measured."""
        way = way_of(attribution, member, reference)
        article = self._article
        signs = signs_of(attribution, member, way, self._last_way, article.text, self._rules)
        self.signs.append(signs)
        self._last_way = way if way != GOES_ON else self._last_way
        if way == GOES_ON and self._measured is not None:
            return self.last_confidence  # parts of one quotation stand or fall together
        if self._measured is None:
            return round(attribution.confidence * sure, 3)
        return round(self._measured.confidence(signs), 3)

    def _organization(self, member: Member) -> str | None:
        """Whom a member speaks for: no person, as in ``Doe's lawyer``."""
        if member.organization and self._cast.is_person(member.organization):
            return None
        return self._cast.full_name(member.organization or self._cast.employer(member.role))

    def _said_on_text(self, around: str) -> str | None:
        when = self._rules.patterns.get("when")
        if when is not None and not when.search(around):
            return None
        if not self._rules.may_fit("said_on", around):
            return None
        found = self._rules.patterns["said_on"].search(around)
        return found.group().strip() if found else None


def _blanked(text: str, clause: Span, contents: list[Span]) -> str:
    """The clause without the contents in it: only what attributes."""
    piece = list(clause.of(text))
    for content in contents:
        for at in range(max(content.start, clause.start), min(content.end, clause.end)):
            piece[at - clause.start] = "\n"
    return re.sub(r"\n+", " \n ", "".join(piece))
