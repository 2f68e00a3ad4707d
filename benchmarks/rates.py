"""What each step of an ingest costs, for plans on paper: ``benchmarks/rates.json``.

    python benchmarks/rates.py

Seconds are of processor time, so that other programs on the machine hardly matter; each figure is
the best of several runs. Articles are those of the annotated sets (the development ones); for
seconds there are more of them, each made different from the others by its last line; for bytes each
is there once, since what is repeated packs too well. Pages are the same texts in a made-up site.
"""

from __future__ import annotations

import io
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from claims.articles import read_article
from claims.export import write_parquet
from claims.extraction import extract
from claims.gold import read_gold
from claims.models import Article, Document, Extraction, Facts, Stated
from claims.outcome import Ingested, Watch
from claims.parts import About, read_part, write_part
from claims.run import Run
from claims.sources import Page
from claims.store import Store
from claims.tasks import Task

HERE = Path(__file__).parent
LANGUAGES = ("ko", "en")
ARTICLES = 600  # of each language
PAGES = 100
RUNS = 3
_MENU = "".join(
    f'<li><a href="/section/{n}" class="nav-item">Section {n}</a></li>' for n in range(300)
)
_PAGE = (
    '<html lang="{lang}"><head><title>{title}</title><meta property="og:site_name" '
    'content="Dawn Post"></head><body><nav><ul>' + _MENU + "</ul></nav><article><h1>{title}</h1>"
    "{text}</article><footer><ul>"
    + _MENU
    + "</ul></footer><script>"
    + "var a=0;" * 2000
    + "</script>"
    "</body></html>"
)


def main() -> None:
    """Measure everything, and write it down."""
    rates = {lang: measured(annotated(lang)) for lang in LANGUAGES}
    told = {
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.system(),
        },
        "rates": rates,
    }
    (HERE / "rates.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    print(json.dumps(told, indent=2))


def annotated(lang: str) -> list[Article]:
    """The articles of a language's development sets."""
    paths = sorted(HERE.glob(f"gold/{lang}-dev*.jsonl"))
    return [one.article for path in paths for one in read_gold(path)]


def multiplied(gold: list[Article]) -> list[Article]:
    """As many articles as are to be measured, no two alike."""
    return [
        replace(
            gold[n % len(gold)],
            text=f"{gold[n % len(gold)].text}\n\n{n}.",
            outlet=f"Outlet {n % 20}",
            url=f"https://a.example/{n}",
        )
        for n in range(ARTICLES)
    ]


def measured(gold: list[Article]) -> dict[str, float]:
    """What an article costs, step by step: seconds and bytes."""
    some = multiplied(gold)
    pages = [_page(article) for article in some[:PAGES]]
    tasks, once = _tasks(some), _tasks(gold)
    part, part_once = _part(tasks), _part(once)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.db"
        loading = best(lambda: _saved(path, part))
        empty, whole = _saved(path, _part([])), _saved(path, part_once)
        store = Store.open(path)
        exported = io.BytesIO()
        claims = write_parquet(store.claims(), exported)
        store.close()
    figures = {
        "characters": sum(len(article.text) for article in gold) / len(gold),
        "text_bytes": sum(len(article.text.encode()) for article in gold) / len(gold),
        "claims": claims / len(gold),
        "html_bytes": sum(len(page.html.encode()) for page in pages) / PAGES,
        "page_seconds": best(lambda: [read_article(one.document(), Stated()) for one in pages])
        / PAGES,
        "extract_seconds": best(lambda: [extract(article) for article in some]) / ARTICLES,
        "write_seconds": best(lambda: _part(tasks)) / ARTICLES,
        "load_seconds": loading / ARTICLES,
        "part_bytes": len(part_once) / len(gold),
        "database_bytes": (whole - empty) / len(gold),
        "export_bytes": len(exported.getvalue()) / len(gold),
    }
    return {name: float(f"{figure:.3g}") for name, figure in figures.items()}


def _tasks(some: list[Article]) -> list[Task]:
    found = [Extraction(article, extract(article)) for article in some]
    return [
        Task("a", Document("a", "", line=n), n.to_bytes(16, "big"), outcome=one)
        for n, one in enumerate(found)
    ]


def _part(tasks: list[Task]) -> bytes:
    output = io.BytesIO()
    write_part(output, About(("a",), "{}", 1, 1), tasks)
    return output.getvalue()


def _page(article: Article) -> Page:
    paragraphs = "".join(f"<p>{part}</p>" for part in article.text.split("\n\n"))
    html = _PAGE.replace("{lang}", article.language).replace("{title}", article.title or "")
    return Page("a.html", html.replace("{text}", paragraphs), facts=Facts(url=article.url))


def _saved(path: Path, part: bytes) -> int:
    """Fill a new database from a part; the bytes of its file."""
    path.unlink(missing_ok=True)
    store = Store.open(path)
    run = Run(store, Stated(), store.start_ingest("a"), Ingested(), Watch())
    for task in read_part(io.BytesIO(part), "a"):
        run.finish(task)
    store.finish_ingest(run.ingest_id)
    store.close()
    return path.stat().st_size


def best(work: Callable[[], object]) -> float:
    """The least processor time that some work takes, in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")


if __name__ == "__main__":
    main()
