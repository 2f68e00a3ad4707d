"""Extraction on a Dask cluster: a real scheduler, two worker processes, one of which dies."""

from __future__ import annotations

import gzip
import io
import json
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest
from conftest import EXAMPLES

from claims import cluster
from claims.errors import ClaimsError, SourceError
from claims.ingest import Watch, ingest, ingest_on_cluster, load, write_parts
from claims.models import Article, Claim, Document, Extraction, PublishedReview, Speaker, Stated
from claims.parts import About, about_part, read_part, write_part
from claims.sources import Reading, Row
from claims.store import Store
from claims.tasks import Task

pytest.importorskip("distributed", reason="comes with the dask extra")
pyarrow = pytest.importorskip("pyarrow", reason="comes with the dask extra")
parquet = pytest.importorskip("pyarrow.parquet", reason="comes with the dask extra")

ABOUT = About(("a", "b"), "{}", 1, 1)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A folder with articles in several forms, some of which fail, are known or were changed."""
    folder = tmp_path_factory.mktemp("corpus")
    texts = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.txt"))]
    for number in range(6):
        articles = [
            {
                "text": f"{text}\n\n{number}.",
                "title": f"{place}",
                "url": f"https://a.example/{place}",
            }
            for place, text in enumerate(texts)
        ]
        lines = [json.dumps(article, ensure_ascii=False) for article in articles]
        data = "\n".join([*lines, "{no json"]).encode()
        name = f"corpus{number}.jsonl"
        if number % 2:
            (folder / f"{name}.gz").write_bytes(gzip.compress(data, mtime=0))
        else:
            (folder / name).write_bytes(data)
    rows = [{"text": f"{text}\n\nrow {n}.", "title": f"{n}"} for n in (1, 2) for text in texts[:2]]
    parquet.write_table(pyarrow.Table.from_pylist(rows), folder / "table.parquet", row_group_size=1)
    checked = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": "https://check.example/1",
        "claimReviewed": "The dike is high enough.",
        "itemReviewed": {"author": {"@type": "Person", "name": "Ruth Calloway"}},
        "author": {"@type": "Organization", "name": "Dawn Check"},
        "reviewRating": {"alternateName": "False", "ratingValue": 1, "bestRating": 5},
    }
    (folder / "checks.jsonld").write_text(json.dumps(checked))
    (folder / "damaged.jsonl.gz").write_bytes(b"no gzip")
    (folder / "deep").mkdir()
    for path in EXAMPLES.glob("*.txt"):
        (folder / "deep" / path.name).write_bytes(path.read_bytes())
    (folder / "recorded.csv").write_text(
        "text,speaker,outlet\n둑은 낮다,윤서연,한빛통신\n,nobody,x\n"
        "Rain will come.,Ruth Calloway,\n"
    )
    return folder


@pytest.fixture
def many_parts(monkeypatch):
    """Parts so small that there are more of them than a cluster has in hand."""
    monkeypatch.setattr(cluster, "PART_SIZE", 4_000)


@contextmanager
def running(count):
    """The address of a scheduler with some workers, and the processes of these."""
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"], **quiet
    )
    workers = []
    try:
        said = iter(scheduler.stderr.readline, "")
        address = next(found[1] for line in said if (found := re.search(r"at: +(tcp:\S+)", line)))
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        for _ in range(count):
            workers.append(subprocess.Popen([*dask, "worker", address, *options], **quiet))
        for worker in workers:
            assert any("Registered to" in line for line in iter(worker.stderr.readline, ""))
        yield address, workers
    finally:
        for process in [*workers, scheduler]:
            process.kill()
            process.wait()
            process.stderr.close()


@pytest.fixture(scope="module")
def living():
    """The address of a cluster with two workers."""
    with running(2) as (address, _):
        yield address


def tables(path):
    """All rows of all tables, but for when it was done."""
    with closing(sqlite3.connect(path)) as connection:
        lines = list(connection.iterdump())
    times = re.compile(r"'20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^']*'")
    return [times.sub("'then'", line) for line in lines]


def alone(path, sources, stated=None):
    store = Store.open(path)
    result = ingest(store, sources, stated)
    store.close()
    return result


@pytest.fixture
def expected(corpus, tmp_path):
    """What one machine makes of the corpus."""
    path = tmp_path / "alone.db"
    result = alone(path, [str(corpus), "missing.txt"], Stated(via="해안통신"))
    assert (result.articles, result.failed) == (42, 9)
    assert result.claims > 50
    return path, result


class Killing(Watch):
    """Kills a worker when the first article was saved: then the others are on their way."""

    def __init__(self, worker):
        self.worker = worker

    def took(self, result):
        if self.worker.poll() is None:
            self.worker.kill()
            self.worker.wait()


def filled(path, address, corpus, watch):
    """What a cluster makes of the corpus."""
    store = Store.open(path)
    sources = [str(corpus), "missing.txt"]
    result = ingest_on_cluster(store, sources, Stated(via="해안통신"), None, address, watch)
    store.close()
    return result


def told(result):
    return {
        name: getattr(result, name)
        for name in ("articles", "changed", "known", "claims", "failures", "claim_ids", "is_bad")
    }


def test_a_cluster_fills_the_same_database(living, corpus, expected, many_parts, tmp_path):
    result = filled(tmp_path / "cluster.db", living, corpus, Watch())
    assert told(result) == told(expected[1])
    assert tables(tmp_path / "cluster.db") == tables(expected[0])


def test_long_files_are_divided(corpus, many_parts):
    works = cluster.plan([str(corpus)], Stated(), Reading(), "{}")
    divided = [unit.name for work in works for unit in work.units if unit.stretch]
    assert {name.rpartition("/")[2] for name in divided} == {
        "corpus0.jsonl", "corpus2.jsonl", "corpus4.jsonl", "table.parquet"
    }  # fmt: skip
    assert len(divided) > 8
    assert [unit.is_last for work in works for unit in work.units].count(True) == 1


def test_also_when_a_worker_is_killed_in_the_middle(corpus, expected, many_parts, tmp_path):
    with running(2) as (address, workers):
        watch = Killing(workers[1])
        result = filled(tmp_path / "cluster.db", address, corpus, watch)
        assert [worker.poll() for worker in workers] == [None, -signal.SIGKILL]
    assert told(result) == told(expected[1])
    assert tables(tmp_path / "cluster.db") == tables(expected[0])


class Stopping(Watch):
    """Stops when the first article was saved, as Ctrl-C does."""

    def took(self, result):
        self.is_stopped = True


def test_a_stopped_ingest_is_gone_on_with(living, corpus, expected, many_parts, tmp_path):
    path = tmp_path / "cluster.db"
    assert filled(path, living, corpus, Stopping()).is_stopped
    result = filled(path, living, corpus, Watch())
    assert (result.articles, result.known) == (41, 1)
    assert tables(path) == tables(expected[0])


def test_a_part_that_kills_its_workers_is_told_of():
    from distributed.scheduler import KilledWorker

    class Killed:
        def result(self):
            raise KilledWorker("part", None, 3)

    (work,) = cluster.plan(["a.txt"], Stated(), Reading(), "{}")
    with pytest.raises(ClaimsError, match=r"part 1 of 1 \(a.txt …\): every worker that tried it"):
        cluster._result(work, Killed())


def test_parts_in_a_folder_are_loaded_in_their_order(
    living, corpus, expected, many_parts, tmp_path
):
    sources, stated = [str(corpus), "missing.txt"], Stated(via="해안통신")
    folder = tmp_path / "parts"
    brought = write_parts(sources, stated, None, living, str(folder))
    files = sorted(folder.iterdir())
    assert len(files) > 4
    assert (brought.articles, brought.failures) == (39, 8)  # and three recorded claims, one wrong
    content, before = files[2].read_bytes(), files[3].stat().st_mtime_ns
    files[2].write_bytes(content[: len(content) // 2])  # a worker died while it wrote
    assert write_parts(sources, stated, None, living, str(folder)) == brought
    assert (files[2].read_bytes(), files[3].stat().st_mtime_ns) == (content, before)
    with pytest.raises(ClaimsError, match="part of another ingest; name an empty folder"):
        write_parts(sources, Stated(), None, living, str(folder))
    store = Store.open(tmp_path / "loaded.db")
    load(store, [str(file) for file in reversed(files)])
    once = tables(tmp_path / "loaded.db")
    assert once == tables(expected[0])
    assert load(store, [str(folder)]).claims == 0
    files[1].unlink()
    with pytest.raises(SourceError, match=rf"of the {len(files)} parts .* number 2; the same"):
        load(store, [str(folder)])
    store.close()


def test_a_part_gives_back_what_was_put_into_it():
    article = Article("“둑은 낮다”", "ko", title="둑", via="해안통신", excerpt=True)
    claim = Claim(
        "둑은 낮다", "direct", Speaker("윤서연", "person", ("Yun",)), 1, 6, "ko", "r", 0.5,
        organization_aliases=("a", "b"), said_on="2024",
    )  # fmt: skip
    found = Document("a.jsonl", "", line=3)
    tasks = [
        Task("a", found, b"\x00" * 16, outcome=Extraction(article, (claim, claim))),
        Task("a", found, b"\x01" * 16, outcome="a.jsonl, line 3: there is nothing"),
        Task("a", Row("a.csv", 2, {"text": "x", "speaker": "=1\u202e"}), b"\x02"),
        Task(
            "a",
            PublishedReview(
                "a.json",
                ({"text": "x", "speaker": "y"}, {}),
                "False",
                1,
                evidence=(("https://e.example/", None), ("https://f.example/", "f")),
                line=2,
            ),
            b"\x03",
        ),
        Task("a", SourceError("b.txt, line 2: this is not text")),
        Task("a", None),
        Task("b", None),
    ]
    output = io.BytesIO()
    brought = write_part(output, ABOUT, tasks)
    assert (brought.articles, brought.claims, brought.failures) == (1, 3, 2)
    assert about_part(io.BytesIO(output.getvalue()), "x") == (ABOUT, brought)
    again = list(read_part(io.BytesIO(output.getvalue()), "x"))
    rows = [(t.named, repr(t.item), t.digest, t.outcome) for t in again]
    assert rows == [(t.named, repr(t.item), t.digest, t.outcome) for t in tasks]


def test_what_is_no_part_is_told(run, article):
    path = article(b"", "other.parquet")
    parquet.write_table(pyarrow.table({"text": ["x"]}), path)
    for name in (path, article("PAR1", "broken.parquet"), article("x", "page.txt")):
        done = run("load", name)
        assert done.exit_code == 1
        assert done.stderr.startswith(f"claims: {name}: this is no part of an ingest")
    assert run("load", path.parent / "none").exit_code == 1


def test_a_cluster_that_is_not_there(run, article):
    page = article("“둑은 낮다”고 윤서연이 말했다.")
    done = run("ingest", "--dask", "nonsense://host", page)
    assert done.exit_code == 1
    assert done.stderr.startswith("claims: nonsense://host: no Dask scheduler answers there")


@pytest.mark.parametrize("source", ["-", "https://news.example/1"])
def test_what_many_machines_can_not_read(run, source):
    done = run("ingest", "--dask", "local", source)
    assert (done.exit_code, done.stderr) == (
        1,
        f"claims: {source}: a cluster reads files; standard input and addresses on the web are for "
        "one machine: leave out --dask\n",
    )


def test_workers_fetch_nothing(web, article, tmp_path):
    address = web.page("/1", "<p>never")
    feed = f"<rss version='2.0'><channel><item><link>{address}</link></item></channel></rss>"
    path = article(feed, "news.rss")
    (work,) = cluster.plan([str(path)], Stated(), Reading(), "{}")
    part = cluster.make_part(work)
    first, *_ = read_part(io.BytesIO(part.content), "x")
    assert web.asked == []
    assert str(first.item) == (
        f"{address}: a cluster fetches nothing from the web; leave out --dask"
    )


def test_wrong_usage(run, article):
    page = article("x")
    assert run("ingest", "--parts", "p", page).exit_code == 2
    assert run("ingest", "--dask", "local", "-j", "2", page).exit_code == 2


def test_without_dask_the_extra_is_named(run, article, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = run("ingest", "--dask", "local", article("x"))
    assert done.exit_code == 1
    assert done.stderr.endswith("pip install 'claims[dask]'\n")
