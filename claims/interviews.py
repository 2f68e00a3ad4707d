"""Interviews and transcripts: turns in paragraphs of their own, told apart by their marks.

The answers of an interview are the words of the person whom the page introduces before the first
question; when it introduces nobody, there is nobody to attribute them to. The turns of a transcript
begin with who speaks and a colon: ``QUILL: We knew.``
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from claims.attributions import Attribution
from claims.cast import Cast
from claims.models import Span
from claims.phrases import Who
from claims.reading import Reading

_CONFIDENCE = 0.8
_FEWEST = 2  # questions that make a page an interview
_SHORTEST = 10
_TURNS, _SPEAKERS, _SHARE = 4, 2, 0.5  # fewest turns and speakers, least share of all paragraphs


def answers(reading: Reading, cast: Cast) -> list[Attribution]:
    """The answers of an interview page as attributions; none when it isn't one."""
    question = reading.rules.patterns.get("question")
    if question is None:
        return []
    blocks = sorted([*reading.page.blocks, *reading.page.headings], key=lambda one: one.start)
    texts = [block.of(reading.page.text) for block in blocks]
    asked = [number for number, text in enumerate(texts) if question.match(text)]
    if len(asked) < _FEWEST:
        return []
    looks = reading.rules.patterns.get("caption_name")
    name = _interviewee(cast, blocks[asked[0]].start, looks)
    if name is None:
        return []
    found = []
    for number in asked:
        if number + 1 < len(blocks) and number + 1 not in asked:
            content = _answer(reading, blocks[number + 1])
            if content.end - content.start >= _SHORTEST:
                found.append(_attribution(content, name))
    return found if len(found) >= _FEWEST else []


def turns(reading: Reading, cast: Cast) -> list[Attribution]:
    """The turns of a page that is a transcript, as attributions; none when it isn't one.

    It is one when half of its paragraphs begin with a name, two names or more.
    """
    turn = reading.rules.patterns.get("turn")
    if turn is None:
        return []
    blocks = sorted([*reading.page.blocks, *reading.page.headings], key=lambda one: one.start)
    found = [turn.match(reading.page.text, block.start, block.end) for block in blocks]
    spoken = [(one, block) for one, block in zip(found, blocks, strict=True) if one]
    names = {one["name"] for one, _ in spoken}
    if len(spoken) < max(_TURNS, _SHARE * len(blocks)) or len(names) < _SPEAKERS:
        return []
    lists = reading.rules.lists
    unnamed = lists.get("role", frozenset()) | lists.get("anonymous", frozenset())
    contents = [(one["name"], Span(one.end(), block.end)) for one, block in spoken]
    return [
        replace(
            _attribution(content, ""),
            rule="transcript, turn",
            who=Who(
                _named(name, cast),
                "anonymous" if name.casefold() in unnamed else "person",
                "interview",
            ),
        )
        for name, content in contents
        if content.end - content.start >= _SHORTEST
    ]


def _named(printed: str, cast: Cast) -> str:
    """The fullest name of whom a turn names by surname, or in capitals."""
    folded = printed.casefold()
    people = [one.name for one in cast.members if one.kind == "person"]
    known = [name for name in people if folded in (name.casefold(), name.split()[-1].casefold())]
    name = known[0] if len(known) == 1 else printed
    return name.title() if name.isupper() else name


def _interviewee(cast: Cast, before: int, looks: re.Pattern[str] | None) -> str | None:
    """Whom the page names most before the first question; the first of those named as often."""
    people = Counter(
        mention.member.name
        for mention in cast.mentions
        if mention.member.kind == "person"
        and mention.start < before
        and (looks is None or looks.fullmatch(mention.member.name))
    )
    return people.most_common(1)[0][0] if people else None


def _answer(reading: Reading, block: Span) -> Span:
    """An answer without its mark, and without the quotation marks around it."""
    text, rules = reading.page.text, reading.rules
    mark = rules.patterns["answer"].match(text, block.start, block.end)
    start, end = mark.end() if mark else block.start, block.end
    closing = rules.quote_pairs.get(text[start : start + 1], "")
    at = max((text.rfind(one, start + 1, end) for one in closing), default=-1)
    if at > start + 1:
        return Span(start + 1, at)
    return Span(start, end)


def _attribution(content: Span, name: str) -> Attribution:
    return Attribution(
        content=content,
        kind="direct",
        rule="interview, answer",
        confidence=_CONFIDENCE,
        sentence=0,
        clause=content,
        who=Who(name, "person", "interview"),
    )
