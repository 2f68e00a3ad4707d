"""Sources on object stores and shared file systems, by fsspec's file systems in memory and here."""

from __future__ import annotations

import gzip
import sys

import pytest

from claims.errors import SourceError
from claims.models import Document
from claims.sources import read_source
from claims.sources.remote import is_remote

fsspec = pytest.importorskip("fsspec", reason="comes with the dask extra")
ARTICLE = '{"text": "%s은 “올린다”고 말했다.", "title": "제목"}\n'


@pytest.fixture
def bucket():
    """A function that puts files into a bucket in memory."""
    memory = fsspec.filesystem("memory")
    memory.store.clear()

    def put(**files: bytes) -> None:
        for name, data in files.items():
            memory.pipe(f"/bucket/{name.replace('__', '/').replace('_', '.')}", data)

    yield put
    memory.store.clear()


def read(name):
    return [
        (one.source, one.line, one.content) if isinstance(one, Document) else str(one)
        for one in read_source(name)
    ]


def test_a_file_a_pattern_and_a_folder(bucket):
    one, two = ((ARTICLE % name).encode() for name in ("하나", "둘"))
    bucket(a_jsonl=one, b_jsonl_gz=gzip.compress(two), c_png=b"\x89PNG", deep__d_txt="끝.".encode())
    first = ("memory:///bucket/a.jsonl", 1, "하나은 “올린다”고 말했다.")
    second = ("memory:///bucket/b.jsonl.gz", 1, "둘은 “올린다”고 말했다.")
    assert read("memory://bucket/a.jsonl") == [first]
    assert read("memory://bucket/*.jsonl*") == [first, second]
    last = ("memory:///bucket/deep/d.txt", None, "끝.")
    assert read("memory://bucket") == [first, second, last]
    assert read("memory://bucket/") == [first, second, last]


def test_what_is_not_there_is_told_in_a_sentence(bucket):
    assert read("memory://bucket/none.jsonl") == [
        "memory://bucket/none.jsonl: there is no such file"
    ]
    nothing = "memory://bucket/*.gz: there is nothing here that can be read"
    assert read("memory://bucket/*.gz") == [nothing]


def test_a_file_that_can_not_be_read_keeps_no_other_out(bucket):
    bucket(a_jsonl_gz=b"no gzip", b_jsonl=(ARTICLE % "하나").encode(), c_zip=b"PK", d_xlsx=b"PK")
    said = read("memory://bucket/*")
    assert [one for one in said if isinstance(one, tuple)] == [
        ("memory:///bucket/b.jsonl", 1, "하나은 “올린다”고 말했다.")
    ]
    assert [one.partition(": ")[0] for one in said if isinstance(one, str)] == [
        f"memory:///bucket/{name}" for name in ("a.jsonl.gz", "c.zip", "d.xlsx")
    ]


def test_bombs_are_stopped_there_too(bucket):
    bucket(a_txt_gz=gzip.compress(b"a" * 120_000_000))
    (said,) = read("memory://bucket/a.txt.gz")
    assert said == "memory:///bucket/a.txt.gz: this is larger than 50 MB; split it"


@pytest.mark.parametrize(
    "name",
    [
        "simplecache::http://127.0.0.1/",
        "zip://a.txt::file:///tmp/x.zip",
        "memory://a::http://127.0.0.1/",
        "ftp://127.0.0.1/a.txt",
        "github://org:repo@main/a.txt",
        "http+unix://a",
    ],
)
def test_no_other_way_to_the_net(name):
    (error,) = read_source(name)
    assert isinstance(error, SourceError)


def test_the_web_is_left_to_the_fetcher():
    assert not is_remote("https://news.example/a.html")
    assert not is_remote("s3")


def test_without_fsspec_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    (said,) = read("s3://bucket/a.txt")
    assert said.startswith("s3://bucket/a.txt: such addresses need a library")
    assert said.endswith("pip install 'claims[dask]'")
