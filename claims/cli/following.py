"""The commands that show what became of ingests: what failed, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from claims.cli.shared import StandardOutput, counted, database, plain, write_json

if TYPE_CHECKING:
    from claims.store import Store
    from claims.store.versions import Changed

_FAILURE_COLUMNS = ("id", "ingest", "source", "position", "reason")
_CHANGE_COLUMNS = (
    "article_id", "earlier_article_id", "url", "title", "outlet", "seen_at", "change",
    "speaker_before", "text_before", "speaker_after", "text_after", "claim_before", "claim_after",
)  # fmt: skip

form = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="For people, as JSON lines, or as a CSV table.",
)


@click.command(short_help="What could not be read, and trying it again.")
@database
@click.option("--ingest", "ingest_id", type=int, metavar="ID", help="Only those of one ingest.")
@click.option("--retry", is_flag=True, help="Try them again, and drop those that now work.")
@click.option(
    "--allow-private", is_flag=True, help="Read addresses of your own machine and network too."
)
@form
def failures(db: str, ingest_id: int | None, retry: bool, allow_private: bool, form: str) -> None:
    """List what could not be read: the source, the place in it, and why.

    With --retry each is tried again as it was asked for then; what still fails ends in exit
    code 1.
    """
    from claims.store import Store

    store = Store.open(db, create=False)
    try:
        if retry:
            _retry(store, ingest_id, allow_private)
        else:
            _list(store, ingest_id, form)
    finally:
        store.close()


def _list(store: Store, ingest_id: int | None, form: str) -> None:
    from claims.store import runs

    found = (
        dict(
            zip(
                _FAILURE_COLUMNS,
                (one.id, one.ingest_id, one.source, one.position, one.reason),
                strict=True,
            )
        )
        for one in runs.failures(store, ingest_id)
    )
    if form != "text":
        _write(found, form, _FAILURE_COLUMNS)
        return
    number = 0
    for failure in found:
        click.echo(f"{failure['ingest']}\t{plain(str(failure['reason']))}")
        number += 1
    click.echo(f"{counted(number, 'failure')}.", err=True)


def _retry(store: Store, ingest_id: int | None, allow_private: bool) -> None:
    from claims.cli.recording import finish, summary
    from claims.cli.watching import TerminalWatch
    from claims.ingest import retry
    from claims.sources import Reading
    from claims.sources.fetching import Fetcher

    watch = TerminalWatch()
    with watch.watching():
        reading = Reading(fetcher=Fetcher(allow_private=allow_private))
        result = retry(store, reading, ingest_id, watch)
    for line in summary(store, result):
        click.echo(line)
    finish(result, is_bad=bool(result.failed))


@click.command(short_help="What changed pages added, dropped or reworded.")
@click.argument("article", required=False)
@database
@click.option("--since", metavar="DATE", help="Only what was read on that day or later.")
@form
def changes(article: str | None, db: str, since: str | None, form: str) -> None:
    """Show what changed pages added, dropped or reworded in their claims, the latest first.

    Every version of a page under one address is kept. ARTICLE is the id or the address of one, and
    stands for all its versions.

    A claim is added or dropped, reworded, or reattributed (the same words, another speaker); words
    that were there before or still are, but nobody's, are attributed or unattributed.
    """
    from claims.dates import parse_date
    from claims.store import Store, versions

    day = parse_date(since) if since else None
    store = Store.open(db, create=False)
    try:
        article_id = versions.article_id(store, article) if article else None
        found = versions.changes(store, article_id, day)
        if form == "text":
            _print_changes(found)
        else:
            _write(_change_rows(found), form, _CHANGE_COLUMNS)
    finally:
        store.close()


def _print_changes(found: Iterable[Changed]) -> None:
    number = 0
    for changed in found:
        number += 1
        described = (changed.outlet, changed.title, changed.url)
        click.echo(plain(" · ".join(filter(None, described))))
        click.echo(
            f"article {changed.earlier_id} → {changed.article_id}, read {changed.seen_at or '?'}"
        )
        for change in changed.changes:
            click.echo(f"  {change.kind}")
            for mark, claim in (("-", change.before), ("+", change.after)):
                if claim is not None:
                    click.echo(f"    {mark} {plain(claim.speaker)}: {plain(claim.text)}")
        click.echo()
    click.echo(f"{counted(number, 'changed page')}.", err=True)


def _change_rows(found: Iterable[Changed]) -> Iterator[dict[str, Any]]:
    for changed in found:
        for change in changed.changes:
            before, after = change.before, change.after
            values = (
                changed.article_id, changed.earlier_id, changed.url, changed.title,
                changed.outlet, changed.seen_at, change.kind,
                before and before.speaker, before and before.text,
                after and after.speaker, after and after.text,
                before and before.id, after and after.id,
            )  # fmt: skip
            yield dict(zip(_CHANGE_COLUMNS, values, strict=True))


def _write(rows: Iterable[Mapping[str, Any]], form: str, columns: tuple[str, ...]) -> None:
    if form == "json":
        write_json(rows)
        return
    from claims.export import write_csv

    write_csv(rows, StandardOutput(), columns)
