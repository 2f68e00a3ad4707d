"""Parquet: articles, or claims that others recorded, a row at a time, by pyarrow.

Only the columns that are known by name are read, a small batch of rows after the other, so that a
file may be much longer than memory. Nested columns are read as objects and lists of JSON are.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from itertools import count
from typing import IO, Any, BinaryIO

from claims.columns import EXPORT_COLUMNS
from claims.errors import MissingExtraError, SourceError
from claims.sources.corpora import NAMES, has_articles, items_of
from claims.sources.packed import most_from, seekable
from claims.sources.reading import LARGEST, RawItem

_MOST_COLUMNS = 10_000
_DEEPEST = 20  # columns inside columns
_LONGEST_NAME = 10 * 1024 * 1024  # bytes of what describes the columns
_MOST_ROWS = 1000  # read at once
_AT_ONCE = 4 * LARGEST  # bytes that these rows may become


def read_parquet(
    stream: BinaryIO, name: str, fields: Mapping[str, str], only: range | None = None
) -> Iterator[RawItem]:
    """The articles or claims in the rows of a Parquet file; positions count rows from 1.

    A group of rows that is broken comes as a SourceError, and the next one is read; ``only`` some
    groups are, by number from 0. Raises SourceError for what is no such file, has no text, or would
    unpack beyond bounds.
    """
    with seekable(stream) as whole:
        file, groups = _checked(whole, name)
        columns = _columns(file, name, fields)
        first = 1
        for number, group in enumerate(groups):
            if only is None or number in only:
                yield from _group(file, number, columns, name, fields, first)
            first += group.num_rows


def group_sizes(stream: BinaryIO, name: str, fields: Mapping[str, str]) -> list[int]:
    """The size of each group of rows, packed, in bytes. Raises as `read_parquet` does."""
    with seekable(stream) as whole:
        file, groups = _checked(whole, name)
        _columns(file, name, fields)
        return [
            sum(group.column(at).total_compressed_size for at in range(group.num_columns))
            for group in groups
        ]


def _checked(stream: IO[bytes], name: str) -> tuple[Any, list[Any]]:
    """A file and what it says of its groups. Raises SourceError for what isn't to be read."""
    size = stream.seek(0, 2)
    stream.seek(0)
    file = _opened(stream, name)
    described = file.metadata
    groups = [described.row_group(number) for number in range(described.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > most_from(size):
        raise SourceError(f"{name}: this unpacks to far more than any text would; not read")
    return file, groups


def _opened(stream: Any, name: str) -> Any:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise SourceError(str(MissingExtraError("Parquet files", "parquet", error))) from error
    try:
        return ParquetFile(
            stream,
            pre_buffer=False,
            thrift_string_size_limit=_LONGEST_NAME,
            thrift_container_size_limit=_MOST_COLUMNS * 100,
            schema_depth_limit=_DEEPEST,
        )
    except (ArrowException, OSError, ValueError, MemoryError) as error:
        raise SourceError(f"{name}: this is no Parquet file ({_short(error)})") from error


def _columns(file: Any, name: str, fields: Mapping[str, str]) -> list[str]:
    """The columns to read, by the names that they have there."""
    there = list(file.schema_arrow.names)
    known = {other for names in NAMES.values() for other in names} | set(EXPORT_COLUMNS)
    known |= {field.casefold() for field in fields.values()}
    columns = [column for column in there if column.strip().casefold() in known]
    lowered = [column.strip().casefold() for column in columns]
    is_of_claims = {"text", "speaker"} <= set(lowered)
    if not (fields or is_of_claims or has_articles(lowered, fields)):
        raise SourceError(
            f"{name}: a table of claims needs the columns text and speaker, a table of articles "
            "text and one of title, url and byline (or --map text=COLUMN); the columns are "
            + ", ".join(str(column)[:40] for column in there[:12])
        )
    return columns


def _group(
    file: Any, number: int, columns: list[str], name: str, fields: Mapping[str, str], first: int
) -> Iterator[RawItem]:
    """The rows of one group. Few at a time: a short file may name one long text for each."""
    from pyarrow import ArrowException

    group = file.metadata.row_group(number)
    sizes = (group.column(at).total_uncompressed_size for at in range(group.num_columns))
    rows = max(1, min(_MOST_ROWS, _AT_ONCE // max(1, *sizes)))
    line = count(first)
    try:
        batches = file.iter_batches(rows, [number], columns, use_threads=False)
        for batch in batches:
            if batch.nbytes > 2 * _AT_ONCE:
                raise SourceError(f"{name}, row {next(line)}: this is larger than any text")
            for record in batch.to_pylist():
                place = next(line)
                told = {key: plain(value) for key, value in record.items() if value is not None}
                try:
                    yield from items_of(told, name, place, fields, False)
                except SourceError as error:
                    yield error
    except (ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        yield SourceError(
            f"{name}, row {next(line)}: from here to the end of its group this can't be read "
            f"({_short(error)})"
        )


def plain(value: object, depth: int = 0) -> Any:
    """A value as JSON would have it: days and times in ISO 8601, bytes as text."""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if depth > _DEEPEST:
        return None
    if isinstance(value, (list, tuple)):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    return value


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
