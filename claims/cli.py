"""The command line: words in, sentences out. Everything else is done elsewhere, and loaded late."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from claims import __version__
from claims.errors import ClaimsError, DateError

if TYPE_CHECKING:
    from claims.ingest import Ingested
    from claims.models import Stated
    from claims.store import Store

_database = click.option(
    "--db",
    default="claims.db",
    envvar="CLAIMS_DB",
    show_default=True,
    show_envvar=True,
    type=click.Path(dir_okay=False),
    help="The database file.",
)


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
            _complain(str(error))
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


@main.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@_database
@click.option("--outlet", help="Who published the article.")
@click.option("--date", "date", help="When it was published: 2024-12-17, or as much as is known.")
@click.option("--url", help="Where it was published.")
@click.option("--title", help="Its headline.")
@click.option("--lang", metavar="CODE", help="Its language: ko, en.")
@click.option("--via", help="The outlet that it relays its claims from.")
@click.option("--json", "as_json", is_flag=True, help="Print the claims as JSON lines.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but what went wrong.")
def ingest(
    sources: tuple[str, ...], db: str, as_json: bool, quiet: bool, **options: str | None
) -> None:
    """Read articles, find their claims, record them.

    A SOURCE is a file of plain text (one article, as it was pasted, furniture and all), a saved
    .html page, a folder of such files, - for standard input, or a .csv table of claims with the
    columns of `claims export` (text and speaker are enough).

    Title, byline, outlet, date and language are found on the page where it gives them; options win
    over what was found, and hold for every article. The same article twice adds nothing. What can't
    be read is told on standard error, with exit code 1; everything else still goes in.
    """
    from claims.ingest import ingest as run
    from claims.store import Store

    stated = _stated(options)
    store = Store.open(db)
    try:
        result = run(store, sources, stated)
        for failure in result.failures:
            _complain(failure)
        if not quiet:
            _show(store, result, as_json)
    finally:
        store.close()
    if result.failures:
        click.get_current_context().exit(1)


@main.command(short_help="Record one claim by hand.")
@click.argument("text")
@_database
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
            _write_json(store.claims(claim_ids=result.claim_ids))
        elif not quiet and result.claim_ids:
            click.echo(f"Recorded as claim {result.claim_ids[0]} in {_plain(db)}.")
        elif not quiet:
            click.echo("This claim was recorded before; nothing was added.")
    finally:
        store.close()


@main.command()
@_database
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
            FORMATS[form](store.claims(), _StandardOutput())
            return
        if output.exists() and output.samefile(db):
            raise ClaimsError(f"{output}: this is the database itself; name another file")
        try:
            with output.open("w", encoding="utf-8", newline="") as file:
                count = FORMATS[form](store.claims(), file)
        except OSError as error:
            raise ClaimsError(f"{output}: can't be written ({error.strerror})") from error
        click.echo(f"Wrote {_counted(count, 'claim')} to {_plain(str(output))}.", err=True)
    finally:
        store.close()


@main.command()
@_database
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=int, help="The port.  [default: 8001, or the next that is free]")
@click.option("--open", "open_browser", is_flag=True, help="Open it in a web browser.")
def serve(db: str, host: str, port: int | None, open_browser: bool) -> None:
    """Publish the database with Datasette, until Ctrl+C."""
    from claims.serving import serve as run

    run(db, host=host, port=port, open_browser=open_browser, announce=click.echo)


@main.command()
@click.argument("file")
@click.option("--lang", metavar="CODE", help="Its language: ko, en.")
@click.option(
    "--threshold", type=click.FloatRange(0, 1), help="The least confidence.  [default: as ingest]"
)
def explain(file: str, lang: str | None, threshold: float | None) -> None:
    """Show why claims are found in an article, or not.

    FILE is a text file, or - for standard input. Every sentence with a quotation or a word of
    attribution is printed with content, cue and speaker in colour, the rule that found them and its
    confidence, or why nothing was recorded. Nothing is saved.
    """
    from claims.articles import read_article
    from claims.errors import SourceError
    from claims.explaining import explain as run
    from claims.extraction import THRESHOLD
    from claims.models import Document, Stated
    from claims.sources import read_source
    from claims.terminal import print_explained

    for item in read_source(file):
        if isinstance(item, SourceError):
            raise item
        if not isinstance(item, Document):
            raise SourceError(f"{file}: this is a table of claims; explain takes articles")
        article = read_article(item, Stated(language=lang))
        print_explained(article, run(article, THRESHOLD if threshold is None else threshold))


@main.command()
@click.argument(
    "gold", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="GOLD.jsonl..."
)
@click.option(
    "--threshold", type=click.FloatRange(0, 1), help="The least confidence.  [default: as ingest]"
)
@click.option(
    "--errors", type=click.Choice(["text", "html"]), help="List what is not as annotated instead."
)
@click.option("--floors", type=click.Path(path_type=Path), help="JSON with the least figures.")
@click.option("--json", "as_json", is_flag=True, help="Print the main figures as JSON lines.")
def evaluate(
    gold: tuple[Path, ...],
    threshold: float | None,
    errors: str | None,
    floors: Path | None,
    as_json: bool,
) -> None:
    """Measure how well claims are found, against annotated articles.

    GOLD.jsonl has one annotated article a line (benchmarks/gold/README.md tells the form).
    Precision, recall and F1 of spans, and of spans with the right speaker (joint), by language,
    kind and rule, with bootstrap intervals; confidence against truth. With --floors, a figure
    below its floor ends in exit code 1.
    """
    from functools import partial

    from claims import measuring
    from claims.extraction import THRESHOLD, extract

    extractor = partial(extract, threshold=THRESHOLD if threshold is None else threshold)
    fallen: list[str] = []
    for path in gold:
        results = measuring.evaluate(path, extractor)
        if floors is not None:
            fallen += measuring.below_floors(path, results, floors)
        if as_json:
            click.echo(json.dumps({"file": str(path), **measuring.figures(results)}))
        elif errors == "html":
            click.echo(measuring.errors_page(results), nl=False)
        elif errors == "text":
            for line in measuring.errors(results):
                click.echo("\n".join(map(_plain, line.split("\n"))))
        else:
            from claims.terminal import print_tables

            click.echo(f"{_plain(str(path))}: {_counted(len(results), 'article')}")
            print_tables(measuring.tables(results))
    for sentence in fallen:
        _complain(sentence)
    if fallen:
        click.get_current_context().exit(1)


@main.command(short_help="Write the full-text index anew.")
@_database
def reindex(db: str) -> None:
    """Write the full-text index anew, after changes made with other tools."""
    from claims.store import Store

    store = Store.open(db, create=False)
    try:
        store.reindex()
    finally:
        store.close()
    click.echo(f"The full-text index of {_plain(db)} is up to date.")


def _stated(options: Mapping[str, str | None]) -> Stated:
    """What the options say of the articles; raises DateError for a date that is none."""
    from claims.dates import parse_date
    from claims.models import Stated

    date, language = options["date"], options["lang"]
    if language is not None and not (language.isascii() and language.isalpha()):
        raise click.BadParameter(
            "a language is given by its code, like ko or en", param_hint="--lang"
        )
    try:
        published_on = parse_date(date) if date is not None else None
    except DateError as error:
        raise DateError(f"--date: {error}") from error
    return Stated(
        outlet=options["outlet"] or None,
        published_on=published_on,
        url=options["url"] or None,
        title=options["title"] or None,
        language=language.casefold() if language else None,
        via=options["via"] or None,
    )


# -- what is printed


class _StandardOutput:
    """Standard output in UTF-8, whatever the terminal's own encoding: what other tools read."""

    def __init__(self) -> None:
        self._stream: BinaryIO = sys.stdout.buffer

    def write(self, text: str) -> int:
        """Write some text."""
        return self._stream.write(text.encode())


def _write_json(claims: Iterable[Mapping[str, Any]]) -> None:
    from claims.export import write_jsonl

    write_jsonl(claims, _StandardOutput())


def _show(store: Store, result: Ingested, as_json: bool) -> None:
    if as_json:
        _write_json(store.claims(article_ids=result.article_ids))
    elif result.article_ids:
        from claims.terminal import print_claims

        print_claims(store.claims(article_ids=result.article_ids))
    for line in _summary(store, result):
        click.echo(line, err=as_json)


def _summary(store: Store, result: Ingested) -> list[str]:
    """What an ingest brought, in sentences."""
    lines = [
        f"{_counted(result.articles, 'new article')} with {_counted(result.claims, 'new claim')}"
        + (f"; {_counted(result.known, 'article')} known before" if result.known else "")
        + (f"; {_counted(len(result.failures), 'failure')}" if result.failures else "")
        + "."
    ]
    for language in sorted(result.unread):
        lines.append(
            f"Articles in language {language!r} were saved without claims: no rules for it."
        )
    undated = store.undated(result.article_ids)
    if undated:
        lines.append(
            f"{_counted(undated, 'claim')} could be dated if the article's own date were known: "
            "ingest it again with --date, like --date 2024-12-17."
        )
    return lines


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _complain(sentence: str) -> None:
    click.echo(f"claims: {_plain(sentence)}", err=True)


def _plain(text: str) -> str:
    from claims.terminal import plain

    return plain(text)
