"""The command line: words in, sentences out. Everything else is done elsewhere, and loaded late."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from claims import __version__
from claims.cli.shared import complain
from claims.errors import ClaimsError

# The commands by the module that has them; one is loaded when it is used.
_COMMANDS = {
    "ingest": "recording", "load": "recording",
    "feeds": "feeds", "failures": "following", "changes": "following",
    "add": "recording", "accept": "checking", "reject": "checking", "review": "checking",
    "undo": "checking", "history": "checking",
    "export": "publishing", "snapshot": "publishing", "serve": "publishing",
    "explain": "studying", "evaluate": "studying", "reindex": "recording",
}  # fmt: skip
_NEW_BEFORE_GARBAGE = 20_000  # objects; hardly any of those that a start makes ever are


class _Group(click.Group):
    """The commands, with every expected error told as a sentence instead of a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The names of the commands, sorted."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """A command by its name; None for one that there isn't."""
        module = _COMMANDS.get(name)
        if module is None:
            return None
        command: click.Command = getattr(import_module(f"claims.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named; an error of ours ends it with exit code 1."""
        gc.set_threshold(_NEW_BEFORE_GARBAGE)
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
