"""Full-text search: what a person types finds the rows that hold it, and no text breaks it."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.opening import schema_statements
from claims.search import index_terms, match_terms

TEXTS = {
    1: "국민은행이 ‘코로나19’ 뒤 3분기에 KB국민은행으로 바뀌었다.",
    2: "The U.S. follow-up plan, he said, won’t cost €5m; the banks’ rates will rise.",
    3: "中国人民银行が金利を上げた",
    4: "대한민국임시정부수립기념행사추진위원회는 말을 아꼈다",
}


def index(texts):
    connection = sqlite3.connect(":memory:")
    for statement in schema_statements():
        if "virtual table claims_fts" in statement:
            connection.execute(statement)
    connection.executemany(
        "insert into claims_fts (rowid, terms) values (?, ?)",
        [(row_id, index_terms(text)) for row_id, text in texts.items()],
    )

    def found(match):
        query = "select rowid from claims_fts where claims_fts match ? order by rowid"
        return [row[0] for row in connection.execute(query, (match,))]

    return found


FOUND = index(TEXTS)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("은행", [1]),
        ("국민은행 코로나19", [1]),
        ("kb국민은행으로", [1]),
        ("3분기", [1]),
        ("U.S.", [2]),
        ("follow-up", [2]),
        ("follow up", [2]),
        ("FOLLOW", [2]),
        ("bank rate", [2]),
        ("won't", [2]),
        ('"follow-up plan"', [2]),
        ("人民银行", [3]),
        ("임시정부수립기념행사추진위원", [4]),
        ("임시정부수립기념행사추진위원장", []),
        ("은행 plan", []),
        ("“”", []),
        ("", []),
    ],
)
def test_what_a_person_types(query, ids):
    assert FOUND(match_terms(query)) == ids


@pytest.mark.parametrize(
    ("word", "ids"), [("국민은행", [1]), ("U.S", [2]), ("follow-up", [2]), ("€5m", []), ("?!", [])]
)
def test_plain_datasette_quotes_each_word_and_finds_it_too(word, ids):
    assert FOUND(f'"{word}"') == ids


@given(st.text(max_size=80), st.data())
def test_every_word_of_a_text_finds_it_and_no_query_is_an_error(text, data):
    found = index({7: text})
    words = text.split()
    asked = data.draw(st.lists(st.sampled_from(words), max_size=3)) if words else []
    match = match_terms(" ".join(asked))
    assert found(match) == ([7] if match != '""' else [])
