"""Stretches of a long file, for many machines to read at once: what each gives, in their order, is
what the whole file gives.

JSON lines on a disk are cut behind the end of a line, Parquet between groups of rows. A packed file
has no places to begin at; neither is one read to its end only to find them where that costs a
transfer (on an object store).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from claims.errors import SourceError
from claims.sources.columnar import group_sizes, read_parquet
from claims.sources.corpora import read_lines
from claims.sources.reading import PACKINGS, File, RawItem, Reading
from claims.sources.remote import is_remote, opened

_BLOCK = 1024 * 1024  # bytes read at once


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a file from ``first`` to before ``last``: bytes of JSON lines, groups of Parquet.

    ``line`` is the number of its first line, from 1; ``size`` is in bytes.
    """

    first: int
    last: int
    size: int
    line: int = 1


def stretches_of(file: File, reading: Reading, most: int) -> list[Stretch]:
    """A long file in stretches of about ``most`` bytes; none where it is best read as a whole."""
    form = reading.form_of(file.name)
    if file.size <= most or PurePosixPath(file.name).suffix.casefold() in PACKINGS:
        return []
    try:
        if form == "jsonl" and not is_remote(file.name):
            return list(_by_lines(Path(file.name), most))
        if form == "parquet":
            with _opened(file.name) as stream:
                return list(_by_groups(group_sizes(stream, file.name, reading.fields), most))
    except (SourceError, OSError):
        pass  # reading it as a whole tells what is wrong
    return []


def read_stretch(name: str, stretch: Stretch, reading: Reading) -> Iterator[RawItem]:
    """What a stretch of a file gives, as `raw_source` gives what is in all of it."""
    try:
        with _opened(name) as stream:
            if reading.form_of(name) == "parquet":
                groups = range(stretch.first, stretch.last)
                yield from read_parquet(stream, name, reading.fields, groups)
            else:
                stream.seek(stretch.first)
                lines = cast(BinaryIO, _Until(stream, stretch.last))
                yield from read_lines(lines, name, reading.fields, stretch.line)
    except SourceError as error:
        yield error
    except OSError as error:
        yield SourceError(f"{name}: {(error.strerror or str(error)).lower()}")


class _Until:
    """A stream that ends earlier than its file does."""

    def __init__(self, stream: BinaryIO, last: int) -> None:
        self._stream, self._last = stream, last

    def readline(self, most: int) -> bytes:
        return self._stream.readline(max(0, min(most, self._last - self._stream.tell())))


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    with opened(name) if is_remote(name) else Path(name).open("rb") as stream:
        yield stream


def _by_lines(path: Path, most: int) -> Iterator[Stretch]:
    """Stretches that each end with the line in which they have become long enough."""
    first = place = 0
    line = here = 1
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            start = 0
            while first + most <= place + len(block):
                end = block.find(b"\n", max(start, first + most - place - 1)) + 1
                if not end:
                    break
                here += block.count(b"\n", start, end)
                yield Stretch(first, place + end, place + end - first, line)
                first, line, start = place + end, here, end
            here += block.count(b"\n", start)
            place += len(block)
    if place > first:
        yield Stretch(first, place, place - first, line)


def _by_groups(sizes: list[int], most: int) -> Iterator[Stretch]:
    first = size = 0
    for number, more in enumerate(sizes):
        if size and size + more > most:
            yield Stretch(first, number, size)
            first, size = number, 0
        size += more
    yield Stretch(first, len(sizes), size)
