"""What speaks for or against a claim, as words that `claims.confidence` has measured.

Signs name the frame, the way the speaker was found, the shape of the speaker phrase, and what
stands within, before and behind the content where it could as well have ended.
"""

from __future__ import annotations

from collections.abc import Iterator

from claims.attributions import Attribution
from claims.confidence import Signs
from claims.languages import LanguageRules
from claims.members import Member

GOES_ON = "goes on"  # the way of a quotation without a cue: as sure as the one before
_SHORTEST_LEAD = 3  # code points: more than a quotation mark before a quotation
_BEHIND = 400  # code points of the paragraph in which more quotations are looked for


def way_of(attribution: Attribution, member: Member, reference: str) -> str:
    """How the speaker was found: by ``reference``, or by name, in full or in short."""
    if reference or attribution.who is None:
        return reference
    return "in full" if attribution.who.name == member.name else "in short"


def signs_of(
    attribution: Attribution, member: Member, way: str, before: str, text: str, rules: LanguageRules
) -> Signs:
    """The signs of one claim; ``before`` is the way of the claim that it goes on from."""
    who = attribution.who
    found = [
        f"frame: {attribution.rule}",
        f"speaker: {way}",
        f"phrase: {who.shape if who else None}",
        f"{attribution.kind}, {member.kind}",
    ]
    if way == GOES_ON:
        found.append(f"before: {before}")
    ends = _ends_of_words if attribution.kind != "direct" else _ends_of_quotation
    return tuple(dict.fromkeys([*found, *ends(attribution, text, rules)]))


def _ends_of_words(attribution: Attribution, text: str, rules: LanguageRules) -> Iterator[str]:
    """Where reported words may have ended before, or go on."""
    content, may_end = attribution.content, rules.patterns.get("may_end")
    if may_end is not None:
        for one in may_end.finditer(text, content.start, content.end):
            yield f"within: {one.group().strip()}"
        behind = may_end.match(text, content.end)
        if behind is not None:
            yield f"behind: {behind.group().strip()}"
    yield from _more_quoted(attribution, text, rules)


def _ends_of_quotation(attribution: Attribution, text: str, rules: LanguageRules) -> Iterator[str]:
    """Whether a quotation looks like a part of what was said."""
    content, speaker = attribution.content, attribution.speaker
    spoken = speaker is not None and speaker.start < content.start
    if not spoken and content.start - attribution.clause.start > _SHORTEST_LEAD:
        yield "words before"
    if text[content.start].islower():
        yield "begins small"
    yield from _more_quoted(attribution, text, rules)


def _more_quoted(attribution: Attribution, text: str, rules: LanguageRules) -> Iterator[str]:
    """Whether more quotations follow in the paragraph, whole sentences or parts of them."""
    start = attribution.content.end + 1
    behind = text[start : start + _BEHIND].partition("\n")[0]
    opening = [
        at
        for at, mark in enumerate(behind)
        if mark in rules.quote_pairs and at > 1 and behind[at - 1] == " "
    ]
    if opening:
        part = any(behind[at - 2].isalnum() for at in opening)
        yield f"{'parts' if part else 'whole'} quoted behind, {attribution.kind}"
