"""Whether a page speaks of somebody as a man or a woman, where neither name nor title says so.

``Rakel Odu opened her shop``: words that stand for the subject of their clause tell. Which they are
is data: the language's lists ``man_word`` and ``woman_word``, and the pattern ``own_word`` over the
tags behind a name, whose first group is the word.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

from claims.members import Mention
from claims.reading import Reading


def learn_genders(reading: Reading, mentions: Iterable[Mention]) -> None:
    """Give those people of the mentions a gender whom the page's own words are unanimous about."""
    own_word = reading.rules.tagged.get("own_word")
    if own_word is None:
        return
    genders = {
        word: gender
        for gender, key in (("m", "man_word"), ("f", "woman_word"))
        for word in reading.rules.lists[key]
    }
    votes: dict[int, Counter[str]] = {}
    people = {}
    for mention in mentions:
        member = mention.member
        if not mention.subject or member.kind != "person" or member.gender:
            continue
        tokens = reading.tokens[mention.sentence]
        at = bisect_left(tokens.starts, mention.start)
        found = own_word.match(tokens.tags, at)
        gender = genders.get(tokens.word(found.start(1))) if found else None
        if gender:
            people[id(member)] = member
            votes.setdefault(id(member), Counter())[gender] += 1
    for key, member in people.items():
        if len(votes[key]) == 1:
            member.gender = next(iter(votes[key]))
