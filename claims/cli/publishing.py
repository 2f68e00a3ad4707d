"""The commands that give away what is in the database."""

from __future__ import annotations

from pathlib import Path

import click

from claims.cli.shared import StandardOutput, counted, database, plain
from claims.errors import ClaimsError


@click.command()
@database
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    show_default=True,
    help="JSON lines or a CSV table.",
)
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."
)
def export(db: str, form: str, output: Path | None) -> None:
    """Write all claims, one a line, with names instead of ids.

    The columns are a contract that other tools read; new ones are only ever added at the end.
    Values are written exactly as they are: import CSV into a spreadsheet as text.
    """
    from claims.export import FORMATS
    from claims.store import Store

    store = Store.open(db, create=False)
    try:
        if output is None:
            FORMATS[form](store.claims(), StandardOutput())
            return
        if output.exists() and output.samefile(db):
            raise ClaimsError(f"{output}: this is the database itself; name another file")
        try:
            with output.open("w", encoding="utf-8", newline="") as file:
                count = FORMATS[form](store.claims(), file)
        except OSError as error:
            raise ClaimsError(f"{output}: can't be written ({error.strerror})") from error
        click.echo(f"Wrote {counted(count, 'claim')} to {plain(str(output))}.", err=True)
    finally:
        store.close()


@click.command()
@database
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=int, help="The port.  [default: 8001, or the next that is free]")
@click.option("--open", "open_browser", is_flag=True, help="Open it in a web browser.")
def serve(db: str, host: str, port: int | None, open_browser: bool) -> None:
    """Publish the database with Datasette, until Ctrl+C."""
    from claims.serving import serve as run

    run(db, host=host, port=port, open_browser=open_browser, announce=click.echo)
