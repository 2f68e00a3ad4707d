"""From what a source gave to an article with its claims: the work that processes share."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import cache

from claims import __version__
from claims.articles import read_article
from claims.errors import ClaimsError, SourceError
from claims.extraction import extract
from claims.languages import FOLDER, available
from claims.models import Document, Extraction, PublishedReview, Stated
from claims.sources import Page, RawItem, Row

Found = Document | Page
Recorded = Row | PublishedReview
_POSITION = re.compile(r", (?:line|record|row|page|item|byte) (\d[\w ,]*)$")


def digest_of(item: Found | Recorded, stated: Stated) -> bytes:
    """16 bytes that tell what was read from all else, by all that bears on what it becomes.

    That is its content, what stood beside it, what the person stated, and by which rules it is
    read; not where it was read.
    """
    told = hashlib.blake2b(digest_size=16, person=b"claims document")
    parts: list[str] = [__version__, _rules(), repr(stated), type(item).__name__]
    if isinstance(item, Row):
        parts.append(repr(sorted(item.cells.items())))
    elif isinstance(item, PublishedReview):
        parts.append(repr(replace(item, source="", line=None)))
    elif isinstance(item, Page):
        parts += [repr((item.url, item.facts, item.otherwise)), item.html]
    else:
        parts += [repr((item.facts, item.otherwise)), item.content]
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        told.update(len(data).to_bytes(8, "big"))
        told.update(data)
    return told.digest()


@cache
def _rules() -> str:
    """A digest of what is known of all languages."""
    told = hashlib.blake2b(digest_size=16)
    for code in available():
        told.update((FOLDER / f"{code}.toml").read_bytes())
    return told.hexdigest()


def place_of_item(item: Found | Recorded) -> str:
    """Where an item was read, as the person knows it."""
    return item.source if item.line is None else f"{item.source}, line {item.line}"


def place_in(sentence: str, named: str) -> tuple[str, str | None]:
    """The source and the position in it that a sentence on a failure begins with.

    ``named`` is the source as the person named it, which may hold a colon itself.
    """
    start = len(named) if sentence.startswith(named) else 0
    end = sentence.find(": ", start)
    place = sentence[:end] if end >= 0 else named
    found = _POSITION.search(place, start)
    return (place[: found.start()], found[1]) if found else (place, None)


def position_of(item: Found | Recorded) -> tuple[str, str | None]:
    """The source of an item and the position in it, as ``failures`` has them."""
    if item.line is not None:
        return item.source, str(item.line)
    found = _POSITION.search(item.source)
    return (item.source[: found.start()], found[1]) if found else (item.source, None)


def understand(found: Found, stated: Stated) -> Extraction | str:
    """The article in what was found, with its claims; a sentence where there is none."""
    try:
        document = found.document() if isinstance(found, Page) else found
        article = read_article(document, stated)
        return Extraction(article, extract(article))
    except SourceError as error:  # tells its place itself
        return str(error)
    except ClaimsError as error:
        return f"{place_of_item(found)}: {error}"
    except Exception as error:  # a mistake of ours must not keep the other articles out
        return f"{place_of_item(found)}: {mistake(error)}"


def mistake(error: Exception) -> str:
    """A sentence for an error that nobody foresaw."""
    return f"a mistake in claims itself, please report it ({type(error).__name__}: {error})"


@dataclass(slots=True, eq=False)
class Task:
    """One item on its way from the source to the database.

    ``named`` is the source as the person named it; an ``item`` of None stands where it ends.
    ``digest`` is None for what can't be read; ``article_id`` is that of the article that it became
    before, if it did. ``outcome`` comes for items that need work, ``deaths`` are those of the
    processes that tried.
    """

    named: str
    item: RawItem | None
    digest: bytes | None = None
    article_id: int | None = None
    outcome: Extraction | str | None = None
    is_ready: bool = False
    deaths: int = 0

    @property
    def place(self) -> str:
        """Where it was read, as the person knows it."""
        return place_of_item(self.item) if isinstance(self.item, Found | Recorded) else self.named

    @property
    def size(self) -> int:
        """How long its text is, in code points."""
        if isinstance(self.item, Page):
            return len(self.item.html)
        return len(self.item.content) if isinstance(self.item, Document) else 0

    @property
    def needs_work(self) -> bool:
        """Whether an article is to be found in it."""
        return self.article_id is None and isinstance(self.item, Found)
