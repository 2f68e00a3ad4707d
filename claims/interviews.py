"""Interviews: questions and answers in paragraphs of their own, told apart by their marks.

The answers are the words of the person whom the page introduces before the first question; when
it introduces nobody, there is nobody to attribute them to.
"""

from __future__ import annotations

import re
from collections import Counter

from claims.attributions import Attribution
from claims.cast import Cast
from claims.models import Span
from claims.phrases import Who
from claims.reading import Reading

_CONFIDENCE = 0.8
_FEWEST = 2  # questions that make a page an interview
_SHORTEST = 10


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
