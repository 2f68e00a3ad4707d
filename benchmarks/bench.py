"""The benchmarks: ``make bench`` prints a table and writes JSON. Every figure is a ratio.

``--database`` names a database made by generator.py (a million claims, say); without it, one of
``--claims`` is made first. ``--only`` runs some parts: attribution, writing, memory, pages.

rates.py is not one of them (``make rates``): what it finds is no ratio with a bar but the seconds
and bytes that docs/large.md is made from, and a run of the benchmarks changes no file of the docs.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import attribution
import memory
import pages
import writing
from figures import Figure
from rich.console import Console
from rich.markup import escape
from rich.table import Table

PARTS = ("attribution", "writing", "memory", "pages")


def main() -> None:
    """Measure, show, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", type=Path, help="a large database; it is not changed")
    parser.add_argument("--claims", type=int, default=1_000_000, help="how many to generate")
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--rounds", type=int, default=7, help="times that each page is asked for")
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    given = parser.parse_args()
    parts = given.only or PARTS
    large = given.database
    if large is None and not set(parts) <= {"attribution", "memory"}:
        from generator import make

        large = Path(f"bench-{given.claims}.db")
        if not large.exists():
            make(large, given.claims)
    found = []
    for figure in _figures(parts, large, given.rounds):
        found.append(figure)
        Console(stderr=True).print(f"{figure.work}: {_shown(figure)}", style="dim", markup=False)
    Console().print(_table(found))
    given.json.write_text(json.dumps(_report(found, large), indent=2, ensure_ascii=False) + "\n")


def _figures(
    parts: list[str] | tuple[str, ...], large: Path | None, rounds: int
) -> Iterator[Figure]:
    if "attribution" in parts:
        yield from attribution.figures()
    if "writing" in parts:
        yield from writing.figures(large)
    if "memory" in parts:
        yield from memory.figures()
    if "pages" in parts:
        yield from pages.figures(large, rounds)


def _shown(figure: Figure) -> str:
    return "left out" if figure.ratio is None else f"{figure.ratio:.2f}"


def _table(found: list[Figure]) -> Table:
    table = Table("work", "ratio", "bar", "", "")
    marks = {True: "met", False: "NOT MET", None: "left out"}
    for figure in found:
        bar = f"{'≥' if figure.at_least else '≤'} {figure.bar:g}"
        table.add_row(figure.work, _shown(figure), bar, marks[figure.passed], escape(figure.note))
    return table


def _report(found: list[Figure], large: Path | None) -> dict[str, object]:
    claims = None
    if large is not None:
        with sqlite3.connect(large) as connection:
            claims = connection.execute("select count(*) from claims").fetchone()[0]
    figures = [{**asdict(figure), "met": figure.passed} for figure in found]
    for figure in figures:
        if figure["ratio"] is not None and math.isinf(figure["ratio"]):
            figure["ratio"] = None
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "claims": claims,
        "figures": figures,
    }


if __name__ == "__main__":
    main()
