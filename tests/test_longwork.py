"""Long work: stopped, killed, resumed, shared by processes; always the same tables in the end."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from longwork import contents, kill_and_go_on, start, write_corpus

from claims.crew import worked
from claims.ingest import ingest, retry
from claims.models import Article, Document, Extraction, Stated
from claims.outcome import Ids, Watch
from claims.sources import Reading, Row
from claims.sources.reading import Page
from claims.store import Store
from claims.tasks import Task, digest_of, place_in

PAGE = "최도현 교수는 16일 기자회견에서 “둑을 다시 쌓겠다”고 말했다.\n"


@pytest.mark.parametrize(("jobs", "kills"), [(1, 3), (2, 1)])
def test_a_killed_ingest_that_goes_on_ends_as_one_never_killed(tmp_path, jobs, kills):
    assert kill_and_go_on(tmp_path, articles=40, kills=kills, jobs=jobs, seed=11)


def test_any_number_of_processes_writes_the_same(tmp_path):
    corpus = write_corpus(tmp_path / "corpus.jsonl", 70, seed=4)
    found = []
    for jobs in (1, 2):
        store = Store.open(tmp_path / f"{jobs}.db")
        result = ingest(store, [str(corpus)], jobs=jobs)
        assert result.failed
        assert result.changed
        store.close()
        found.append((contents(tmp_path / f"{jobs}.db"), result.failures, result.article_ids))
    assert found[0] == found[1]


def test_the_second_time_nothing_is_read_again(tmp_path, store, db_path, monkeypatch):
    corpus = write_corpus(tmp_path / "corpus.jsonl", 60, seed=5)
    first = ingest(store, [str(corpus)])
    before = contents(db_path)
    monkeypatch.setattr("claims.tasks.extract", lambda _: pytest.fail("read again"))
    again = ingest(store, [str(corpus)])
    assert (again.articles, again.claims, again.failures) == (0, 0, first.failures)
    assert again.known == first.articles + first.known
    after = contents(db_path)
    for table in before.keys() - {"ingests", "failures", "sqlite_sequence"}:
        assert after[table] == before[table]


class Stopping(Watch):
    """Stops after some articles."""

    def __init__(self, after: int) -> None:
        self.after = after

    def took(self, result) -> None:
        self.after -= 1
        self.is_stopped = self.after <= 0


@pytest.mark.parametrize("jobs", [1, 2])
def test_stopped_it_goes_on_where_it_was(tmp_path, jobs):
    corpus = write_corpus(tmp_path / "corpus.jsonl", 80, seed=7)
    whole = Store.open(tmp_path / "whole.db")
    ingest(whole, [str(corpus)])
    whole.close()
    store = Store.open(tmp_path / "stopped.db")
    first = ingest(store, [str(corpus)], jobs=jobs, watch=Stopping(after=20))
    assert first.is_stopped
    assert 20 <= first.articles + first.known + first.failed <= 80
    unfinished = store.db.execute("select finished_at from ingests").fetchall()
    assert unfinished == [(None,)]
    assert not ingest(store, [str(corpus)], jobs=jobs).is_stopped
    store.close()
    assert contents(tmp_path / "stopped.db") == contents(tmp_path / "whole.db")


def test_an_unfinished_ingest_asks_for_no_address_twice_and_a_finished_one_does(
    web, store, fetcher
):
    addresses = []
    for number in range(3):
        text = PAGE.replace("둑을", f"{number}번 둑을") * 3
        addresses.append(web.page(f"/{number}", f"<html><body><p>{text}</p></body></html>"))
    reading = Reading(fetcher=fetcher)
    assert ingest(store, addresses, reading=reading, watch=Stopping(after=2)).is_stopped
    assert ingest(store, addresses, reading=reading).articles == 1
    assert web.paths == ["/robots.txt", "/0", "/1", "/2"]
    assert ingest(store, addresses, reading=reading).known == 3
    assert web.paths == ["/robots.txt", *["/0", "/1", "/2"] * 2]


# -- workers that die or hang


def deadly(found, stated):
    """Stands for `claims.tasks.understand` in a worker: some articles end or stop it."""
    if "dies" in found.content:
        os.kill(os.getpid(), signal.SIGKILL)
    while "hangs" in found.content:
        pass
    return Extraction(Article(found.content, "en"))


@pytest.fixture
def deadly_workers(monkeypatch, tmp_path):
    """Workers whose process takes `deadly` for its work, as its own start tells it."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import claims.crew, test_longwork\n"
        "claims.crew.understand = test_longwork.deadly\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("claims.crew._PATIENCE", 4.0)


def test_an_article_on_which_a_worker_dies_or_hangs_is_a_failure(deadly_workers):
    texts = ["one.", "it dies.", "two.", "it hangs.", "three."]
    tasks = (Task("x", Document(f"{at}.txt", text)) for at, text in enumerate(texts))
    outcomes = [task.outcome for task in worked(tasks, Stated(), jobs=2)]
    assert [outcome for outcome in outcomes if isinstance(outcome, str)] == [
        "1.txt: the process that read it died; is there enough memory?",
        "3.txt: reading it took too long",
    ]
    assert [one.article.text for one in outcomes if isinstance(one, Extraction)] == [
        "one.", "two.", "three."
    ]  # fmt: skip


def test_one_job_gives_long_articles_a_process_and_a_time_limit(deadly_workers, monkeypatch):
    monkeypatch.setattr("claims.crew._LONG", 40)
    texts = ["it hangs." + " long" * 10, "one.", "it dies." + " long" * 10, "two" + " long" * 10]
    tasks = (Task("x", Document(f"{at}.txt", text)) for at, text in enumerate(texts))
    outcomes = [task.outcome for task in worked(tasks, Stated(language="en"))]
    assert [one if isinstance(one, str) else one.article.text for one in outcomes] == [
        "0.txt: reading it took too long",
        "one.",
        "2.txt: the process that read it died; is there enough memory?",
        texts[3],
    ]


# -- failures


def test_what_failed_is_listed_and_tried_again(run, rows, article):
    good, bad = article(PAGE, "news/a.txt"), article("", "news/b.txt")
    lines = article('{"text": "가다.", "title": "가"}\n{\n', "news/c.jsonl")
    done = run("ingest", good.parent, "--outlet", "한빛일보")
    assert done.exit_code == 0
    assert run("ingest", good.parent, "--outlet", "한빛일보", "--strict").exit_code == 1
    listed = run("failures", "--ingest", 1, "--format", "csv").stdout.splitlines()
    assert listed[0] == "id,ingest,source,position,reason"
    assert listed[1] == f"1,1,{bad},,{bad}: this is empty"
    assert listed[2].startswith(f'2,1,{lines},2,"{lines}, line 2: this is not JSON')
    bad.write_text("이미영 시장은 “길을 넓히겠다”고 말했다.\n")
    again = run("failures", "--retry")
    assert again.exit_code == 1
    assert "1 new article with 1 new claim" in again.stdout
    assert rows("select ingest_id, source, position from failures order by id") == [
        {"ingest_id": 1, "source": str(lines), "position": "2"},
        {"ingest_id": 2, "source": str(lines), "position": "2"},
    ]
    assert (
        rows("select name as outlet from articles join outlets on outlets.id = outlet_id")
        == [{"outlet": "한빛일보"}] * 3
    )
    assert rows("select failures from ingests") == [{"failures": 1}, {"failures": 1}]
    lines.write_text('{"text": "가다.", "title": "가"}\n{"text": "나다.", "title": "나"}\n')
    assert run("failures", "--retry").exit_code == 0
    assert run("failures").stdout == ""


def test_what_failed_in_an_archive_is_tried_again_there(store, tmp_path, rows):
    import zipfile

    path = tmp_path / "news.zip"
    for text in ("", PAGE):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.txt", PAGE * 2)
            archive.writestr("b.txt", text)
        result = retry(store) if text else ingest(store, [str(path)])
    assert (result.articles, result.failed) == (1, 0)
    assert rows("select * from failures") == []
    assert rows("select count(*) as articles from articles") == [{"articles": 2}]


@pytest.mark.parametrize(
    ("sentence", "named", "place"),
    [
        ("a.txt: this is empty", "a.txt", ("a.txt", None)),
        ("n: a.jsonl, line 12: not JSON", "n: a.jsonl", ("n: a.jsonl", "12")),
        ("https://a.example/x: its host: no", "https://a.example/x", ("https://a.example/x", None)),
        ("n/b.txt: this is empty", "n", ("n/b.txt", None)),
        ("standard input: this is empty", "-", ("standard input", None)),
    ],
)
def test_where_a_failure_was(sentence, named, place):
    assert place_in(sentence, named) == place


def test_a_source_of_which_nothing_is_used_is_bad_input(run, article, tmp_path):
    good = article('{"text": "가다.", "title": "가"}\n{\n', "a.jsonl")
    assert run("ingest", good).exit_code == 0
    assert run("ingest", good, tmp_path / "nowhere.txt").exit_code == 1
    assert run("ingest", article("{\n", "b.jsonl")).exit_code == 1


# -- what a document is known by


def test_a_digest_tells_all_that_bears_on_an_article():
    plain = Document("a.txt", "가다.")
    others = [
        (Document("a.txt", "나다."), Stated()),
        (Page("a.txt", "가다."), Stated()),
        (Row("a.txt", 1, {"text": "가다."}), Stated()),
        (plain, Stated(outlet="한빛일보")),
    ]
    assert digest_of(plain, Stated()) == digest_of(Document("b.txt", "가다.", line=3), Stated())
    assert len({digest_of(item, stated) for item, stated in [(plain, Stated()), *others]}) == 5


def test_what_is_stated_last_holds_though_it_was_stated_before(store, rows, article):
    path = str(article(PAGE))
    for day in ("2025-01-01", "2025-01-02", "2025-01-01"):
        ingest(store, [path], Stated(published_on=day))
        assert rows("select published_on from articles") == [{"published_on": day}]


def test_an_article_that_was_deleted_is_read_again(store, article):
    path = str(article(PAGE))
    ingest(store, [path])
    store.db.execute("delete from articles")
    assert ingest(store, [path]).articles == 1


def test_ids_are_kept_as_ranges():
    ids = Ids()
    for number in (5, 6, 6, 7, 1, 2, 6, 9):
        ids.add(number)
    assert ids.ranges() == [(1, 2), (5, 7), (9, 9)]
    assert list(ids) == [1, 2, 5, 6, 7, 9]


# -- a disk that is full, a database that is read-only, two at once


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def test_a_full_disk_is_a_sentence_and_leaves_whole_articles(tmp_path, rows, db_path):
    corpus = write_corpus(tmp_path / "corpus.jsonl", 300, seed=9)
    Store.open(db_path).close()
    process = subprocess.run(
        [sys.executable, "-m", "claims", "ingest", "--quiet", "--db", db_path, corpus],
        preexec_fn=_small_files, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert process.returncode == 1
    assert process.stderr.splitlines()[-1].startswith("claims: the database: ")
    assert "Traceback" not in process.stderr
    assert rows("select * from pragma_integrity_check") == [{"integrity_check": "ok"}]
    whole = rows("select count(*) as n, sum(articles) as counted from articles, "
                 "(select articles from ingests) limit 1")  # fmt: skip
    assert whole[0]["n"] > 0
    assert rows("select articles from ingests") == rows("select count(*) as articles from articles")
    assert start(db_path, corpus).wait() == 0


_READ_ONLY = """
import os, sys
from click.testing import CliRunner
from claims.cli import main

folder, path = sys.argv[1:]
assert CliRunner().invoke(main, ["ingest", "--db", path, folder + "/a.txt"]).exit_code == 0
os.chmod(path, 0o444)
os.chmod(folder, 0o555)
if os.geteuid() == 0:  # root may write everywhere
    os.setegid(65534)
    os.seteuid(65534)
result = CliRunner().invoke(main, ["ingest", "--db", path, folder + "/b.txt"])
print(result.exit_code, result.output)
"""


def test_a_read_only_database_is_a_sentence():
    with tempfile.TemporaryDirectory() as folder:
        for file, text in (("a.txt", PAGE), ("b.txt", PAGE * 2)):
            (Path(folder) / file).write_text(text)
        path = f"{folder}/claims.db"
        said = subprocess.run(
            [sys.executable, "-c", _READ_ONLY, folder, path],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        Path(folder).chmod(0o755)
        assert said.stdout.startswith("1 claims: ")
        assert said.stdout.count("\n") == 2
        assert "read-only" in said.stdout or "can't be opened" in said.stdout
        assert len(contents(Path(path))["articles"]) == 1


def test_two_ingests_at_once_while_datasette_reads(tmp_path, db_path):
    from newsroom import served

    corpora = [write_corpus(tmp_path / f"{seed}.jsonl", 60, seed) for seed in (1, 2)]
    Store.open(db_path).close()
    with served(db_path) as address:
        import httpx

        writers = [
            subprocess.Popen(
                [sys.executable, "-m", "claims", "ingest", "--db", db_path, "-q", corpus],
                stderr=subprocess.PIPE, text=True,
            )
            for corpus in corpora
        ]  # fmt: skip
        seen = 0
        while any(writer.poll() is None for writer in writers):
            answer = httpx.get(f"{address}/claims/claims.json?_shape=array&_size=5", timeout=60)
            assert answer.status_code == 200
            seen += 1
        said = [writer.communicate()[1] for writer in writers]
    assert seen > 0
    assert [writer.returncode for writer in writers] == [0, 0]
    assert "locked" not in "".join(said)
    connection = sqlite3.connect(db_path)
    assert connection.execute("select count(*) from ingests where finished_at is null").fetchone() \
        == (0,)  # fmt: skip
    connection.close()
