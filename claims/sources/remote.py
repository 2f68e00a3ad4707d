"""Files on object stores and shared file systems (``s3://bucket/*.warc.gz``), by fsspec.

Only for schemes that are named here and only for what a person names: pages of the web, and
whatever else a source leads to, are left to `claims.sources.fetching` with its checks. The
libraries for some of them come apart: s3fs for ``s3://``, gcsfs for ``gs://``, adlfs for
``abfs://``, pyarrow for ``hdfs://``, paramiko for ``sftp://``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from claims.errors import ClaimsError, MissingExtraError, SourceError
from claims.sources.reading import File, is_readable

SCHEMES = frozenset(
    ["s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "hdfs", "webhdfs", "sftp", "memory"]
)
_WILD = frozenset("*?[")


def is_remote(name: str) -> bool:
    """Whether a source is on a file system that is read here."""
    return name.partition("://")[0].casefold() in SCHEMES and "://" in name


def remote_files(name: str) -> list[File]:
    """The files that a name means, by name: itself, those of a pattern or of a folder.

    Raises SourceError for none, and without fsspec or the library for this file system; OSError
    where that says so.
    """
    with _sentences(name):
        system, path = _file_system(name)
        if _WILD & set(path):
            found = [one for one in system.glob(path) if system.isfile(one)]
        elif system.isdir(path):
            found = [one for one in system.find(path) if is_readable(one)]
        else:
            found = [path]
        files = [
            File(system.unstrip_protocol(one), int(system.size(one) or 0))
            for one in sorted(found)
            if not any(part.startswith(".") for part in one.removeprefix(path).split("/"))
        ]
    if not files:
        raise SourceError(f"{name}: there is nothing here that can be read")
    return files


@contextmanager
def opened(name: str, mode: str = "rb") -> Iterator[BinaryIO]:
    """A remote file, open for reading, or for writing with the mode ``wb``.

    Raises SourceError with a sentence whatever goes wrong in the file system's own library.
    """
    with _sentences(name):
        system, path = _file_system(name)
        with system.open(path, mode) as stream:
            buffered = stream if mode == "wb" else io.BufferedReader(stream)  # which can peek
            yield cast(BinaryIO, buffered)


def _file_system(name: str) -> tuple[Any, str]:
    """The file system of a name, and the path in it."""
    if "::" in name:
        raise SourceError(f"{name}: addresses inside addresses (::) are not read")
    try:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(name)
    except ImportError as error:  # fsspec's own, or the library for this kind of address
        raise MissingExtraError.of(f"{name}: such addresses", "dask", error) from error
    return system, str(path)


@contextmanager
def _sentences(name: str) -> Iterator[None]:
    """What the libraries of file systems raise, as a SourceError; each has errors of its own."""
    try:
        yield
    except FileNotFoundError as error:
        raise SourceError(f"{name}: there is no such file") from error
    except MissingExtraError as error:
        raise SourceError(str(error)) from error
    except (ClaimsError, OSError):
        raise
    except Exception as error:
        raise SourceError(f"{name}: can't be read ({type(error).__name__}: {error})") from error
