"""A page's text -> blocks, sentences and quotations, all with offsets.

A *block* is a paragraph: lines that belong together. A block is *body* when it ends as a sentence
does; headings, captions, bylines, link lists and copyright lines are not body, and nothing in them
is ever a claim. Inside body blocks quotation marks are paired and sentences are cut, never inside
a quotation.

Offsets are Unicode code points into the page's text, half open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from claims.languages import LanguageRules
from claims.models import Span
from claims.pieces import CLOSERS, END, ENDS_AS_SENTENCE, TERMINALS, pieces

# What stands in the masked text where quotations and brackets were: private-use code points, so
# that no article can hold them by chance (they are replaced by blanks first).
OPEN, FILL, CLOSE, BRACKET = "\ue001", "\ue000", "\ue002", "\ue003"
JOINT = "_"  # between words that marks hold together: they make one token
FULL_STOP = "\ue007"  # the last fill of a quotation that ends with a full stop
OUTCRY = "\ue008"  # ... with another terminal
_RESERVED = {code: " " for code in range(0xE000, 0xE010)}
_HAS_RESERVED = re.compile("[\ue000-\ue00f]")  # hardly any text does: soon told

_SENTENCE_END = re.compile(
    rf"[{re.escape(TERMINALS)}]+[{re.escape(CLOSERS)}{BRACKET}]*|[{FULL_STOP}{OUTCRY}]{CLOSE}"
)
_NOT_BLANK = re.compile(r"\S")
_BRACKETS = re.compile(r"\([^()\n]{1,80}\)|（[^（）\n]{1,80}）|\[[^\[\]\n]{1,80}\]")
_UNJOINED = re.compile(r"[^\w'‘’<>＜＞《》〈〉「」『』]")
_MEASURE = re.compile(r"\d['’]\d{1,2}$")  # 5'10": inches, no quotation mark
_FEW = 2  # lines that may begin a quotation with the other marks by accident
_LONGEST_FURNITURE = 300  # code points; in a longer paragraph only its beginning can tell
_SHORTEST_QUOTATION = 3  # code points with its marks: what the mask of one takes
# Lines broken by hand: how wide they are, how many there must be, and which share of all.
_MIN_WRAP, _MAX_WRAP = 40, 100
_MIN_BROKEN, _SHARE_BROKEN = 2, 0.5


@dataclass(slots=True)  # many of these are made: frozen, that takes several times as long
class Quotation:
    """One quotation: ``outer`` with its marks, ``inner`` without them.

    ``closed`` is false where the closing mark is missing because the next paragraph goes on.
    """

    outer: Span
    inner: Span
    closed: bool = True


@dataclass(slots=True)
class Sentence:
    """One sentence of a body block, with the quotations that lie in it."""

    span: Span
    quotations: tuple[Quotation, ...]
    block: int
    opens_block: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A text cut up. ``text`` has marks of two signs made one and a blank.

    ``masked`` has quotations and brackets filled; both have the length of the text.
    """

    text: str
    masked: str
    blocks: tuple[Span, ...]
    headings: tuple[Span, ...]
    sentences: tuple[Sentence, ...]

    def joined(self, span: Span) -> bool:
        """Whether the words of a span were made one, because marks hold them together."""
        return JOINT in span.of(self.masked) and JOINT not in span.of(self.text)


def read_page(text: str, rules: LanguageRules) -> Page:
    """Cut a text into blocks, sentences and quotations, by the marks of its language."""
    if rules.doubled is not None:
        text = rules.doubled.sub(_single_mark, text)
    body: list[Span] = []
    headings: list[Span] = []
    for block in _blocks(text):
        for piece in pieces(text, block, rules):
            (body if _is_body(piece.of(text), rules) else headings).append(piece)
    quotations = _quotations(text, body, rules)
    enclosed = rules.patterns.get("enclosed")
    if enclosed is not None:
        quotations = [
            one
            for one in quotations
            if not _pattern_for(text[one.outer.start], rules).match(text, one.outer.start)
        ]
    masked = _mask(text, quotations, enclosed)
    sentences: list[Sentence] = []
    starts = [quotation.outer.start for quotation in quotations]
    for number, block in enumerate(body):
        start = _after_dateline(text, block, rules)
        for position, span in enumerate(_sentences(masked, text, Span(start, block.end), rules)):
            inside = quotations[
                bisect_right(starts, span.start - 1) : bisect_right(starts, span.end - 1)
            ]
            sentences.append(Sentence(span, tuple(inside), number, position == 0))
    return Page(text, masked, tuple(body), tuple(headings), tuple(sentences))


def _pattern_for(mark: str, rules: LanguageRules) -> re.Pattern[str]:
    """What words that marks hold together look like where these are the marks of quotations."""
    return rules.patterns["titled" if mark in rules.inner_quote_pairs else "enclosed"]


def _single_mark(found: re.Match[str]) -> str:
    """A quotation mark written as two signs, as one and a blank: offsets stay what they are."""
    return ' "' if found.lastgroup == "opens" else '" '


def _blocks(text: str) -> Iterator[Span]:
    """Paragraphs: lines by themselves, except where the text was wrapped by hand."""
    stretches = [
        [
            Span(stretch.start() + line.start(), stretch.start() + line.end())
            for line in re.finditer(r"[^\n]*\S", stretch.group())
        ]
        for stretch in re.finditer(r"\S[^\n]*(?:\n[ \t]*\S[^\n]*)*", text)
    ]
    column = _wrapped_at(text, stretches)
    for lines in stretches:
        start = lines[0].start
        for line, following in zip(lines, [*lines[1:], None], strict=True):
            if following is None or column is None or not _full(text, line, following, column):
                yield Span(start + _indent(text, start), line.end)
                start = following.start if following else line.end


def _wrapped_at(text: str, stretches: list[list[Span]]) -> int | None:
    """The column at which the lines of a text were broken by hand, None when they weren't.

    They were when most lines that others follow directly are full, so that the next word had no
    room, and don't end as sentences do. Paragraphs on lines of their own end as sentences.
    """
    pairs = [pair for lines in stretches for pair in pairwise(lines)]
    column = max((line.end - line.start for lines in stretches for line in lines[:-1]), default=0)
    if not _MIN_WRAP <= column <= _MAX_WRAP:
        return None
    broken = sum(
        _full(text, line, following, column) and not ENDS_AS_SENTENCE.search(line.of(text).rstrip())
        for line, following in pairs
    )
    return column if broken >= _MIN_BROKEN and broken >= _SHARE_BROKEN * len(pairs) else None


def _full(text: str, line: Span, following: Span, column: int) -> bool:
    """Whether the first word of the next line had no room on this one."""
    word = following.of(text).split(maxsplit=1)[0]
    return line.end - line.start + 1 + len(word) > column


def _indent(text: str, start: int) -> int:
    return len(text[start : start + 200]) - len(text[start : start + 200].lstrip())


def _is_body(line: str, rules: LanguageRules) -> bool:
    stripped = line.strip()
    furniture = rules.patterns["furniture"]
    if not ENDS_AS_SENTENCE.search(stripped, max(0, len(stripped) - END)):
        return False
    within = furniture.search if len(stripped) <= _LONGEST_FURNITURE else furniture.match
    return not within(stripped)


def _after_dateline(text: str, block: Span, rules: LanguageRules) -> int:
    """Where a block's prose starts: after ``(서울=…) … 기자 =`` or ``LONDON (…) - ``."""
    found = rules.patterns["dateline"].match(text, block.start, block.end)
    return found.end() if found else block.start


def _quotations(text: str, body: list[Span], rules: LanguageRules) -> list[Quotation]:
    """Every outermost quotation of the body blocks, in order."""
    outer = rules.quote_pairs
    inner_as_outer = _uses_only(text, rules)
    pairs = rules.inner_quote_pairs if inner_as_outer else outer
    found: list[Quotation] = []
    for number, block in enumerate(body):
        following = body[number + 1] if number + 1 < len(body) else None
        goes_on = following is not None and text[following.start] in pairs
        own = outer if inner_as_outer and _opens_with(text, block, rules) in outer else pairs
        found += _pair_marks(text, block, own, goes_on, rules)
    return found


def _opens_with(text: str, block: Span, rules: LanguageRules) -> str:
    """The first mark of a block that can open a quotation; empty when there is none."""
    every = {**rules.inner_quote_pairs, **rules.quote_pairs}
    for mark in rules.marks.finditer(text, block.start, block.end):
        if _opens(text, mark.start(), mark.group(), every):
            return mark.group()
    return ""


def _uses_only(text: str, rules: LanguageRules) -> bool:
    """Whether the article quotes with the marks that are otherwise for inner quotations.

    It does when it has no others, or when these are the first that open in most of its lines;
    where the language can tell what is said by the word behind it, that decides.
    """
    inner, outer = rules.inner_quote_pairs, rules.quote_pairs
    if not inner:
        return False
    said = rules.patterns.get("said_behind")
    if said is not None:
        closing = "".join(outer.values())
        if any(said.match(text, at + 1) for at, mark in enumerate(text) if mark in closing):
            return False
    every = re.escape("".join({**inner, **outer}))
    first = re.findall(rf"(?m)^(?:|[^\n{every}]*\s)([{every}])\w", text)
    outside = sum(mark in outer for mark in first)
    if not any(mark in text for mark in outer):
        return bool(first)
    return len(first) - outside > max(_FEW, 3 * outside)


def _pair_marks(
    text: str, block: Span, pairs: dict[str, str], goes_on: bool, rules: LanguageRules
) -> Iterator[Quotation]:
    """Pair the marks of one block; a lost mark ends with its block at the latest.

    A new opening mark before the old one was closed means that the old one was lost: the old
    quotation is dropped, since nobody can say where it ended.
    """
    opened: int | None = None
    closing = ""
    for found in rules.marks.finditer(text, block.start, block.end):
        at, mark = found.start(), found.group()
        if _MEASURE.search(text, max(block.start, at - 5), at):
            continue
        if opened is not None and mark in closing and not _opens(text, at, mark, pairs):
            if _closes(text, at, mark):
                inner = _trim(text, opened + 1, at)
                if inner.start < inner.end:
                    yield Quotation(Span(opened, at + 1), inner)
                opened = None
        elif mark in pairs and (
            _opens(text, at, mark, pairs) or (opened is None and _attached(text, at, rules))
        ):
            opened, closing = at, pairs[mark]
    if opened is not None and (goes_on or opened == block.start):
        inner = _trim(text, opened + 1, block.end)
        if inner.start < inner.end and block.end - opened >= _SHORTEST_QUOTATION:
            yield Quotation(Span(opened, block.end), inner, closed=False)


def _opens(text: str, at: int, mark: str, pairs: dict[str, str]) -> bool:
    """Whether a mark that could be either opens: white space, a bracket or a dash before it."""
    if mark not in pairs:
        return False
    if mark not in pairs[mark]:
        return True
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return not after.isspace() and (before.isspace() or before in "([{—–-―:=/·,…‘“\"'「『《〈~→▲△")


def _attached(text: str, at: int, rules: LanguageRules) -> bool:
    """Whether a mark opens though it is written on to a word that ends as one before it does."""
    before = rules.patterns.get("before_attached")
    return before is not None and at > 1 and before.match(text, at - 2) is not None


def _closes(text: str, at: int, mark: str) -> bool:
    """Whether a mark can close: not an apostrophe inside a word."""
    if mark not in "'’":
        return True
    after = text[at + 1] if at + 1 < len(text) else " "
    return not (after.isascii() and after.isalnum())


def _trim(text: str, start: int, end: int) -> Span:
    """Without blanks around, and without the comma that belongs to the sentence around."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",，"):
        end -= 1
    return Span(start, end)


def _mask(text: str, quotations: list[Quotation], enclosed: re.Pattern[str] | None) -> str:
    """The text with quotations and brackets filled, of the same length.

    Words that marks hold together without being a quotation, like the title of a work, are joined.
    """
    cleaned = text.translate(_RESERVED) if _HAS_RESERVED.search(text) else text
    pieces: list[str] = []
    last = 0
    for quotation in quotations:
        start, end = quotation.outer.start, quotation.outer.end
        last_one = text[quotation.inner.end - 1]
        whole = FULL_STOP if last_one == "." else OUTCRY if last_one in TERMINALS else FILL
        fill = FILL * (end - start - 3) + whole
        pieces += [cleaned[last:start], OPEN + fill + CLOSE]
        last = end
    masked = "".join([*pieces, cleaned[last:]])
    if enclosed is not None:
        masked = enclosed.sub(lambda found: _UNJOINED.sub(JOINT, found.group()), masked)
    return _BRACKETS.sub(lambda found: BRACKET * (found.end() - found.start()), masked)


def _sentences(masked: str, text: str, block: Span, rules: LanguageRules) -> Iterator[Span]:
    """Cut a block at terminals that are followed by white space and don't belong to a word.

    Where a language's sentences end in a way that no word does (``run_on``), none is needed.
    """
    start = block.start
    run_on = rules.patterns.get("run_on")
    for found in _SENTENCE_END.finditer(masked, block.start, block.end):
        end = found.end()
        if end < block.end and not masked[end].isspace():
            if run_on is None or not run_on.match(masked, end):
                continue
        elif not _ends_sentence(masked, text, start, end, rules):
            continue
        yield Span(start, end)
        following = _NOT_BLANK.search(masked, end, block.end)
        start = following.start() if following else block.end
    if start < block.end:
        yield Span(start, block.end)


def _ends_sentence(masked: str, text: str, start: int, end: int, rules: LanguageRules) -> bool:
    following = masked[end : end + 200].lstrip()
    if masked[end - 1] == CLOSE:
        usual = rules.patterns["goes_on_after_quotation"]
        if masked[end - 2] == FULL_STOP:
            usual = rules.patterns.get("goes_on_after_full_stop", usual)
        return not usual.match(following)
    if following[:1].islower():
        return False
    word = max(start - 1, masked.rfind(" ", max(0, end - 30), end), end - 30, 0)
    if not rules.patterns["abbreviation"].search(masked, word, end):
        return True
    at_the_end = rules.patterns.get("abbreviation_at_the_end")
    return (
        following[:1] == OPEN
        and not text[end : end + 200].lstrip()[1:2].islower()
        and at_the_end is not None
        and bool(at_the_end.search(masked, word, end))
    )
