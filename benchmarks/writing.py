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
    """The store beside ``executemany`` of the same rows into the same schema.

    The peer keeps the same promise: an article is there with all its claims or not at all, so it
    commits after each. It is given all rows ready made, the search terms too, and only has to write
    them; the store makes its rows from articles and claims, looks up whether an article is known
    and who its speakers are, and keeps the counts. Both join the pieces of the search index at the
    end. The note says how it compares with a peer that writes everything in one transaction, which
    an ingest must not: what it was stopped in the middle of would be lost.
    """
    extractions = [Extraction(article, extract(article)) for article in texts(400)]
    taken = folder / "taken.db"
    _save(taken, extractions)
    batches = _batches(taken)
    least = in_turns(
        {
            "ours": lambda: _save(_fresh(folder / "ours.db"), extractions),
            "raw": lambda: _raw(_fresh(folder / "raw.db"), batches, at_once=False),
            "at once": lambda: _raw(_fresh(folder / "raw.db"), batches, at_once=True),
        },
        rounds=5,
    )
    note = f"{least['at once'] / least['ours']:.2f} of one that writes all in one transaction"
    return Figure(
        "saving: share of raw executemany's speed", least["raw"] / least["ours"], 0.7, True, note
    )


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


def _batches(path: Path) -> list[dict[str, list[tuple]]]:
    """The rows of a database by the article that brought them, in the order of their writing."""
    from claims.search import index_terms

    with sqlite3.connect(path) as connection:
        batches = []
        seen: set[tuple[str, int]] = set()
        for article in connection.execute("select * from articles order by id").fetchall():
            claims = connection.execute(
                "select claims.*, name from claims join speakers on speakers.id = speaker_id "
                "where article_id = ? order by claims.id", (article[0],)
            )  # fmt: skip
            columns = {column[0]: place for place, column in enumerate(claims.description)}
            found = claims.fetchall()
            words = ("text", "name", "role", "organization")
            rows = {
                "outlets": [
                    one
                    for one in (article[1], *(c[columns["via_outlet_id"]] for c in found))
                    if one is not None
                ],
                "speakers": [claim[columns["speaker_id"]] for claim in found],
            }
            batch = {
                table: [
                    connection.execute(f"select * from {table} where id = ?", (one,)).fetchone()
                    for one in dict.fromkeys(ids) if (table, one) not in seen
                ]
                for table, ids in rows.items()
            }  # fmt: skip
            seen.update((table, one) for table, ids in rows.items() for one in ids)
            batch["articles"] = [article]
            batch["articles_fts"] = [(article[0], index_terms(f"{article[3]} {article[8]}"))]
            batch["claims"] = [claim[:-1] for claim in found]
            batch["claims_fts"] = [
                (one[0], index_terms(" ".join(filter(None, (one[columns[w]] for w in words)))))
                for one in found
            ]
            batches.append(batch)
        return batches


def _raw(path: Path, batches: list[dict[str, list[tuple]]], *, at_once: bool) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma cache_size = -65536")
    connection.execute(
        "insert into ingests (id, started_at, source, version) values (1, '', '', '')"
    )
    connection.execute("begin")
    for batch in batches:
        for table, rows in batch.items():
            if rows:
                columns = "(rowid, terms)" if table.endswith("_fts") else ""
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f"insert into {table} {columns} values ({marks})", rows)
        if not at_once:
            connection.execute("commit")
            connection.execute("begin")
    connection.execute("commit")
    connection.close()
    store = Store.open(path)
    store.tidy_search()
    store.close()


def _into_a_large_one(large: Path | None, folder: Path) -> Figure:
    """Saving the same fresh articles into a large database and into one of 10,000 articles."""
    work = "cost of an article in a large database: times that in a small one"
    if large is None:
        return left_out(work, 1.3, "no large database: bench.py --database")
    from generator import CLAIMS_PER_ARTICLE, make

    small = make(folder / "small.db", 10_000 * CLAIMS_PER_ARTICLE)
    copy = folder / "large.db"
    with sqlite3.connect(large) as source, sqlite3.connect(copy) as target:
        source.backup(target)
        (held,) = source.execute("select count(*) from articles").fetchone()
    least = {"small": [], "large": []}
    for turn in range(2):
        extractions = [Extraction(a, extract(a)) for a in texts(2000, seed=10 + turn)]
        marked = [_marked(extraction, turn) for extraction in extractions]
        for name, path in (("small", small), ("large", copy)):
            started = time.process_time()
            _save(path, marked)
            least[name].append(time.process_time() - started)
    copy.unlink()
    return Figure(work, min(least["large"]) / min(least["small"]), 1.3,
                  note=f"2,000 articles saved beside {held:,} and beside 10,000; "
                  "finding claims costs the same")  # fmt: skip


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
