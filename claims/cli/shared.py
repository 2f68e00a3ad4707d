"""What the commands share: the option for the database, and how things are printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import click

from claims.errors import DateError

database = click.option(
    "--db",
    default="claims.db",
    envvar="CLAIMS_DB",
    show_default=True,
    show_envvar=True,
    type=click.Path(dir_okay=False),
    help="The database file.",
)


class Share(click.FloatRange):
    """A number from 0 to 1; ``nan``, which no comparison refuses, is none."""

    def __init__(self) -> None:
        super().__init__(0, 1)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number; a usage error for what is none."""
        number = super().convert(value, param, ctx)
        if number != number:
            self.fail(f"{value!r} is not a number from 0 to 1.", param, ctx)
        return float(number)


class Utf8:
    """A stream of bytes as one of text in UTF-8, whatever the terminal's own encoding."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write some text."""
        return self._stream.write(text.encode())


class StandardOutput(Utf8):
    """Standard output in UTF-8: what other tools read."""

    def __init__(self) -> None:
        super().__init__(sys.stdout.buffer)


def write_json(claims: Iterable[Mapping[str, Any]]) -> None:
    """Print rows as JSON lines."""
    from claims.export import write_jsonl

    write_jsonl(claims, StandardOutput())


def counted(count: int, thing: str) -> str:
    """``1 claim``, ``2 claims``."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def parsed(date: str | None, option: str) -> str | None:
    """A day that an option gives, as ISO 8601; raises DateError for what is none."""
    from claims.dates import parse_date

    try:
        return parse_date(date) if date is not None else None
    except DateError as error:
        raise DateError(f"{option}: {error}") from error


def complain(sentence: str) -> None:
    """Tell what went wrong on standard error."""
    click.echo(f"claims: {plain(sentence)}", err=True)


def plain(text: str) -> str:
    """A text without what could command the terminal."""
    from claims import terminal

    return terminal.plain(text)
