"""How fast articles go in: on two cores, beside raw SQL, into a large database; size."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from attribution import articles
from figures import Figure, in_turns, left_out

from claims.extraction import extract
from claims.models import Article, Extraction
from claims.store import Store


def figures(large: Path | None) -> Iterator[Figure]:
    """All rows about writing; ``large`` is a database with many claims, which is not changed."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = _corpus(Path(folder) / "corpus.jsonl", 1500)
        yield _two_cores(corpus, Path(folder))
        yield _beside_raw_sql(Path(folder))
        yield _into_a_large_one(large, Path(folder))
    yield from _size(large)


def texts(count: int, seed: int = 1) -> Iterator[Article]:
    """Articles made of the annotated ones' paragraphs, in both languages."""
    rng = random.Random(seed)
    pieces = {
        language: [p for a in articles(language) for p in a.text.split("\n\n") if len(p) > 20]
        for language in ("ko", "en")
    }
    for number in range(count):
        language = ("ko", "en")[number % 2]
        text = "\n\n".join([f"{number}.", *rng.choices(pieces[language], k=8)])
        yield Article(text, language, outlet=f"Outlet {number % 50}", published_on="2024-12-17",
                      url=f"https://news.example/{number}", title=f"Article {number}")  # fmt: skip


def _corpus(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8") as lines:
        for article in texts(count):
            row = {"text": article.text, "url": article.url, "title": article.title,
                   "outlet": article.outlet, "date": article.published_on}  # fmt: skip
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def _ingest(corpus: Path, database: Path, jobs: int) -> None:
    for name in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
        name.unlink(missing_ok=True)
    command = [sys.executable, "-m", "claims", "ingest", "--db", str(database), "-j", str(jobs)]
    subprocess.run([*command, str(corpus)], check=True, capture_output=True)


def _two_cores(corpus: Path, folder: Path) -> Figure:
    least = in_turns(
        {
            str(jobs): lambda jobs=jobs: _ingest(corpus, folder / f"{jobs}.db", jobs)
            for jobs in (1, 2)
        },
        rounds=3,
        clock=time.perf_counter,
    )
    return Figure(
        "ingest of JSON lines on 2 cores: times as fast as on one",
        least["1"] / least["2"],
        1.7,
        True,
        f"{1500 / least['1']:.0f} articles a second on one core",
    )


def _beside_raw_sql(folder: Path) -> Figure:
    """The store beside ``executemany`` of the same rows into the same schema, one transaction."""
    extractions = [Extraction(article, extract(article)) for article in texts(400)]
    taken = folder / "taken.db"
    _save(taken, extractions)
    rows = {table: _rows(taken, table) for table in ("outlets", "speakers", "articles", "claims")}
    terms = _terms(taken)
    least = in_turns(
        {
            "ours": lambda: _save(_fresh(folder / "ours.db"), extractions),
            "raw": lambda: _raw(_fresh(folder / "raw.db"), rows, terms),
        },
        rounds=3,
    )
    ratio = least["raw"] / least["ours"]
    return Figure("saving: share of raw executemany's speed", ratio, 0.7, True)


def _fresh(path: Path) -> Path:
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)
    Store.open(path).close()
    return path


def _save(path: Path, extractions: list[Extraction]) -> None:
    store = Store.open(path)
    ingest_id = store.start_ingest("benchmark")
    saved = [store.save(extraction, ingest_id) for extraction in extractions]
    store.finish_ingest(ingest_id, len(saved), sum(len(one.claim_ids) for one in saved))
    store.close()


def _rows(path: Path, table: str) -> list[tuple]:
    with sqlite3.connect(path) as connection:
        return connection.execute(f"select * from {table}").fetchall()


def _terms(path: Path) -> dict[str, list[tuple]]:
    from claims.search import index_terms

    with sqlite3.connect(path) as connection:
        claims = connection.execute(
            "select claims.id, text || ' ' || name from claims "
            "join speakers on speakers.id = speaker_id"
        )
        found = {"claims_fts": [(row[0], index_terms(row[1])) for row in claims]}
        texts = connection.execute("select id, title || ' ' || text from articles")
        found["articles_fts"] = [(row[0], index_terms(row[1])) for row in texts]
    return found


def _raw(path: Path, rows: dict[str, list[tuple]], terms: dict[str, list[tuple]]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma synchronous = normal")
    connection.execute("begin")
    connection.execute(
        "insert into ingests (id, started_at, source, version) values (1, '', '', '')"
    )
    for table, values in rows.items():
        marks = ", ".join("?" * len(values[0]))
        connection.executemany(f"insert into {table} values ({marks})", values)
    for table, values in terms.items():
        connection.executemany(f"insert into {table} (rowid, terms) values (?, ?)", values)
    connection.execute("commit")
    connection.close()


def _into_a_large_one(large: Path | None, folder: Path) -> Figure:
    work = "cost of an article in a large database: times that in a small one"
    if large is None:
        return left_out(work, 1.3, "no large database: bench.py --database")
    from generator import make

    small = make(folder / "small.db", 10_000)
    copy = folder / "large.db"
    with sqlite3.connect(large) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    least = {"small": [], "large": []}
    for turn in range(4):
        for name, path in (("small", small), ("large", copy)):
            extractions = [Extraction(a, extract(a)) for a in texts(600, seed=10 + turn)]
            marked = [_marked(extraction, turn) for extraction in extractions]
            started = time.process_time()
            _save(path, marked)
            least[name].append(time.process_time() - started)
    copy.unlink()
    return Figure(work, min(least["large"]) / min(least["small"]), 1.3,
                  note="saving alone; finding claims costs the same")  # fmt: skip


def _marked(extraction: Extraction, turn: int) -> Extraction:
    """The same article with another text behind its claims, so that it is a new one."""
    from dataclasses import replace

    article = replace(extraction.article, text=f"{extraction.article.text}\n\n({turn})", url=None)
    return Extraction(article, extraction.claims)


def _size(large: Path | None) -> Iterator[Figure]:
    """The file beside the text in it: that of articles, as ingested from the annotated ones."""
    with tempfile.TemporaryDirectory() as folder:
        for language in ("ko", "en"):
            path = _fresh(Path(folder) / f"{language}.db")
            store = Store.open(path)
            ingest_id = store.start_ingest("benchmark")
            for article in texts(4000, seed=3):
                if article.language == language:
                    store.save(Extraction(article, extract(article)), ingest_id)
            store.finish_ingest(ingest_id, 0, 0)
            store.close()
            yield _share(path, f"realistic articles, {language}")
    if large is not None:
        yield _share(large, "generated")


def _share(path: Path, what: str) -> Figure:
    with sqlite3.connect(path) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
        pages, free, size = (
            connection.execute(f"pragma {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        articles_text, claims_text = (
            connection.execute(f"select sum(length(cast(text as blob))) from {table}").fetchone()[0]
            for table in ("articles", "claims")
        )
    file = (pages - free) * size
    work = f"database size: times the text of its articles ({what})"
    note = f"{file / (articles_text + claims_text):.2f} times that of articles and claims"
    return Figure(work, file / articles_text, 2.5, note=note)
