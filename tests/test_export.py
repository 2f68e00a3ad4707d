"""Exports: the contract's columns, values exactly as they are, and the way back in."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.columns import EXPORT_COLUMNS
from claims.export import json_line, write_csv, write_jsonl
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
