"""A speaker phrase -> who that is: name, role and organization apart, as printed.

The shapes of phrases are patterns over the tags of their words, tried in order; which there are is
the data file's business. The engine knows only ``P``, the genitive, and the comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from claims.languages import LanguageRules, Phrase
from claims.models import Span
from claims.necessary import bits, lacks
from claims.segments import Page
from claims.tokens import GENITIVE, Tokens

_BRACKETED = re.compile(r"\s?[(（\[][^()（）\[\]]*[)）\]]")
_MOST_WORDS = 24
_AGE = re.compile(r"\d{1,3}(?:세|살)?")
_SPLIT_ALIASES = re.compile(r"[·,/;]\s*")


@dataclass(slots=True)  # many are made: frozen, that takes three times as long
class Who:
    """A speaker phrase understood; not to be changed.

    ``kind`` is the phrase's kind in the data file: ``person``, ``surname`` (surname and title
    only), ``bare`` (a name without anything that says it is one), ``pronoun``, ``pseudonym``,
    ``anonymous``, ``document``, ``organization`` or ``outlet``.
    """

    name: str
    kind: str
    shape: str
    role: str | None = None
    organization: str | None = None
    aliases: tuple[str, ...] = ()
    organization_aliases: tuple[str, ...] = ()
    gender: str | None = None
    confidence: float = 1.0
    whole: str = ""
    otherwise: str = ""
    honored: bool = False  # printed with what citizens are called by: 김서준 씨
    guessed: bool = False  # nothing but the sentence says that this is somebody
    aged: bool = False  # printed with an age


_Groups = dict[str, tuple[int, int]]


class PhraseBook:
    """Understands the speaker phrases of one language; shapes it has met it remembers."""

    _REMEMBERED = 50_000  # distinct sequences of tags

    def __init__(self, rules: LanguageRules) -> None:
        self._rules = rules
        pronouns = [one.confidence for one in rules.phrases if one.kind == "pronoun"]
        self._pronoun = pronouns[0] if pronouns else 1.0
        self._honorifics = tuple(rules.lists.get("honorific", ()))
        lists = rules.lists
        men = lists.get("man", frozenset()) | lists.get("man_name", frozenset())
        women = lists.get("woman", frozenset()) | lists.get("woman_name", frozenset())
        self._genders = [(gender, some) for gender, some in (("m", men), ("f", women)) if some]
        self._shapes: dict[str, tuple[Phrase, _Groups] | None] = {}
        self._met: dict[tuple[str, str], Who] = {}  # phrases with nothing in brackets, and tags

    def understand(self, page: Page, tokens: Tokens, first: int, last: int) -> Who | None:
        """Who the tokens from ``first`` to before ``last`` name; None when they have no shape."""
        if last <= first:
            return None
        last = min(last, first + _MOST_WORDS)  # what follows describes, it doesn't name
        phrase = page.text[tokens.starts[first] : tokens.ends[last - 1]]
        if phrase in self._rules.pronouns:
            return Who(phrase, "pronoun", "pronoun", confidence=self._pronoun)
        tags = tokens.tags[first:last]
        shape = self._shapes[tags] if tags in self._shapes else self._shape(tags)
        if shape is None:
            return None
        noted = bool(tokens.notes) and any(first <= at < last for at in tokens.notes)
        known = None if noted else self._met.get((phrase, tags))
        if known is None:
            known = self._who(shape[0], _Pieces(page, tokens, first, shape[1]))
            if known.kind == "person" and phrase.endswith(self._honorifics):
                known = replace(known, honored=True)
            if not noted:
                if len(self._met) > self._REMEMBERED:
                    self._met.clear()
                self._met[phrase, tags] = known
        return known

    def _shape(self, tags: str) -> tuple[Phrase, _Groups] | None:
        if len(self._shapes) > self._REMEMBERED:
            self._shapes.clear()
        found = self._shapes[tags] = next(self._fitting(tags), None)
        return found

    def _fitting(self, tags: str) -> Iterator[tuple[Phrase, _Groups]]:
        has = bits(tags)
        for phrase in self._rules.phrases:
            found = None if lacks(has, phrase.needs) else phrase.pattern.match(tags)
            if found:
                groups = {
                    key.rstrip("0123456789"): _trimmed(tags, *found.span(key))
                    for key in found.re.groupindex
                    if found.start(key) >= 0
                }
                if groups["name"][0] < groups["name"][1]:
                    yield phrase, groups

    def _who(self, phrase: Phrase, pieces: _Pieces) -> Who:
        institution = phrase.kind in {"organization", "outlet"}
        kind = phrase.kind
        notes = pieces.notes("name")
        if kind == "bare" and self._looks_like_a_person(notes):
            kind = "person"
        roles = (pieces.words("role_before"), pieces.words("role"))
        role = self._without_origin(" ".join(filter(None, roles))) or None
        organization = self._organization(pieces.words("organization"), role)
        one = self._rules.patterns.get("part_of_role")
        if one and organization and pieces.adjoin("organization", "role"):
            whole = f"{organization} {role}"
            if one.fullmatch(whole):
                role, organization = whole, None
        relative = self._rules.patterns.get("relative")
        if role and relative and relative.fullmatch(role):
            organization = None  # whose sister somebody is is no organization
        if role and not self._is_role(role, kind):
            role = None
        name = self._name(pieces, institution)
        house = self._rules.patterns.get("name_and_house") if kind == "person" else None
        apart = house.fullmatch(f"{name} {role}") if house and role and not organization else None
        if apart:
            name, organization = apart["name"], apart["organization"]
        return Who(
            name=name,
            kind=kind,
            shape=phrase.name,
            role=role,
            organization=organization,
            aliases=self._aliases(notes, institution),
            organization_aliases=self._aliases(pieces.notes("organization"), True),
            confidence=phrase.confidence,
            whole=phrase.whole,
            otherwise=phrase.otherwise,
            gender=self._gender(pieces) if self._genders else None,
        )

    def _without_origin(self, role: str) -> str:
        """A role without words before it for a country or an age: ``a Dutch lawyer``."""
        before = self._rules.patterns.get("before_role")
        return before.sub("", role) if before and role else role

    def _is_role(self, words: str, kind: str) -> bool:
        """Whether words are an office or a profession, not what relates somebody to others."""
        no_role = self._rules.patterns.get("not_a_role")
        unnamed = self._rules.patterns.get("role_of_unnamed")
        if kind == "anonymous" and unnamed:
            return unnamed.fullmatch(words) is not None
        return not (no_role and no_role.fullmatch(words))

    def _name(self, pieces: _Pieces, institution: bool) -> str:
        """A name as printed; a note within it, not behind it, leaves a blank: ``김모(41)씨``."""
        name = " ".join(pieces.printed("name").split())
        if _has_bracket(name):
            within = self._rules.patterns.get("note_within")
            name = without_notes(within.sub(" ", name) if within else name)
        tail = self._rules.patterns.get("institution_tail" if institution else "name_tail")
        return (tail.sub("", name).strip() or name) if tail else name

    def _organization(self, words: str, role: str | None) -> str | None:
        """An organization's name without what stands beside it in the phrase.

        A country is none for those who hold no office in it, also where a word for those who are
        from there stands for it.
        """
        if not words:
            return None
        name = self._rules.patterns["organization_tail"].sub("", words).strip() or None
        if name in self._rules.countries:
            office = self._rules.patterns.get("office_of_state")
            held = office and role and office.search(role)
            return self._rules.countries[name] if held else None
        stateless = self._rules.patterns.get("stateless_role")
        if stateless and role and name in self._rules.lists["place"] and stateless.search(role):
            return None
        return name

    def _gender(self, pieces: _Pieces) -> str | None:
        """``m`` or ``f`` where a title or a first name says so."""
        words = {one.rstrip(".") for one in [*pieces.tokens("title"), *pieces.tokens("name")[:1]]}
        return next((gender for gender, some in self._genders if not some.isdisjoint(words)), None)

    def _looks_like_a_person(self, notes: list[str]) -> bool:
        """Whether an age or a name of several words in Latin letters stands in brackets behind."""
        latin = self._rules.patterns["latin_name"]
        return any(
            _AGE.fullmatch(note) or (" " in note and latin.fullmatch(note)) for note in notes
        )

    def _aliases(self, notes: list[str], institution: bool) -> tuple[str, ...]:
        """Other names that stood in brackets.

        What stands behind a person can be an age, a party or a home town: only Latin names count
        there.
        """
        if not notes:
            return ()
        pattern = self._rules.patterns["institution_alias" if institution else "latin_name"]
        names = [
            alias.strip()
            for note in notes
            for alias in _SPLIT_ALIASES.split(note)
            if pattern.fullmatch(alias.strip())
        ]
        return tuple(dict.fromkeys(names))


@dataclass(slots=True)
class _Pieces:
    """The named parts of one phrase."""

    page: Page
    tokens_: Tokens
    first: int
    groups: _Groups

    def _range(self, group: str) -> range:
        start, end = self.groups.get(group, (0, 0))
        return range(self.first + start, self.first + end)

    def printed(self, group: str) -> str:
        """A part as printed; empty when it isn't there."""
        start, end = self.groups.get(group, (0, 0))
        if start >= end:
            return ""
        tokens, first = self.tokens_, self.first
        return self.page.text[tokens.starts[first + start] : tokens.ends[first + end - 1]]

    def words(self, group: str) -> str:
        """A part as printed, but for what stands in brackets; empty when it isn't there."""
        printed = self.printed(group)
        return without_notes(printed) if printed else ""

    def adjoin(self, first: str, second: str) -> bool:
        """Whether one part follows the other directly and the first is one word."""
        before, behind = self._range(first), self._range(second)
        return bool(before) and len(before) == 1 and before.stop == behind.start

    def tokens(self, group: str) -> list[str]:
        return [self.tokens_.word(at) for at in self._range(group)]

    def notes(self, group: str) -> list[str]:
        if not self.tokens_.notes:
            return []
        return [note for at in self._range(group) for note in self.tokens_.notes.get(at, [])]


def without_brackets(text: str, span: Span) -> str:
    """The words of a span as printed, but for what stands in brackets."""
    return without_notes(span.of(text))


def without_notes(words: str) -> str:
    """Words but for what stands in brackets, with one blank between them."""
    return " ".join((_BRACKETED.sub("", words) if _has_bracket(words) else words).split())


def _has_bracket(words: str) -> bool:
    return "(" in words or "（" in words or "[" in words


def _trimmed(tags: str, start: int, end: int) -> tuple[int, int]:
    """Without commas and genitive marks at either end."""
    while start < end and tags[start] in "," + GENITIVE:
        start += 1
    while end > start and tags[end - 1] in "," + GENITIVE:
        end -= 1
    return start, end
