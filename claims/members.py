"""One of those whom a page names, and where it does."""

from __future__ import annotations

from dataclasses import dataclass, field

from claims.models import SpeakerKind
from claims.phrases import Who


@dataclass(slots=True)
class Member:
    """One of the cast; what is known of them grows with every mention."""

    name: str
    kind: SpeakerKind
    role: str | None = None
    organization: str | None = None
    aliases: list[str] = field(default_factory=list)
    organization_aliases: list[str] = field(default_factory=list)
    gender: str | None = None
    spoke: bool = False
    pseudonym: bool = False
    honored: bool = False  # printed as a citizen is called
    roles: list[str] = field(default_factory=list)  # every one that the page prints
    aged: bool = False  # printed with an age

    @property
    def shown_as(self) -> SpeakerKind:
        """The kind for those who read: ``A씨`` is a person here, and a stranger everywhere else."""
        return "anonymous" if self.pseudonym else self.kind

    @property
    def certain(self) -> bool:
        """Whether something says that this is a person: only then can a pronoun mean it."""
        return self.spoke or self.aged or bool(self.gender or self.role)

    def learn(self, who: Who) -> None:
        """Take over what a mention says that wasn't known."""
        self.gender = self.gender or who.gender
        self.honored = self.honored or who.honored
        self.aged = self.aged or who.aged
        if who.role and who.role not in self.roles:
            self.roles.append(who.role)
        if self.role is None or (
            self.organization is None and who.role and who.organization is not None
        ):
            self.role = who.role or self.role
        if self.organization is None or (who.organization or "").endswith(f" {self.organization}"):
            self.organization = who.organization or self.organization
        self.aliases += [a for a in who.aliases if a not in self.aliases and a != self.name]
        self.organization_aliases += [
            a for a in who.organization_aliases if a not in self.organization_aliases
        ]


@dataclass(slots=True)  # many are made: frozen, that takes several times as long
class Mention:
    """Somebody named at an offset; ``subject`` when the phrase is a sentence's subject."""

    start: int
    member: Member
    subject: bool
    sentence: int


def may_be(member: Member, gender: str | None) -> bool:
    """Whether a pronoun of this gender can mean the member."""
    if gender is not None and not member.certain:
        return False
    return gender is None or member.gender is None or member.gender == gender


def differ_in_initials(one: list[str], other: list[str]) -> bool:
    """Whether of two names with the same ends one has an initial between them, the other none."""
    short, long = sorted((one, other), key=len)
    return len(short) == 2 and len(long) == 3 and long[1].endswith(".")
