"""Surnames and roles as a page prints them later, and whether they can be of one person."""

from __future__ import annotations

from claims.languages import LanguageRules


def bare_surname(name: str, rules: LanguageRules) -> str:
    """``김 씨`` without the honorific."""
    for honorific in rules.lists.get("honorific", ()):
        if name.endswith(honorific):
            return name.removesuffix(honorific).rstrip()
    return name


def has_surname(name: str, surname: str, rules: LanguageRules) -> bool:
    """Whether somebody of this name can be called by the surname."""
    if " " in name and name.split()[-1] not in rules.lists.get("honorific", ()):
        return name.split()[-1] == surname
    if not rules.contracts:
        return name == surname  # nobody printed more of it than "President Raman"
    return name.startswith(surname) and len(name) > len(surname)


def same_role(known: str | None, said: str | None, rules: LanguageRules) -> bool:
    """Whether one role is the other with words before or behind it: ``대표`` and ``대표이사``.

    What is a word for a role itself is another one: ``위원`` and ``위원장``.
    """
    if not known or not said:
        return False
    two = rules.patterns.get("two_roles")
    if two and two.search(known):
        return any(same_role(part, said, rules) for part in two.split(known))
    short, long = sorted((known.casefold(), said.casefold()), key=len)
    if long.endswith(short):
        return True
    return long.startswith(short) and long not in rules.lists.get("role", ())
