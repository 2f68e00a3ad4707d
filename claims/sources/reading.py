"""How sources are to be read, and what reading them gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal

from claims.errors import SourceError
from claims.models import Document, Facts, PublishedReview
from claims.sources.fetching import Fetcher

LARGEST = 50 * 1024 * 1024  # bytes in one text, page, table, or line of a corpus

Form = Literal["text", "html", "jsonl", "json", "table", "feed", "warc", "parquet", "pdf"]
FORMS: dict[str, Form] = {
    ".txt": "text", ".text": "text", ".md": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".jl": "jsonl",
    ".json": "json", ".jsonld": "json",
    ".csv": "table", ".tsv": "table",
    ".rss": "feed", ".atom": "feed", ".xml": "feed",
    ".warc": "warc", ".parquet": "parquet", ".pdf": "pdf",
}  # fmt: skip
PACKINGS = {".gz", ".bz2", ".zst"}
ARCHIVES = {".zip"}
_NOTHING = Facts()


@dataclass(frozen=True, slots=True)
class File:
    """One file of a source: its name, and its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table of claims: its line in the file and its cells by column."""

    source: str
    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of HTML as a source gave it. Finding its text takes time: other processes may do it.

    ``url`` is where it was fetched from. ``facts`` win over what the page says of itself,
    ``otherwise`` holds for what it doesn't say. ``source`` and ``line`` are as in `Document`.
    """

    source: str
    html: str
    url: str | None = None
    facts: Facts = _NOTHING
    otherwise: Facts = _NOTHING
    line: int | None = None

    def document(self) -> Document:
        """The document in it. Raises SourceError for a page that holds no article."""
        from claims.sources.pages import read_html

        place = self.source if self.line is None else f"{self.source}, line {self.line}"
        found = read_html(self.html, place, self.url)
        facts = self.facts.or_else(found.facts).or_else(self.otherwise)
        return replace(found, source=self.source, facts=facts, line=self.line)


Item = Document | Row | PublishedReview | SourceError
RawItem = Item | Page  # what a source gives; the text of a page is yet to be found


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read.

    ``form`` overrides what a name or a header says of a source's form; ``fields`` says in which
    field of a corpus ``text``, ``title`` and so on are, by these names of ours; ``follow`` whether
    entries of feeds are followed to their articles; ``fetcher`` is what reads from the web;
    addresses that were ``fetched`` already are passed over; ``meter`` hears how much was read.
    """

    form: Form | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    follow: bool = True
    fetcher: Fetcher = field(default_factory=Fetcher)
    fetched: frozenset[str] = frozenset()
    meter: Callable[[int], None] | None = None

    def form_of(self, name: str) -> Form | None:
        """The form of a file by its name, without what it is packed by; None for no known one."""
        path = PurePosixPath(name.casefold())
        if path.suffix in PACKINGS:
            path = path.with_suffix("")
        return self.form or FORMS.get(path.suffix)


def is_readable(name: str) -> bool:
    """Whether a file of a folder is read, by its name."""
    path = PurePosixPath(name.casefold())
    return path.suffix in ARCHIVES or Reading().form_of(name) is not None
