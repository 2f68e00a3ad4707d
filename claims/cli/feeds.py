"""The commands for feeds that are read again and again."""

from __future__ import annotations

import click

from claims.cli.recording import finish, show
from claims.cli.shared import database, plain


@click.group(short_help="Feeds that are read again and again.")
def feeds() -> None:
    """Feeds (RSS, Atom, JSON Feed) that are read again and again.

    `claims feeds run` is made for cron: it asks each feed only for what changed, and follows only
    entries that are new or changed.
    """


@feeds.command()
@click.argument("url")
@database
@click.option("--outlet", help="Who publishes its articles.  [default: as their pages say]")
@click.option("--no-follow", is_flag=True, help="Take the entries' own text, not their pages.")
def add(url: str, db: str, outlet: str | None, no_follow: bool) -> None:
    """Note the feed at URL; for a known one, what is said of it now."""
    from claims.models import storable
    from claims.sources.addresses import checked_url
    from claims.store import Store
    from claims.store import feeds as table

    address = str(checked_url(url))
    store = Store.open(db)
    try:
        is_new = table.add(
            store, address, storable(outlet) if outlet else None, follow=not no_follow
        )
    finally:
        store.close()
    done = "Added" if is_new else "Changed"
    click.echo(f"{done} {plain(address)}; read it with `claims feeds run`.")


@feeds.command("list")
@database
def list_feeds(db: str) -> None:
    """Print the feeds: address, title, when it was read last."""
    from claims.store import Store
    from claims.store import feeds as table

    store = Store.open(db, create=False)
    try:
        for feed in table.subscriptions(store):
            cells = (feed.url, feed.title or "", feed.read_at or "never read")
            click.echo("\t".join(map(plain, cells)))
    finally:
        store.close()


@feeds.command()
@click.argument("url")
@database
def remove(url: str, db: str) -> None:
    """Forget the feed at URL; its articles stay."""
    from claims.store import Store
    from claims.store import feeds as table

    store = Store.open(db, create=False)
    try:
        table.remove(store, url)
    finally:
        store.close()
    click.echo(f"Removed {plain(url)}.")


@feeds.command("run")
@click.argument("urls", nargs=-1, metavar="[URL]...")
@database
@click.option(
    "--allow-private", is_flag=True, help="Read addresses of your own machine and network too."
)
@click.option("--json", "as_json", is_flag=True, help="Print the claims as JSON lines.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but what went wrong.")
def run_feeds(
    urls: tuple[str, ...], db: str, allow_private: bool, as_json: bool, quiet: bool
) -> None:
    """Read all feeds, or those at URLs, and ingest what is new in them."""
    from claims.cli.watching import TerminalWatch
    from claims.ingest import run_feeds as run
    from claims.sources import Reading
    from claims.sources.fetching import Fetcher
    from claims.store import Store
    from claims.store import feeds as table

    store = Store.open(db, create=False)
    try:
        reading = Reading(fetcher=Fetcher(allow_private=allow_private))
        watch = TerminalWatch(quiet=quiet)
        with watch.watching():
            result = run(store, table.subscriptions(store, urls), reading, watch)
        if not quiet:
            show(store, result, as_json)
        finish(result, is_bad=bool(result.failed))
    finally:
        store.close()
