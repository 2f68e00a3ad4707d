"""The rule engine: which spans of a page are content, which cue and speaker belong to them.

An attribution is content, cue and source (PARC 3.0: Pareti 2016, "PARC 3.0: A corpus of attribution
relations"; here the source is the speaker phrase). The engine tries the frames of the language,
most telling first, on every quotation and then on the rest of every clause; the first frame whose
speaker phrase has a known shape wins. Which frames there are is data (``lang/*.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from claims.attributions import (
    Attribution,
    from_open_paragraphs,
    joined,
    over_paragraphs,
    says_the_same,
    without_overlaps,
)
from claims.clauses import Clause, Found
from claims.finding import Finder
from claims.languages import Frame
from claims.models import Kind, Span
from claims.necessary import bits, lacks
from claims.phrases import Who
from claims.reading import Reading
from claims.segments import Quotation
from claims.tokens import QUOTATION

_DIRECT: Kind = "direct"
_TRIES = 5  # speaker phrases looked at per frame: sentences are finite, patience too
_PHRASES = 12  # speaker phrases looked at when the nearest is wanted
_PAUSES = ",?!，？！"
_SERIES = re.compile(rf"{QUOTATION}(?:,?{QUOTATION})*")  # several quotations one after another
_SHORTEST = 5  # characters; a reported statement shorter than this says nothing


class Attributor:
    """Applies the frames of one language to one page.

    ``known`` holds the names, whole and short, that the page introduces: a bare name counts as a
    speaker only when it is among them.
    """

    def __init__(self, reading: Reading, known: frozenset[str]) -> None:
        self._reading, self._page, self._rules = reading, reading.page, reading.rules
        self._finder = Finder(reading, known)
        self.refused = self._finder.refused  # phrases where a speaker should be, naming nobody

    def attributions(self) -> list[Attribution]:
        """Every attribution of the page, in order of the contents."""
        found: list[Attribution] = []
        for number in self._reading.candidates:
            for clause in self._clauses(number):
                found += self._in_clause(clause)
        found = [one for one in found if not self._is_guessed(one)]
        ordered = self._handed_back(without_overlaps(joined(found, self._page.text)))
        return over_paragraphs(from_open_paragraphs(ordered, self._page), self._page)

    def _is_guessed(self, attribution: Attribution) -> bool:
        """Whether somebody said no such thing (말한 적이 없다), or is only supposed to have."""
        guessed, cue = self._rules.patterns.get("guessed"), attribution.cue
        if guessed and cue and guessed.match(self._page.text, cue.end):
            return True
        polled, content = self._rules.patterns.get("polled"), attribution.content
        return bool(
            polled
            and attribution.kind != "direct"
            and polled.match(self._page.text, content.start, attribution.clause.end)
        )

    def _handed_back(self, ordered: list[Attribution]) -> list[Attribution]:
        """A paragraph left open because the quotation goes on has the speaker named in the next."""
        for at in range(len(ordered) - 2, -1, -1):
            one, following = ordered[at], ordered[at + 1]
            sentence = self._page.sentences[one.sentence]
            left_open = any(
                quotation.inner == one.content and not quotation.closed
                for quotation in sentence.quotations
            )
            near = following.sentence - one.sentence == 1 and following.kind == "direct"
            if one.carries and left_open and near and sentence.opens_block and following.who:
                ordered[at] = replace(following, content=one.content, sentence=one.sentence)
        return ordered

    def _clauses(self, number: int) -> Iterator[Clause]:
        """Stretches of a sentence that each hold a statement with its own cue."""
        sentence, start = self._sentence(number), 0
        for found in self._rules.tagged["clause_break"].finditer(sentence.outline):
            if start < found.end() < sentence.last:
                yield sentence.part(start, found.end())
                start = found.end()
        if start < sentence.last:
            yield sentence.part(start, sentence.last)

    def _in_clause(self, clause: Clause) -> list[Attribution]:
        found: list[Attribution] = []
        for series in _SERIES.finditer(clause.outline, clause.first, clause.last):
            one = self._quotation(clause, series.start(), series.end())
            if one is None:
                continue
            found.append(one)
            for at in range(series.start() + 1, series.end()):
                if clause.outline[at] == QUOTATION:
                    content = self._reading.quotation(clause.number, at).inner
                    found.append(replace(one, content=content, kind=_DIRECT))
        for reported in self._reported(clause):
            if not any(says_the_same(reported, one) for one in found):
                found.append(reported)
        return found

    def _quotation(self, clause: Clause, at: int, end: int) -> Attribution | None:
        """The attribution of a quotation; others may follow it at once, up to before ``end``."""
        front, behind = clause.part(clause.first, at), clause.part(end, clause.last)
        before, after = bits(front.tags), bits(behind.tags)
        for frame in self._rules.quotations:
            if not frame.may_fit(before, after):
                continue
            if frame.needs and frame.needs.isdisjoint(clause.outline):
                continue
            one = self._framed(clause, at, frame, front, behind)
            if one is not None:
                return one
        return None

    def _framed(
        self, clause: Clause, at: int, frame: Frame, front: Clause, behind: Clause
    ) -> Attribution | None:
        """The attribution of the quotation at a token by one frame, if it fits."""
        if not self._is_placed(clause, at, frame):
            return None
        if frame.reach != "clause":
            neighbour = self._neighbour(clause, at, frame.reach)
            if neighbour is None:
                return None
            front, behind = (
                (neighbour, behind) if frame.reach in {"previous", "ahead"} else (front, neighbour)
            )
        after = self._match(frame.after, behind)
        if frame.after and not after:
            return None
        if frame.before is None:
            return self._by_after(clause, at, frame, after)
        for before in self._candidates(frame, frame.before, front):
            who = self._finder.who(before, frame)
            if who is None and before.range("speaker") is None and after is not None:
                who = self._finder.who(after)
            if who is None and frame.reach != "clause":
                who = self._finder.who_at_the_end(before)
            if who is not None or (frame.carries and before.range("speaker") is None):
                return self._attribution(clause, at, frame, before, after, who)
        return None

    def _candidates(self, frame: Frame, pattern: re.Pattern[str], front: Clause) -> Iterator[Found]:
        """What could be a frame's speaker before a quotation, unless another is nearer."""
        nearest = self._nearest_first(pattern, front) if frame.nearest else None
        for before in self._searches(pattern, front) if nearest is None else nearest:
            if self._has_rival(front, before):
                return
            yield before

    def _has_rival(self, front: Clause, before: Found) -> bool:
        """Whether somebody else than the speaker of a frame is the subject of what is quoted."""
        rival, speaker = self._rules.tagged.get("rival"), before.range("speaker")
        if rival is None or speaker is None:
            return False
        return rival.search(front.outline, speaker[1] + 1, front.last) is not None

    def _is_placed(self, clause: Clause, at: int, frame: Frame) -> bool:
        """Whether a quotation stands where a frame wants it."""
        if frame.inside and not clause.first:
            return False
        if frame.opening and (clause.first or not self._page.sentences[clause.number].opens_block):
            return False
        return not frame.paused or self._paused(clause, at)

    def _paused(self, clause: Clause, at: int) -> bool:
        """Whether the sentence pauses behind a quotation: what follows is no part of its phrase."""
        end = self._reading.quotation(clause.number, at).outer.end
        text = self._page.text
        return text[end - 2] in _PAUSES or text[end : end + 1] in set(_PAUSES)

    def _by_after(
        self, clause: Clause, at: int, frame: Frame, after: Found | None
    ) -> Attribution | None:
        who = self._finder.who(after) if after else None
        if who is None and after is not None and frame.reach != "clause":
            who = self._finder.who_at_the_end(after)
        if who is None and not frame.carries:
            return None
        return self._attribution(clause, at, frame, None, after, who)

    def _neighbour(self, clause: Clause, at: int, reach: str) -> Clause | None:
        """The sentence before or behind that of a quotation; the paragraph's own if need be."""
        back = reach in {"previous", "ahead"}
        number = clause.number + (-1 if back else 1)
        if not 0 <= number < len(self._reading.tokens) or at:
            return None
        if not back and clause.outline[at + 1 : clause.last].strip(".,"):
            return None
        sentences = self._page.sentences
        same_block = sentences[number].block == sentences[clause.number].block
        return self._sentence(number) if same_block or reach in {"previous", "next"} else None

    def _sentence(self, number: int) -> Clause:
        outline = self._reading.outline(number)
        return Clause(number, self._reading.tokens[number], outline, 0, len(outline))

    def _match(self, pattern: re.Pattern[str] | None, clause: Clause) -> Found | None:
        if pattern is None:
            return None
        found = pattern.match(clause.tags)
        return Found(found, clause.tokens, clause.first) if found else None

    def _searches(
        self, pattern: re.Pattern[str], clause: Clause, most: int = _TRIES
    ) -> Iterator[Found]:
        """Matches of a pattern in a clause, each beginning one token behind the one before."""
        tags, at = clause.tags, 0
        for _ in range(most):
            match = pattern.search(tags, at)
            if match is None:
                return
            found = Found(match, clause.tokens, clause.first)
            yield found
            speaker = found.range("speaker")
            at = (speaker[0] - clause.first if speaker else match.start()) + 1

    def _nearest_first(self, pattern: re.Pattern[str], clause: Clause) -> list[Found]:
        """The matches by where the speaker phrase ends, last first, and then the longest first."""
        found = list(self._searches(pattern, clause, _PHRASES * _TRIES))

        def position(one: Found) -> tuple[int, int]:
            start, end = one.range("speaker") or (0, 0)
            return -end, start

        return sorted(found, key=position)

    def _attribution(
        self,
        clause: Clause,
        at: int,
        frame: Frame,
        before: Found | None,
        after: Found | None,
        who: Who | None,
    ) -> Attribution:
        quotation = self._reading.quotation(clause.number, at)
        content, kind = quotation.inner, _DIRECT
        if before is not None and frame.reach == "clause":
            content, kind = self._content(clause, at, before, quotation)
        founds = [found for found in (after, before) if found is not None]
        return Attribution(
            content=content,
            kind=kind,
            rule=frame.name,
            confidence=frame.confidence * (who.confidence if who else 1),
            sentence=clause.number,
            clause=clause.span,
            cue=next(filter(None, (found.span("cue") for found in founds)), None),
            speaker=next(filter(None, (found.span("speaker") for found in founds)), None),
            who=who,
            via=next(filter(None, (found.span("via") for found in founds)), None),
            carries=frame.carries,
            inside=clause.first > 0,
        )

    def _content(
        self, clause: Clause, at: int, before: Found, quotation: Quotation
    ) -> tuple[Span, Kind]:
        """The span of the content: the quotation, or the clause that it is only a part of."""
        tokens = clause.tokens
        start = before.match.end("lead") + before.offset if _has(before, "lead") else at
        bridge = clause.outline[start:at]
        own = self._own_words(clause, at, before)
        if own is not None:
            return Span(tokens.starts[own], quotation.outer.end), "mixed"
        if start < at and self._rules.tagged["partly_quoted"].search(bridge):
            return Span(tokens.starts[start], quotation.outer.end), "mixed"
        return quotation.inner, "direct"

    def _own_words(self, clause: Clause, at: int, before: Found) -> int | None:
        """Where words of the article begin that say the first part of what a quotation goes on."""
        adjuncts = self._rules.tagged.get("adjuncts")
        speaker = before.range("speaker")
        if adjuncts is None or speaker is None or speaker[1] >= at:
            return None
        found = adjuncts.match(clause.outline, speaker[1] + 1, at)
        start = found.end() if found else speaker[1] + 1
        told = self._rules.tagged["told_before"].fullmatch(clause.outline, start, at)
        if told is None or start >= at:
            return None
        words = Span(clause.tokens.starts[start], clause.tokens.ends[at - 1]).of(self._page.text)
        return start if self._rules.patterns["hangs_on"].search(words) else None

    def _reported(self, clause: Clause) -> Iterator[Attribution]:
        opens = self._page.sentences[clause.number].opens_block
        has = bits(clause.tags)
        for frame in self._rules.reports:
            if lacks(has, frame.pattern_needs):
                continue
            wanted = not frame.needs or not frame.needs.isdisjoint(clause.outline)
            wanted = wanted and not (frame.paragraph and opens)
            if frame.pattern is not None and wanted and (clause.first or not frame.inside):
                for found in self._searches(frame.pattern, clause):
                    one = self._report(clause, frame, found)
                    if one is not None:
                        yield one

    def _report(self, clause: Clause, frame: Frame, found: Found) -> Attribution | None:
        who = self._finder.who(found, frame)
        content_range = found.range("content")
        if (who is None and not frame.carries) or content_range is None:
            return None
        if frame.paragraph and self._finder.is_about_somebody(clause, *content_range):
            return None
        cue = found.span("cue")
        if frame.cues and (cue is None or cue.of(self._page.text) not in frame.cues):
            return None
        via = found.range("via")
        outlet = self._finder.outlet(found.tokens, *via) if frame.relayed and via else None
        if frame.relayed and outlet is None:
            return None
        content, kind = self._reported_content(clause, content_range)
        if content.end - content.start < _SHORTEST:
            return None
        return Attribution(
            content=content,
            kind=kind,
            rule=frame.name,
            confidence=frame.confidence * (who.confidence if who else 1),
            sentence=clause.number,
            clause=clause.span,
            cue=cue,
            speaker=found.span("speaker"),
            who=who,
            via=found.span("via"),
            outlet=outlet,
            carries=frame.carries,
            inside=clause.first > 0,
        )

    def _reported_content(self, clause: Clause, tokens: tuple[int, int]) -> tuple[Span, Kind]:
        first, last = tokens
        tags = clause.outline
        while first < last and tags[first] in ",;:—–-":
            first += 1
        while last > first and tags[last - 1] in ",.;:—–-":
            last -= 1
        if first == last:
            return Span(0, 0), "indirect"
        if last - first == 1 and tags[first] == QUOTATION:
            return self._reading.quotation(clause.number, first).inner, "direct"
        kind: Kind = "mixed" if QUOTATION in tags[first:last] else "indirect"
        if last - first == 1 and self._page.joined(clause.tokens.span(first, last)):
            kind = "direct"
        return clause.tokens.full_span(first, last), kind


def _has(found: Found, group: str) -> bool:
    return group in found.match.re.groupindex and found.match.start(group) >= 0
