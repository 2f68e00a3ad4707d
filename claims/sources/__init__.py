"""What people name on the command line -> raw documents and rows of tables.

A source is a file of plain text or HTML, an address on the web, ``-`` for standard input, a folder
of such files, or a CSV table of claims.
Fetching never saves and saving never fetches.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claims.errors import SourceError
from claims.models import Document, Facts
from claims.sources.decoding import decode
from claims.sources.fetching import Fetcher
from claims.sources.pages import is_html, read_html

LARGEST = 50 * 1024 * 1024  # bytes in one file; a newspaper's whole day is smaller
_WORD = re.compile(r"\w")
_TEXT_SUFFIXES = {".txt", ".text", ".md"}
_PAGE_SUFFIXES = {".html", ".htm", ".xhtml"}
_PAGE_KINDS = {"text/html", "application/xhtml+xml"}
_READ_KINDS = _PAGE_KINDS | {"text/plain", "text/markdown", "application/octet-stream"}
_TABLE_SUFFIXES = {".csv"}
_OTHER_KINDS = {
    ".pdf": "PDF files", ".docx": "Word files",
    ".xml": "feeds", ".rss": "feeds", ".warc": "web archives", ".gz": "compressed files",
    ".zip": "compressed files", ".jsonl": "JSON lines", ".json": "JSON files",
    ".db": "databases", ".xlsx": "spreadsheets (save them as CSV)",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table of claims: its line in the file and its cells by column."""

    source: str
    line: int
    cells: dict[str, str]


Item = Document | Row | SourceError


def read_source(name: str, fetcher: Fetcher | None = None) -> Iterator[Item]:
    """The documents and rows of a source; what can't be read comes as a SourceError in its place.

    Addresses are fetched by ``fetcher``; one that reads many sources shares one, for its manners.
    Raises nothing: the other sources are to be read all the same.
    """
    try:
        if name == "-":
            text = _decoded(sys.stdin.buffer.read(LARGEST + 1), "standard input")
            yield _document(text, "-")
        elif "://" in name:
            yield _fetched(name, fetcher or Fetcher())
        else:
            yield from _path(Path(name), name)
    except SourceError as error:
        yield error
    except OSError as error:
        yield SourceError(f"{name}: {_reason(error)}")
    except ValueError as error:  # a name that no file system takes
        yield SourceError(f"{name!r}: {error}")


def _path(path: Path, name: str) -> Iterator[Item]:
    if path.is_dir():
        yield from _folder(path, name)
    elif not path.exists():
        raise SourceError(f"{name}: there is no such file")
    elif not path.is_file():
        raise SourceError(f"{name}: this is not a file of text")
    else:
        yield from _file(path, name)


def _folder(path: Path, name: str) -> Iterator[Item]:
    """The texts and tables of a folder and its folders, by name; hidden ones are left alone."""
    found = [
        file
        for file in sorted(path.rglob("*"))
        if file.suffix.lower() in _TEXT_SUFFIXES | _PAGE_SUFFIXES | _TABLE_SUFFIXES
        and file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
    ]
    if not found:
        raise SourceError(f"{name}: there is no .txt, .html or .csv file in this folder")
    for file in found:
        yield from read_source(str(file))


def _file(path: Path, name: str) -> Iterator[Item]:
    suffix = path.suffix.lower()
    if suffix in _OTHER_KINDS:
        raise SourceError(f"{name}: {_OTHER_KINDS[suffix]} are not read yet; give plain text")
    if path.stat().st_size > LARGEST:
        raise SourceError(f"{name}: this is larger than {LARGEST // 1024**2} MB; split it")
    text = _decoded(path.read_bytes(), name)
    if suffix in _TABLE_SUFFIXES:
        yield from _rows(text, name)
    else:
        yield _document(text, name, is_page=suffix in _PAGE_SUFFIXES)


def _fetched(url: str, fetcher: Fetcher) -> Document:
    """The article at an address: a page of HTML, or a plain text."""
    answer = fetcher.get(url)
    if answer.kind and answer.kind not in _READ_KINDS:
        raise SourceError(f"{url}: this is {answer.kind}; pages of HTML and plain text are read")
    text = _decoded(answer.content or b"", url, answer.charset)
    if answer.kind in _PAGE_KINDS or is_html(text):
        return read_html(text, url, answer.url)
    return Document(url, text, Facts(url=answer.url))


def _document(text: str, name: str, *, is_page: bool = False) -> Document:
    """One article's document: what is, or begins as, a page of HTML is read as one."""
    return read_html(text, name) if is_page or is_html(text) else Document(name, text)


def _decoded(data: bytes, name: str, declared: str | None = None) -> str:
    if len(data) > LARGEST:
        raise SourceError(f"{name}: this is larger than {LARGEST // 1024**2} MB; split it")
    if not data:
        raise SourceError(f"{name}: this is empty")
    text = decode(data, name, declared)
    if not _WORD.search(text):
        raise SourceError(f"{name}: there is no text in it")
    return text


def _rows(text: str, name: str) -> Iterator[Item]:
    """The rows of a CSV table; its first line names the columns."""
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    columns = [column.strip().casefold() for column in next(reader)]
    missing = {"text", "speaker"} - set(columns)
    if missing:
        raise SourceError(
            f"{name}, line 1: a table of claims needs the columns text and speaker; "
            f"here is no {' and no '.join(sorted(missing))}"
        )
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield SourceError(f"{name}, line {line}: {error}")
            continue
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            yield SourceError(
                f"{name}, line {line}: there are {len(cells)} cells for {len(columns)} columns; "
                "put quotation marks around cells that hold commas"
            )
        elif any(cell.strip() for cell in cells):
            yield Row(name, line, dict(zip(columns, cells, strict=False)))


def _reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "you are not permitted to read it"
    return (error.strerror or str(error)).lower()
