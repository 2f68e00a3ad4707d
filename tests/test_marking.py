"""The article page's text: every claim begins and ends with a piece, and nothing else is lost."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import news_database

from claims.marking import article_page, marked
from claims.models import Span

TEXT = "one two three\n\nfour five"


def shape(spans: dict[int, Span], text: str = TEXT) -> list[list[tuple[str, tuple[int, ...]]]]:
    return [[(piece.text, piece.claims) for piece in line] for line in marked(text, spans)]


def test_a_text_without_claims_is_its_paragraphs():
    assert shape({}) == [[("one two three", ())], [("four five", ())]]


def test_a_claim_is_a_piece_of_its_own():
    assert shape({7: Span(4, 7)})[0] == [("one ", ()), ("two", (7,)), (" three", ())]


def test_a_claim_inside_another_is_inside_it():
    assert shape({1: Span(0, 13), 2: Span(4, 7)})[0] == [
        ("one ", (1,)),
        ("two", (1, 2)),
        (" three", (1,)),
    ]


def test_claims_that_overlap_share_the_words_between():
    assert shape({1: Span(0, 7), 2: Span(4, 13)})[0] == [
        ("one ", (1,)),
        ("two", (1, 2)),
        (" three", (2,)),
    ]


def test_a_claim_over_two_paragraphs_is_marked_in_both_and_begins_once():
    lines = marked(TEXT, {1: Span(8, 19)})
    assert [(piece.text, piece.first, piece.last) for line in lines for piece in line] == [
        ("one two ", frozenset(), frozenset()),
        ("three", frozenset({1}), frozenset()),
        ("four", frozenset(), frozenset({1})),
        (" five", frozenset(), frozenset()),
    ]


def test_two_claims_with_the_same_words_are_both_there():
    assert shape({1: Span(0, 3), 2: Span(0, 3)})[0][0] == ("one", (1, 2))


@given(
    text=st.text(alphabet="가나 a\n\r\t\u2028", min_size=1, max_size=40),
    data=st.data(),
)
def test_any_text_with_any_claims_keeps_its_words_and_marks_each_claim_once(text, data):
    offsets = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(offsets, offsets), max_size=5))
    spans = {
        key: Span(min(pair), max(pair)) for key, pair in enumerate(pairs) if pair[0] != pair[1]
    }
    pieces = [piece for line in marked(text, spans) for piece in line]
    assert "".join("".join(piece.text for piece in pieces).split()) == "".join(text.split())
    for key, span in spans.items():
        words = "".join(span.of(text).split())
        assert "".join("".join(p.text for p in pieces if key in p.claims).split()) == words
        if words:
            assert sum(key in piece.first for piece in pieces) == 1
            assert sum(key in piece.last for piece in pieces) == 1


@pytest.fixture
def connection(tmp_path):
    connection = sqlite3.connect(news_database(tmp_path / "claims.db"))
    yield connection
    connection.close()


def test_a_page_has_the_article_with_its_outlet_and_its_claims_in_order(connection):
    page = article_page(connection, 1)
    assert (page.article["outlet"], page.article["later_id"]) == ("한빛일보", None)
    assert [
        (claim["number"], claim["speaker"], claim["via"], claim["text"]) for claim in page.claims
    ] == [
        (1, "박서준", None, "시장 금리가 올라 어쩔 수 없다"),
        (2, "해안통신", "해안통신", "나라은행도 금리를 올린다"),
    ]


def test_an_article_that_is_not_there_is_none(connection):
    assert article_page(connection, 99) is None
