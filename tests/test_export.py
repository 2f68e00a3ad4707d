"""Exports: the contract's columns, values exactly as they are, and the way back in."""

from __future__ import annotations

import csv
import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.columns import EXPORT_COLUMNS
from claims.export import json_line, write_csv, write_jsonl, write_parquet
from claims.models import Article, Claim, Extraction, Speaker

TEXT = '=1+1, "둑"\n은 <b>낮다</b>\u202e\x1b[31m'
CLAIM = Claim(
    text=TEXT,
    kind="mixed",
    speaker=Speaker("윤서연", "anonymous"),
    start=0,
    end=len(TEXT),
    language="ko",
    rule="ko: topic",
    confidence=0.75,
    said_on_text="16일",
)
ROW = {
    "id": 1,
    "text": TEXT,
    "kind": "mixed",
    "speaker": "윤서연",
    "role": None,
    "organization": None,
    "outlet": None,
    "via": None,
    "said_on": None,
    "said_on_text": "16일",
    "published_on": None,
    "article_url": None,
    "article_title": None,
    "start": 0,
    "end": len(TEXT),
    "cue": None,
    "status": "suggested",
    "confidence": 0.75,
    "rule": "ko: topic",
    "speaker_kind": "anonymous",
    "language": "ko",
    "modified_on": None,
}


@pytest.fixture
def saved(store):
    store.save(Extraction(Article(text=TEXT, language="ko"), (CLAIM,)), store.start_ingest("x"))
    return store


def test_the_columns_are_a_contract():
    assert tuple(ROW) == EXPORT_COLUMNS


def test_a_claim_as_a_line_of_json(saved):
    output = io.StringIO()
    assert write_jsonl(saved.claims(), output) == 1
    assert json.loads(output.getvalue()) == ROW
    assert output.getvalue().count("\n") == 1


def test_json_is_readable_but_can_not_command_a_terminal():
    line = json_line({"text": "둑 “쌓겠다”\u202e\x1b\x9b\u2028"})
    assert line == '{"text": "둑 “쌓겠다”\\u202e\\u001b\\u009b\\u2028"}'


@given(st.text())
def test_json_gives_back_any_text(text):
    line = json_line({"text": text})
    assert json.loads(line) == {"text": text}
    assert len(line.splitlines()) == 1


def test_a_claim_as_a_row_of_csv(saved):
    output = io.StringIO(newline="")
    assert write_csv(saved.claims(), output) == 1
    (row,) = csv.DictReader(io.StringIO(output.getvalue(), newline=""))
    assert row == {key: "" if value is None else str(value) for key, value in ROW.items()}


def test_a_database_without_claims_has_a_header_only(store):
    output = io.StringIO(newline="")
    assert write_csv(store.claims(), output) == 0
    assert output.getvalue() == ",".join(EXPORT_COLUMNS) + "\r\n"
    assert write_jsonl(store.claims(), io.StringIO()) == 0


def test_claims_of_one_article_or_one_claim(saved):
    assert list(saved.claims(article_ids=[1])) == [ROW]
    assert list(saved.claims(article_ids=[2])) == []
    assert list(saved.claims(claim_ids=[1])) == [ROW]
    assert list(saved.claims(claim_ids=[])) == []


def test_a_claim_in_a_parquet_file(saved, run, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="comes with the parquet extra")
    output = tmp_path / "claims.parquet"
    done = run("export", "--format", "parquet", "--output", output)
    assert (done.exit_code, done.stderr) == (0, f"Wrote 1 claim to {output}.\n")
    assert parquet.read_table(output).to_pylist() == [ROW]
    to_a_pipe = run("export", "--format", "parquet")
    assert parquet.read_table(io.BytesIO(to_a_pipe.stdout_bytes)).to_pylist() == [ROW]


def test_the_types_in_parquet_are_those_of_the_schema(store, rows):
    parquet = pytest.importorskip("pyarrow.parquet", reason="comes with the parquet extra")
    output = io.BytesIO()
    assert write_parquet(store.claims(), output) == 0
    written = {field.name: str(field.type) for field in parquet.read_schema(output)}
    declared = {row["name"]: row["type"] for row in rows("pragma table_info(claims_browse)")}
    names = {"INTEGER": "int64", "REAL": "double", "TEXT": "string"}
    assert written == {column: names[declared[column]] for column in EXPORT_COLUMNS}


def test_parquet_comes_in_groups_of_rows(monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet", reason="comes with the parquet extra")
    monkeypatch.setattr("claims.export._ROW_GROUP", 3)
    output = io.BytesIO()
    wanted = [{**ROW, "id": number} for number in range(1, 8)]
    assert write_parquet(iter(wanted), output) == 7
    assert parquet.ParquetFile(output).num_row_groups == 3
    assert parquet.read_table(output).to_pylist() == wanted


def test_without_pyarrow_the_extra_is_named(saved, run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = run("export", "--format", "parquet", "--output", tmp_path / "claims.parquet")
    assert done.exit_code == 1
    assert done.stderr.endswith("get it with: pip install 'claims[parquet]'\n")
