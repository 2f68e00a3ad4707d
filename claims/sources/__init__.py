"""What people name on the command line -> raw documents and rows of tables.

A source is a file (plain text, HTML, a corpus of JSON lines, JSON, CSV or TSV, a feed; as it is or
packed), an address on the web, ``-`` for standard input, or a folder or zip archive of such files.
Fetching never saves and saving never fetches.
"""

from __future__ import annotations

import codecs
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import urlsplit

from claims.errors import SourceError
from claims.models import Document, Facts
from claims.sources.decoding import decode
from claims.sources.files import files_of, is_hidden, readable_in, size_of
from claims.sources.looks import is_feed, is_html
from claims.sources.packed import PACKED, open_archive, open_file, opened_file, unpacked
from claims.sources.reading import (
    ARCHIVES,
    LARGEST,
    PACKINGS,
    File,
    Form,
    Item,
    Page,
    RawItem,
    Reading,
    Row,
    is_readable,
)
from claims.sources.remote import is_remote, opened, remote_files

# Whoever reads a text has no use for what reads archives, feeds and tables: each is imported where
# something of its form is read.
if TYPE_CHECKING:
    from claims.sources.feeds import Entry, Feed
    from claims.sources.fetching import Fetched, Fetcher

__all__ = [
    "File",
    "Form",
    "Item",
    "Page",
    "RawItem",
    "Reading",
    "Row",
    "fetch_feed",
    "files_of",
    "is_remote",
    "opened",
    "raw_source",
    "read_entry",
    "read_source",
    "size_of",
]

_SCRIPT = re.compile(r"\s*<script\b[^<>]{0,500}ld\+json", re.IGNORECASE)
_WORD = re.compile(r"\w")
_MEDIA_TYPES: dict[str, Form] = {
    "text/html": "html", "application/xhtml+xml": "html",
    "text/csv": "table", "text/tab-separated-values": "table",
    "application/rss+xml": "feed", "application/atom+xml": "feed", "application/xml": "feed",
    "text/xml": "feed", "application/rdf+xml": "feed", "application/feed+json": "feed",
    "application/warc": "warc", "application/x-warc": "warc", "application/pdf": "pdf",
    "application/vnd.apache.parquet": "parquet", "application/ld+json": "json",
    "application/x-ndjson": "jsonl", "application/jsonl": "jsonl", "application/json": "json",
}  # fmt: skip
_VAGUE_TYPES = {
    "", "text/plain", "text/markdown", "application/octet-stream", "binary/octet-stream",
    "application/gzip", "application/x-gzip", "application/x-bzip2", "application/zstd",
}  # fmt: skip
_JSON = re.compile(rb'(\{[ \t]*")|\{\s*"|\[\s*\{')  # no prose begins so
# What can be read of bytes only, by the bytes that it begins with.
_MAGIC: dict[bytes, Form] = {b"%PDF-": "pdf", b"PAR1": "parquet", b"WARC/": "warc"}
_BINARY = frozenset(_MAGIC.values())
_OTHER_KINDS = {
    ".docx": "Word files", ".hwp": "Hangul files", ".hwpx": "Hangul files", ".db": "databases",
    ".xlsx": "spreadsheets (save them as CSV)",
}  # fmt: skip


def read_source(name: str, reading: Reading | None = None) -> Iterator[Item]:
    """The documents and rows of a source; what can't be read comes as a SourceError in its place.

    Who reads many sources gives the same ``reading``, for the manners of its fetcher. Raises
    nothing: the other sources are to be read all the same.
    """
    for item in raw_source(name, reading):
        try:
            yield item.document() if isinstance(item, Page) else item
        except SourceError as error:
            yield error


def raw_source(name: str, reading: Reading | None = None) -> Iterator[RawItem]:
    """As `read_source`, but pages come as they are, with their text yet to be found."""
    reading = reading or Reading()
    try:
        if name == "-":
            yield from _stream(sys.stdin.buffer, "-", reading.form or "text", reading)
        elif is_remote(name):
            yield from _remote(name, reading)
        elif "://" in name:
            yield from _fetched(name, reading)
        else:
            yield from _path(Path(name), name, reading)
    except SourceError as error:
        yield error
    except OSError as error:
        yield SourceError(f"{name}: {_reason(error)}")
    except ValueError as error:  # a name that no file system takes
        yield SourceError(f"{name!r}: {error}")


def _path(path: Path, name: str, reading: Reading) -> Iterator[RawItem]:
    if path.is_dir():
        yield from _folder(path, name, reading)
    elif not path.exists():
        raise SourceError(f"{name}: there is no such file")
    elif not path.is_file():
        raise SourceError(f"{name}: this is not a file of text")
    elif path.suffix.casefold() in ARCHIVES:
        yield from _archive(path, name, reading)
    else:
        yield from _file(path, name, reading)


def _folder(path: Path, name: str, reading: Reading) -> Iterator[RawItem]:
    """What can be read in a folder and its folders."""
    found = readable_in(path)
    if not found:
        raise SourceError(f"{name}: there is nothing in this folder that can be read")
    for file in found:
        yield from raw_source(str(file), reading)


def _archive(path: Path, name: str, reading: Reading) -> Iterator[RawItem]:
    """What can be read in a zip archive, as in a folder."""
    is_empty = True
    for member, stream in open_archive(path, name):
        inside = f"{name}/{member}"
        suffix = Path(member).suffix.casefold()
        if is_hidden(Path(member).parts) or not is_readable(member):
            continue
        is_empty = False
        if isinstance(stream, SourceError):
            yield stream
        elif suffix in ARCHIVES or (suffix in PACKINGS and reading.form_of(member) != "warc"):
            yield SourceError(
                f"{inside}: packed files inside an archive are not read; unpack it first"
            )
        else:
            try:
                yield from _stream(stream, inside, reading.form_of(member) or "text", reading)
            except SourceError as error:
                yield error
    if is_empty:
        raise SourceError(f"{name}: there is nothing in it that can be read")


def _file(path: Path, name: str, reading: Reading) -> Iterator[RawItem]:
    suffix = path.suffix.casefold()
    if suffix in _OTHER_KINDS and reading.form is None:
        raise SourceError(f"{name}: {_OTHER_KINDS[suffix]} are not read yet; give plain text")
    form = reading.form_of(path.name) or "text"
    unpacks_itself = form == "warc" and suffix != ".bz2"
    opened = (
        opened_file(path, reading.meter) if unpacks_itself else open_file(path, name, reading.meter)
    )
    with opened as stream:
        yield from _stream(stream, name, form, reading)


def _remote(name: str, reading: Reading) -> Iterator[RawItem]:
    """What the files of an object store or shared file system hold, each by its full name."""
    for file in remote_files(name):
        try:
            suffix = PurePosixPath(file.name).suffix.casefold()
            if suffix in ARCHIVES:
                raise SourceError(f"{file.name}: archives are read from a disk; copy it there")
            if suffix in _OTHER_KINDS and reading.form is None:
                raise SourceError(f"{file.name}: {_OTHER_KINDS[suffix]} are not read yet")
            form = reading.form_of(file.name) or "text"
            with opened(file.name) as stream:
                is_packed = suffix in PACKINGS and (form != "warc" or suffix == ".bz2")
                if is_packed:
                    stream = unpacked(stream, suffix, file.size, file.name)
                yield from _stream(stream, file.name, form, reading)
        except SourceError as error:
            yield error


def _fetched(url: str, reading: Reading) -> Iterator[RawItem]:
    """What is at an address: by its media type, or by its name where that says nothing."""
    if url in reading.fetched:
        return
    answer = reading.fetcher.get(url)
    form = reading.form or _MEDIA_TYPES.get(answer.kind)
    if form is None and answer.kind in _VAGUE_TYPES:
        form = reading.form_of(urlsplit(answer.url).path) or "text"
    if form is None:
        raise SourceError(f"{url}: this is {answer.kind}; pages of HTML and plain text are read")
    content = answer.content or b""
    stream = cast(BinaryIO, io.BufferedReader(io.BytesIO(content)))
    suffix = PurePosixPath(urlsplit(answer.url).path.casefold()).suffix
    is_packed = suffix in PACKINGS and content.startswith(PACKED) and form != "warc"
    if is_packed or form in _BINARY or (form == "text" and _form_by_bytes(stream)):
        stream = unpacked(stream, suffix, len(content), url) if is_packed else stream
        yield from _located(_stream(stream, url, form, reading), url, answer.url)
        return
    text = _decoded(content, url, answer.charset)
    if form == "feed" or (reading.form is None and is_feed(text)):
        from claims.sources.feeds import parse_feed

        for entry in parse_feed(text, url, answer.url).entries:
            yield from read_entry(entry, url, reading)
    elif form == "html" or (form == "text" and is_html(text)):
        from claims.sources.claim_reviews import with_reviews

        yield from with_reviews(Page(url, text, answer.url))
    elif form == "text":
        yield Document(url, text, Facts(url=answer.url))
    else:
        yield from _content(text, url, form, reading)


def _located(items: Iterator[RawItem], name: str, url: str) -> Iterator[RawItem]:
    """The items of what was fetched; a document that is all of it was published there."""
    for item in items:
        if isinstance(item, Document) and item.source == name and item.line is None:
            yield replace(item, facts=item.facts.or_else(Facts(url=url)))
        else:
            yield item


def fetch_feed(
    url: str, fetcher: Fetcher, etag: str | None, modified: str | None
) -> tuple[Fetched, Feed | None]:
    """A feed on the web with the answer it came in; None where nothing changed since then.

    ``etag`` and ``modified`` are those of the last answer. Raises SourceError.
    """
    from claims.sources.feeds import parse_feed

    asked = {"if-none-match": etag, "if-modified-since": modified}
    answer = fetcher.get(url, {name: value for name, value in asked.items() if value})
    if answer.content is None:
        return answer, None
    return answer, parse_feed(_decoded(answer.content, url, answer.charset), url, answer.url)


def read_entry(entry: Entry, name: str, reading: Reading) -> Iterator[RawItem]:
    """The article that an entry of a feed leads to, or the entry itself."""
    from claims.sources.feeds import completed, own_document

    address = entry.facts.url
    try:
        if not reading.follow or address is None:
            yield own_document(entry, address or name)
            return
        for item in _fetched(address, replace(reading, form=None, follow=False)):
            yield completed(item, entry) if isinstance(item, Document | Page) else item
    except SourceError as error:
        yield error


def _stream(stream: BinaryIO, name: str, form: Form, reading: Reading) -> Iterator[RawItem]:
    """What a stream of some form holds; only lists of things may be longer than memory."""
    if form == "text" and reading.form is None:
        form = _form_by_bytes(stream) or form
    if form == "jsonl":
        from claims.sources.corpora import read_lines

        yield from read_lines(stream, name, reading.fields)
        return
    if form in _BINARY:
        yield from _binary(stream, name, form, reading)
        return
    data = stream.read(LARGEST + 1)
    if form == "json" and len(data) > LARGEST:
        from claims.sources.long_json import read_long_json

        yield from read_long_json(data, stream, name, reading.fields)
    else:
        text = _decoded(data, "standard input" if name == "-" else name)
        yield from _content(text, name, form, reading)


def _binary(stream: BinaryIO, name: str, form: Form, reading: Reading) -> Iterator[RawItem]:
    if form == "warc":
        from claims.sources.webarchives import read_web_archive

        yield from read_web_archive(stream, name)
    elif form == "pdf":
        from claims.sources.pdf import read_pdf

        yield from read_pdf(stream, name)
    else:
        from claims.sources.columnar import read_parquet

        yield from read_parquet(stream, name, reading.fields)


def _form_by_bytes(stream: BinaryIO) -> Form | None:
    """The form of a stream that begins as only files of that form do; it is read no further."""
    head: bytes = stream.peek(8) if hasattr(stream, "peek") else b""
    binary = next((form for magic, form in _MAGIC.items() if head.startswith(magic)), None)
    return binary or _json_by_bytes(head.removeprefix(codecs.BOM_UTF8).lstrip())


def _json_by_bytes(head: bytes) -> Form | None:
    """JSON lines where the first line is an object to its end, as far as it is seen."""
    found = _JSON.match(head)
    if not found or is_feed(head.decode("utf-8", "replace")):
        return None
    line, end, _ = head.partition(b"\n")
    return "jsonl" if found[1] and (not end or line.rstrip().endswith(b"}")) else "json"


def _content(text: str, name: str, form: Form, reading: Reading) -> Iterator[RawItem]:
    if form == "feed" or (form in ("text", "json") and reading.form is None and is_feed(text)):
        from claims.sources.feeds import parse_feed

        for entry in parse_feed(text, name).entries:
            yield from read_entry(entry, name, reading)
    elif form == "jsonl":
        from claims.sources.corpora import read_lines

        data = text.encode("utf-8", "surrogatepass")
        yield from read_lines(io.BytesIO(data), name, reading.fields)
    elif form == "json":
        from claims.sources.corpora import read_json

        yield from read_json(text, name, reading.fields)
    elif form == "table":
        from claims.sources.tables import read_table

        yield from read_table(text, name, reading.fields)
    elif form == "html" or (is_html(text) and reading.form is None):
        from claims.sources.claim_reviews import with_reviews

        yield from with_reviews(Page(name, text))
    elif _SCRIPT.match(text) and reading.form is None:  # as Data Commons' research set has them
        from claims.sources.claim_reviews import reviews_in

        yield from reviews_in(text, name, None)
    else:
        yield Document(name, text)


def _decoded(data: bytes, name: str, declared: str | None = None) -> str:
    if len(data) > LARGEST:
        raise SourceError(f"{name}: this is larger than {LARGEST // 1024**2} MB; split it")
    if not data:
        raise SourceError(f"{name}: this is empty")
    text = decode(data, name, declared)
    if not _WORD.search(text):
        raise SourceError(f"{name}: there is no text in it")
    return text


def _reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "you are not permitted to read it"
    return (error.strerror or str(error)).lower()
