"""A sentence -> tagged tokens: words with their endings cut off, quotations, punctuation.

Every token has one character for a tag, so that a whole sentence is a short string and the
patterns of a language run over it fast. Which tags there are is the data file's business; the
engine itself knows these: ``Q`` a quotation, ``P`` the genitive, and punctuation, which stands for
itself. What stands in brackets is no token but a note on the token before.

Offsets are Unicode code points into the page's text, half open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from claims.languages import LanguageRules, NotedName, Rejoin
from claims.models import Span
from claims.necessary import bits
from claims.segments import BRACKET, CLOSE, FILL, FULL_STOP, OPEN, OUTCRY, Page

QUOTATION, GENITIVE, OTHER = "Q", "P", "w"
_TOKEN = re.compile(
    r"(?P<word>[$€£₩]?\d{1,3}(?:,\d{3})+[\w.%]*|\d{1,2}:\d{2}(?![\d:])"
    r"|[\w$%@#+&°€£₩](?:[\w$%@#+&°/·ㆍ.*○△]*(?:['’](?=[A-Za-z0-9])[\w$%@#+&°/·ㆍ.*○△]*)*"
    r"[\w$%+°○△*])?(?:(?<=[sSxzZ])['’](?=\s))?"
    r"(?:-[\w$%@#+&°/·.'’]*\w)*)"
    rf"|(?P<quotation>{OPEN}[{FILL}{FULL_STOP}{OUTCRY}]*{CLOSE})|(?P<bracket>{BRACKET}+)|(?P<mark>\S)"
)
_LONGEST_ABBREVIATION = 11
_PUNCTUATION = frozenset(",.;:?!&—–…-·/")


Part = tuple[int, int, str]  # start and end inside the word, tag


@dataclass(slots=True)
class Tokens:
    """The tokens of a stretch of a text: parallel sequences, one entry a token.

    ``ends`` are those of the words; ``behind`` has the end of what stands in brackets behind some.
    """

    text: str
    characters: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    behind: dict[int, int] = field(default_factory=dict)
    notes: dict[int, list[str]] = field(default_factory=dict)
    tags: str = ""

    @property
    def texts(self) -> list[str]:
        """The words as printed."""
        return [self.word(at) for at in range(len(self.starts))]

    def word(self, at: int) -> str:
        """A word as printed."""
        return self.text[self.starts[at] : self.ends[at]]

    def span(self, first: int, last: int) -> Span:
        """The text from one token to before another, without brackets behind the last."""
        return Span(self.starts[first], self.ends[last - 1])

    def full_span(self, first: int, last: int) -> Span:
        """The text from one token to before another, with brackets behind the last."""
        return Span(self.starts[first], self.behind.get(last - 1, self.ends[last - 1]))

    def note(self, words: str, end: int, named: tuple[NotedName, ...]) -> None:
        """Put what stands in brackets to the token before, if there is one."""
        if not self.characters:
            return
        last = len(self.characters) - 1
        self.notes.setdefault(last, []).append(words)
        self.behind[last] = end
        for one in named:
            if one.note.fullmatch(words):
                for at in range(last, max(-1, last - len(words.split())), -1):
                    if self.characters[at] not in one.tags:
                        break
                    self.characters[at] = one.tag
                return

    def rejoin(self, rules: tuple[Rejoin, ...]) -> None:
        """See words in the light of what follows: another tag, or not cut after all."""
        has = bits(self.tags)
        for one in rules:  # of some hundred, a sentence needs one or two
            first, second = one.needs
            if has & first and has & second and one.tags.search(self.tags):
                self._rejoin(one)
                has = bits(self.tags)

    def _rejoin(self, one: Rejoin) -> None:
        at = 0
        while match := one.tags.search(self.tags, at):
            first, last = match.start(), match.end() - 1
            at = first + 1
            if last > first and self.starts[last] != self.ends[first]:
                continue
            word = one.word.fullmatch(self.text, self.starts[first], self.ends[last])
            if word:
                cut = last - first + 1 - len(one.tag)
                parts = [word.start("second")] if len(one.tag) > 1 else []
                self.characters[first : last + 1] = one.tag
                self.ends[first : last + 1] = [*parts, self.ends[last]]
                self.starts[first : last + 1] = [self.starts[first], *parts]
                self.notes = {n - cut * (n >= last): x for n, x in self.notes.items()}
                self.behind = {n - cut * (n >= last): x for n, x in self.behind.items()}
                self.tags = "".join(self.characters)


class Tagger:
    """Cuts and tags the words of one language; what it found for a word it remembers."""

    _REMEMBERED = 100_000  # distinct words; more than that is not language but noise

    def __init__(self, rules: LanguageRules) -> None:
        self._rules = rules
        self._words: dict[str, tuple[Part, ...]] = {}
        self._plain: dict[str, str] = {}  # words of one part that begin no entry of several
        self._tails: dict[str, tuple[Part, ...]] = {}
        self._first: dict[str, tuple[Part, ...]] = {}

    def read(self, page: Page, span: Span) -> Tokens:
        """The tokens of a stretch of a page."""
        text, tokens = page.text, Tokens(page.text)
        characters, starts, ends = tokens.characters, tokens.starts, tokens.ends
        compounds = self._rules.compounds
        last_end, behind, skip = -1, "", 0
        bracketed = page.masked.find(BRACKET, span.start, span.end) >= 0
        found = list(_TOKEN.finditer(page.masked, span.start, span.end))
        plain = self._plain
        for number, token in enumerate(found):
            if skip:
                skip -= 1
                continue
            kind = token.lastgroup or ""
            start, end = token.span()
            if kind != "word":
                self._mark(tokens, text, start, end, kind)
                opens = kind == "mark" and (start == span.start or text[start - 1].isspace())
                last_end, behind = -1 if opens else end, kind
                continue
            word = token.group()
            tag = plain.get(word)
            if tag is not None and characters and start != last_end and not bracketed:
                characters.append(tag)
                starts.append(start)
                ends.append(end)
                last_end = -1
                continue
            skip = self._compound(found, number) if word.casefold() in compounds else 0
            if skip:
                parts = self._whole(text[start : found[number + skip].end()])
            elif start == last_end:
                # Behind brackets an ending agrees with the word before them, or within.
                before = [ends[-1], start] if behind == "bracket" and ends else [start]
                parts = self._written_on(word, behind, text, before)
            elif bracketed and _goes_on_after_bracket(found, number):
                parts = self._whole(word)
            else:
                parts = self._word(word) if characters else self._first_word(word)
            for first, last, tag in parts:
                characters.append(tag)
                starts.append(start + first)
                ends.append(start + last)
            last_end = -1
        tokens.tags = "".join(characters)
        tokens.rejoin(self._rules.rejoin)
        return tokens

    def _mark(self, tokens: Tokens, text: str, start: int, end: int, kind: str) -> None:
        """Add what is no word: a quotation, a bracket, punctuation."""
        if kind == "bracket":
            tokens.note(text[start + 1 : end - 1], end, self._rules.noted_names)
            return
        mark = QUOTATION if kind == "quotation" else text[start]
        if mark in self._rules.every_mark:
            return  # an inner quotation mark: the words in it count, the mark doesn't
        if mark == "." and self._abbreviates(tokens, text, end):
            tokens.ends[-1] = end
            return
        known = mark == QUOTATION or mark in _PUNCTUATION
        tokens.characters.append(mark if known else ",")
        tokens.starts.append(start)
        tokens.ends.append(end)

    def _whole(self, words: str) -> tuple[Part, ...]:
        tag = self._rules.whole_words.tag(words) or self._rules.stems.tag(words)
        return ((0, len(words), tag or OTHER),)

    def _written_on(self, word: str, behind: str, text: str, before: list[int]) -> tuple[Part, ...]:
        """The parts of a word that is written on to a quotation, a bracket or an inner mark."""
        if behind == "quotation":
            return self._tail(word)
        for at in before:
            last = next((c for c in reversed(text[max(0, at - 120) : at]) if c.isalnum()), "0")
            parts = tuple(self._ending(word, last))
            if parts:
                return parts
        return ((0, len(word), self._stem(word)),)

    def _abbreviates(self, tokens: Tokens, text: str, end: int) -> bool:
        """Whether a full stop belongs to the word before it."""
        if not tokens.starts or end - tokens.starts[-1] > _LONGEST_ABBREVIATION:
            return False
        start = max(0, tokens.starts[-1] - 1)
        return self._rules.patterns["abbreviation"].search(text, start, end) is not None

    def _compound(self, found: list[re.Match[str]], number: int) -> int:
        """How many more tokens make an entry of several words with this one."""
        if number + 1 == len(found):
            return 0
        second = found[number + 1].group().casefold()
        for more in self._rules.compounds.get(found[number].group().casefold(), ()):
            if more[0] != second:
                continue
            following = found[number + 1 : number + 1 + len(more)]
            if tuple(token.group().casefold() for token in following) == more:
                return len(more)
        return 0

    def _word(self, word: str) -> tuple[Part, ...]:
        known = self._words.get(word)
        if known is None:
            if len(self._words) > self._REMEMBERED:
                self._words.clear()
                self._plain.clear()
            known = self._words[word] = tuple(self._cut(word))
            if len(known) == 1 and word.casefold() not in self._rules.compounds:
                self._plain[word] = known[0][2]
        return known

    def _first_word(self, word: str) -> tuple[Part, ...]:
        """The first word of a sentence: its capital says nothing when the word is known without."""
        if word in self._first:
            return self._first[word]
        known = self._word(word)
        if known[0][2] == self._rules.capital:
            lower = self._word(word[0].lower() + word[1:])
            if self._known(word[0].lower() + word[1 : lower[0][1]]):
                known = lower
        if len(self._first) > self._REMEMBERED:
            self._first.clear()
        self._first[word] = known
        return known

    def _known(self, word: str) -> bool:
        return bool(self._rules.whole_words.tag(word) or self._rules.stems.tag(word))

    def _tail(self, word: str) -> tuple[Part, ...]:
        """A word written on to a quotation: only its ending, or its ending and more."""
        known = self._tails.get(word)
        if known is None:
            if len(self._tails) > self._REMEMBERED:
                self._tails.clear()
            tag = self._rules.tails.tag(word)
            known = ((0, len(word), tag),) if tag else tuple(self._cut(word))
            self._tails[word] = known
        return known

    def _cut(self, word: str) -> Iterator[Part]:
        """A word's parts: whole, or stem and ending, the stem itself in name and title."""
        whole = self._rules.whole_words.tag(word)
        if whole:
            yield 0, len(word), whole
            return
        stem_end, ending = self._rules.endings.find(word) or (len(word), "")
        stem = word[:stem_end]
        attached = (
            self._rules.patterns["attached"].match(stem)
            if self._rules.may_fit("attached", stem)
            else None
        )
        if attached:
            cut = attached.end("name")
            yield 0, cut, self._stem(stem[:cut])
            yield cut, stem_end, self._stem(stem[cut:])
        else:
            yield 0, stem_end, self._stem(stem)
        if ending:
            yield stem_end, len(word), ending

    def _ending(self, word: str, before: str) -> Iterator[Part]:
        """The parts of a word written on to what ends with ``before``; none without an ending."""
        found = self._rules.endings.find(before + word)
        if found:
            start, tag = found[0] - 1, found[1]
            if start:
                yield 0, start, self._stem(word[:start])
            yield start, len(word), tag

    def _stem(self, word: str) -> str:
        return self._rules.stems.tag(word) or OTHER


def _goes_on_after_bracket(found: list[re.Match[str]], number: int) -> bool:
    """Whether a word's ending stands behind a bracket: ``한국은행(한은)은``."""
    if number + 2 >= len(found) or found[number + 1].lastgroup != "bracket":
        return False
    word, bracket, ending = found[number : number + 3]
    return (
        ending.lastgroup == "word"
        and word.end() == bracket.start()
        and bracket.end() == ending.start()
    )
