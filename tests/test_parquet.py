"""Parquet files of articles and of claims, in the shapes that data sets have."""

from __future__ import annotations

import datetime
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.errors import SourceError
from claims.ingest import ingest
from claims.models import Document, Facts
from claims.sources import columnar, packed, read_source
from claims.sources.columnar import read_parquet
from claims.sources.reading import Reading

TEXT = "최도현 교수는 “둑을 다시 쌓겠다”고 말했다."
FACTS = Facts("둑", "김하늘", "한빛일보", "2024-12-17", "https://hanbit.example/1", "ko")


def table(columns: dict[str, object] | pa.Table, **options: object) -> bytes:
    output = io.BytesIO()
    made = columns if isinstance(columns, pa.Table) else pa.table(columns)
    pq.write_table(made, output, **options)
    return output.getvalue()


def read(data: bytes, **fields: str) -> list[object]:
    return [
        str(item) if isinstance(item, SourceError) else item
        for item in read_parquet(io.BytesIO(data), "x.parquet", fields)
    ]


DAY = datetime.date(2024, 12, 17)
NOON = datetime.datetime(2024, 12, 17, 12, 0)
DATES = {
    "text": pa.array(["2024-12-17"]),
    "days": pa.array([DAY]),
    "times": pa.array([NOON], pa.timestamp("us")),
    "times to the nanosecond": pa.array([NOON], pa.timestamp("ns")),
    "times of a zone": pa.array([NOON], pa.timestamp("ms", "Asia/Seoul")),
    "numbers": pa.array([20241217]),
    "dictionaries": pa.array(["2024-12-17"]).dictionary_encode(),
}


@pytest.mark.parametrize("date", DATES.values(), ids=DATES)
def test_dates_as_they_come(date):
    columns = {"text": [TEXT], "title": ["둑"], "date": date}
    assert read(table(columns)) == [
        Document("x.parquet", TEXT, Facts(title="둑", published_on="2024-12-17"), 1)
    ]


SHAPES = {
    "a list of authors": {"authors": [["김하늘"]], "publisher": ["한빛일보"]},
    "objects": {"author": [{"name": "김하늘"}], "publisher": [{"name": "한빛일보", "id": 7}]},
    "objects in lists": {"authors": [[{"name": "김하늘", "url": None}]], "outlet": ["한빛일보"]},
    "bytes": {"author": [bytes("김하늘", "utf-8")], "outlet": [bytes("한빛일보", "utf-8")]},
    "capitals": {"Author": ["김하늘"], " OUTLET ": ["한빛일보"]},
    "columns that nobody asked for": {
        "author": ["김하늘"], "outlet": ["한빛일보"], "embedding": [[0.5, 0.25]], "n": [1e400]
    },
}  # fmt: skip


@pytest.mark.parametrize("columns", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "gzip", "brotli"])
def test_articles_in_every_shape(columns, compression):
    rest = {"headline": ["둑"], "body": pa.array([TEXT], pa.large_string()), "published": [DAY],
            "url": ["https://hanbit.example/1"], "lang": ["ko"]}  # fmt: skip
    data = table({**columns, **rest}, compression=compression)
    assert read(data) == [Document("x.parquet", TEXT, FACTS, 1)]


def test_columns_by_other_names_and_rows_without_text():
    columns = {"story": [TEXT, None, " "], "Kopf": ["둑", "x", "y"], "text": ["a", "b", "c"]}
    assert read(table(columns), text="story", title="kopf") == [
        Document("x.parquet", TEXT, Facts(title="둑"), 1),
        "x.parquet, line 2: there is no field 'story'; the fields are Kopf, text",
        "x.parquet, line 3: there is no text here; the fields are story, Kopf, text "
        "(--map text=FIELD tells which has it)",
    ]


def test_a_table_of_something_else():
    with pytest.raises(SourceError, match=r"x.parquet: a table of claims needs .* are a, b$"):
        read(table({"a": [1], "b": [2]}))


def test_the_export_goes_back_in(article, run, tmp_path, db_path):
    page = article(f"둑\n\n한빛일보 김하늘 기자\n입력 2024-12-17 09:00\n\n{TEXT}")
    assert run("ingest", page, "--url", "https://hanbit.example/1", "-q").exit_code == 0
    for form in ("csv", "jsonl", "parquet"):
        out, other = tmp_path / f"claims.{form}", tmp_path / f"{form}.db"
        run("export", "--format", form, "--output", out)
        assert run("ingest", out, "--db", other, "-q").output == ""
        first, again = (
            [json.loads(line) for line in run("export", "--db", db).stdout.splitlines()]
            for db in (db_path, other)
        )
        whole = [claim | {"start": 0, "end": len(claim["text"])} for claim in first]
        assert again == whole != []


def test_groups_of_rows_and_files_in_zips(article, tmp_path, store, rows):
    columns = {"text": [f"{TEXT} {n}" for n in range(25)], "title": [str(n) for n in range(25)]}
    data = table(columns, row_group_size=10)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.parquet", data)
    for path in (article(data, "a.parquet"), article(data, "no suffix"), tmp_path / "a.zip"):
        found = list(read_source(str(path)))
        assert [(item.facts.title, item.line) for item in found] == [
            (str(n), n + 1) for n in range(25)
        ]
    assert ingest(store, [str(tmp_path / "a.parquet")]).failures == []
    assert len(rows("select id from articles")) == 25


def test_a_file_on_the_web(web, fetcher):
    url = web.page(
        "/a.parquet", table({"text": [TEXT], "title": ["둑"]}), "application/octet-stream"
    )
    (document,) = read_source(url, Reading(fetcher=fetcher))
    assert document.content == TEXT


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"\x00" * 99 + b"PAR1", b"text"])
def test_what_is_no_such_file(data):
    with pytest.raises(SourceError, match=r"x.parquet: this is no Parquet file"):
        read(data)


def test_a_broken_group_keeps_no_other_out():
    columns = {"text": [f"{TEXT} {n}" for n in range(30)], "title": [str(n) for n in range(30)]}
    data = bytearray(table(columns, row_group_size=10, compression="zstd", use_dictionary=False))
    column = pq.ParquetFile(io.BytesIO(bytes(data))).metadata.row_group(1).column(0)
    start = column.data_page_offset
    data[start : start + 60] = b"\xff" * 60
    found = read(bytes(data))
    assert [item.line for item in found if isinstance(item, Document)] == [
        *range(1, 11), *range(21, 31),
    ]  # fmt: skip
    (sentence,) = [item for item in found if isinstance(item, str)]
    assert sentence.startswith("x.parquet, row 11: from here to the end of its group")


def test_bombs_are_not_unpacked(monkeypatch):
    monkeypatch.setattr(packed, "_LEAST", 100_000)
    spaces = ["x" + " " * 100_000 + str(n) for n in range(100)]
    data = table({"text": spaces, "title": spaces}, compression="zstd", use_dictionary=False)
    with pytest.raises(SourceError, match="far more than any text"):
        read(data)


def test_one_long_text_named_by_many_rows_is_unpacked_few_rows_at_a_time(monkeypatch):
    monkeypatch.setattr(columnar, "_AT_ONCE", 100_000)
    text = f"{TEXT} " + "x" * 20_000
    seen = []

    def batches(self, size, *rest, **options):
        seen.append(size)
        return whole(self, size, *rest, **options)

    whole = pq.ParquetFile.iter_batches
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", batches)
    found = read(table({"text": [text] * 500, "title": ["둑"] * 500}))
    assert len(found) == 500
    assert seen == [4]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8))
def test_whatever_is_changed_in_a_file_it_is_told_in_sentences(changes):
    columns = {"text": [f"{TEXT} {n}" for n in range(20)], "title": [["a"], None] * 10}
    changed = bytearray(table(columns, row_group_size=5))
    for place, byte in changes:
        changed[int(place * len(changed))] = byte
    try:
        found = read(bytes(changed))
    except SourceError as error:
        found = [str(error)]
    assert all(not isinstance(item, str) or item.startswith("x.parquet") for item in found)
