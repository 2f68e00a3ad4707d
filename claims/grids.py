"""A table of words on a terminal, where Korean letters are two columns wide.

rich draws tables too, and does so elsewhere here; but importing it takes as long as finding the
claims of an article, which is when this one is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import category, east_asian_width

_NO_WIDTH = {"Mn", "Me", "Cf"}  # what stands on the letter before, or is nothing to be seen
_LEAST = 12  # columns of a cell, however narrow the terminal is


def grid(
    head: Sequence[str], rows: Sequence[Sequence[str]], width: int, most: Sequence[int | None]
) -> str:
    """A table whose lines are ``width`` columns of a terminal at the most, if that is enough.

    ``most`` is how many each of its columns may take; the widest of those with None has what is
    left. Words without room go on in the next line of their cell.
    """
    wanted = [max(map(columns, column)) for column in zip(head, *rows, strict=True)]
    widths = [
        want if limit is None else min(want, max(limit, _LEAST))
        for want, limit in zip(wanted, most, strict=True)
    ]
    too_much = sum(widths) + 3 * len(widths) + 1 - width
    if too_much > 0:
        free = max((at for at, limit in enumerate(most) if limit is None), key=widths.__getitem__)
        widths[free] = max(_LEAST, widths[free] - too_much)
    between = [_ruled(widths, *marks) for marks in ("┌┬┐", "├┼┤", "└┴┘")]
    drawn = ["\n".join(_row(cells, widths)) for cells in (head, *rows)]
    return "\n".join([between[0], f"\n{between[1]}\n".join(drawn), between[2]])


def columns(text: str) -> int:
    """How many columns of a terminal a text takes (Unicode 15, annex 11)."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    if category(character) in _NO_WIDTH:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _ruled(widths: Sequence[int], left: str, middle: str, right: str) -> str:
    return left + middle.join("─" * (width + 2) for width in widths) + right


def _row(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [list(_wrapped(cell, width)) for cell, width in zip(cells, widths, strict=True)]
    for at in range(max(map(len, wrapped))):
        lines = [lines[at] if at < len(lines) else "" for lines in wrapped]
        padded = (
            line + " " * (width - columns(line)) for line, width in zip(lines, widths, strict=True)
        )
        yield f"│ {' │ '.join(padded)} │"


def _wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of a cell, at least one."""
    line = ""
    for piece in _pieces(text.split(), width):
        if line and columns(line) + 1 + columns(piece) > width:
            yield line
            line = piece
        else:
            line = f"{line} {piece}" if line else piece
    yield line


def _pieces(words: Iterable[str], width: int) -> Iterator[str]:
    """Words, those without room on a line of their own in pieces."""
    for word in words:
        piece = ""
        for character in word:
            if piece and columns(piece + character) > width:
                yield piece
                piece = ""
            piece += character
        yield piece
