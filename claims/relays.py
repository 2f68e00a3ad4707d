"""Which outlet an article has a claim from: told to it, in words of the article that say so."""

from __future__ import annotations

from claims.attributions import Attribution
from claims.cast import Cast
from claims.languages import LanguageRules
from claims.members import Member
from claims.models import Article
from claims.phrases import Who


class Relays:
    """Finds the outlets that an article relays claims from, and remembers the last."""

    def __init__(self, article: Article, rules: LanguageRules, cast: Cast) -> None:
        self._article, self._rules, self._cast = article, rules, cast
        self._told: tuple[int, Member, str] | None = None  # sentence, speaker and outlet
        self.latest: Member | None = None  # the outlet named last

    def via(self, attribution: Attribution, member: Member, around: str) -> str | None:
        """The outlet of a claim; ``around`` is its clause without what was said."""
        if self._reports(attribution, member):
            member.kind = "outlet"
        if member.kind == "outlet":
            return member.name
        if attribution.via is not None:
            printed = attribution.outlet or attribution.via.of(self._article.text)
            return self._cast.add(Who(printed, "outlet", "via")).name
        via = self._rules.patterns["via"]
        found = via.search(around) if self._rules.may_fit("via", around) else None
        named = next(filter(None, found.groupdict().values()), None) if found else None
        named = named or self._known_outlet(around)
        if named is not None and named != self._article.outlet:
            self.latest = self._cast.add(Who(named, "outlet", "via"))
            self._told = attribution.sentence, member, self.latest.name
            return self.latest.name
        pronoun = attribution.who is not None and attribution.who.kind == "pronoun"
        return self._before(attribution, member) if attribution.carries or pronoun else None

    def _reports(self, attribution: Attribution, member: Member) -> bool:
        """Whether an organization does what outlets do: ``블룸워치는 … 보도했다``."""
        reports, cue = self._rules.patterns.get("reports_as_outlet"), attribution.cue
        if reports is None or cue is None or member.kind != "organization":
            return False
        if self._rules.patterns["institution"].fullmatch(member.name):
            return False
        return reports.match(cue.of(self._article.text)) is not None

    def _known_outlet(self, around: str) -> str | None:
        """An outlet that only the article itself says to be one, where somebody talks to it."""
        behind = self._rules.patterns.get("via_behind")
        for member in self._cast.members if behind is not None else ():
            at = around.find(member.name) if member.kind == "outlet" else -1
            if at >= 0 and behind and behind.match(around, at + len(member.name)):
                return member.name
        return None

    def _before(self, attribution: Attribution, member: Member) -> str | None:
        """The outlet of the statement that this one goes on from."""
        if self._told is None:
            return None
        sentence, speaker, outlet = self._told
        near = attribution.sentence - sentence <= (1 if attribution.carries else 0)
        return outlet if speaker is member and near else None
