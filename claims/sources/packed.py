"""Compressed files and zip archives, unpacked as they are read and never beyond bounds.

What a file of some size may unpack to is bounded by ``RATIO``: text shrinks to a twentieth, bombs
to a thousandth and less.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from claims.errors import SourceError
from claims.sources.reading import LARGEST

if TYPE_CHECKING:
    from bz2 import BZ2File
    from gzip import GzipFile

PACKED = (b"\x1f\x8b", b"BZh", b"\x28\xb5\x2f\xfd")  # what packed files begin with
RATIO = 100  # bytes that each byte of a packed file may become
_LEAST = 2 * LARGEST  # bytes that any packed file may become
_MOST_MEMBERS = 100_000
_LARGEST_WINDOW = 1 << 27  # bytes that zstd may keep in mind, as many as `zstd --long` needs
_ZSTANDARD_AT_ONCE = 1024  # bytes
_COPIED_AT_ONCE = 1024 * 1024  # bytes
_IN_MEMORY = 8 * _COPIED_AT_ONCE  # bytes of a copy that are not put on disk
_ENCRYPTED = 0x1  # in a member's flags (APPNOTE.TXT, 4.4.4)


def most_from(packed: int) -> int:
    """The bytes that a packed file of some size may become."""
    return max(_LEAST, RATIO * packed)


class _Bound:
    """What may still be unpacked of one file."""

    def __init__(self, packed: int) -> None:
        self._left = most_from(packed)

    def count(self, size: int, name: str) -> None:
        """Take some bytes off. Raises SourceError when there are none left."""
        self._left -= size
        if self._left < 0:
            raise SourceError(f"{name}: this unpacks to far more than any text would; not read on")


class _Unpacked(io.RawIOBase):
    """A stream that counts against a bound and turns what libraries raise into sentences."""

    def __init__(self, stream: IO[bytes], name: str, bound: _Bound) -> None:
        self._stream = stream
        self._name = name
        self._bound = bound

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        data = self._read(len(view))
        self._bound.count(len(data), self._name)
        view[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        import zlib
        from zipfile import BadZipFile

        from zstandard import ZstdError

        try:
            return self._stream.read(size)
        except (EOFError, OSError, ValueError, zlib.error, ZstdError, BadZipFile) as error:
            raise SourceError(
                f"{self._name}: this is packed wrongly or breaks off ({error}); not read on"
            ) from error

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Zstandard:
    """The frames of a .zst file, one after the other; zstandard's own reader misses a missing end.

    It reads little at once, since four bytes may become a block of 128 KiB (RFC 8878, 3.1.1.2).
    """

    def __init__(self, stream: BinaryIO) -> None:
        from zstandard import ZstdDecompressor

        self._stream = stream
        self._library = ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
        self._frame = self._library.decompressobj()
        self._is_inside = False
        self._unpacked = io.BytesIO()

    def read(self, size: int) -> bytes:
        while not (data := self._unpacked.read(size)):
            packed = self._frame.unused_data or self._stream.read(_ZSTANDARD_AT_ONCE)
            if self._frame.eof:
                self._frame = self._library.decompressobj()
                self._is_inside = False
            if not packed:
                if self._is_inside:
                    raise EOFError("its end is missing")
                return b""
            self._is_inside = True
            self._unpacked = io.BytesIO(self._frame.decompress(packed))
        return data

    def close(self) -> None:
        self._stream.close()


class _Metered(io.FileIO):
    """A file that tells how many bytes of it are read."""

    def __init__(self, path: Path, meter: Callable[[int], None]) -> None:
        super().__init__(path)
        self._meter = meter

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer) or 0
        self._meter(count)
        return count

    def readall(self) -> bytes:
        data = super().readall()
        self._meter(len(data))
        return data


def opened_file(path: Path, meter: Callable[[int], None] | None = None) -> BinaryIO:
    """A file opened for reading as it is; ``meter`` is told how many bytes are read."""
    return io.BufferedReader(_Metered(path, meter)) if meter else path.open("rb")


def open_file(path: Path, name: str, meter: Callable[[int], None] | None = None) -> BinaryIO:
    """A file opened for reading, unpacked where it is .gz, .bz2 or .zst. Raises OSError.

    ``meter`` is told how many of its own bytes are read.
    """
    size = path.stat().st_size
    return unpacked(opened_file(path, meter), path.suffix.casefold(), size, name)


def unpacked(stream: BinaryIO, suffix: str, size: int, name: str) -> BinaryIO:
    """A stream of some size (bytes), unpacked where its name ends in .gz, .bz2 or .zst.

    Reading from it raises SourceError for what is packed wrongly or beyond bounds.
    """
    opened: Any
    if suffix == ".gz":
        from gzip import GzipFile

        opened = _Closing(GzipFile(fileobj=stream), stream)
    elif suffix == ".bz2":
        from bz2 import BZ2File

        opened = _Closing(BZ2File(stream), stream)
    elif suffix == ".zst":
        opened = _Zstandard(stream)
    else:
        return stream
    return cast(BinaryIO, io.BufferedReader(_Unpacked(opened, name, _Bound(size))))


class _Closing:
    """A library's stream that closes the one below it too, which the library leaves open."""

    def __init__(self, upper: GzipFile | BZ2File, lower: BinaryIO) -> None:
        self.read = upper.read
        self._both = (upper, lower)

    def close(self) -> None:
        for stream in self._both:
            stream.close()


def seekable(stream: BinaryIO) -> IO[bytes]:
    """The stream itself, or a copy of one that can't go back, on disk where it is large."""
    if stream.seekable():
        return stream
    from tempfile import SpooledTemporaryFile

    copy = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (closed by who asked)
    while data := stream.read(_COPIED_AT_ONCE):
        copy.write(data)
    copy.seek(0)
    return copy


def open_archive(path: Path, name: str) -> Iterator[tuple[str, BinaryIO | SourceError]]:
    """The files of a zip archive by name, each open until the next one; folders are passed over.

    A file that can't be read comes as a SourceError. Raises SourceError for what is no archive.
    """
    from zipfile import BadZipFile, ZipFile

    bound = _Bound(path.stat().st_size)
    try:
        archive = ZipFile(path)
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceError(f"{name}: this is no zip archive that can be read ({error})") from error
    with archive:
        members = sorted(archive.infolist(), key=lambda member: member.filename)
        if len(members) > _MOST_MEMBERS:
            raise SourceError(f"{name}: there are more than {_MOST_MEMBERS:,} files in it")
        for member in members:
            inside = f"{name}/{member.filename}"
            if not member.filename or member.is_dir():  # a damaged archive may have no name
                continue
            if member.flag_bits & _ENCRYPTED:
                yield member.filename, SourceError(f"{inside}: this needs a password; unzip it")
                continue
            try:
                opened = archive.open(member)
            except (BadZipFile, NotImplementedError, ValueError, RuntimeError) as error:
                yield member.filename, SourceError(f"{inside}: can't be unpacked ({error})")
                continue
            with io.BufferedReader(_Unpacked(opened, inside, bound)) as stream:
                yield member.filename, cast(BinaryIO, stream)
