"""Cells of Datasette's own tables: links into articles, names for ids, changes as changes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from datasette.utils import to_css_class
from markupsafe import Markup, escape

_SHORT = 160  # characters of an article's text in a table
_CLAIM_TABLES = {"claims", "claims_browse", "unchecked_claims"}
# Columns of views and queries that hold the id of a row, and the table that has it.
_ID_COLUMNS = {
    "claim_id": "claims",
    "article_id": "articles",
    "speaker_id": "speakers",
    "outlet_id": "outlets",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value, the row that it is in, and where that row is from.

    ``table`` is None in the results of a query. A value is a dict of ``value`` and ``label`` where
    Datasette has already found the name for an id.
    """

    row: Any
    value: Any
    column: str
    table: str | None
    database: str

    def beside(self, column: str) -> Any:
        """The plain value of another column of the row; None when there is no such column."""
        try:
            value = self.row[column]
        except (KeyError, IndexError):
            return None
        return value["value"] if isinstance(value, dict) else value


def render(datasette: Any, cell: Cell) -> Markup | None:
    """The HTML of a cell; None leaves it to Datasette."""
    if cell.value is None or isinstance(cell.value, dict):
        return None
    if cell.column == "text" and (cell.table is None or cell.table in _CLAIM_TABLES):
        return _claim_text(datasette, cell)
    if cell.table == "history":
        return _history(datasette, cell)
    if cell.table == "articles":
        return _article(datasette, cell)
    if cell.table == "speakers_summary" and cell.column == "speaker":
        key = cell.beside("id")
        return _link(datasette, cell.database, "speakers", key, cell.value) if key else None
    target = _target(cell)
    return _link(datasette, cell.database, target, cell.value) if target else None


def table_rows(rows: Iterable[Any]) -> Markup:
    """The rows of a table as HTML, at once: a template would hand on each cell by itself."""
    css = cache(to_css_class)
    parts: list[str] = []
    for row in rows:
        parts.append(f"<tr{_of_row(row)}>")
        parts += [
            f'<td class="col-{escape(css(cell["column"]))} type-{escape(cell["value_type"])}">'
            f"{escape(cell['value'])}</td>\n"
            for cell in row
        ]
        parts.append("</tr>\n")
    return Markup("".join(parts))  # noqa: S704 (all of it is escaped above)


def _of_row(row: Any) -> str:
    """What Datasette 1.0 says about a row that can be edited."""
    if not getattr(row, "pk_path", None):
        return ""
    label = getattr(row, "row_label", None)
    named = f' data-row-label="{escape(label)}"' if label else ""
    return f' data-row="{escape(row.row_path)}"{named}'


def _claim_text(datasette: Any, cell: Cell) -> Markup | None:
    """The text in full, as a link to its place in the article."""
    claim_id = cell.beside("id" if cell.table else "claim_id")
    article_id = cell.beside("article_id")
    if claim_id is None or article_id is None:
        return None
    address = f"{_row_path(datasette, cell.database, 'articles', article_id)}#claim-{claim_id}"
    language = cell.beside("language")
    lang = Markup(' lang="{}"').format(language) if language else Markup("")
    return Markup('<a class="claims-text" href="{}"{}>{}</a>').format(address, lang, cell.value)


def _article(datasette: Any, cell: Cell) -> Markup | None:
    """The title as a link to the article, and only the beginning of its text."""
    if cell.column == "title" and cell.beside("id") is not None:
        return _link(datasette, cell.database, "articles", cell.beside("id"), cell.value)
    if cell.column == "text" and len(str(cell.value)) > _SHORT:
        return escape(" ".join(str(cell.value)[:_SHORT].split()) + " …")
    return None


def _target(cell: Cell) -> str | None:
    """The table that the id in this cell leads to."""
    if cell.table is None or cell.table in _CLAIM_TABLES - {"claims"}:
        if cell.table and cell.column == "id":
            return "claims"
        return _ID_COLUMNS.get(cell.column)
    if cell.table == "speakers_summary" and cell.column == "id":
        return "speakers"
    return None


def _history(datasette: Any, cell: Cell) -> Markup | None:
    """The id as a link to the row; of an update, only what changed."""
    if cell.column == "row_id" and cell.beside("table_name") in {"claims", "articles", "reviews"}:
        return _link(datasette, cell.database, cell.beside("table_name"), cell.value)
    if cell.column != "after":
        return None
    before, after = _object(cell.beside("before")), _object(cell.value)
    if before is None or after is None:
        return None
    lines = [
        Markup("<li>{}: <del>{}</del> → <ins>{}</ins></li>").format(
            key, _shown(before.get(key)), _shown(value)
        )
        for key, value in after.items()
        if value != before.get(key)
    ]
    return Markup('<ul class="claims-changes">{}</ul>').format(Markup("").join(lines))


def _object(text: Any) -> dict[str, Any] | None:
    """A JSON object; None for anything else."""
    try:
        value = json.loads(text)
    except (ValueError, TypeError):
        return None
    return value if isinstance(value, dict) else None


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)


def _link(datasette: Any, database: str, table: str, key: Any, label: Any = None) -> Markup:
    address = _row_path(datasette, database, table, key)
    return Markup('<a href="{}">{}</a>').format(address, escape(key if label is None else label))


def _row_path(datasette: Any, database: str, table: str, key: Any) -> str:
    return str(datasette.urls.row(database, table, str(key)))
