"""Short names of organizations and outlets: 금감원 of 금융감독원, ``the Fed``, 민주당."""

from __future__ import annotations

from collections.abc import Iterator

from claims.languages import LanguageRules
from claims.models import SpeakerKind


def abbreviates(short: str, long: str, kind: SpeakerKind, rules: LanguageRules) -> bool:
    """Whether an organization or outlet is called by an end of its name, or an abbreviation."""
    if len(short) < 2 or len(short) >= len(long) or _ends_a_word(short, long):
        return False
    if rules.patterns["abbreviated_name"].search(short) and _within(short, long):
        return True
    part_of = rules.patterns.get("part_of")
    if part_of and long.startswith(short + " ") and part_of.fullmatch(long, len(short) + 1):
        return False  # a department isn't what it belongs to
    if long.endswith(short) or long.startswith(short + (" " if kind != "outlet" else "")):
        return True
    return rules.contracts and contracts(short, long)


def leaves_out(short: str, long: str, rules: LanguageRules) -> bool:
    """Whether a name that ends as short ones do leaves out characters of the long one."""
    return (
        rules.patterns["abbreviated_name"].search(short) is not None
        and len(short) < len(long)
        and not _ends_a_word(short, long)
        and short not in long.split(" ")[:-1]
        and _within(short, long)
    )


def contracts(short: str, long: str) -> bool:
    """Whether a short name is made of syllables of the long one: 금감원 of 금융감독원."""
    if " " in long or len(short) >= len(long) - 1 or short[0] != long[0]:
        return False
    return _within(short, long) and short[-1] in long[-2:]


def initials(text: str, rules: LanguageRules) -> Iterator[tuple[str, str]]:
    """Names with their initials in brackets behind: ``Orrin Defence Forces (ODF)``, both parts.

    What stands before the brackets is the language's ``with_initials`` pattern, with the groups
    ``name`` and ``short``.
    """
    pattern = rules.patterns.get("with_initials")
    for found in pattern.finditer(text) if pattern else ():
        words = found["name"].split()
        capitals = [at for at, word in enumerate(words) if word[0].isupper()]
        if len(capitals) >= len(found["short"]):
            named = capitals[-len(found["short"]) :]
            if "".join(words[at][0] for at in named) == found["short"]:
                yield " ".join(words[named[0] :]), found["short"]


def _ends_a_word(short: str, long: str) -> bool:
    """Whether a word of a longer name ends with a short one: 민주당 isn't 일본 사회민주당."""
    words = long.split(" ")
    return len(words) > 1 and any(word.endswith(short) and word != short for word in words)


def _within(short: str, long: str) -> bool:
    """Whether the characters of one name stand in another in the same order."""
    rest = iter(long)
    return all(character in rest for character in short)
