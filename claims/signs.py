"""What speaks for or against a claim, as words that `claims.confidence` has measured.

Signs name the frame and the cue, the way the speaker was found, the shape of the speaker phrase and
where it stands, how long the content is, and what stands within, before and behind it where it
could as well have ended.
"""

from __future__ import annotations

from collections.abc import Iterator

from claims.attributions import Attribution
from claims.confidence import Signs
from claims.languages import LanguageRules
from claims.members import Member

GOES_ON = "goes on"  # the way of a quotation without a cue: as sure as the one before
_SHORTEST_LEAD = 3  # code points: more than a quotation mark before a quotation
_SHORT, _LENGTHS = 5, (8, 12, 20, 30, 45)  # words: contents this short or shorter are alike
_AT_ONCE = 3  # code points between a content and the cue or speaker that stands behind it
_FIRST, _NEAR = 3, 25  # code points from the clause's start to the speaker
_UNSURE = 0.6  # a frame's own confidence below which it was held to be a guess
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
    if attribution.confidence < _UNSURE:
        found.append("held unsure")
    if way == GOES_ON:
        found.append(f"before: {before}")
    if attribution.cue is not None:
        found.append(f"cue: {attribution.cue.of(text).casefold()}")
    found += [*_length(attribution, text), *_place(attribution)]
    ends = _ends_of_words if attribution.kind != "direct" else _ends_of_quotation
    return tuple(dict.fromkeys([*found, *ends(attribution, text, rules)]))


def _length(attribution: Attribution, text: str) -> Iterator[str]:
    words = len(attribution.content.of(text).split())
    if words > _SHORT:
        longest = next((f"{most} or less" for most in _LENGTHS if words <= most), "many")
        yield f"words, {'direct' if attribution.kind == 'direct' else 'reported'}: {longest}"


def _place(attribution: Attribution) -> Iterator[str]:
    """Where the speaker stands: in its clause, and before or behind the content."""
    if attribution.speaker is None:
        return
    start = attribution.speaker.start
    away = start - attribution.clause.start
    yield f"place: {'first' if away <= _FIRST else 'near' if away < _NEAR else 'far'}"
    order = "speaker, content" if start < attribution.content.start else "content, speaker"
    yield f"order: {order}, {attribution.kind}"


def _ends_of_words(attribution: Attribution, text: str, rules: LanguageRules) -> Iterator[str]:
    """Where reported words may have ended before, or go on."""
    content, may_end = attribution.content, rules.patterns.get("may_end")
    if may_end is not None:
        for one in may_end.finditer(text, content.start, content.end):
            yield f"within: {one.lastgroup or one.group().strip()}"
        behind = may_end.match(text, content.end)
        named = [span.start for span in (attribution.speaker, attribution.cue) if span is not None]
        named = [at for at in named if 0 <= at - content.end <= _AT_ONCE]
        if behind is not None and not named:
            yield f"behind: {behind.lastgroup or behind.group().strip()}"
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
