"""The commands that show how claims are found, and how well."""

from __future__ import annotations

import json
from pathlib import Path

import click

from claims.cli.shared import Share, complain, counted, plain


@click.command()
@click.argument("file")
@click.option("--lang", metavar="CODE", help="Its language: ko, en.")
@click.option("--threshold", type=Share(), help="The least confidence.  [default: as ingest]")
def explain(file: str, lang: str | None, threshold: float | None) -> None:
    """Show why claims are found in an article, or not.

    FILE is a text file, a page of HTML or its address, or - for standard input. Every sentence with
    a quotation or a word of attribution is printed with content, cue and speaker in colour, the
    rule that found them and its confidence, or why nothing was recorded. Nothing is saved.
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


@click.command()
@click.argument(
    "gold", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="GOLD.jsonl..."
)
@click.option("--threshold", type=Share(), help="The least confidence.  [default: as ingest]")
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
                click.echo("\n".join(map(plain, line.split("\n"))))
        else:
            from claims.terminal import print_tables

            click.echo(f"{plain(str(path))}: {counted(len(results), 'article')}")
            print_tables(measuring.tables(results))
    for sentence in fallen:
        complain(sentence)
    if fallen:
        click.get_current_context().exit(1)
