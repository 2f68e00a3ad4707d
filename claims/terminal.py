"""What people see on a terminal: claims as a table, and text that can't command the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from itertools import islice
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

from claims.grids import grid

if TYPE_CHECKING:
    from rich.text import Text

    from claims.explaining import Explained
    from claims.measuring import Table as Figures
    from claims.models import Article

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
    width = get_terminal_size().columns if sys.stdout.isatty() else _WIDTH_OF_FILES
    waiting = iter(claims)
    rows = []
    for claim in islice(waiting, _MOST_ROWS):
        text = plain(claim["text"])
        short = text if len(text) <= _LONGEST_CLAIM else f"{text[: _LONGEST_CLAIM - 1]}…"
        said_on = claim["said_on"] or claim["said_on_text"]
        cells = (_speaker(claim), short, claim["kind"], claim["via"], said_on)
        rows.append([plain(cell or "") for cell in cells])
    if rows:
        most = (width // 4, None, None, width // 8, width // 8)
        print(grid(("Speaker", "Claim", "Kind", "Via", "Said on"), rows, width, most))
    left = sum(1 for _ in waiting)
    if left:
        print(f"… and {left:,} more")


def _speaker(claim: Mapping[str, Any]) -> str:
    """``name, role, organization``, as far as the article says."""
    return ", ".join(claim[key] for key in ("speaker", "role", "organization") if claim[key])


def print_explained(article: Article, sentences: Iterable[Explained]) -> None:
    """Print sentences with content, cue and speaker in colour, and why they yield what they do."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    legend = Text("")
    for name, style in _STYLES.items():
        legend.append(name, style).append(" ")
    console.print(legend)
    for one in sentences:
        console.print()
        console.print(_coloured(article.text, one))
        for claim in one.claims:
            speaker = ", ".join(filter(None, (claim.speaker.name, claim.role, claim.organization)))
            via = f", via {claim.via}" if claim.via else ""
            console.print(
                Text(
                    plain(
                        f"  → {claim.kind}, {speaker}{via} [{claim.rule}, {claim.confidence:.2f}]"
                    ),
                    style="green",
                )
            )
        for reason in one.reasons:
            console.print(Text(plain(f"  ✗ {reason}"), style="dim"))


_STYLES = {"content": "black on yellow", "cue": "bold magenta", "speaker": "bold cyan"}


def _coloured(text: str, one: Explained) -> Text:
    """A sentence with the spans of its claims coloured; line breaks and controls shown plain."""
    from rich.text import Text

    styles = [""] * (one.sentence.end - one.sentence.start)

    def colour(start: int | None, end: int | None, name: str) -> None:
        if start is not None and end is not None:
            for at in range(max(start, one.sentence.start), min(end, one.sentence.end)):
                styles[at - one.sentence.start] = _STYLES[name]

    for claim in one.claims:
        colour(claim.speaker_start, claim.speaker_end, "speaker")
        colour(claim.start, claim.end, "content")
    for cue in one.cues:
        colour(cue.start, cue.end, "cue")
    shown = Text()
    for at, style in enumerate(styles, one.sentence.start):
        char = text[at]
        shown.append(" " if char.isspace() else plain(char), style)
    return shown


def print_tables(tables: Iterable[Figures]) -> None:
    """Print tables of figures on standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH_OF_FILES)
    for figures in tables:
        table = Table(title=figures.title, title_justify="left")
        for number, column in enumerate(figures.columns):
            table.add_column(column, justify="left" if number == 0 else "right")
        for row in figures.rows:
            table.add_row(*(Text(plain(cell)) for cell in row))
        console.print(table)
