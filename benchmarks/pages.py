"""How fast Datasette's pages are on a large database, beside its own bare page of one row."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import yaml
from datasette.app import Datasette
from datasette.plugins import pm
from figures import Figure, left_out

from claims.datasette_plugin.application import datasette_for
from claims.shipped import shipped

BAR = 10
READERS, PAGES_EACH = 50, 4


def figures(large: Path | None, rounds: int) -> Iterator[Figure]:
    """All rows about pages; ``large`` is a database with many claims, which is not changed."""
    if large is None:
        yield left_out("pages on many claims", BAR, "no large database: bench.py --database")
        return
    yield from asyncio.run(_pages(large, rounds))
    yield _readers_during_an_ingest(large)


def addresses(path: Path) -> dict[str, str]:
    """The pages that readers go to, by what they are; frequent values are looked up."""
    with sqlite3.connect(path) as connection:

        def most(by: str) -> object:
            return connection.execute(
                "select by_value from claim_counts where (dimension, value, by) = ('', '', ?) "
                "order by claims desc limit 1", (by,),
            ).fetchone()[0]  # fmt: skip

        speaker, outlet, day = most("speaker_id"), most("outlet_id"), most("published_on")
        claim, article = connection.execute(
            "select id, article_id from claims where id >= (select max(id) / 2 from claims) limit 1"
        ).fetchone()
    year = str(day)[:4]
    claims = "/claims/claims"
    pages = {
        "front page": "/",
        "claims with all facets": claims,
        "claims of the most frequent speaker": f"{claims}?speaker_id={speaker}",
        "claims of the most frequent outlet": f"{claims}?outlet_id={outlet}",
        "claims of a kind": f"{claims}?kind=direct",
        "claims of one day": f"{claims}?published_on={day}",
        "claims since a year": f"{claims}?published_on__gte={year}-01-01",
        "claims of some weeks": f"{claims}?published_on__gte={year}-01-15"
        f"&published_on__lte={year}-03-04",
        "claims, oldest first": f"{claims}?_sort=published_on",
        "claims by confidence": f"{claims}?_sort_desc=confidence",
        "claims with names": "/claims/claims_browse",
        "claims nobody has checked": "/claims/unchecked_claims",
        "speakers with their counts": "/claims/speakers_summary",
        "article": f"/claims/articles/{article}",
        "claim": f"/claims/claims/{claim}",
        "speaker, the most frequent": f"/claims/speakers/{speaker}",
        "outlet, the most frequent": f"/claims/outlets/{outlet}",
        "search, a frequent Korean word": f"{claims}?_search={quote('경제')}",
        "search, a frequent English word": f"{claims}?_search=government",
    }
    queries = yaml.safe_load(shipped("metadata.yml").read_text("utf-8"))["databases"]["claims"][
        "queries"
    ]
    for name, query in queries.items():
        empty = "&".join(f"{parameter}=" for parameter in query["params"])
        pages[f"query {name}"] = f"/claims/{name}?{empty}"
    return pages


async def _pages(path: Path, rounds: int) -> list[Figure]:
    ours = datasette_for(path)
    pages = addresses(path)
    await ours.client.get("/")
    bare = await _bare(path)
    peer = f"/{path.stem}{pages['claim'].removeprefix('/claims')}"
    found = []
    for name, address in pages.items():
        least = {"bare": float("inf"), "ours": float("inf")}
        for _ in range(rounds):
            for what, datasette, asked in (("bare", bare, peer), ("ours", ours, address)):
                started = time.process_time()  # of all threads: other programs disturb it little
                answer = await datasette.client.get(asked)
                least[what] = min(least[what], time.process_time() - started)
                assert answer.status_code == 200, (asked, answer.text[:300])
        timed_out = "timed out" in answer.text or "too long" in answer.text
        note = f"{least['ours'] * 1000:.0f} ms beside {least['bare'] * 1000:.1f} ms"
        ratio = float("inf") if timed_out else least["ours"] / least["bare"]
        found.append(Figure(f"page: {name}", ratio, BAR, note=note))
    return found


async def _bare(path: Path) -> Datasette:
    """Datasette as it comes, without our plugin."""
    plugin = pm.get_plugin("claims")
    pm.unregister(plugin)
    try:
        datasette = Datasette([str(path)])
        await datasette.invoke_startup()
        await datasette.client.get("/")
    finally:
        pm.register(plugin, name="claims")
    return datasette


def _readers_during_an_ingest(large: Path) -> Figure:
    """50 readers at once, first alone and then while articles come in."""
    from writing import _corpus

    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(large, Path(folder) / "claims.db")
        corpus = _corpus(Path(folder) / "corpus.jsonl", 4000)
        pages = list(addresses(large).values())[:10]
        serving = [sys.executable, "-u", "-m", "claims", "serve", "--db", str(copy), "--port", "0"]
        with subprocess.Popen(serving, stdout=subprocess.PIPE, text=True) as server:
            try:
                url = re.search(r"http://\S+:\d+", server.stdout.readline()).group()
                _read(url, pages)
                quiet = _read(url, pages)
                command = [sys.executable, "-m", "claims", "ingest", "--db", str(copy), "-j", "1"]
                with subprocess.Popen([*command, str(corpus)], stdout=subprocess.DEVNULL) as ingest:
                    busy = _read(url, pages)
                    running = ingest.poll() is None
                    ingest.send_signal(signal.SIGINT)
            finally:
                server.send_signal(signal.SIGINT)
    errors = sum(1 for status, _ in quiet + busy if status != 200)
    ratio = statistics.median(t for _, t in busy) / statistics.median(t for _, t in quiet)
    note = f"{errors} errors in {len(quiet) + len(busy)} pages"
    if not running:
        note += "; the ingest ended before the readers did"
    work = f"{READERS} readers during an ingest: the median page, times that without"
    return Figure(work, float("inf") if errors else ratio, 3, note=note)


def _read(url: str, pages: list[str]) -> list[tuple[int, float]]:
    import httpx

    seen: list[tuple[int, float]] = []

    def reader(number: int) -> None:
        with httpx.Client(timeout=300) as client:
            for step in range(PAGES_EACH):
                started = time.perf_counter()
                answer = client.get(url + pages[(number + step) % len(pages)])
                seen.append((answer.status_code, time.perf_counter() - started))

    readers = [threading.Thread(target=reader, args=(number,)) for number in range(READERS)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    return seen
