"""Everybody a page names: the people, organizations and outlets that later short forms mean.

A *mention* is a phrase of the page's prose that names somebody with something that says so (a
role, an organization, an honorific). The cast joins the mentions that are of one person, so that
the fullest name, the role and the organization are known wherever the page printed them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from operator import attrgetter

from claims.abbreviations import abbreviates, contracts, initials, leaves_out
from claims.companies import company, main_company
from claims.genders import learn_genders
from claims.introductions import fuller, introductions
from claims.members import Member, Mention, differ_in_initials, may_be
from claims.models import SpeakerKind
from claims.passing import long_names, named_in_a_heading, named_in_passing
from claims.phrases import Who
from claims.reading import Reading
from claims.surnames import bare_surname, has_surname, same_role

_NAMED_SO: tuple[SpeakerKind, ...] = ("anonymous", "organization", "outlet")
_KINDS: dict[str, SpeakerKind] = {
    "organization": "organization",
    "outlet": "outlet",
    "document": "organization",
    "likely_organization": "organization",
    "anonymous": "anonymous",
    "pseudonym": "person",
    "kept_back": "person",
}
_CUT_OFF = 4  # characters of a name that may be cut off at its end


class Cast:
    """The members of a page's cast and where they are mentioned."""

    def __init__(self, reading: Reading) -> None:
        self._rules = reading.rules
        self.members: list[Member] = []
        self.mentions: list[Mention] = []
        self._by_exact: dict[tuple[SpeakerKind, str], Member] = {}
        self._by_end: dict[str, list[Member]] = {}  # people
        self._by_first_word: dict[str, list[Member]] = {}
        self._by_both_ends: dict[tuple[str, str], list[Member]] = {}
        for name, short in initials(reading.page.text, self._rules):
            self.add(Who(name, "organization", "initials", aliases=(short,)))
        found = introductions(reading)
        self._gather(reading, found)
        self._subjects: dict[int, list[Mention]] = {}
        self.ambiguous: set[int] = set()  # sentences about one of several with the same surname
        for start, who, subject, sentence in filter(self._no_place, found):
            member = self.find(who) or self._newly_titled(who)
            if member is not None:
                mention = Mention(start, member, subject, sentence)
                self.mentions.append(mention)
                if subject:
                    self._subjects.setdefault(sentence, []).append(mention)
            elif subject and who.kind.startswith("surname"):
                self.ambiguous.add(sentence)
        learn_genders(reading, self.mentions)

    def _gather(self, reading: Reading, found: list[tuple[int, Who, bool, int]]) -> None:
        """Add everybody whom the page names."""
        # Fuller names first, so that a short form finds the long one wherever it stands.
        for _, who, _, _ in sorted(found, key=fuller):
            if who.kind == "person" and len(who.name) > 1 and not self._by_beginning(who, "person"):
                self.add(who)
        for name in long_names(reading, found):
            self.add(Who(name, "person", "long name"))
        for _, who, _, _ in sorted(found, key=lambda one: -len(one[1].name)):
            if who.kind in {"organization", "likely_organization", "outlet", "pseudonym"}:
                self.add(who)
        for _, who, _, _ in found:
            self._add_from_passing(reading, who)

    def _no_place(self, found: tuple[int, Who, bool, int]) -> bool:
        place = self._rules.patterns.get("place")
        who = found[1]
        return not (place and who.kind == "organization" and place.fullmatch(who.name))

    def _add_from_passing(self, reading: Reading, who: Who) -> None:
        """Add somebody of whom only surname and role are known so far by the whole name."""
        if who.kind == "surname" and self.find(who) is None and not self.namesakes(who):
            known = {member.name for member in self.members}
            name = named_in_passing(reading, who) or named_in_a_heading(reading, who, known)
            if name is not None:
                self.add(replace(who, name=name, kind="person"))

    def _newly_titled(self, who: Who) -> Member | None:
        """Somebody of whom the page prints no more than title and surname: ``Mr. Doe``."""
        if who.kind != "surname" or who.gender is None:
            return None
        if any(who.name == member.name.split()[-1] for member in self.members):
            return None
        return self.add(replace(who, kind="person"))

    def subjects(self, sentence: int) -> list[Mention]:
        """The mentions in a sentence that are subjects, in order."""
        return self._subjects.get(sentence, [])

    @property
    def known(self) -> frozenset[str]:
        """Names a bare word may stand for: whole names, and their last words."""
        names: set[str] = set()
        for member in self.members:
            names |= {member.name, *member.aliases}
            if member.kind == "person":
                names |= {member.name.split()[-1], member.name.split()[0]}
                names |= {member.role.split()[-1]} if member.role else set()
        return frozenset(names)

    def add(self, who: Who) -> Member:
        """The member that a full mention names, new or known before."""
        kind = _KINDS.get(who.kind, "person")
        if self.refers_back(who.organization):
            who = replace(who, organization=None)
        member = self._by_name(who.name, kind)
        if member is None:
            member = Member(who.name, kind)
            self.members.append(member)
            if kind == "person":
                self._index(member)
        member.learn(who)
        member.pseudonym = member.pseudonym or who.kind in {"pseudonym", "kept_back"}
        self._enter(member)
        if who.organization and not self._by_name(who.organization, "organization"):
            aliases = list(who.organization_aliases)
            organization = Member(who.organization, "organization", aliases=aliases)
            self.members.append(organization)
            self._enter(organization)
        return member

    def refers_back(self, organization: str | None) -> bool:
        """Whether words for an organization stand for one named before: ``its``, ``the bank``."""
        pattern = self._rules.patterns.get("refers_back")
        return organization is not None and (
            organization in self._rules.pronouns
            or bool(pattern and pattern.fullmatch(organization))
        )

    def is_person(self, name: str) -> bool:
        """Whether a name, or the last word of one, is that of a person whom the page names."""
        return any(
            member.certain and name in {member.name, member.name.split()[-1]}
            for member in self.members
            if member.kind == "person"
        )

    def _enter(self, member: Member) -> None:
        """Make a member known by its name and its other names; who was known by one first stays."""
        for name in (member.name, *member.aliases):
            self._by_exact.setdefault((member.kind, name), member)

    def _index(self, person: Member) -> None:
        """Make a person known by the words that the name of several ends with, and by its first."""
        words = person.name.split(" ")
        for at in range(1, len(words)):
            self._by_end.setdefault(" ".join(words[at:]), []).append(person)
        if len(words) > 1:
            self._by_first_word.setdefault(words[0], []).append(person)
            self._by_both_ends.setdefault((words[0], words[-1]), []).append(person)

    def find(self, who: Who) -> Member | None:
        """The member that a mention means, without adding one."""
        if who.kind.startswith("surname"):
            return self._by_surname(who)
        if who.kind in {"bare", "name_alone"}:
            return (
                self._by_name(who.name, "person")
                or self._by_exact_name(who.name, ("organization", "outlet"))
                or self._company(who.name)
                or self._by_prefix(who.name)
                or self._by_role(who)
            )
        if who.kind == "kept_back":
            known = self._by_exact_name(who.name, ("person",))
            return known or self._by_surname(replace(who, name=bare_surname(who.name, self._rules)))
        kind = _KINDS.get(who.kind, "person")
        if kind == "anonymous" and (words := self._rules.patterns.get("determined")):
            the = words.fullmatch(who.name)
            return self._by_exact_name(the["name"] if the else who.name, _NAMED_SO)
        found = self._by_name(who.name, kind) or self._by_beginning(who, kind)
        return found or (self._by_prefix(who.name) if kind == "organization" else None)

    def has_namesake(self, who: Who) -> bool:
        """Whether the page names anybody else whom a surname alone could mean."""
        surname = bare_surname(who.name, self._rules)
        return any(
            member.kind == "person"
            and has_surname(member.name, surname, self._rules)
            and (who.role is None or member.role is None)
            for member in self.members
        )

    def _by_beginning(self, who: Who, kind: SpeakerKind) -> Member | None:
        """The one of this role whose name, written in one, begins so: 마오닝 of 마오 대변인."""
        if kind != "person" or not self._rules.contracts or not who.role or " " in who.name:
            return None
        found = [
            member
            for member in self.members
            if member.kind == kind
            and member.name.startswith(who.name)
            and " " not in member.name
            and same_role(member.role, who.role, self._rules)
        ]
        return found[0] if len(found) == 1 else None

    def latest_subject(
        self,
        before: int,
        after: int = -1,
        kind: SpeakerKind = "person",
        gender: str | None = None,
    ) -> Member | None:
        """The last of a kind that was mentioned as a subject between two offsets.

        With a gender, those of the other one are passed over.
        """
        found = self.latest_mention(before, after, kind, gender)
        return found.member if found else None

    def latest_mention(
        self,
        before: int,
        after: int = -1,
        kind: SpeakerKind = "person",
        gender: str | None = None,
        names: re.Pattern[str] | None = None,
        other_than: Member | None = None,
        subjects: bool = False,
    ) -> Mention | None:
        """The mention behind `latest_subject`; with ``names``, any mention of a name that fits.

        With both ``names`` and ``subjects`` only mentions as a subject.
        """
        for at in range(bisect_left(self.mentions, before, key=attrgetter("start")) - 1, -1, -1):
            mention = self.mentions[at]
            if mention.start <= after:
                return None
            member = mention.member
            wanted = names.search(member.name) if names else mention.subject
            wanted = wanted and (mention.subject or not subjects)
            wanted = wanted and member is not other_than
            if wanted and member.kind == kind and may_be(member, gender):
                return mention
        return None

    def latest_with_role(self, before: int, role: str | None) -> Member | None:
        """The person with this role last mentioned before an offset (``이 교수``: this one)."""
        for mention in reversed(self.mentions):
            if mention.start < before and same_role(mention.member.role, role, self._rules):
                return mention.member
        return None

    def holder(self, who: Who) -> Member | None:
        """The one person whom the page says to hold an office, if there is just one."""
        office = who.organization or ""
        found = [
            member
            for member in self.members
            if member.kind == "person"
            and member.role == who.role
            and (member.organization or office) in {office, self.full_name(office)}
        ]
        return found[0] if len(found) == 1 else None

    def organization(self, name: str) -> Member | None:
        """The organization with this name or the one that it shortens."""
        return self._by_name(name, "organization")

    def full_name(self, organization: str | None) -> str | None:
        """The one longer name of an organization that the page prints too, else the name."""
        if organization is None or not self._rules.contracts or " " in organization:
            named = self._company(organization) if organization else None
            names = self._rules.patterns["company"].fullmatch(named.name) if named else None
            return names.string if names and not names["legal"] else organization
        if len(organization) == 1:
            return organization
        longer = [
            member.name
            for member in self.members
            if member.kind == "organization"
            and (
                organization in member.aliases
                or contracts(organization, member.name)
                or leaves_out(organization, member.name, self._rules)
            )
        ]
        return longer[0] if len(longer) == 1 else organization

    def _by_prefix(self, short: str) -> Member | None:
        """The one organization whose name begins so and goes on little: 골드만 of 골드만삭스."""
        shortened = self._rules.patterns.get("prefix_name")
        if shortened is None or not shortened.fullmatch(short):
            return None
        found = [
            member
            for member in self.members
            if member.kind == "organization"
            and member.name.startswith(short)
            and 0 < len(member.name) - len(short) <= _CUT_OFF
        ]
        return found[0] if len(found) == 1 else None

    def _company(self, short: str) -> Member | None:
        return company(self.members, short, self._rules.patterns.get("company"))

    def employer(self, role: str | None) -> str | None:
        """The organization that an office without one is in: the company that the page is about."""
        in_one = self._rules.patterns.get("office_in_one")
        if in_one is None or not role or not in_one.fullmatch(role):
            return None
        return main_company(self.mentions, self._rules.patterns.get("company"))

    def _by_name(self, name: str, kind: SpeakerKind) -> Member | None:
        exact = self._by_exact_name(name, (kind,))
        if exact or kind == "anonymous":
            return exact
        if kind == "person":
            whole = self._by_end.get(name)  # a surname, of one word or of several
            if not whole and " " not in name:
                whole = self._by_first_word.get(name)
            whole = whole or self._with_other_initials(name)
            return whole[0] if whole and len(whole) == 1 else None
        longer = [
            member
            for member in self.members
            if member.kind == kind and abbreviates(name, member.name, kind, self._rules)
        ]
        return longer[0] if len(longer) == 1 else None

    def _with_other_initials(self, name: str) -> list[Member]:
        """Those whose first name and surname these are, one with initials: ``Ada B. Roe``."""
        words = name.split(" ")
        if len(words) not in (2, 3):
            return []
        known = self._by_both_ends.get((words[0], words[-1]), [])
        return [one for one in known if differ_in_initials(words, one.name.split(" "))]

    def _by_exact_name(self, name: str, kinds: tuple[SpeakerKind, ...]) -> Member | None:
        for kind in kinds:
            member = self._by_exact.get((kind, name))
            if member is not None:
                return member
        return None

    def _by_surname(self, who: Who) -> Member | None:
        """The one person with this surname and a role that fits (``윤 총재``, ``Mr Raman``)."""
        same = [
            member
            for member in self.members
            if member.kind == "person" and has_surname(member.name, who.name, self._rules)
        ]
        if who.gender and len(same) > 1:  # Mrs Raman, where the page has a Mr Raman too
            same = [member for member in same if member.gender == who.gender]
        fitting = [
            member
            for member in same
            if any(same_role(role, who.role, self._rules) for role in (member.role, *member.roles))
        ]
        if len(fitting) == 1:
            return fitting[0]
        if who.role and who.kind in {"surname_or_some", "surname_if_known", "kept_back"}:
            return None
        if who.role is None and not fitting and len(same) > 1 and self._rules.contracts:
            called_so = [member for member in same if member.honored]
            same = called_so or [member for member in same if member.role is None]
        if who.role and self._rules.contracts and any(member.role for member in same):
            return None  # one of this surname has another office
        return same[0] if len(same) == 1 and not fitting else None

    def namesakes(self, who: Who) -> bool:
        """Whether several people with this surname have a role that fits: nobody knows which."""
        fitting = [
            member
            for member in self.members
            if member.kind == "person"
            and has_surname(member.name, who.name, self._rules)
            and same_role(member.role, who.role, self._rules)
        ]
        return len(fitting) > 1

    def _by_role(self, who: Who) -> Member | None:
        """The one person whose role is given alone (``장관은``), if there is just one."""
        fitting = [
            member
            for member in self.members
            if member.kind == "person" and member.role and member.role.split()[-1] == who.name
        ]
        return fitting[0] if who.kind == "bare" and len(fitting) == 1 else None
