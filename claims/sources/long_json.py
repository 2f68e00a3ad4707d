"""JSON longer than memory: the elements of its list, one by one, by ijson's parser.

The list is the whole document, or stands under a key that holds the elements of a feed, as in
Google's Data Commons feed of fact-checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from claims.errors import SourceError
from claims.sources.corpora import items_of
from claims.sources.reading import LARGEST, RawItem

_LISTS = {"item", "dataFeedElement.item", "@graph.item", "itemListElement.item"}
_AT_ONCE = 64 * 1024  # bytes
_LONGEST_PATH = 2000  # code points of the keys that lead to a value


def read_long_json(
    head: bytes, rest: BinaryIO, name: str, fields: Mapping[str, str]
) -> Iterator[RawItem]:
    """What the elements of a list are; ``head`` is what was read of the stream before ``rest``.

    Elements are counted from 1. Raises SourceError where the JSON is broken, breaks off or has no
    list; what came before stays.
    """
    import ijson

    number = 0
    source = _Source(head.removeprefix(b"\xef\xbb\xbf"), rest, name)
    try:
        for element in _elements(ijson.parse(source, buf_size=_AT_ONCE, use_float=True), source):
            number += 1
            try:
                if isinstance(element, SourceError):
                    raise SourceError(f"{name}, item {number}: {element}")
                yield from items_of(element, name, number, fields, True)
            except SourceError as error:
                yield error
    except (ijson.JSONError, ValueError, OverflowError) as error:
        raise SourceError(
            f"{name}, after item {number}: this is not JSON ({str(error)[:200]}); not read on"
        ) from error
    if not number:
        raise SourceError(
            f"{name}: this is larger than {LARGEST // 1024**2} MB, and no list of articles or "
            "fact-checks; split it"
        )


class _Source:
    """A stream that tells when a single value grows beyond bounds."""

    def __init__(self, head: bytes, rest: BinaryIO, name: str) -> None:
        self._head = memoryview(head)
        self._rest = rest
        self.name = name
        self.since = 0  # bytes read since the parser last gave anything

    def read(self, size: int = -1) -> bytes:
        data, self._head = bytes(self._head[:size]), self._head[size:]
        if not data:
            data = self._rest.read(size)
        self.since += len(data)
        if self.since > LARGEST:
            raise SourceError(f"{self.name}: a single text in this JSON is larger than "
                              f"{LARGEST // 1024**2} MB; not read on")  # fmt: skip
        return data


def _elements(events: Iterator[tuple[str, str, Any]], source: _Source) -> Iterator[Any]:
    """The elements of the lists, built one at a time; too large a one comes as a SourceError."""
    from ijson.common import ObjectBuilder

    builder: Any = None
    path, size = "", 0
    for prefix, event, value in events:
        source.since = 0
        if len(prefix) > _LONGEST_PATH:
            raise SourceError(f"{source.name}: this JSON is nested too deeply; not read on")
        if builder is None:
            if prefix not in _LISTS or event.startswith("end_"):
                continue
            builder, path, size = ObjectBuilder(), prefix, 0
        size += 50 + (len(value) if isinstance(value, str) else 0)
        if size <= LARGEST:
            builder.event(event, value)
        if prefix == path and event not in ("start_map", "map_key", "start_array"):
            yield (
                builder.value
                if size <= LARGEST
                else SourceError(f"this is larger than {LARGEST // 1024**2} MB")
            )
            builder = None
