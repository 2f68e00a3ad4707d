"""Corpora: JSON lines, JSON, tables of articles, packed files, archives, folders of all these."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.errors import SourceError
from claims.ingest import ingest
from claims.models import Document, Facts
from claims.sources import packed, read_source
from claims.sources.reading import Reading, Row

TEXT = "최도현 교수는 “둑을 다시 쌓겠다”고 말했다."
ARTICLE = {"text": TEXT, "title": "둑", "outlet": "한빛일보", "date": "2024-12-17"}


def lines(*records: object) -> bytes:
    return "".join(
        (record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)) + "\n"
        for record in records
    ).encode()


def read(path: object, **reading: object) -> list[object]:
    return [
        str(item) if isinstance(item, SourceError) else item
        for item in read_source(str(path), Reading(**reading))
    ]


FULL = Facts("둑", "김하늘", "한빛일보", "2024-12-17", "https://hanbit.example/1", "ko")
RECORDS = {
    "our own": {
        "text": TEXT, "title": "둑", "byline": "김하늘", "outlet": "한빛일보",
        "published_on": "2024-12-17", "url": "https://hanbit.example/1", "language": "ko",
    },
    "news-please": {
        "maintext": TEXT, "title": "둑", "authors": ["김하늘"], "source_domain": "한빛일보",
        "date_publish": "2024-12-17 09:00:00", "url": "https://hanbit.example/1", "language": "ko",
    },
    "RealNews": {
        "text": TEXT, "title": "둑", "authors": ["김하늘"], "domain": "한빛일보",
        "publish_date": "12-17-2024", "url": "https://hanbit.example/1", "lang": "ko",
    },
    "BIGKinds": {
        "제목": "둑", "본문": TEXT, "언론사": "한빛일보", "기고자": "김하늘", "일자": 20241217,
        "URL": "https://hanbit.example/1", "language": "ko-KR",
    },
    "schema.org": {
        "articleBody": TEXT, "headline": "둑", "author": {"name": "김하늘"},
        "publisher": {"name": "한빛일보"}, "datePublished": "2024-12-17T09:00:00+09:00",
        "url": "https://hanbit.example/1", "language": "ko",
    },
}  # fmt: skip


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_the_fields_of_usual_corpora(article, record):
    path = article(lines(record), "corpus.jsonl")
    facts = Facts("둑", "김하늘", "한빛일보", None, FULL.url, "ko") if "domain" in record else FULL
    assert read(path) == [Document(str(path), TEXT, facts, 1)]


def test_fields_by_other_names(article):
    path = article(lines({"b": TEXT, "text": "summary", "Kopf": "둑"}), "corpus.jsonl")
    assert read(path, fields={"text": "b", "title": "kopf"}) == [
        Document(str(path), TEXT, Facts(title="둑"), 1)
    ]


def test_what_is_not_of_its_kind_is_left_out(article):
    record = {"text": TEXT, "title": ["a", 7], "date": "soon", "url": "javascript:alert(1)"}
    path = article(lines(record | {"outlet": 5, "author": {}}), "corpus.jsonl")
    assert read(path) == [Document(str(path), TEXT, Facts(title="a"), 1)]


def test_each_bad_line_is_told_with_its_number_and_the_others_are_read(article, store, rows):
    path = article(
        lines(ARTICLE, '{"text": ', "", [1], {"title": "둑"}, {"text": " "}, "[" * 100_000)
        + b'{"text": "\xff\xfe\x00\x01"}\n'
        + lines(ARTICLE | {"text": TEXT + " 끝."}),
        "corpus.jsonl",
    )
    result = ingest(store, [str(path)])
    assert [failure.partition(" (")[0] for failure in result.failures[:5]] == [
        f"{path}, line 2: this is not JSON",
        f"{path}, line 4: there is no object with an article here",
        f"{path}, line 5: there is no text here; the fields are title",
        f"{path}, line 6: there is no text here; the fields are text",
        f"{path}, line 7: this is not JSON",
    ]
    assert result.failures[5].startswith(f"{path}, line 8: ")
    assert len(result.failures) == 6
    assert rows("select title, text, published_on from articles") == [
        {"title": "둑", "text": TEXT, "published_on": "2024-12-17"},
        {"title": "둑", "text": TEXT + " 끝.", "published_on": "2024-12-17"},
    ]


def test_a_mapped_field_that_is_not_there(article):
    path = article(lines({"a": TEXT}), "corpus.jsonl")
    assert read(path, fields={"text": "b"}) == [
        f"{path}, line 1: there is no field 'b'; the fields are a"
    ]


def test_a_line_too_long_is_passed_over(article, monkeypatch):
    monkeypatch.setattr("claims.sources.corpora.LARGEST", 200)
    path = article(lines("x" * 1000, ARTICLE), "corpus.jsonl")
    first, second = read(path)
    assert first.startswith(f"{path}, line 1: this line is longer than")
    assert (second.content, second.line) == (TEXT, 2)


def test_html_in_a_field(article):
    page = f"<p>{TEXT}</p><p>둘째.</p>"
    path = article(lines({"text": page, "title": "둑"}), "corpus.jsonl")
    assert read(path) == [Document(str(path), f"{TEXT}\n\n둘째.", Facts(title="둑"), 1)]


def test_the_export_goes_back_in(article):
    claim = {"text": "둑을 다시 쌓겠다", "speaker": "최도현", "start": 3, "role": None}
    path = article(lines(claim), "claims.jsonl")
    assert read(path) == [
        Row(str(path), 1, {"text": "둑을 다시 쌓겠다", "speaker": "최도현", "start": "3"})
    ]


@pytest.mark.parametrize("whole", [[ARTICLE, 5, ARTICLE], ARTICLE])
def test_json_has_one_article_or_a_list_of_them(article, whole):
    path = article(json.dumps(whole), "corpus.json")
    facts = Facts(title="둑", outlet="한빛일보", published_on="2024-12-17")
    found = [Document(str(path), TEXT, facts, line) for line in (1, 3)]
    if whole is ARTICLE:
        assert read(path) == found[:1]
    else:
        bad = f"{path}, line 2: there is no object with an article here"
        assert read(path) == [found[0], bad, found[1]]


# -- tables

TABLES = {
    "commas": f'title,body,언론사\n둑,"{TEXT}",한빛일보\n',
    "tabs": f"Title\tBody\t언론사\n둑\t{TEXT}\t한빛일보\n",
    "a speaker-like column of another name": f"headline;text;media\n둑;{TEXT};한빛일보\n",
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
def test_a_table_of_articles(article, table, encoding):
    path = article(table.encode(encoding), "corpus.tsv")
    assert read(path) == [Document(str(path), TEXT, Facts(title="둑", outlet="한빛일보"), 2)]


def test_a_bad_row_of_a_table_of_articles(article):
    path = article(f"title,text\n둑,\n둑,a,b\n둑,{TEXT}\n", "corpus.csv")
    first, second, third = read(path)
    assert first.startswith(f"{path}, line 2: there is no text here; the fields are title, text")
    assert second.startswith(f"{path}, line 3: there are 3 cells for 2 columns")
    assert third == Document(str(path), TEXT, Facts(title="둑"), 4)


def test_a_table_with_a_column_that_is_told(article):
    path = article(f"a,b\n1,{TEXT}\n", "corpus.csv")
    assert read(path, fields={"text": "b"}) == [Document(str(path), TEXT, Facts(), 2)]


# -- packed


def zst(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


PACKED = {".gz": gzip.compress, ".bz2": bz2.compress, ".zst": zst}


@pytest.mark.parametrize(("suffix", "pack"), PACKED.items())
def test_packed_files(article, suffix, pack):
    corpus = article(pack(lines(ARTICLE)) + pack(lines(ARTICLE)), f"corpus.jsonl{suffix}")
    assert [(d.content, d.line) for d in read(corpus)] == [(TEXT, 1), (TEXT, 2)]
    page = article(pack(f"<html><p>{TEXT}</p>".encode()), f"page.HTML{suffix}")
    assert read(page) == [Document(str(page), TEXT)]


@pytest.mark.parametrize(("suffix", "pack"), PACKED.items())
def test_packed_files_that_break_off(article, suffix, pack):
    path = article(pack(lines(ARTICLE) * 50_000)[:-30], f"corpus.jsonl{suffix}")
    *documents, last = read(path)
    assert last.startswith(f"{path}: this is packed wrongly or breaks off (")
    assert {document.content for document in documents} <= {TEXT}


@pytest.mark.parametrize(("suffix", "pack"), PACKED.items())
def test_packed_wrongly(article, suffix, pack):
    path = article(b"no such thing, at all", f"corpus.jsonl{suffix}")
    (sentence,) = read(path)
    assert sentence.startswith(f"{path}: this is packed wrongly or breaks off (")


@pytest.mark.parametrize("filling", [b"\n", b" ", b"x", b"{}\n"])
@pytest.mark.parametrize(("suffix", "pack"), PACKED.items())
def test_bombs(article, monkeypatch, suffix, pack, filling):
    monkeypatch.setattr(packed, "_LEAST", 100_000)
    monkeypatch.setattr("claims.sources.corpora.LARGEST", 10_000)
    path = article(pack(filling * (3_000_000 // len(filling))), f"corpus.jsonl{suffix}")
    unpacked = 0
    count = packed._Bound.count

    def counting(self: packed._Bound, size: int, name: str) -> None:
        nonlocal unpacked
        unpacked += size
        count(self, size, name)

    monkeypatch.setattr(packed._Bound, "count", counting)
    *_, last = read(path)
    assert last == f"{path}: this unpacks to far more than any text would; not read on"
    assert unpacked < 100_000 + 100 * path.stat().st_size + 1_000_000


def test_a_packed_text_too_large(article, monkeypatch):
    monkeypatch.setattr("claims.sources.LARGEST", 1000)
    path = article(gzip.compress(b"x" * 5000), "page.txt.gz")
    (sentence,) = read(path)
    assert sentence.startswith(f"{path}: this is larger than")


# -- archives and folders


@pytest.fixture
def archive(tmp_path):
    def write(**files: bytes) -> Path:
        path = tmp_path / "news.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packing:
            for name, data in files.items():
                packing.writestr(name, data)
        return path

    return write


def test_an_archive_gives_its_files_by_name(archive):
    files = {
        "b/page.html": f"<html><p>{TEXT}</p>".encode(),
        "a.txt": TEXT.encode("cp949"),
        "c/corpus.jsonl": lines(ARTICLE, "{"),
        "d.csv": f"title,text\n둑,{TEXT}\n".encode(),
        "e.png": b"\x89PNG",
        ".hidden.txt": b"x",
        "__MACOSX/a.txt": b"x",
        "../../f.txt": TEXT.encode(),
    }
    path = archive(**files)
    first, *others = read(path)
    assert (first.source, first.content) == (f"{path}/../../f.txt", TEXT)
    assert [o if isinstance(o, str) else (o.source, o.line) for o in others] == [
        (f"{path}/a.txt", None),
        (f"{path}/b/page.html", None),
        (f"{path}/c/corpus.jsonl", 1),
        f"{path}/c/corpus.jsonl, line 2: this is not JSON "
        "(Expecting property name enclosed in double quotes: line 2 column 1 (char 2))",
        (f"{path}/d.csv", 2),
    ]


def test_an_archive_in_an_archive_is_not_opened(archive):
    path = archive(**{"inner.zip": b"PK", "corpus.jsonl.gz": gzip.compress(lines(ARTICLE))})
    assert read(path) == [
        f"{path}/corpus.jsonl.gz: packed files inside an archive are not read; unpack it first",
        f"{path}/inner.zip: packed files inside an archive are not read; unpack it first",
    ]


def test_an_archive_that_is_a_bomb(archive, monkeypatch):
    monkeypatch.setattr(packed, "_LEAST", 100_000)
    path = archive(**{f"{n}.txt": b"x" * 900_000 for n in range(5)})
    found = read(path)
    assert found[-1].endswith(": this unpacks to far more than any text would; not read on")


def test_an_archive_with_too_many_files(archive, monkeypatch):
    monkeypatch.setattr(packed, "_MOST_MEMBERS", 2)
    path = archive(**{f"{n}.txt": b"x" for n in range(3)})
    assert read(path) == [f"{path}: there are more than 2 files in it"]


def test_an_archive_that_is_none(article):
    (sentence,) = read(article(b"PK\x03\x04 and no more", "news.zip"))
    assert "this is no zip archive that can be read" in sentence


def test_an_archive_without_texts(archive):
    path = archive(**{"e.png": b"x"})
    assert read(path) == [f"{path}: there is nothing in it that can be read"]


def test_an_archive_with_a_password(archive):
    path = archive(**{"a.txt": TEXT.encode(), "b.txt": TEXT.encode()})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flags of the first file
    path.write_bytes(data)
    first, second = read(path)
    assert first == f"{path}/a.txt: this needs a password; unzip it"
    assert second.content == TEXT


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_archive_is_documents_and_sentences(tmp_path_factory, data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packing:
        packing.writestr("a.txt", TEXT)
        packing.writestr("b.jsonl", lines(ARTICLE))
    damaged = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "news.zip"
    path.write_bytes(damaged)
    assert all(isinstance(item, Document | SourceError) for item in read_source(str(path)))


def test_a_folder_of_all_kinds(article, tmp_path):
    article(f"<html><p>{TEXT}</p>", "news/a.html")
    article(gzip.compress(lines(ARTICLE)), "news/b.jsonl.gz")
    article(f"title,text\n둑,{TEXT}\n", "news/c.csv")
    article(b"\x89PNG", "news/d.png")
    assert [item.content for item in read(tmp_path / "news")] == [TEXT] * 3


# -- what is told


def test_the_form_can_be_told(article):
    path = article(lines(ARTICLE), "corpus.txt")
    assert read(path, form="jsonl")[0].content == TEXT
    assert read(path, form="text")[0].content == lines(ARTICLE).decode()


@pytest.mark.parametrize("name", ["corpus.txt", "corpus", "corpus.gz"])
@pytest.mark.parametrize(
    "data",
    [
        lines(ARTICLE, {**ARTICLE, "title": "길"}),
        b"\xef\xbb\xbf" + lines(ARTICLE, {**ARTICLE, "title": "길"}),
        json.dumps([ARTICLE, {**ARTICLE, "title": "길"}], indent=1).encode(),
    ],
)
def test_json_is_told_by_what_it_is_not_by_its_name(article, name, data):
    path = article(gzip.compress(data) if name.endswith(".gz") else data, name)
    assert [item.facts.title for item in read(path)] == ["둑", "길"]


def test_a_single_object_over_many_lines_is_no_json_lines(article):
    path = article(json.dumps(ARTICLE, indent=1), "article")
    assert [item.content for item in read(path)] == [TEXT]


def test_the_command_line_maps_fields(run, article, rows):
    path = article(lines({"b": TEXT, "when": "2024-12-17"}), "corpus.data")
    words = ("--format", "jsonl", "--map", "text=b", "--map", "published_on=when", "-q")
    result = run("ingest", path, *words)
    assert (result.exit_code, result.output) == (0, "")
    assert rows("select text, published_on from articles") == [
        {"text": TEXT, "published_on": "2024-12-17"}
    ]


@pytest.mark.parametrize("words", ["b", "what=b", "text="])
def test_a_map_that_is_none(run, article, words):
    result = run("ingest", article(TEXT), "--map", words)
    assert result.exit_code == 2
    assert "--map" in result.stderr


def test_a_corpus_comes_by_standard_input(run, rows):
    assert run("ingest", "-", "--format", "jsonl", "-q", stdin=lines(ARTICLE)).exit_code == 0
    assert rows("select title from articles") == [{"title": "둑"}]


def test_a_corpus_on_the_web(web, fetcher):
    url = web.page("/corpus.jsonl", lines(ARTICLE), "application/octet-stream")
    (document,) = read(url, fetcher=fetcher)
    assert (document.content, document.line) == (TEXT, 1)
