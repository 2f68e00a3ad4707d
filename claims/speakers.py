"""Attributions -> claims: within one article, who each speaker phrase means.

Short forms, titles and pronouns point back to the fullest name that the article prints; role and
organization are carried over with it. Where two people could be meant, the claim is left out: a
quotation under the wrong name is worse than one missed.
"""

from __future__ import annotations

import re
from dataclasses import replace

from claims.attributions import Attribution
from claims.cast import Cast
from claims.languages import Pronoun
from claims.members import Member, may_be
from claims.models import Article, Claim, SpeakerKind
from claims.phrases import Who
from claims.reading import Reading
from claims.recording import Recorder
from claims.scene import SOMEBODY, Scene
from claims.signs import GOES_ON

_NAMED: frozenset[SpeakerKind] = frozenset({"person", "organization", "outlet"})
_TOPICS: frozenset[SpeakerKind] = frozenset({"person", "organization"})
_PRONOUN_SENTENCES = 30  # whom a pronoun means was spoken of nearer than this
_CARRY_SENTENCES = 3  # a statement further away than this carries no speaker over
_ANYTHING = re.compile("")
_FAR = 0.85  # what a speaker found by reference, not by name, does to the confidence
_UNSURE = 0.7  # ... when there are others that it could be, or it was far away
_APART = 0.5  # ... when whole sentences lie between a quotation without a cue and the last one
_NEAR = 3  # sentences in which the only person of a gender is looked for
_BACK = 8  # sentences that a pronoun reaches back


class Resolver:
    """Goes through an article's attributions in order and remembers who spoke last."""

    def __init__(self, article: Article, reading: Reading, cast: Cast) -> None:
        self._article, self._rules, self._cast = article, reading.rules, cast
        self._last: tuple[Attribution, Member] | None = None
        self._earlier: tuple[Attribution, Member] | None = None  # the last one of another speaker
        self._latest: dict[SpeakerKind, Member] = {}
        self._spoken: dict[int, list[Member]] = {}
        self._reading = reading
        self._scene = Scene(reading, cast, [])
        self._sure = 1.0
        self._opponent: Member | None = None
        self._recorder = Recorder(article, reading.rules, cast)
        self.signs = self._recorder.signs  # of each claim, what speaks for or against it
        self._way = ""  # how the speaker was found
        self.unresolved: list[Attribution] = []  # nobody, or more than one, could be meant

    def claims(self, attributions: list[Attribution]) -> list[Claim]:
        """The claims of the attributions whose speaker is beyond doubt."""
        found: list[Claim] = []
        by_sentence: dict[int, list[Attribution]] = {}
        for attribution in attributions:
            by_sentence.setdefault(attribution.sentence, []).append(attribution)
        self._scene = Scene(self._reading, self._cast, attributions)
        for attribution in attributions:
            self._sure, self._way = 1.0, ""
            member = self._member(attribution)
            if member is None:
                self.unresolved.append(attribution)
                continue
            member.spoke = True
            self._spoken.setdefault(attribution.sentence, []).append(member)
            contents = [a.content for a in by_sentence[attribution.sentence]]
            found.append(self._recorder.claim(attribution, member, contents, self._sure, self._way))
            if self._last is not None and self._last[1] is not member:
                self._earlier = self._last
            self._last = attribution, member
            self._latest[member.kind] = member
            if self._recorder.relays.latest is not None:
                self._latest["outlet"] = self._recorder.relays.latest
                self._recorder.relays.latest = None
        return found

    def _member(self, attribution: Attribution) -> Member | None:
        if attribution.carries or attribution.who is None:
            return self._carried(attribution)
        start = attribution.speaker.start if attribution.speaker else attribution.content.start
        self._opponent = None
        if self._last and attribution.inside and attribution.sentence == self._last[0].sentence:
            self._opponent = self._last[1]  # who asked in this sentence is not "he" who answers
        member = self._named(attribution.who, start, attribution.sentence)
        if member is not None and self._cast.refers_back(attribution.who.organization):
            way = self._sure, self._way
            member.organization = member.organization or self._group(
                attribution.who.organization, start
            )
            self._sure, self._way = way
        return member

    def _group(self, words: str | None, start: int) -> str | None:
        """What the words for somebody's organization mean: ``the same party``, ``police``."""
        if words and words not in self._rules.pronouns:
            group = self._described(Who(words, "described_organization", "its"), start)
            return group.name if group and not self._cast.refers_back(group.name) else None
        names = self._rules.pronouns[words].names if words else None
        if names is not None:
            mention = self._cast.latest_mention(start, kind="organization", names=names)
            return mention.member.name if mention else words
        if self._last and self._last[1].kind == "organization":
            return self._last[1].name
        group = self._speakers_organization(start)
        group = group or self._cast.latest_subject(start, kind="organization")
        return group.name if group else None

    def _named(self, who: Who, start: int, sentence: int) -> Member | None:
        pronoun = None if who.kind.startswith("surname") else self._rules.pronouns.get(who.name)
        if pronoun is not None or who.kind == "pronoun":
            return self._meant(who, pronoun or self._without_determiner(who.name), start, sentence)
        member = self._cast.find(who)
        if member is not None:
            return self._cast.add(replace(who, name=member.name, kind=member.kind))
        if who.kind in {"bare", "surname_if_known"}:
            return None
        if who.kind == "name_alone":
            return self._cast.add(replace(who, kind="person"))
        if who.kind == "kept_back":
            return None if self._cast.has_namesake(who) else self._cast.add(who)
        if who.kind.startswith("described"):
            return self._described(who, start)
        if who.kind.startswith("surname"):
            return self._surnamed(who, start)
        return self._cast.add(who) if who.kind != "office" else self._holder(who)

    def _meant(self, who: Who, pronoun: Pronoun | None, start: int, sentence: int) -> Member | None:
        """Who a pronoun means, or words that stand for one."""
        if pronoun is None:
            return self._referred(
                ("anonymous", "person", "organization", "outlet"), start, who, sentence
            )
        if pronoun.names is not None:
            return self._called(pronoun, start, who)
        if pronoun.gender is not None:
            return self._antecedent(start, sentence, pronoun.gender)
        return self._referred(pronoun.kinds, start, who, sentence)

    def _surnamed(self, who: Who, start: int) -> Member | None:
        """Somebody by surname and role whom the page names no fuller."""
        if who.kind == "surname_or_this":
            return self._cast.latest_with_role(start, who.role)
        if self._cast.namesakes(who):
            return None
        name = self._rules.surname_and_role.format(name=who.name, role=who.role or "").strip()
        kind = "anonymous" if who.kind == "surname_or_some" else "person"
        return self._cast.add(replace(who, name=name, kind=kind))

    def _without_determiner(self, words: str) -> Pronoun | None:
        """The pronoun that a phrase holds: ``회사`` in ``회사 측``, ``매체`` in ``해당 매체``."""
        known = (self._rules.pronouns.get(word) for word in words.split())
        return next((one for one in known if one is not None), None)

    def _holder(self, who: Who) -> Member:
        """The one person whom the page says to hold an office that stands without a name."""
        return self._cast.holder(who) or self._cast.add(replace(who, kind="anonymous"))

    def _antecedent(self, start: int, sentence: int, gender: str) -> Member | None:
        """Whom a pronoun means: sentence by sentence back, who spoke in it or was its subject.

        After the centering theory of Grosz, Joshi and Weinstein (1995): subjects before others,
        the nearest sentence first. Whoever is only named in what somebody said doesn't count.
        """
        for back in range(_BACK):
            spoke = self._spoken.get(sentence - back, [])[::-1]
            subjects = [
                mention.member
                for mention in self._cast.subjects(sentence - back)
                if mention.start < start and not self._scene.is_said(mention.start)
            ]
            near = {id(member): member for member in [*spoke, *subjects]}.values()
            possible = [one for one in near if one.kind == "person" and may_be(one, gender)]
            if possible:
                member = possible[0]
                sure = back <= 2 and len(possible) == 1 and member.gender == gender
                self._sure = _FAR if sure else _UNSURE
                self._way = "only subject" if len(possible) == 1 else "first subject"
                self._way += ", near" if back <= 2 else ", far"
                self._way += "" if member.gender == gender else ", gender unknown"
                member.gender = gender
                return member
            if sentence - back in self._cast.ambiguous:
                return None
        return self._only_one(start, sentence, gender)

    def _only_one(self, start: int, sentence: int, gender: str) -> Member | None:
        """The one person of a gender whom the last sentences name anywhere."""
        named = {
            id(mention.member): mention.member
            for mention in self._cast.mentions
            if sentence - _NEAR <= mention.sentence and mention.start < start
        }.values()
        fitting = [one for one in named if one.kind == "person" and one.gender == gender]
        self._sure, self._way = _FAR, "only one of a gender"
        return fitting[0] if len(fitting) == 1 else None

    def _referred(
        self, kinds: tuple[SpeakerKind, ...], start: int, who: Who, sentence: int
    ) -> Member | None:
        """Who ``it``, ``they`` or ``the company`` means: the last one of its kind."""
        self._sure, self._way = _UNSURE, "last of a kind"
        if kinds == ("person",):
            return self._latest_person(start, sentence)
        for kind in kinds:
            if kind == "organization" and (own := self._speakers_organization(start)):
                return own
            member = self._cast.latest_subject(start, kind=kind) if kind in _NAMED else None
            member = member or self._latest.get(kind)
            if member is not None:
                return member
        if "organization" in kinds and (who.kind != "pronoun" or " " in who.name):
            return self._cast.add(replace(who, kind="organization"))
        return None

    def _speakers_organization(self, start: int) -> Member | None:
        """The organization of the person who spoke last, unless another one is a subject since."""
        if self._last is None:
            return None
        attribution, member = self._last
        since = attribution.speaker.start if attribution.speaker else attribution.content.start
        if member.kind != "person" or not member.organization:
            return None
        if self._cast.latest_subject(start, since, kind="organization"):
            return None
        return self._cast.organization(member.organization)

    def _latest_person(self, start: int, sentence: int) -> Member | None:
        """The person last mentioned as a subject, or whoever spoke since then.

        Nobody when somebody whom nothing tells who that is spoke in between.
        """
        mention = self._scene.latest_subject(start, self._opponent)
        since = max(
            self._last[0].sentence if self._last else -1, mention.sentence if mention else -1
        )
        if sentence - since > _PRONOUN_SENTENCES:
            return None
        if self._scene.unheard(since, sentence) or self._scene.others(since, sentence):
            return None
        if mention and mention.sentence == since and self._scene.is_one_of_two(mention):
            return None
        if self._last is not None and self._opponent is None:
            attribution, member = self._last
            spoke = (attribution.speaker or attribution.content).start
            if member.kind in SOMEBODY and spoke > (mention.start if mention else -1):
                if self._scene.are_several(member):
                    return None
                return self._scene.alone(member, since, sentence)
        found = mention.member if mention else self._latest.get("person")
        return self._scene.alone(found, since, sentence) if found else None

    def _called(self, pronoun: Pronoun, start: int, who: Who) -> Member | None:
        """Who ``the court`` means: the last one named so, else the words themselves."""
        names = pronoun.names or _ANYTHING
        own = self._speakers_organization(start) if "organization" in pronoun.kinds else None
        if own is not None and names.search(own.name):
            return own
        spoke = [one for number in sorted(self._spoken) for one in self._spoken[number]]
        for kind in pronoun.kinds:
            mention = self._cast.latest_mention(
                start, kind=kind, names=names, subjects=pronoun.subjects
            )
            heard = [one for one in spoke if one.kind == kind and names.search(one.name)]
            if heard and (mention is None or not (mention.subject or mention.member in heard)):
                return heard[-1]  # who was only named since then is not who goes on
            if mention is not None:
                return mention.member
        kind = pronoun.kinds[0]
        return self._cast.add(replace(who, kind=kind)) if kind != "person" else None

    def _described(self, who: Who, start: int) -> Member | None:
        """``the minister``, ``the company``: somebody named before, else as printed."""
        word = who.name.split()[-1].casefold()
        if who.kind == "described":
            said = who.role or who.name
            if self._last and _is_described(self._last[1], said):
                return self._last[1]
            member = self._cast.latest_with_role(start, said) or self._unnamed(said)
            if member is None and said.casefold() in self._rules.lists.get("generic_person", ()):
                member = self._last[1] if self._last and self._last[1].kind == "anonymous" else None
            return member or self._cast.add(replace(who, kind="anonymous", role=None))
        named_so = {word, *(part.casefold() for part in who.name.split()[1:] if part[:1].isupper())}
        latest = self._latest.get("organization")
        for member in (latest, self._cast.latest_subject(start, kind="organization")):
            if member is not None and all(part in member.name.casefold() for part in named_so):
                return member
        if word in self._rules.lists.get("generic_organization", ()) and len(named_so) == 1:
            self._sure = _FAR
            named = latest or self._cast.latest_subject(start, kind="organization")
            if named is not None and named.name[:1].isupper():
                self._way = "generic"
                return named
        return self._cast.add(replace(who, kind="organization"))

    def _unnamed(self, words: str) -> Member | None:
        """The unnamed speaker before whose description has the words: ``the diplomat``."""
        spoken = [member for number in sorted(self._spoken) for member in self._spoken[number]]
        for member in reversed(spoken):
            if _is_described(member, words):
                return member
        return None

    def _carried(self, attribution: Attribution) -> Member | None:
        """The speaker of the statement before, unless somebody else came on stage since."""
        topic = self._topic_before(attribution)
        if topic is not None and (self._last is None or topic.kind == "organization"):
            self._sure, self._way = _FAR, "carried from a subject"
            return topic
        if self._last is None:
            return None
        handed_over = self._is_handed_over(attribution)
        last = self._earlier if handed_over else self._last
        if last is None:
            return None
        before, member = last
        distance = attribution.sentence - before.sentence - before.further
        if distance > _CARRY_SENTENCES:
            self._sure, self._way = _FAR, "carried from a subject"
            return topic
        if attribution.sentence > before.sentence and attribution.inside:
            return None  # the sentence has a speaker of its own, whom nobody understood
        spoken = max(before.clause.end, before.content.end)
        newcomer = self._cast.latest_subject(attribution.content.start, spoken)
        newcomer = None if handed_over else newcomer
        if distance <= 1 and newcomer is None and before.kind == "direct":
            # One quotation in two parts stands or falls together.
            self._sure = min(1.0, self._recorder.last_confidence / attribution.confidence)
            self._way = GOES_ON
        else:
            self._sure = _FAR if distance <= 1 or self._goes_on(attribution) else _APART
            self._way = "carried" if distance <= 1 else "carried far"
            self._way += "" if newcomer is None else ", newcomer"
        between = before.sentence, attribution.sentence
        if self._scene.unheard(*between) or (
            newcomer is None and self._scene.has_strangers(*between)
        ):
            return None
        return newcomer or member

    def _is_handed_over(self, attribution: Attribution) -> bool:
        """Whether the one before in this sentence only asked: …고 지적하자 "…"고 답했다."""
        asked = self._rules.patterns.get("hands_over")
        before = self._last[0] if self._last else None
        if asked is None or before is None or before.cue is None:
            return False
        same = before.sentence == attribution.sentence
        return same and asked.fullmatch(before.cue.of(self._article.text)) is not None

    def _goes_on(self, attribution: Attribution) -> bool:
        """Whether the clause opens with a word that says that the same speaker goes on."""
        first = attribution.clause.of(self._article.text).split(maxsplit=1)[:1]
        return first[0] in self._rules.lists.get("continuing", ()) if first else False

    def _topic_before(self, attribution: Attribution) -> Member | None:
        """Whom alone the sentence before is about, if it tells of him and he says nothing in it."""
        number = attribution.sentence - 1
        sentences = self._reading.page.sentences
        same = self._rules.contracts and number >= 0 and number not in self._spoken
        if not same or sentences[number].block != sentences[number + 1].block:
            return None
        if attribution.inside or number in self._reading.candidates:
            return None
        about = {id(one.member): one.member for one in self._cast.subjects(number)}
        members = list(about.values())
        return members[0] if len(members) == 1 and members[0].kind in _TOPICS else None


def _is_described(member: Member, words: str) -> bool:
    """Whether an unnamed speaker's description holds all of the words."""
    described = set(member.name.casefold().split())
    return member.kind == "anonymous" and described.issuperset(words.casefold().split())
