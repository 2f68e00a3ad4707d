"""What people see on a terminal: claims as a table, and text that can't command the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

_MOST_ROWS = 100  # of a table; the rest is counted
_LONGEST_CLAIM = 240  # code points shown of one claim
_WIDTH_OF_FILES = 120  # columns, where output goes to a file or another program


def plain(text: str) -> str:
    r"""The text on one line, without anything that commands a terminal.

    Control characters and those that turn the direction of writing are shown as ``\x1b`` or
    ``\u202e``.
    """
    return "".join(
        char if char == " " or char.isprintable() else char.encode("unicode_escape").decode()
        for char in text
    )


def print_claims(claims: Iterable[Mapping[str, Any]]) -> None:
    """Print claims (rows with the export's columns) as a table on standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH_OF_FILES)
    rows = iter(claims)
    shown = list(islice(rows, _MOST_ROWS))
    table = Table("Speaker", "Claim", "Kind", "Via", "Said on", show_lines=True)
    table.columns[0].min_width, table.columns[0].max_width = 12, 32
    for column in table.columns:
        column.overflow = "fold"  # an ellipsis would eat a wide letter at the edge
    for claim in shown:
        text = plain(claim["text"])
        short = text if len(text) <= _LONGEST_CLAIM else f"{text[: _LONGEST_CLAIM - 1]}…"
        said_on = claim["said_on"] or claim["said_on_text"]
        cells = (_speaker(claim), short, claim["kind"], claim["via"], said_on)
        table.add_row(*(Text(plain(cell or "")) for cell in cells))
    if shown:
        console.print(table)
    left = sum(1 for _ in rows)
    if left:
        console.print(Text(f"… and {left:,} more"))


def _speaker(claim: Mapping[str, Any]) -> str:
    """``name, role, organization``, as far as the article says."""
    return ", ".join(claim[key] for key in ("speaker", "role", "organization") if claim[key])
