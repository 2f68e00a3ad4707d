"""WARC files (ISO 28500), packed or not: each page that was fetched well is an article.

Read by FastWARC (Bevendorff et al. 2018): written in Rust, with wheels for the usual systems, it
holds one record at a time, bounds headers, and reads archives packed as one piece too, at which
warcio stops. What it doesn't do is done here: after a broken record reading goes on at the next
one, and nothing is unpacked beyond bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from claims.errors import SourceError
from claims.models import Document, Facts
from claims.sources.claim_reviews import with_reviews
from claims.sources.decoding import decode
from claims.sources.looks import is_html
from claims.sources.packed import most_from, seekable
from claims.sources.page_facts import address_of
from claims.sources.reading import LARGEST, Page, RawItem

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_PAGES = ("text/html", "application/xhtml+xml")
# Where a record may begin: a member of gzip, a frame of zstd, or the record itself.
_BEGINNINGS = {
    b"\x1f\x8b": re.compile(rb"\x1f\x8b\x08"),
    b"\x28\xb5": re.compile(rb"\x28\xb5\x2f\xfd"),
    b"WA": re.compile(rb"WARC/1\.[01](?=[\r\n])"),
}
_LONGEST_BEGINNING = 9  # bytes
_AT_ONCE = 1024 * 1024  # bytes looked at for the next beginning
_MOST_BROKEN = 1000  # records of one archive; beyond, it is no archive
_PACKED = {"gzip": "Gzip", "x-gzip": "Gzip", "deflate": "Gzip", "br": "Brotli", "zstd": "Zstd"}


def read_web_archive(stream: BinaryIO, name: str) -> Iterator[RawItem]:
    """The pages in a web archive, told apart by the byte where their record begins.

    What is no page (requests, pictures, redirects, errors, repeated visits) is passed over. A
    broken record comes as a SourceError. Raises SourceError for what is no web archive.
    """
    with seekable(stream) as archive:
        is_archive = False
        broken: list[SourceError] = []
        for record in _Records(archive, name):
            if isinstance(record, SourceError):
                broken.append(record)
            else:
                is_archive = True
            if is_archive:
                yield from broken
                broken.clear()
            if isinstance(record, SourceError):
                continue
            place = f"{name}, byte {record.stream_pos}"
            try:
                item = _item(record, place)
            except SourceError as error:
                yield error
            else:
                if isinstance(item, Page):
                    yield from with_reviews(item)
                elif item is not None:
                    yield item
        if not is_archive:
            raise SourceError(f"{name}: there is no record of a web archive (WARC) in it")


@dataclass(slots=True)
class _Records:
    """The records of an archive in their order; after a broken one, those behind it."""

    archive: IO[bytes]
    name: str
    is_unix: bool = False  # with the line ends of Unix, against the standard

    def __iter__(self) -> Iterator[WarcRecord | SourceError]:
        size = self.archive.seek(0, 2)
        self.archive.seek(0)
        head = self.archive.read(_LONGEST_BEGINNING)
        self.is_unix = head.startswith(b"WARC") and head.endswith(b"\n")
        beginning = _BEGINNINGS.get(head[:2], _BEGINNINGS[b"WA"])
        is_packed = beginning is not _BEGINNINGS[b"WA"]
        left = most_from(size) if is_packed else size
        at: int | None = 0
        broken = 0
        is_told = False
        while at is not None:
            record = None
            try:
                for record in self._from(at):
                    at = record.stream_pos
                    if record.content_length > (left if is_packed else size - at):
                        raise OSError("it says it is longer than there is room for")
                    if not record.headers.get("WARC-Type"):
                        raise OSError("it has no header")
                    left -= record.content_length if is_packed else 0
                    is_told = False
                    yield record
                return
            except (OSError, ValueError, EOFError) as error:
                if not is_told:
                    broken += 1
                    if broken > _MOST_BROKEN:
                        yield SourceError(f"{self.name}: too much of it is broken; not read on")
                        return
                    yield SourceError(
                        f"{self.name}, byte {at}: a broken record is here or next ({_short(error)})"
                    )
                is_told = True
                at = self._next(beginning, at)

    def _from(self, at: int) -> Iterator[WarcRecord]:
        from fastwarc.warc import ArchiveIterator

        self.archive.seek(at)
        return iter(ArchiveIterator(self.archive, parse_http=False, quirks_mode=self.is_unix))

    def _next(self, beginning: re.Pattern[bytes], at: int) -> int | None:
        """Where the next record after one may begin; None for nowhere."""
        start = at + 1
        while True:
            self.archive.seek(start)
            data = self.archive.read(_AT_ONCE)
            found = beginning.search(data)
            if found:
                return start + found.start()
            if len(data) <= _LONGEST_BEGINNING:
                return None
            start += len(data) - _LONGEST_BEGINNING


def _item(record: WarcRecord, place: str) -> Page | Document | None:
    """The page in a record; None where there is none. Raises SourceError for a broken one."""
    from fastwarc.warc import WarcRecordType

    kind = record.record_type
    url = address_of((record.headers.get("WARC-Target-URI") or "").strip("<>"))
    if url is None or not record.content_length:
        return None
    if kind == WarcRecordType.response:
        return _answer(record, place, url)
    media_type, charset = _media_type(record.headers.get("Content-Type"))
    if kind == WarcRecordType.conversion and media_type == "text/plain":  # WET: pages' texts
        return Document(place, decode(_payload(record, place), place, charset), Facts(url=url))
    if kind != WarcRecordType.resource:
        return None
    return _page(_payload(record, place), media_type, charset, place, url)


def _answer(record: WarcRecord, place: str, url: str) -> Page | None:
    """The page in what a host answered."""
    if not record.is_http:
        return None
    try:
        record.parse_http(auto_decode="none", quirks_mode=True, strict_mode=False)
    except (OSError, ValueError) as error:
        raise SourceError(f"{place}: this answer can't be read ({_short(error)})") from error
    headers = record.http_headers
    if headers is None or headers.status_code is None:
        raise SourceError(f"{place}: there is no answer in this record that can be read")
    if headers.status_code != 200:
        return None
    media_type, charset = _media_type(headers.get("Content-Type"))
    if media_type and media_type not in _PAGES:
        return None
    body = _unpacked(_payload(record, place), headers, place)
    return _page(body, media_type, charset, place, url)


def _payload(record: WarcRecord, place: str) -> bytes:
    """All of a record's payload. Raises SourceError for one that breaks off or is too large."""
    payload = _bounded(record.reader, place)
    if len(payload) < record.content_length:
        raise SourceError(f"{place}: this record breaks off")
    return payload


def _page(body: bytes, media_type: str, charset: str | None, place: str, url: str) -> Page | None:
    if not body.strip() or (media_type and media_type not in _PAGES):
        return None
    if not media_type and not is_html(body[: LARGEST // 1000].decode("ascii", "replace")):
        return None
    return Page(place, decode(body, place, charset), url)


def _media_type(said: str | None) -> tuple[str, str | None]:
    """The media type in lower case, and the encoding declared with it."""
    kind, _, parameters = (said or "").partition(";")
    charset = re.search(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", parameters, re.IGNORECASE)
    return kind.strip().casefold(), charset[1] if charset else None


def _unpacked(body: bytes, headers: Any, place: str) -> bytes:
    """A body without its chunks and packing.

    Many crawlers keep the headers of what they have unpacked already: a body that isn't what its
    headers say is taken as it is, unless it begins as such.
    """
    import io

    from fastwarc import stream_io

    if "chunked" in (headers.get("Transfer-Encoding") or "").casefold():
        reader: Any = stream_io.ChunkedReader(io.BytesIO(body))
        if re.match(rb"[0-9A-Fa-f]{1,8}[ \t]*(?:;[^\r\n]{0,200})?\r?\n", body):
            body = _bounded(reader, place)
    packing = (headers.get("Content-Encoding") or "").strip().casefold()
    if packing in ("", "identity", "none") or body.lstrip()[:1] == b"<":
        return body
    if packing not in _PACKED:
        raise SourceError(
            f"{place}: this page is packed in a way that is not known ({packing[:40]})"
        )
    if _PACKED[packing] == "Gzip" and not body.startswith(b"\x1f\x8b"):
        return _deflated(body, place)
    return _bounded(getattr(stream_io, f"{_PACKED[packing]}Reader")(io.BytesIO(body)), place)


def _deflated(body: bytes, place: str) -> bytes:
    """What is called deflate, be it with zlib's frame or bare."""
    import zlib

    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            data = zlib.decompressobj(window).decompress(body, LARGEST + 1)
        except zlib.error:
            continue
        if len(data) > LARGEST:
            raise SourceError(f"{place}: this page is larger than {LARGEST // 1024**2} MB")
        return data
    raise SourceError(f"{place}: this page is packed wrongly")


def _bounded(reader: Any, place: str) -> bytes:
    """All that a reader gives. Raises SourceError for what is too much or broken."""
    parts: list[bytes] = []
    size = 0
    try:
        while data := reader.read(_AT_ONCE):
            size += len(data)
            if size > LARGEST:
                raise SourceError(f"{place}: this page is larger than {LARGEST // 1024**2} MB")
            parts.append(data)
    except (OSError, ValueError, EOFError) as error:
        raise SourceError(f"{place}: this page is packed wrongly ({_short(error)})") from error
    return b"".join(parts)


def _short(error: BaseException) -> str:
    return str(error)[:100]
