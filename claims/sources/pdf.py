"""PDF press releases and statements: their text in paragraphs, by pypdf (extra: pdf).

pypdf is written in Python, bounds what streams unpack to, and reads Korean, Japanese and Chinese
fonts by their own tables. What it gives is lines as they are printed. Here running headers, footers
and page numbers go, words that were hyphenated come together, and lines become paragraphs: a line
much shorter than the page's usual one ends its paragraph.
"""

from __future__ import annotations

import datetime
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from claims.errors import MissingExtraError, SourceError
from claims.models import Document, Facts, storable
from claims.sources.page_facts import one_line
from claims.sources.reading import LARGEST

MOST_PAGES = 300
_MOST_SECONDS = 60.0
_LONGEST_TEXT = 5_000_000  # code points
_FIRST_YEAR = 1993  # of PDF
_EDGE = 2  # lines at the top and the foot of a page that may be furniture
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|p\.|쪽)?\s*\d{1,4}\s*(?:쪽|페이지)?(?:\s*(?:/|of|중)\s*\d{1,4})?\W*", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_SHORT = 0.75  # of the usual width: a line that is shorter ends its paragraph
_ROOM = 0.95  # of the usual width: letters differ in width, so what fits is not quite sure
_SENTENCE_END = re.compile(r"[.?!。？！…][\"'”’)\]」』»›）]*$")
_UNUSUAL = 20  # one line in as many may be wider than the usual ones
_BULLET = re.compile(r"\s*(?:[□■○●◦◎◇◆▶▷►•‣※⊙ㅇ*·–—-]\s|\(?\d{1,2}[.)]\s|[가-하]\.\s)")
_HYPHEN = re.compile(r"([A-Za-zÀ-ɏ]+)[-‐]$")
_WORD_GOES_ON = re.compile(r"[a-zß-ɏ]+")
_TOKEN = re.compile(r"\S+")
_NO_TITLE = re.compile(
    r"\W*(?:untitled|anonymous|unspecified|unknown|none|microsoft|document|제목\s*없음|문서|"
    r"슬라이드|slide|presentation|powerpoint|print|scan|.{0,200}\.(?:docx?|hwpx?|pdf|indd|pptx?|"
    r"xlsx?|txt|rtf|odt|tmp|qxd)\b)",
    re.IGNORECASE,
)


def read_pdf(stream: BinaryIO, name: str) -> Iterator[Document]:
    """The one article of a PDF file. Raises SourceError for one that has none that can be read."""
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise SourceError(f"{name}: this is larger than {LARGEST // 1024**2} MB; split it")
    reader = _opened(data, name)
    pages = _pages(reader, name)
    text = "\n\n".join(_paragraphs(_without_furniture(pages)))
    if not any(map(str.isalnum, text)):
        raise SourceError(
            f"{name}: there is no text in this PDF file, only pictures of it; make it readable "
            "first, with `ocrmypdf` for one"
        )
    title, day = _described(reader)
    yield Document(name, text, Facts(title=title), otherwise=Facts(published_on=day))


def _opened(data: bytes, name: str) -> Any:
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError
    except ImportError as error:
        raise SourceError(str(MissingExtraError("PDF files", "pdf", error))) from error
    import io
    import logging

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of each oddity otherwise
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise SourceError(f"{name}: this PDF file needs a password; save it without one")
        count = len(reader.pages)
    except SourceError:
        raise
    except DependencyError as error:
        raise SourceError(
            f"{name}: this PDF file is encrypted; save it without, or: pip install cryptography"
        ) from error
    except Exception as error:  # pypdf raises whatever a broken file leads to
        sentence = f"{name}: this is no PDF file that can be read ({_short(error)})"
        raise SourceError(sentence) from error
    if count > MOST_PAGES:
        raise SourceError(f"{name}: this has {count:,} pages; {MOST_PAGES} are read at most")
    return reader


def _pages(reader: Any, name: str) -> list[list[str]]:
    """The lines of each page, without blanks around; a page that is broken has none."""
    deadline = time.monotonic() + _MOST_SECONDS
    size = 0

    def watch(*_: object) -> None:
        if time.monotonic() > deadline:
            raise _TooSlowError

    pages: list[list[str]] = []
    broken: Exception | None = None
    for page in reader.pages:
        try:
            watch()
            text = page.extract_text(visitor_operand_before=watch)
        except _TooSlowError as error:
            raise SourceError(
                f"{name}: reading this takes longer than {_MOST_SECONDS:.0f} seconds; not read on"
            ) from error
        except Exception as error:  # as above
            broken = error
            text = ""
        size += len(text)
        if size > _LONGEST_TEXT:
            raise SourceError(f"{name}: this has more than {_LONGEST_TEXT:,} characters; split it")
        lines = unicodedata.normalize("NFC", storable(text)).replace("\u00ad\n", "").splitlines()
        pages.append([" ".join(line.split()) for line in lines])
    if broken is not None and not any(map(any, pages)):
        raise SourceError(f"{name}: its pages can't be read ({_short(broken)})") from broken
    return pages


class _TooSlowError(Exception):
    """A page takes too long."""


# -- lines


def _without_furniture(pages: Sequence[list[str]]) -> list[list[str]]:
    """The pages without what stands at the same edge of most of them, and without page numbers."""
    printed: Counter[tuple[int, str]] = Counter()
    for page in pages:
        printed.update((edge, _DIGITS.sub("#", page[at])) for at, edge in _edges(page).items())
    most = max(1, len(pages) // 2)

    def is_furniture(line: str, edge: int | None) -> bool:
        return edge is not None and bool(
            _PAGE_NUMBER.fullmatch(line) or printed[edge, _DIGITS.sub("#", line)] > most
        )

    return [
        [line for at, line in enumerate(page) if not is_furniture(line, edges.get(at))]
        for page in pages
        if (edges := _edges(page)) is not None
    ]


def _edges(page: Sequence[str]) -> dict[int, int]:
    """Which edge the first and last lines of a page stand at, counted from it: 0, 1, -2, -1."""
    filled = [at for at, line in enumerate(page) if line]
    top = {at: edge for edge, at in enumerate(filled[:_EDGE])}
    foot = {at: edge for edge, at in enumerate(reversed(filled[-_EDGE:]), 1)}
    return {**{at: -edge for at, edge in foot.items()}, **top}


def _paragraphs(pages: Sequence[list[str]]) -> list[str]:
    """Paragraphs made of lines; one that a page's end cuts goes on over it."""
    lines = [line for page in pages for line in page]
    filled = sorted(_width(line) for line in lines if line)
    usual = filled[-1 - len(filled) // _UNUSUAL] if filled else 0
    vocabulary = Counter(token for line in lines for token in _TOKEN.findall(line)[1:-1])
    paragraphs: list[str] = []
    is_open = False
    before = ""
    for page in pages:
        for line in page:
            if not line:
                is_open = False
                continue
            if is_open and not _BULLET.match(line) and not _is_forced(before, line, usual):
                paragraphs[-1] = _joined(paragraphs[-1], line, vocabulary)
            else:
                paragraphs.append(line)
            is_open = _width(line) >= _SHORT * usual
            before = line
        while page and not page[-1]:
            page.pop()
        if page and paragraphs:
            is_open = _width(page[-1]) >= _SHORT * usual
    return paragraphs


def _is_forced(before: str, line: str, usual: int) -> bool:
    """Whether a sentence's end ends a paragraph: the next word would have had room behind it."""
    needed = _width(before) + 1 + _width(line.partition(" ")[0])
    return bool(_SENTENCE_END.search(before)) and needed <= _ROOM * usual


def _joined(before: str, line: str, vocabulary: Counter[str]) -> str:
    """A line put behind another: a hyphen that broke a word goes, and so does a break in a word."""
    hyphened = _HYPHEN.search(before)
    goes_on = _WORD_GOES_ON.match(line)
    if hyphened and goes_on:
        whole = f"{hyphened[1]}-{goes_on[0]}"
        is_compound = any(token.strip("“”\"'().,;:!?") == whole for token in vocabulary)
        return (before if is_compound else before[:-1]) + line
    last, first = before.rpartition(" ")[2], line.partition(" ")[0]
    if _is_hangul(before[-1]) and _is_hangul(line[0]) and vocabulary[last + first]:
        return before + line  # Korean is broken within words too
    return f"{before} {line}"


def _is_hangul(char: str) -> bool:
    return "가" <= char <= "힣"


def _width(line: str) -> int:
    """How wide a line is printed, in halves of an em: letters of East Asia take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


# -- what the file says of itself


def _described(reader: Any) -> tuple[str | None, str | None]:
    """Title and date in a file's own description, where they are of any use."""
    try:
        told = reader.metadata
        title = one_line(str(told.title)) if told and told.title else None
        made = told.creation_date if told else None
    except Exception:  # pypdf raises whatever a broken file leads to
        return None, None
    if title and (_NO_TITLE.match(title) or len(title) < 4 or " " not in title):
        title = None
    day = made.date() if isinstance(made, datetime.datetime) else None
    is_sane = day is not None and day.year >= _FIRST_YEAR and day <= datetime.date.today()
    return title, day.isoformat() if day is not None and is_sane else None


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
