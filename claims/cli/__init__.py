"""The command line: words in, sentences out. Everything else is done elsewhere, and loaded late."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Any

import click

from claims import __version__
from claims.cli.checking import accept, history, reject, review, undo
from claims.cli.feeds import feeds
from claims.cli.following import changes, failures
from claims.cli.publishing import export, serve, snapshot
from claims.cli.recording import add, ingest, load, reindex
from claims.cli.shared import complain
from claims.cli.studying import evaluate, explain
from claims.errors import ClaimsError


class _Group(click.Group):
    """The commands, with every expected error told as a sentence instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named; an error of ours ends it with exit code 1."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # a terminal may not know every letter
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except ClaimsError as error:
            complain(str(error))
            ctx.exit(1)


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="More: `claims COMMAND --help`.",
)
@click.version_option(__version__, prog_name="claims")
def main() -> None:
    """Who said what, where, when, and has anyone checked it?

    News articles go in; every claim that they attribute to somebody is recorded with its speaker,
    outlet, date and exact place in the article, in one SQLite file that Datasette publishes.

    \b
    claims ingest page.txt --outlet "Daily Herald" --date 2024-12-17
    claims serve
    """


for command in (
    ingest, load, feeds, failures, changes, add, accept, reject, review, undo, history, export,
    snapshot, serve, explain, evaluate, reindex,
):  # fmt: skip
    main.add_command(command)
