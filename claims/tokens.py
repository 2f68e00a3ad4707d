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

from claims.languages import LanguageRules, Words
from claims.models import Span
from claims.segments import BRACKET, CLOSE, FILL, FULL_STOP, OPEN, Page

QUOTATION, GENITIVE = "Q", "P"
_TOKEN = re.compile(
    rf"(?P<quotation>{OPEN}[{FILL}{FULL_STOP}]*{CLOSE})|(?P<bracket>{BRACKET}+)"
    r"|(?P<word>[\w$%@#+&°€£₩](?:[\w$%@#+&°/·ㆍ.'’*○△]*[\w$%+°○△*])?(?:['’](?=\s))?"
    r"(?:-[\w$%@#+&°/·.'’]*\w)*)|(?P<mark>\S)"
)
_PUNCTUATION = frozenset(",.;:?!—–…-·/")


Part = tuple[int, int, str]  # start and end inside the word, tag


@dataclass(slots=True)
class Tokens:
    """The tokens of a stretch of text: parallel sequences, one entry a token.

    ``ends`` are those of the words; ``full_ends`` include what stands in brackets behind them.
    """

    characters: list[str]
    starts: list[int]
    ends: list[int]
    full_ends: list[int]
    texts: list[str]
    attached: list[bool]
    notes: dict[int, list[str]] = field(default_factory=dict)
    _tags: str | None = None

    @property
    def tags(self) -> str:
        """One character a token."""
        if self._tags is None:
            self._tags = "".join(self.characters)
        return self._tags

    def span(self, first: int, last: int) -> Span:
        """The text from one token to before another, without brackets behind the last."""
        return Span(self.starts[first], self.ends[last - 1])

    def full_span(self, first: int, last: int) -> Span:
        """The text from one token to before another, with brackets behind the last."""
        return Span(self.starts[first], self.full_ends[last - 1])

    def append(self, text: str, start: int, parts: tuple[Part, ...]) -> None:
        """Add the parts of a word that begins at an offset of a text."""
        for number, (first, last, tag) in enumerate(parts):
            self.characters.append(tag)
            self.starts.append(start + first)
            self.ends.append(start + last)
            self.full_ends.append(start + last)
            self.texts.append(text[start + first : start + last])
            self.attached.append(number > 0)

    def note(self, words: str, end: int) -> None:
        """Put what stands in brackets to the token before, if there is one."""
        if self.characters:
            self.notes.setdefault(len(self.characters) - 1, []).append(words)
            self.full_ends[-1] = end

    def stretch(self, text: str, end: int) -> None:
        """Make the last token reach to an offset: the full stop of an abbreviation."""
        if self.characters:
            self.ends[-1] = self.full_ends[-1] = end
            self.texts[-1] = text[self.starts[-1] : end]


class Tagger:
    """Cuts and tags the words of one language; what it found for a word it remembers."""

    _REMEMBERED = 100_000  # distinct words; more than that is not language but noise

    def __init__(self, rules: LanguageRules) -> None:
        self._rules = rules
        self._words: dict[str, tuple[Part, ...]] = {}
        self._tails: dict[str, tuple[Part, ...]] = {}

    def read(self, page: Page, span: Span) -> Tokens:
        """The tokens of a stretch of a page."""
        tokens = Tokens([], [], [], [], [], [])
        text, last_end, behind = page.text, -1, None
        found = list(_TOKEN.finditer(page.masked, span.start, span.end))
        number = 0
        while number < len(found):
            start, end, kind = found[number].start(), found[number].end(), found[number].lastgroup
            if kind == "quotation":
                tokens.append(text, start, ((0, end - start, QUOTATION),))
            elif kind == "bracket":
                tokens.note(text[start + 1 : end - 1], end)
            elif kind == "word":
                more = self._compound(found, number)
                number += more
                end = found[number].end()
                word = text[start:end]
                parts = self._parts(word, more > 0, behind if start == last_end else "")
                tokens.append(text, start, parts)
            elif self._rules.marks.match(text, start):
                pass  # an inner quotation mark: the words in it count, the mark doesn't
            elif found[number].group() == "." and self._abbreviates(text, end):
                tokens.stretch(text, end)
            else:
                mark = found[number].group()
                tokens.append(text, start, ((0, 1, mark if mark in _PUNCTUATION else ","),))
            last_end, behind = end if kind != "word" else -1, kind
            number += 1
        return tokens

    def _parts(self, word: str, compound: bool, behind: str | None) -> tuple[Part, ...]:
        if compound:
            tag = self._tag(self._rules.whole_words, word, "")
            return ((0, len(word), tag or self._tag(self._rules.stems, word)),)
        if behind == "quotation":
            return self._tail(word)
        # Behind a bracket or an inner mark stands the ending of the word that it belongs to.
        return tuple(self._ending(word)) if behind else self._word(word)

    def _abbreviates(self, text: str, end: int) -> bool:
        return self._rules.patterns["abbreviation"].search(text, max(0, end - 12), end) is not None

    def _compound(self, found: list[re.Match[str]], number: int) -> int:
        """How many more tokens make an entry of several words with this one."""
        for more in self._rules.compounds.get(found[number].group().casefold(), ()):
            following = found[number + 1 : number + 1 + len(more)]
            if tuple(token.group().casefold() for token in following) == more:
                return len(more)
        return 0

    def _word(self, word: str) -> tuple[Part, ...]:
        known = self._words.get(word)
        if known is None:
            if len(self._words) > self._REMEMBERED:
                self._words.clear()
            known = self._words[word] = tuple(self._cut(word))
        return known

    def _tail(self, word: str) -> tuple[Part, ...]:
        """A word written on to a quotation: only its ending, or its ending and more."""
        known = self._tails.get(word)
        if known is None:
            if len(self._tails) > self._REMEMBERED:
                self._tails.clear()
            known = next(
                (
                    ((0, len(word), tag),)
                    for tag, pattern in self._rules.tails
                    if pattern.fullmatch(word)
                ),
                None,
            )
            known = self._tails[word] = known or tuple(self._cut(word))
        return known

    def _cut(self, word: str) -> Iterator[Part]:
        """A word's parts: whole, or stem and ending, the stem itself in name and title."""
        whole = self._tag(self._rules.whole_words, word, "")
        if whole:
            yield 0, len(word), whole
            return
        stem_end, ending = len(word), ""
        for tag, pattern in self._rules.endings:
            found = pattern.search(word)
            if found and found.start():
                stem_end, ending = found.start(), tag
                break
        stem = word[:stem_end]
        attached = self._rules.patterns["attached"].match(stem)
        if attached:
            cut = attached.end("name")
            yield 0, cut, self._tag(self._rules.stems, stem[:cut])
            yield cut, stem_end, self._tag(self._rules.stems, stem[cut:])
        else:
            yield 0, stem_end, self._tag(self._rules.stems, stem)
        if ending:
            yield stem_end, len(word), ending

    def _ending(self, word: str) -> Iterator[Part]:
        """The parts of a word that is written on to something else: ``0`` stands in for that."""
        for tag, pattern in self._rules.endings:
            found = pattern.search("0" + word)
            if found and found.start():
                if found.start() > 1:
                    yield (
                        0,
                        found.start() - 1,
                        self._tag(self._rules.stems, word[: found.start() - 1]),
                    )
                yield found.start() - 1, len(word), tag
                return
        yield 0, len(word), self._tag(self._rules.stems, word)

    def _tag(self, classes: tuple[Words, ...], word: str, otherwise: str = "w") -> str:
        return next((one.tag for one in classes if one.holds(word)), otherwise)
