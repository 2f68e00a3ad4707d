"""CSV and TSV: tables of claims and tables of articles, told apart by their columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from claims.errors import SourceError
from claims.sources.corpora import has_articles, item_of
from claims.sources.reading import LARGEST, RawItem, Row


def read_table(text: str, name: str, fields: Mapping[str, str]) -> Iterator[RawItem]:
    """The rows of a table; its first line names the columns.

    Claims need the columns ``text`` and ``speaker``; without a speaker, and with a title, an
    address or a byline, they are articles. Raises SourceError for a table of neither.
    """
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    csv.field_size_limit(LARGEST)  # a cell may be as long as the text of an article
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    columns = [column.strip().casefold() for column in next(reader)]
    missing = {"text", "speaker"} - set(columns)
    of_articles = bool(fields) or (bool(missing) and has_articles(columns, fields))
    if missing and not of_articles:
        raise SourceError(
            f"{name}, line 1: a table of claims needs the columns text and speaker; "
            f"here is no {' and no '.join(sorted(missing))} (a table of articles needs text and "
            "one of title, url and byline, or --map text=COLUMN)"
        )
    for row in _rows(reader, lines, columns, name):
        if isinstance(row, Row) and of_articles:
            try:
                yield item_of(row.cells, name, row.line, fields)
            except SourceError as error:
                yield error
        else:
            yield row


class _Lines:
    """The lines of a table; ``is_over`` when more were asked for than there are."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text)
        self.is_over = False

    def __iter__(self) -> Iterator[str]:
        yield from self._lines
        self.is_over = True


def _rows(
    reader: Iterator[list[str]], lines: _Lines, columns: list[str], name: str
) -> Iterator[Row | SourceError]:
    line = 0
    while True:
        line = reader.line_num + 1  # type: ignore[attr-defined]
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield SourceError(f"{name}, line {line}: {error}")
            continue
        if lines.is_over:  # the reader looked for a row's end, and found none
            yield SourceError(
                f"{name}, line {line}: a quotation mark opens here and is never closed, so this "
                "row and those behind it can't be told apart"
            )
        elif len(cells) > len(columns) and any(cells[len(columns) :]):
            yield SourceError(
                f"{name}, line {line}: there are {len(cells)} cells for {len(columns)} columns; "
                "put quotation marks around cells that hold commas"
            )
        elif any(cell.strip() for cell in cells):
            yield Row(name, line, dict(zip(columns, cells, strict=False)))
