"""The commands that write to the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from claims.cli.shared import complain, counted, database, parsed, plain, write_json

if TYPE_CHECKING:
    from claims.ingest import Ingested
    from claims.models import Stated
    from claims.sources import Form, Reading
    from claims.store import Store

_INTERRUPTED = 130  # what shells give for a program that Ctrl-C ended
_LONG = 10.0  # seconds, from which on it is told how long an ingest took
_MUCH = 2_000_000  # bytes of files, from which on several processes are faster


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@database
@click.option("--outlet", help="Who published the article.")
@click.option("--date", "date", help="When it was published: 2024-12-17, or as much as is known.")
@click.option("--url", help="Where it was published.")
@click.option("--title", help="Its headline.")
@click.option("--lang", metavar="CODE", help="Its language: ko, en.")
@click.option("--via", help="The outlet that it relays its claims from.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "jsonl", "json", "table", "feed", "warc", "parquet", "pdf"]),
    help="What the sources are.  [default: as their names say]",
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="OURS=THEIRS",
    help="Which field of a corpus has the text, like text=body; so for title, byline, outlet, "
    "published_on, modified_on, url, language.",
)
@click.option(
    "--no-follow", is_flag=True, help="Take the own text of a feed's entries, not their pages."
)
@click.option(
    "--allow-private", is_flag=True, help="Read addresses of your own machine and network too."
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Processes that find claims.  [default: one, for much to read as many as there are "
    "processors]",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Find claims on a Dask cluster: tcp://scheduler:8786, or local (extra: claims[dask]).",
)
@click.option(
    "--parts",
    metavar="FOLDER",
    help="With --dask: write the parts there as Parquet, for `claims load`, and save nothing.",
)
@click.option("--strict", is_flag=True, help="Whatever can't be read ends in exit code 1.")
@click.option("--json", "as_json", is_flag=True, help="Print the claims as JSON lines.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but what went wrong.")
def ingest(
    sources: tuple[str, ...],
    db: str,
    form: Form | None,
    mapped: tuple[str, ...],
    no_follow: bool,
    allow_private: bool,
    jobs: int | None,
    dask: str | None,
    parts: str | None,
    strict: bool,
    as_json: bool,
    quiet: bool,
    **options: str | None,
) -> None:
    """Read articles, find their claims, record them.

    A SOURCE is a file of plain text (one article, as it was pasted, furniture and all), a saved
    .html page, the address of a page (https://…), a .pdf, a corpus of articles (.jsonl, .json,
    .csv, .tsv, .parquet), a web archive (.warc), a feed (RSS, Atom, JSON Feed; a file or an
    address; its entries are followed to their pages), claims that others recorded (a table with the
    columns of `claims export`, of which text and speaker are enough; fact-checks as ClaimReview), -
    for standard input, or a folder or .zip of such files. Files may be packed (.gz, .bz2, .zst).

    Title, byline, outlet, date and language are found on the page where it gives them; options win
    over what was found, and hold for every article. The same article twice adds nothing. Ctrl-C
    stops after the articles in hand; the same command goes on from there.

    What can't be read is told on standard error and kept for `claims failures`; everything else
    still goes in. A SOURCE of which nothing can be used ends in exit code 1, and so does a bad row
    of a table of claims; single articles of a corpus, folder, archive or feed only do with
    --strict.
    """
    from claims.cli.watching import TerminalWatch
    from claims.ingest import ingest as run
    from claims.ingest import ingest_on_cluster
    from claims.sources import Reading, size_of
    from claims.sources.fetching import Fetcher
    from claims.store import Store

    stated = _stated(options)
    reading = Reading(form, _fields(mapped), not no_follow, Fetcher(allow_private=allow_private))
    if dask is not None and jobs is not None:
        raise click.UsageError("with --dask, the cluster says how many work; leave out --jobs")
    if parts is not None:
        _write_parts(sources, stated, reading, dask, parts, quiet=quiet)
        return
    size = size_of(sources)
    watch = TerminalWatch(size, quiet=quiet)
    store = Store.open(db)
    try:
        with watch.watching():
            if dask is not None:
                result = ingest_on_cluster(store, sources, stated, reading, dask, watch)
            else:
                result = run(store, sources, stated, reading, jobs=jobs or _jobs(size), watch=watch)
        if not quiet:
            show(store, result, as_json)
        finish(result, is_bad=result.is_bad or (strict and bool(result.failed)))
    finally:
        store.close()


def _write_parts(
    sources: tuple[str, ...],
    stated: Stated,
    reading: Reading,
    dask: str | None,
    folder: str,
    *,
    quiet: bool,
) -> None:
    from claims.ingest import write_parts

    if dask is None:
        raise click.UsageError("--parts goes with --dask; local makes a cluster of this machine")
    brought = write_parts(sources, stated, reading, dask, folder)
    if not quiet:
        failed = f", and {counted(brought.failures, 'failure')}" if brought.failures else ""
        click.echo(
            f"Wrote {counted(brought.articles, 'article')} with "
            f"{counted(brought.claims, 'claim')}{failed} to {plain(folder)}; "
            f"save them with: claims load {plain(folder)}"
        )


@click.command(short_help="Save what a cluster found.")
@click.argument("parts", nargs=-1, required=True, metavar="PART...")
@database
@click.option("--strict", is_flag=True, help="Whatever could not be read ends in exit code 1.")
@click.option("--json", "as_json", is_flag=True, help="Print the claims as JSON lines.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but what went wrong.")
def load(parts: tuple[str, ...], db: str, strict: bool, as_json: bool, quiet: bool) -> None:
    """Save what `claims ingest --dask ADDRESS --parts FOLDER` wrote.

    PARTs are the files, or their folder; all of one ingest, in any order. The database is then the
    same as if this machine had read the sources itself. Doing it twice adds nothing.
    """
    from claims.cli.watching import TerminalWatch
    from claims.ingest import load as run
    from claims.store import Store

    watch = TerminalWatch(quiet=quiet)
    store = Store.open(db)
    try:
        with watch.watching():
            result = run(store, parts, watch)
        if not quiet:
            show(store, result, as_json)
        finish(result, is_bad=result.is_bad or (strict and bool(result.failed)))
    finally:
        store.close()


def finish(result: Ingested, *, is_bad: bool) -> None:
    """End with the exit code that what happened calls for."""
    if result.is_stopped:
        complain("stopped; the same command goes on from here")
        click.get_current_context().exit(_INTERRUPTED)
    if is_bad:
        click.get_current_context().exit(1)


def _jobs(size: int | None) -> int:
    """How many processes pay: starting one takes as long as reading some hundred articles."""
    from claims.crew import cores

    return cores() if size is not None and size >= _MUCH else 1


@click.command(short_help="Record one claim by hand.")
@click.argument("text")
@database
@click.option("--speaker", required=True, help="Who said it, by full name.")
@click.option(
    "--speaker-kind",
    type=click.Choice(["person", "organization", "outlet", "anonymous"]),
    help="What the speaker is.  [default: as known, else person]",
)
@click.option("--outlet", required=True, help="Who published it.")
@click.option("--date", "published_on", required=True, help="When it was published.")
@click.option("--url", "article_url", help="Where it was published.")
@click.option("--title", "article_title", help="The article's headline.")
@click.option("--role", help="The speaker's office or profession.")
@click.option("--organization", help="Where the speaker has it.")
@click.option("--via", help="The outlet that the article relays it from.")
@click.option("--said-on", help="When it was said, if that is known.")
@click.option(
    "--kind",
    type=click.Choice(["direct", "indirect", "mixed"]),
    default="indirect",
    show_default=True,
    help="Quoted, reported, or reported with quoted parts.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the claim as a JSON line.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but what went wrong.")
def add(db: str, as_json: bool, quiet: bool, **cells: str | None) -> None:
    """Record one claim by hand: TEXT is what was said, in the words of the article.

    Where the article was ingested (known by --url, or by --title, --outlet and --date together) and
    holds these words, the claim is recorded at its place in it.
    """
    from claims.ingest import add_claim
    from claims.store import Store

    store = Store.open(db)
    try:
        result = add_claim(store, cells)
        if as_json and not quiet:
            write_json(store.claims(claim_ids=result.claim_ids))
        elif not quiet and result.claim_ids:
            click.echo(f"Recorded as claim {result.claim_ids[0]} in {plain(db)}.")
        elif not quiet:
            click.echo("This claim was recorded before; nothing was added.")
    finally:
        store.close()


@click.command(short_help="Write the full-text index anew.")
@database
def reindex(db: str) -> None:
    """Write the full-text index anew, after changes made with other tools."""
    from claims.store import Store

    store = Store.open(db, create=False)
    try:
        store.reindex()
    finally:
        store.close()
    click.echo(f"The full-text index of {plain(db)} is up to date.")


def _fields(mapped: tuple[str, ...]) -> dict[str, str]:
    """The fields of a corpus by our names for them."""
    from claims.sources.corpora import NAMES

    fields: dict[str, str] = {}
    for words in mapped:
        ours, _, theirs = words.partition("=")
        if ours not in NAMES or not theirs:
            raise click.BadParameter(
                f"{words!r} is not like text=body; on the left is one of {', '.join(NAMES)}",
                param_hint="--map",
            )
        fields[ours] = theirs
    return fields


def _stated(options: Mapping[str, str | None]) -> Stated:
    """What the options say of the articles; raises DateError for a date that is none."""
    from claims.models import Stated

    date, language = options["date"], options["lang"]
    if language is not None and not (language.isascii() and language.isalpha()):
        raise click.BadParameter(
            "a language is given by its code, like ko or en", param_hint="--lang"
        )
    return Stated(
        outlet=options["outlet"] or None,
        published_on=parsed(date, "--date"),
        url=options["url"] or None,
        title=options["title"] or None,
        language=language.casefold() if language else None,
        via=options["via"] or None,
    )


def show(store: Store, result: Ingested, as_json: bool) -> None:
    """Print the claims of the articles that were read, and what is new."""
    if as_json:
        write_json(store.claims(articles=result.articles_read.ranges()))
    elif result.articles_read:
        from claims.terminal import print_claims

        print_claims(store.claims(articles=result.articles_read.ranges()))
    for line in summary(store, result):
        click.echo(line, err=as_json)


def _duration(seconds: float) -> str:
    """``7 s``, ``3 min 20 s``, ``2 h 5 min``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def summary(store: Store, result: Ingested) -> list[str]:
    """What an ingest brought, in sentences."""
    lines = [
        f"{counted(result.articles, 'new article')} with {counted(result.claims, 'new claim')}"
        + (f"; {counted(result.changed, 'changed page')} among them" if result.changed else "")
        + (f"; {counted(result.known, 'article')} known before" if result.known else "")
        + (f"; {counted(result.failed, 'failure')}" if result.failed else "")
        + (f"; in {_duration(seconds)}" if (seconds := result.seconds) >= _LONG else "")
        + "."
    ]
    for language in sorted(result.unread):
        lines.append(
            f"Articles in language {language!r} were saved without claims: no rules for it."
        )
    undated = store.undated(result.articles_read.ranges())
    if undated:
        lines.append(
            f"{counted(undated, 'claim')} could be dated if the article's own date were known: "
            "ingest it again with --date, like --date 2024-12-17."
        )
    return lines
