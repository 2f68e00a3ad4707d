"""docs/sources.md: each of its commands is run, and brings something."""

from __future__ import annotations

import bz2
import gzip
import json
import re
import shlex
import sqlite3
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from click.testing import CliRunner
from conftest import ROOT
from test_claim_reviews import feed, html
from test_pdf import EN, made
from test_webarchives import THREE

from claims.cli import main

PAGE = (ROOT / "docs" / "sources.md").read_text("utf-8")
NEWS = "https://news.example"
SAID = "“{} will be rebuilt by June,” said Hana Lee, an analyst at Dawn Securities."


def example(what: str) -> dict[str, str]:
    return {"text": SAID.format(f"The {what}"), "title": what, "outlet": "Harbour Times"}


def page(what: str) -> str:
    return f"<!doctype html><html><body><p>{SAID.format(f'The {what}')}</p></body></html>"


def rss(*links: str) -> str:
    items = "".join(f"<item><title>x</title><link>{link}</link></item>" for link in links)
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder with the files that the page shows, and those that it only names."""
    for name, text in re.findall(r"^```\w+ (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    lines = {what: json.dumps(example(what)).encode() for what in ("mill", "weir", "lock")}
    files = {
        "page-in-cp949.txt": "윤서연 시장은 “길을 넓힌다”고 말했다. 공사는 봄에 시작한다.".encode(
            "cp949"
        ),
        "more.jsonl.gz": gzip.compress(lines["mill"]),
        "more.jsonl.zst": zstandard.compress(lines["weir"]),
        "more.json.bz2": bz2.compress(b"[" + lines["lock"] + b"]"),
        "crawl.warc.gz": gzip.compress(THREE),
        "datafeed.json": feed(3).encode(),
        "release.pdf": made(EN),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    pq.write_table(pa.Table.from_pylist([example("pier")]), tmp_path / "articles.parquet")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.html").write_text(page("quay"), "utf-8")
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("b.html", page("ramp"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLAIMS_DB", raising=False)
    monkeypatch.setattr("claims.sources.fetching.time.sleep", lambda _: None)
    return tmp_path


@pytest.fixture
def news(web) -> str:
    """The address of what the page calls https://news.example."""
    web.page("/2025/dike", page("dike"))
    web.page("/check", html(json.dumps(json.loads(feed(1))["dataFeedElement"][0])))
    web.page("/feed.xml", rss(web.url + "/2025/gate"), "application/rss+xml")
    web.page("/2025/gate", page("gate"))
    web.page("/politics.xml", rss(web.url + "/2025/tower"), "application/rss+xml")
    web.page("/2025/tower", page("tower"))
    return web.url


def counted(database: str) -> int:
    """How much there is in a database: articles, claims, reviews, feeds."""
    if not Path(database).exists():
        return 0
    connection = sqlite3.connect(database)
    tables = ("articles", "claims", "reviews", "feeds")
    counts = [connection.execute(f"select count(*) from {t}").fetchone()[0] for t in tables]
    connection.close()
    return sum(counts)


def test_every_command_of_the_page_brings_something(folder, news):
    commands = "".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    assert commands.count("\n") > 20
    for line in commands.splitlines():
        program, *words = shlex.split(line.replace(NEWS, news))
        assert program == "claims"
        stdin = None
        if "<" in words:
            stdin = (
                (folder / words.pop()).read_bytes() + b"\n" + json.dumps(example("inn")).encode()
            )
            words.remove("<")
        if (NEWS in line and words[0] == "ingest") or words[:2] == ["feeds", "run"]:
            words.append("--allow-private")
        database = words[words.index("--db") + 1] if "--db" in words else "claims.db"
        before = counted(database)
        result = CliRunner().invoke(main, words, input=stdin)
        assert (line, result.exit_code, result.exception) == (line, 0, None), result.output
        assert words[0] == "export" or not result.stderr, result.stderr
        assert words[0] == "export" or counted(database) > before, line


def test_each_kind_of_source_has_its_example():
    from claims.sources.reading import ARCHIVES, FORMS, PACKINGS

    shown = "".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    for form in set(FORMS.values()):
        endings = [ending for ending, its in FORMS.items() if its == form]
        assert any(ending in shown for ending in endings), form
    assert all(ending in shown for ending in PACKINGS | ARCHIVES)
