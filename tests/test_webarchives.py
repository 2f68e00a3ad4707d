"""Web archives: the pages in them, in all the shapes that crawlers write, broken ones too."""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile
import zlib
from contextlib import suppress

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.errors import SourceError
from claims.ingest import ingest
from claims.models import Document
from claims.sources import Page, packed, read_source, webarchives
from claims.sources.reading import Reading
from claims.sources.webarchives import read_web_archive

SAYS = "최도현 교수는 “{}”고 말했다."
HTTP = "application/http; msgtype=response"


def page(words: str, head: str = '<meta property="article:published_time" content="2024-12-17">'):
    text = f"<p>{SAYS.format(words)}</p><p>둘째 문단이다.</p>"
    return f"<!doctype html><html><head>{head}</head><body>{text}</body></html>".encode()


def record(
    number: int,
    block: bytes,
    kind: str = "response",
    content_type: str = HTTP,
    length: object = None,
    version: str = "1.0",
    url: str = "https://hanbit.example/{}",
) -> bytes:
    head = (
        f"WARC/{version}\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url.format(number)}\r\n"
        f"WARC-Date: 2025-01-0{number}T09:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-00000000000{number}>\r\n"
        f"Content-Type: {content_type}\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def answer(body: bytes, *headers: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    if not any(header.startswith("Content-Type") for header in headers):
        headers = ("Content-Type: text/html; charset=utf-8", *headers)
    return "\r\n".join([status, *headers, "", ""]).encode() + body


def chunked(body: bytes) -> bytes:
    parts = [body[at : at + 50] for at in range(0, len(body), 50)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


ONE, TWO, THREE = (record(n, answer(page(w))) for n, w in enumerate(("하나", "둘", "셋"), 1))


def read(data: bytes) -> list[object]:
    """The addresses of the pages and the sentences about what is broken."""
    return [
        str(item) if isinstance(item, SourceError) else item.url
        for item in read_web_archive(io.BytesIO(data), "x.warc")
    ]


def addresses(*numbers: int) -> list[str]:
    return [f"https://hanbit.example/{number}" for number in numbers]


def test_from_an_archive_to_rows(article, store, rows):
    path = article(gzip.compress(ONE) + gzip.compress(TWO), "crawl.warc.gz")
    for _ in range(2):
        result = ingest(store, [str(path)])
        assert result.failures == []
    assert rows("select url, published_on, text from articles") == [
        {
            "url": f"https://hanbit.example/{number}",
            "published_on": "2024-12-17",
            "text": f"{SAYS.format(words)}\n\n둘째 문단이다.",
        }
        for number, words in ((1, "하나"), (2, "둘"))
    ]
    assert [claim["text"] for claim in store.claims()] == ["하나", "둘"]


def test_a_page_has_its_address_and_its_place_in_the_archive():
    data = ONE + TWO
    assert list(read_web_archive(io.BytesIO(data), "x.warc")) == [
        Page("x.warc, byte 0", page("하나").decode(), "https://hanbit.example/1"),
        Page(f"x.warc, byte {len(ONE)}", page("둘").decode(), "https://hanbit.example/2"),
    ]


PACKINGS = {
    "crawl.warc": ONE + TWO,
    "one member a record.warc.gz": gzip.compress(ONE) + gzip.compress(TWO),
    "all in one member.warc.gz": gzip.compress(ONE + TWO),
    "crawl.warc.zst": zstandard.compress(ONE) + zstandard.compress(TWO),
    "crawl.warc.bz2": bz2.compress(ONE + TWO),
    "CRAWL.WARC": ONE + TWO,
    "without a suffix": ONE + TWO,
}


@pytest.mark.parametrize(("name", "data"), PACKINGS.items(), ids=PACKINGS)
def test_archives_packed_in_every_way(article, name, data):
    found = list(read_source(str(article(data, name))))
    assert [item.facts.url for item in found] == addresses(1, 2)


def test_archives_in_folders_and_zips_and_by_standard_input(article, tmp_path, run, rows):
    article(gzip.compress(ONE), "folder/a.warc.gz")
    with zipfile.ZipFile(tmp_path / "folder/b.zip", "w") as archive:
        archive.writestr("c.warc.gz", gzip.compress(TWO))
    assert run("ingest", tmp_path / "folder").exit_code == 0
    assert run("ingest", "-", "--format", "warc", stdin=gzip.compress(THREE)).exit_code == 0
    assert [row["url"] for row in rows("select url from articles")] == addresses(1, 2, 3)


def test_an_archive_on_the_web(web, fetcher):
    url = web.page("/crawl.warc.gz", gzip.compress(ONE), "application/gzip")
    (document,) = read_source(url, Reading(fetcher=fetcher))
    assert document.facts.url == "https://hanbit.example/1"


PASSED_OVER = {
    "a request": record(1, b"GET / HTTP/1.1\r\n\r\n", "request"),
    "what the crawler says of itself": record(1, b"software: x\r\n", "warcinfo", "warc-fields"),
    "a visit that found nothing new": record(1, answer(b""), "revisit"),
    "metadata": record(1, b"a: b\r\n", "metadata", "warc-fields"),
    "an answer of the name service": record(1, b"x A 1\n", content_type="text/dns", url="dns:x"),
    "a picture": record(1, answer(b"\x89PNG\r\n\x1a\n", "Content-Type: image/png")),
    "a redirect": record(1, answer(page("하나"), "Location: /2", status="HTTP/1.1 301 Moved")),
    "what isn't there": record(1, answer(page("하나"), status="HTTP/1.1 404 Not Found")),
    "a part": record(1, answer(page("하나"), status="HTTP/1.1 206 Partial Content")),
    "an empty page": record(1, answer(b"")),
    "an address that is none": record(1, answer(page("하나")), url="urn:x:{}"),
    "wget's log": record(1, b"log", "resource", "text/plain", url="metadata://gnu.org/wget.log"),
}  # fmt: skip


@pytest.mark.parametrize("data", PASSED_OVER.values(), ids=PASSED_OVER)
def test_what_is_no_page_is_passed_over(data):
    assert read(data + TWO) == addresses(2)


BODIES = {
    "as it is": answer(page("하나")),
    "chunked": answer(chunked(page("하나")), "Transfer-Encoding: chunked"),
    "gzip": answer(gzip.compress(page("하나")), "Content-Encoding: gzip"),
    "chunked gzip": answer(
        chunked(gzip.compress(page("하나"))), "Transfer-Encoding: chunked", "Content-Encoding: gzip"
    ),
    "deflate": answer(zlib.compress(page("하나")), "Content-Encoding: deflate"),
    "bare deflate": answer(zlib.compress(page("하나"))[2:-4], "Content-Encoding: deflate"),
    "brotli": answer(brotli.compress(page("하나")), "Content-Encoding: br"),
    "zstd": answer(zstandard.compress(page("하나")), "Content-Encoding: zstd"),
    "unpacked by the crawler": answer(
        page("하나"), "Transfer-Encoding: chunked", "Content-Encoding: gzip"
    ),
    "HTTP/2": answer(page("하나"), status="HTTP/2 200"),
    "HTTP/1.0 with the line ends of Unix": answer(page("하나"), status="HTTP/1.0 200 OK").replace(
        b"\r\n", b"\n"
    ),
    "CP949, declared": answer(
        page("하나").decode().encode("cp949"), "Content-Type: text/html;charset=EUC-KR"
    ),
    "CP949, declared wrongly": answer(
        page("하나").decode().encode("cp949"), "Content-Type: text/html; charset=ISO-8859-1"
    ),
    "no media type": answer(page("하나"), "Content-Type: "),
}


@pytest.mark.parametrize("block", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_bodies_as_crawlers_keep_them(block, version):
    data = record(1, block, version=version, url="<https://hanbit.example/{}>") + TWO
    first, second = read_web_archive(io.BytesIO(data), "x.warc")
    assert (first.html, first.url) == (page("하나").decode(), "https://hanbit.example/1")
    assert second.url == "https://hanbit.example/2"


def test_a_page_kept_without_its_headers():
    assert read(record(1, page("하나"), "resource", "text/html")) == addresses(1)


def test_texts_that_others_extracted():
    data = record(1, SAYS.format("하나").encode(), "conversion", "text/plain")
    (document,) = read_web_archive(io.BytesIO(data), "x.warc.wet")
    assert (document.content, document.facts.url) == (SAYS.format("하나"), addresses(1)[0])
    assert isinstance(document, Document)


BROKEN = {
    "a length too short": record(2, answer(page("둘")), length=20),
    "a length too long": record(2, answer(page("둘")), length=10**12),
    "a length that is none": record(2, answer(page("둘")), length="x"),
    "a length below nothing": record(2, answer(page("둘")), length=-7),
    "no record at all": b"garbage\r\n" * 30,
    "half a record": TWO[:150],
    "a header without end": b"WARC/1.0\r\n" + b"x" * 100_000 + b"\r\n\r\n",
    "no answer": record(2, b"<html>"),
    "gzip that breaks": record(
        2, answer(gzip.compress(page("둘"))[:12] + b"xxxxxxxxxx", "Content-Encoding: gzip")
    ),
    "chunks that break": record(
        2, answer(b"5\r\nhello\r\nzz\r\n", "Transfer-Encoding: chunked")
    ),
    "an unknown packing": record(2, answer(b"\x00\x01", "Content-Encoding: rot13")),
    "no text": record(2, answer(bytes(range(256)) * 4)),
}  # fmt: skip


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_broken_record_keeps_no_other_out(data):
    first, sentence, last = read(ONE + data + THREE)
    assert [first, last] == addresses(1, 3)
    assert sentence.startswith("x.warc, ")
    assert "byte " in sentence


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_broken_member_keeps_no_other_out(pack):
    broken = bytearray(pack(TWO))
    broken[60:70] = b"\xff" * 10
    found = read(pack(ONE) + bytes(broken) + pack(THREE))
    assert [found[0], found[-1]] == addresses(1, 3)
    assert found[1].startswith("x.warc, byte 0: a broken record is here or next (")
    assert len(found) == 3


def test_broken_records_before_the_first_good_one_are_told_too():
    assert read(BROKEN["a length too long"] + THREE)[1:] == addresses(3)


@pytest.mark.parametrize(
    "data", [b"", b"WARC/1.0\r\n", b"PK\x03\x04", "둑은 안전하다.".encode() * 9]
)
def test_what_is_no_archive(data):
    with pytest.raises(SourceError, match=r"x.warc: there is no record of a web archive"):
        read(data)


def test_an_archive_that_breaks_off():
    assert read((ONE + TWO)[:-200])[0] == addresses(1)[0]
    assert "breaks off" in read((ONE + TWO)[:-100])[1]


def test_too_much_that_is_broken(monkeypatch):
    monkeypatch.setattr(webarchives, "_MOST_BROKEN", 3)
    found = read(ONE + (b"x\r\n" + ONE) * 9)
    assert found[-1] == "x.warc: too much of it is broken; not read on"
    assert len(found) == 8


def test_bombs_are_not_unpacked(monkeypatch):
    monkeypatch.setattr(packed, "_LEAST", 100_000)
    monkeypatch.setattr(webarchives, "LARGEST", 50_000)
    bomb = gzip.compress(record(2, answer(b"\x00" * 10_000_000)))
    body = gzip.compress(
        record(2, answer(gzip.compress(b" " * 10_000_000), "Content-Encoding: gzip"))
    )
    for broken in (bomb, body):
        first, sentence, last = read(gzip.compress(ONE) + broken + gzip.compress(THREE))
        assert [first, last] == addresses(1, 3)
        assert "longer than there is room" in sentence or "larger than" in sentence


def test_a_body_beyond_bounds_is_passed_over_in_an_archive_that_is_not_packed(monkeypatch):
    monkeypatch.setattr(webarchives, "LARGEST", 50_000)
    first, sentence, last = read(ONE + record(2, answer(b"<html>" + b" " * 60_000)) + THREE)
    assert [first, last] == addresses(1, 3)
    assert sentence.startswith(f"x.warc, byte {len(ONE)}: this page is larger than")


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(
        [ONE + TWO, gzip.compress(ONE) + gzip.compress(TWO), PACKINGS["crawl.warc.zst"]]
    ),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_whatever_is_changed_in_an_archive_it_is_told_in_sentences(data, changes):
    changed = bytearray(data)
    for place, byte in changes:
        changed[int(place * len(changed))] = byte
    with suppress(SourceError):
        for item in read_web_archive(io.BytesIO(bytes(changed)), "x.warc"):
            assert str(item).startswith("x.warc, ") or item.source.startswith("x.warc, ")
