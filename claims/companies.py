"""Companies that a page names in full and then in short, and the one that it is about.

Which names are a company's is the language's ``company`` pattern, with the group ``short`` for the
word that stands for it later: ``Orrin`` of ``Orrin Foods``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from claims.members import Member, Mention

_TIMES = 2  # as often as any other company must the one be named that a page is about


def company(
    members: Iterable[Member], short: str, pattern: re.Pattern[str] | None
) -> Member | None:
    """The one company that a page calls so in short; None where none or several could be."""
    if pattern is None or " " in short:
        return None
    found = [
        member
        for member in members
        if member.kind == "organization"
        and (names := pattern.fullmatch(member.name))
        and names["short"] == short
    ]
    return found[0] if len(found) == 1 else None


def main_company(mentions: Iterable[Mention], pattern: re.Pattern[str] | None) -> str | None:
    """The company that a page is about: named alone, or far more often than any other."""
    if pattern is None:
        return None
    named = Counter(
        mention.member.name
        for mention in mentions
        if mention.member.kind == "organization" and pattern.fullmatch(mention.member.name)
    ).most_common(2)
    if not named or (len(named) > 1 and named[0][1] < _TIMES * named[1][1]):
        return None
    return named[0][0]
