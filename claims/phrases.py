"""A speaker phrase -> who that is: name, role and organization apart, as printed.

The words of a phrase are tagged by the word lists of the language (one letter a word, ``P`` behind
a word in the genitive, ``,`` for a comma); the shapes of phrases are patterns over those tags,
tried in order. The letters are the data file's own; the engine knows only ``P`` and ``,``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from claims.languages import LanguageRules

_BRACKETED = re.compile(r"\s?[(（\[]([^()（）\[\]]*)[)）\]]")
_MOST_WORDS = 24
_AGE = re.compile(r"\d{1,3}(?:세|살)?")
_SPLIT_ALIASES = re.compile(r"[·,/;]\s*")


@dataclass(frozen=True, slots=True)
class Who:
    """A speaker phrase understood.

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


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    tag: str
    notes: tuple[str, ...]
    attached: bool = False


def understand(phrase: str, rules: LanguageRules) -> Who | None:
    """Who a speaker phrase names, or None when it has no known shape."""
    if phrase in rules.pronouns:
        return Who(phrase, "pronoun", "pronoun")
    words = _words(phrase, rules)
    if not words or len(words) > _MOST_WORDS:
        return None
    tags = "".join(word.tag for word in words)
    for shape in rules.phrases:
        found = shape.pattern.match(tags)
        if found:
            return _who(found, words, shape.name, shape.kind, rules)
    return None


def without_brackets(phrase: str) -> str:
    """The phrase as printed, but for what stands in brackets."""
    return _without_brackets(phrase)[0]


def _words(phrase: str, rules: LanguageRules) -> list[_Word]:
    """The words of a phrase, tagged; genitive and comma are words of their own."""
    bare, notes = _without_brackets(phrase)
    words: list[_Word] = []
    for found in rules.patterns["word"].finditer(bare):
        inside = tuple(note for at, note in notes if found.start() < at <= found.end())
        for number, (part, genitive) in enumerate(_parts(found.group(), rules)):
            tag = "," if part == "," else _tag(part, rules)
            words.append(_Word(part, tag, inside, attached=number > 0))
            if genitive:
                words.append(_Word("", "P", ()))
    return words


def _without_brackets(phrase: str) -> tuple[str, list[tuple[int, str]]]:
    """The phrase without brackets, and each bracket's words with the offset where it stood."""
    notes: list[tuple[int, str]] = []
    pieces: list[str] = []
    last = length = 0
    for found in _BRACKETED.finditer(phrase):
        pieces.append(phrase[last : found.start()])
        length += found.start() - last
        notes.append((length, found.group(1).strip()))
        last = found.end()
    return "".join([*pieces, phrase[last:]]), notes


def _parts(word: str, rules: LanguageRules) -> list[tuple[str, bool]]:
    """A word in its parts: a title written together with its name, a genitive ending."""
    genitive = rules.patterns["genitive"].search(word)
    stem = word[: genitive.start()] if genitive else word
    attached = rules.patterns["attached"].match(stem)
    if attached:
        return [(attached["name"], False), (attached["honorific"], bool(genitive))]
    return [(stem, bool(genitive))]


def _tag(word: str, rules: LanguageRules) -> str:
    for tag, words in rules.tags:
        if words.fullmatch(word):
            return tag
    return "w"


def _who(
    found: re.Match[str], words: list[_Word], shape: str, kind: str, rules: LanguageRules
) -> Who | None:
    groups = {
        key.rstrip("0123456789"): _trimmed(words[found.start(key) : found.end(key)])
        for key in found.re.groupindex
        if found.start(key) >= 0
    }
    name = groups["name"]
    title = groups.get("title", [])
    role = [*groups.get("role_before", []), *groups.get("role", [])]
    organization = groups.get("organization", [])
    if not name:
        return None
    if kind == "bare" and _looks_like_a_person(name, rules):
        kind = "person"
    return Who(
        name=_joined(name, rules),
        kind=kind,
        shape=shape,
        role=_joined(role, rules) or None,
        organization=_joined(organization, rules) or None,
        aliases=_aliases(name, kind in {"organization", "outlet"}, rules),
        organization_aliases=_aliases(organization, True, rules),
        gender=_gender([word.text for word in [*title, *name[:1]]], rules),
    )


def _gender(words: list[str], rules: LanguageRules) -> str | None:
    """``m`` or ``f`` where a title or a first name says so."""
    for gender, keys in (("m", ("man", "man_name")), ("f", ("woman", "woman_name"))):
        if any(word in rules.lists.get(key, ()) for key in keys for word in words):
            return gender
    return None


def _looks_like_a_person(name: list[_Word], rules: LanguageRules) -> bool:
    """Whether an age or a name of several words in Latin letters stands in brackets behind."""
    notes = [note for word in name for note in word.notes]
    return any(
        _AGE.fullmatch(note) or (" " in note and rules.patterns["latin_name"].fullmatch(note))
        for note in notes
    )


def _trimmed(words: list[_Word]) -> list[_Word]:
    while words and words[0].tag in ",P":
        words = words[1:]
    while words and words[-1].tag in ",P":
        words = words[:-1]
    return words


def _joined(words: list[_Word], rules: LanguageRules) -> str:
    """The words as printed."""
    text = ""
    for word in words:
        if word.tag == "P":
            text += rules.genitive_mark
        elif word.tag == ",":
            text += ","
        else:
            text += ("" if word.attached or not text else " ") + word.text
    return text


def _aliases(words: list[_Word], institution: bool, rules: LanguageRules) -> tuple[str, ...]:
    """Other names that stood in brackets behind these words.

    What stands behind a person can be an age, a party or a home town: only Latin names count there.
    """
    pattern = rules.patterns["institution_alias" if institution else "latin_name"]
    names = [
        alias.strip()
        for word in words
        for note in word.notes
        for alias in _SPLIT_ALIASES.split(note)
        if pattern.fullmatch(alias.strip())
    ]
    return tuple(dict.fromkeys(names))
