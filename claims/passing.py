"""Names that a page prints in passing: nothing around them says whose they are, but later words do.

``고려대 설보미 교수 연구팀은 …`` names a team; ``설 교수는 …`` then means the one whose whole name
stood beside the word for what she is.
"""

from __future__ import annotations

from claims.phrases import Who
from claims.reading import Reading

_NEAR = 24  # code points between a name and the word for what somebody is


def named_in_passing(reading: Reading, who: Who) -> str | None:
    """The one whole name that a sentence prints together with somebody's surname and role.

    Which tokens look like whole names is the language's ``full_name`` pattern; None where it has
    none, or where several names could be meant.
    """
    full_name = reading.rules.tagged.get("full_name")
    if full_name is None or not who.role:
        return None
    role = who.role.split()[-1]
    names = set()
    for sentence, tokens in zip(reading.page.sentences, reading.tokens, strict=True):
        if role in sentence.span.of(reading.page.text):
            for found in full_name.finditer(tokens.tags):
                name = tokens.span(*found.span()).of(reading.page.text)
                end = tokens.ends[found.end() - 1]
                near = role in reading.page.text[end : end + len(role) + _NEAR]
                if name.startswith(who.name) and name != who.name and near:
                    names.add(name)
    return names.pop() if len(names) == 1 else None


def named_in_a_heading(reading: Reading, who: Who, known: set[str]) -> str | None:
    """The one whole name that a heading prints, and no sentence, with this surname."""
    pattern = reading.rules.patterns.get("heading_name")
    if pattern is None:
        return None
    names = {
        found.group()
        for heading in reading.page.headings
        for found in pattern.finditer(reading.page.text, heading.start, heading.end)
        if found.group().startswith(who.name)
    }
    names -= known
    return names.pop() if len(names) == 1 else None


def long_names(reading: Reading, found: list[tuple[int, Who, bool, int]]) -> list[str]:
    """Names of several words whose last one alone is a subject too: 로버트 밀러, 밀러는.

    Which names of several words those may be is the language's ``long_name`` pattern.
    """
    looks = reading.rules.patterns.get("long_name")
    if looks is None:
        return []
    bare = [who.name for _, who, subject, _ in found if subject and who.kind == "bare"]
    short = {name for name in bare if " " not in name}
    long = (name for name in bare if looks.fullmatch(name) and name.split()[-1] in short)
    return list(dict.fromkeys(long))
