"""Claims out of the database, as other tools read them: JSON lines, CSV and Parquet.

All have the columns of `claims.columns.EXPORT_COLUMNS`, names rather than ids. Values are written
exactly as they are stored: a CSV cell that begins with ``=`` stays so, since a changed quotation
would be a wrong one. Import the file as text into a spreadsheet.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO, Protocol

from claims.claimreview import Address, claim_reviews, data_feed
from claims.columns import EXPORT_COLUMNS, EXPORT_NUMBERS
from claims.errors import MissingExtraError

_ROW_GROUP = 20_000  # claims in memory at once, and in each group of rows of a Parquet file


class Writer(Protocol):
    """Anything text can be written to."""

    def write(self, text: str, /) -> object:
        """Take some text."""
        ...


def write_jsonl(claims: Iterable[Mapping[str, Any]], output: Writer) -> int:
    """One JSON object a line for each claim; how many there were."""
    count = 0
    for count, claim in enumerate(claims, 1):  # noqa: B007 (the last count is the result)
        output.write(json_line(claim) + "\n")
    return count


def json_line(claim: Mapping[str, Any]) -> str:
    r"""One claim as a line of JSON, readable as it is.

    Control characters, and those that turn the direction of writing, are escaped: JSON readers get
    them back, terminals don't.
    """
    line = json.dumps(claim, ensure_ascii=False)
    return "".join(c if c == " " or c.isprintable() else _escaped(c) for c in line)


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1]


def write_csv(
    claims: Iterable[Mapping[str, Any]],
    output: Writer,
    columns: Sequence[str] = EXPORT_COLUMNS,
) -> int:
    """A CSV table (RFC 4180) with a header; how many claims there were."""
    writer = csv.DictWriter(output, columns)
    writer.writeheader()
    count = 0
    for count, claim in enumerate(claims, 1):  # noqa: B007 (the last count is the result)
        writer.writerow(claim)
    return count


def write_parquet(claims: Iterable[Mapping[str, Any]], output: BinaryIO) -> int:
    """A Parquet file, a group of rows after the other; how many claims there were.

    Numbers are 64-bit integers and doubles, all else is text, dates too: they are only as precise
    as known. Raises MissingExtraError without pyarrow.
    """
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise MissingExtraError.of("Parquet files", "parquet", error) from error
    types = {"integer": pyarrow.int64(), "real": pyarrow.float64()}
    schema = pyarrow.schema(
        (column, types[EXPORT_NUMBERS[column]] if column in EXPORT_NUMBERS else pyarrow.string())
        for column in EXPORT_COLUMNS
    )
    count = 0
    rows = iter(claims)
    with ParquetWriter(output, schema, compression="zstd") as writer:
        while group := list(islice(rows, _ROW_GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(group, schema))
            count += len(group)
    return count


def write_claimreview(
    reviews: Iterable[Mapping[str, Any]], output: Writer, address: Address
) -> int:
    """A DataFeed of ClaimReviews (schema.org, JSON-LD); how many there were.

    ``reviews`` are as `claims.store.one_claim` gives them.
    """
    found = [one for review in reviews for one in claim_reviews(review, address)]
    output.write(json.dumps(data_feed("claims", found), ensure_ascii=False, indent=1) + "\n")
    return len(found)


FORMATS: dict[str, Callable[[Iterable[Mapping[str, Any]], Writer], int]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
}
