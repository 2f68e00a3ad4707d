"""The rule engine: which spans of a page are content, which cue and speaker belong to them.

An attribution is content, cue and source (PARC 3.0: Pareti 2016, "PARC 3.0: A corpus of attribution
relations"; here the source is the speaker phrase). The engine tries the frames of the language,
most telling first, on every quotation and then on every reported clause; the first frame whose
speaker phrase has a known shape wins. Which frames there are is data (``lang/*.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from claims.languages import Frame, LanguageRules
from claims.models import Kind, Span
from claims.phrases import Who, understand, without_brackets
from claims.segments import CLOSE, OPEN, Page, Quotation, Sentence, target

_TRIES = 6  # speaker phrases looked at per frame and clause: sentences are finite, patience too


@dataclass(frozen=True, slots=True)
class Attribution:
    """One statement with the spans that attribute it; ``who`` is the speaker phrase understood.

    ``carries`` means that the speaker is the one of the statement before. ``via`` is the phrase
    that names the outlet it is relayed from. ``clause`` is the clause it was found in.
    """

    content: Span
    kind: Kind
    rule: str
    confidence: float
    sentence: int
    clause: Span
    cue: Span | None = None
    speaker: Span | None = None
    who: Who | None = None
    via: Span | None = None
    carries: bool = False


class Attributor:
    """Applies the frames of one language to one page.

    ``known`` holds the names, whole and short, that the page introduces: a bare name counts as a
    speaker only when it is among them.
    """

    def __init__(self, page: Page, rules: LanguageRules, known: frozenset[str]) -> None:
        self._page, self._rules, self._known = page, rules, known

    def attributions(self) -> list[Attribution]:
        """Every attribution of the page, in order of the contents."""
        found: list[Attribution] = []
        for number, sentence in enumerate(self._page.sentences):
            if sentence.quotations or self._may_attribute(sentence):
                for clause in self._clauses(sentence):
                    found += self._in_clause(number, sentence, clause)
        return _without_overlaps(_joined(found, self._page.text))

    def _may_attribute(self, sentence: Sentence) -> bool:
        masked = self._page.masked
        span = sentence.span
        return bool(self._rules.patterns["worth_a_look"].search(masked, span.start, span.end))

    def _clauses(self, sentence: Sentence) -> Iterator[Span]:
        """Stretches of a sentence that each hold a statement with its own cue."""
        start = sentence.span.start
        breaks = self._rules.patterns["clause_break"]
        for found in breaks.finditer(self._page.masked, sentence.span.start, sentence.span.end):
            if found.end() < sentence.span.end and found.end() > start:
                yield Span(start, found.end())
                start = found.end()
        yield Span(start, sentence.span.end)

    def _in_clause(self, number: int, sentence: Sentence, clause: Span) -> list[Attribution]:
        found: list[Attribution] = []
        for quotation in sentence.quotations:
            if clause.covers(quotation.outer):
                one = self._quotation(number, quotation, clause)
                if one is not None:
                    found.append(one)
        reported = self._reported(number, clause)
        if reported is not None and not any(
            reported.content.overlaps(one.content) for one in found
        ):
            found.append(reported)
        return found

    def _quotation(self, number: int, quotation: Quotation, clause: Span) -> Attribution | None:
        behind = target(self._page.masked, quotation, clause)[quotation.outer.end - clause.start :]
        for frame in self._rules.quotations:
            after = frame.after.match(behind) if frame.after else None
            if frame.after and not after:
                continue
            one = self._framed(number, frame, quotation, clause, after)
            if one is not None:
                return one
        return None

    def _framed(
        self,
        number: int,
        frame: Frame,
        quotation: Quotation,
        clause: Span,
        after: re.Match[str] | None,
    ) -> Attribution | None:
        """The attribution of a quotation by one frame whose ``after`` fits."""
        end = quotation.outer.end
        cue = _group(after, "cue", end)
        region = Span(clause.start, quotation.outer.start)
        if frame.previous:
            region = Span(self._before(number, quotation), quotation.outer.start)
        speaker, who, bridge = _group(after, "speaker", end), None, region
        if frame.before is None:
            who = self._who(speaker, clause)
        else:
            for before in self._last_first(frame.before, region):
                speaker = _group(before, "speaker", region.start)
                cue = cue or _group(before, "cue", region.start)
                who = self._who(speaker, clause)
                if who or frame.carries:
                    bridge = Span(region.start + before.end(), quotation.outer.start)
                    break
            else:
                return None
        if who is None and not frame.carries:
            return None
        content, kind = self._content(quotation, bridge, frame)
        return Attribution(
            content, kind, frame.name, frame.confidence, number, clause,
            cue, speaker, who, carries=frame.carries,
        )  # fmt: skip

    def _before(self, number: int, quotation: Quotation) -> int:
        """Where the sentence before begins, if the quotation opens its own sentence."""
        sentences = self._page.sentences
        if number and sentences[number].span.start == quotation.outer.start:
            return sentences[number - 1].span.start
        return quotation.outer.start

    def _last_first(self, pattern: re.Pattern[str], region: Span) -> list[re.Match[str]]:
        matches = list(pattern.finditer(self._page.masked[region.start : region.end]))
        return matches[::-1][:_TRIES]

    def _content(
        self, quotation: Quotation, bridge: Span, frame: Frame
    ) -> tuple[Span, Kind]:
        """The span of the content: the quotation, or the clause that it is only a part of."""
        part = self._rules.patterns["partly_quoted"]
        masked = self._page.masked
        if frame.previous or not part.search(masked[bridge.start : bridge.end]):
            return quotation.inner, "direct"
        adjuncts = self._rules.patterns["adjuncts"].match(masked, bridge.start, bridge.end)
        start = adjuncts.end() if adjuncts else bridge.start
        if not part.search(masked[start : bridge.end]):
            return quotation.inner, "direct"
        return Span(start, quotation.outer.end), "mixed"

    def _reported(self, number: int, clause: Span) -> Attribution | None:
        for frame in self._rules.reports:
            if frame.pattern is None:
                continue
            for found in self._starts(frame.pattern, clause):
                one = self._report(number, frame, clause, found)
                if one is not None:
                    return one
        return None

    def _starts(self, pattern: re.Pattern[str], clause: Span) -> Iterator[re.Match[str]]:
        """Matches of a pattern, each search beginning behind the speaker found before."""
        piece, at = clause.of(self._page.masked), 0
        for _ in range(_TRIES):
            found = pattern.search(piece, at)
            if not found:
                return
            yield found
            speaker = _group(found, "speaker", 0)
            at = speaker.end if speaker else found.end()

    def _report(
        self, number: int, frame: Frame, clause: Span, found: re.Match[str]
    ) -> Attribution | None:
        offset = clause.start
        speaker = _group(found, "speaker", offset)
        who = self._who(speaker, clause)
        content = self._tidy(
            Span(found.start("content") + offset, found.end("content") + offset)
        )
        if (who is None and not frame.carries) or content.end - content.start < 4:
            return None
        inside = self._page.masked[content.start : content.end]
        kind: Kind = "mixed" if OPEN in inside and CLOSE in inside else "indirect"
        return Attribution(
            content, kind, frame.name, frame.confidence, number, clause,
            _group(found, "cue", offset), speaker, who, _group(found, "via", offset),
            frame.carries,
        )  # fmt: skip

    def _tidy(self, span: Span) -> Span:
        """Without blanks and commas at either end, and without the final full stop."""
        text = self._page.text
        start, end = span.start, span.end
        while start < end and (text[start].isspace() or text[start] in ",，"):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in ",，.。"):
            end -= 1
        return Span(start, end)

    def _who(self, speaker: Span | None, clause: Span) -> Who | None:
        """The speaker phrase understood; a bare name only when the page introduces it."""
        if speaker is None:
            return None
        who = understand(speaker.of(self._page.text), self._rules)
        if who is None or (who.kind == "bare" and who.name not in self._known):
            return None
        joint = self._rules.patterns["joint"].search(self._page.masked[clause.start : speaker.start])
        if joint is None:
            return who
        return self._joint(Span(clause.start + joint.start("speaker"), speaker.end), joint, who)

    def _joint(self, whole: Span, joint: re.Match[str], second: Who) -> Who | None:
        """Several speaking as one, by the words of the article; None if the first is nobody."""
        first = understand(
            self._page.text[whole.start : whole.start + joint.end("speaker") - joint.start("speaker")],
            self._rules,
        )
        if first is None or first.kind == "pronoun":
            return None
        kind = "person" if {first.kind, second.kind} <= {"person", "surname", "bare"} else "organization"
        return Who(without_brackets(whole.of(self._page.text)), kind, "joint")


def _group(found: re.Match[str] | None, name: str, offset: int) -> Span | None:
    """The span of a named group, or of the first of its numbered alternatives that matched."""
    if found is None:
        return None
    for key in found.re.groupindex:
        if key.rstrip("0123456789") == name and found.start(key) >= 0:
            return Span(found.start(key) + offset, found.end(key) + offset)
    return None


def _joined(found: list[Attribution], text: str) -> list[Attribution]:
    """A quotation that its own cue splits is one: from its first word to its last.

    The two parts share the cue, and the first doesn't end a sentence or the second goes on small.
    """
    ordered = sorted(found, key=lambda one: (one.content.start, one.content.end))
    joined: list[Attribution] = []
    for one in ordered:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.cue is not None
            and last.cue == one.cue
            and last.kind == one.kind == "direct"
            and last.content.end < last.cue.start < one.content.start
            and text[last.content.end - 1] not in ".?!"
            and text[one.content.start].islower()
        ):
            joined[-1] = replace(last, content=Span(last.content.start, one.content.end))
        else:
            joined.append(one)
    return joined


def _without_overlaps(ordered: list[Attribution]) -> list[Attribution]:
    """Of statements that share text, the one that a surer rule found."""
    kept: list[Attribution] = []
    for one in ordered:
        if kept and kept[-1].content.overlaps(one.content):
            if one.confidence > kept[-1].confidence:
                kept[-1] = one
        else:
            kept.append(one)
    return kept
