"""The commands that give away what is in the database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from claims.cli.shared import Utf8, counted, database, parsed, plain
from claims.errors import ClaimsError

if TYPE_CHECKING:
    from claims.store import Store


@click.command()
@database
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "parquet", "claimreview"]),
    default="jsonl",
    show_default=True,
    help="JSON lines, a CSV table, Parquet (extra: claims[parquet]), or the published reviews "
    "as schema.org ClaimReviews.",
)
@click.option(
    "--site",
    metavar="URL",
    default="http://127.0.0.1:8001/",
    show_default=True,
    help="Where the pages are, for the addresses in ClaimReviews.",
)
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."
)
def export(db: str, form: str, site: str, output: Path | None) -> None:
    """Write all claims, one a line, with names instead of ids.

    The columns are a contract that other tools read; new ones are only ever added at the end.
    Values are written exactly as they are: import CSV into a spreadsheet as text.
    """
    from claims.store import Store

    store = Store.open(db, create=False)
    try:
        if output is None:
            if form == "parquet" and sys.stdout.isatty():
                raise ClaimsError("Parquet is not for a terminal; name a file with --output")
            _write(store, form, site, sys.stdout.buffer)
            return
        if output.exists() and output.samefile(db):
            raise ClaimsError(f"{output}: this is the database itself; name another file")
        try:
            with output.open("wb") as file:
                count = _write(store, form, site, file)
        except OSError as error:
            raise ClaimsError(f"{output}: can't be written ({error.strerror})") from error
        what = "review" if form == "claimreview" else "claim"
        click.echo(f"Wrote {counted(count, what)} to {plain(str(output))}.", err=True)
    finally:
        store.close()


def _write(store: Store, form: str, site: str, output: BinaryIO) -> int:
    """Write claims, or reviews, as bytes of some format; how many there were."""
    from claims.export import FORMATS, write_claimreview, write_parquet

    if form == "claimreview":
        from claims.store.one_claim import published

        pages = f"{site.rstrip('/')}/claims"
        return write_claimreview(
            published(store.db), Utf8(output), lambda table, key: f"{pages}/{table}/{key}"
        )
    if form == "parquet":
        return write_parquet(store.claims(), output)
    return FORMATS[form](store.claims(), Utf8(output))


@click.command()
@click.argument("output", metavar="OUT.db", type=click.Path(dir_okay=False, path_type=Path))
@database
@click.option("--since", metavar="DATE", help="Only articles published on that day or later.")
@click.option(
    "--outlet", "outlets", multiple=True, help="Only articles of this outlet; may be repeated."
)
@click.option("--inspect", is_flag=True, help="Write inspect-data.json for Datasette beside it.")
@click.option("--replace", is_flag=True, help="Write it anew if it is there.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but what went wrong.")
def snapshot(
    output: Path,
    db: str,
    since: str | None,
    outlets: tuple[str, ...],
    inspect: bool,
    replace: bool,
    quiet: bool,
) -> None:
    """Write the part of the database that people browse to a smaller one, OUT.db.

    It has the articles that the options choose, their claims, and the reviews of these, under the
    same ids and with the search. Drafts and whatever else is the desk's own, feeds, and where
    articles were read from stay behind. It is a file that never changes:

    \b
    claims snapshot --since 2025 --inspect public/claims.db
    claims serve --immutable --db public/claims.db
    """
    from claims.store.snapshots import Part, take, write_inspect_data

    if output.exists() and output.samefile(db):
        raise ClaimsError(f"{output}: this is the database itself; name another file")
    if output.exists() and not replace:
        raise ClaimsError(f"{output}: this is there already; --replace writes it anew")
    taken = take(db, output, Part(parsed(since, "--since"), outlets))
    if inspect:
        write_inspect_data(output)
    if not quiet:
        click.echo(
            f"Wrote {counted(taken.articles, 'article')} with {counted(taken.claims, 'claim')} to "
            f"{plain(str(output))} ({taken.size / 1e6:,.1f} MB)."
        )


@click.command()
@database
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=int, help="The port.  [default: 8001, or the next that is free]")
@click.option("--open", "open_browser", is_flag=True, help="Open it in a web browser.")
@click.option(
    "--immutable", is_flag=True, help="It is a snapshot: nobody writes to it, nobody signs in."
)
@click.option(
    "--metadata",
    "-m",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your own metadata.yml: a title, and who may check claims.",
)
@click.option("--root", is_flag=True, help="Print an address that signs in as root, once.")
@click.option(
    "--secret",
    envvar="DATASETTE_SECRET",
    show_envvar=True,
    help="What signs cookies; the same one keeps people signed in.  [default: a new one each time]",
)
def serve(
    db: str,
    host: str,
    port: int | None,
    open_browser: bool,
    immutable: bool,
    metadata: Path | None,
    root: bool,
    secret: str | None,
) -> None:
    """Publish the database with Datasette, until Ctrl+C."""
    from claims.serving import Desk
    from claims.serving import serve as run

    desk = Desk(metadata, root, secret)
    if immutable and root:
        raise click.UsageError("nobody signs in where nothing can be written: --immutable, --root")
    run(
        db,
        host=host,
        port=port,
        open_browser=open_browser,
        announce=click.echo,
        desk=desk,
        immutable=immutable,
    )
