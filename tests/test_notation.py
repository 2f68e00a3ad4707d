"""The notation of language data: what is written in a shorter way matches the same."""

from __future__ import annotations

import re
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.notation import Endings, Words, any_of

words = st.lists(st.text("ab.(", min_size=1, max_size=5), min_size=1, max_size=8, unique=True)


@pytest.mark.parametrize(
    ("listed", "pattern"),
    [
        (["said"], "said"),
        (["say", "says", "said"], "sa(?:y(?:s)?|id)"),
        (["말했다", "말했고", "강조했다"], "말했(?:다|고)|강조했다"),
    ],
)
def test_what_words_begin_with_alike_is_written_once(listed, pattern):
    assert any_of(listed) == pattern


@given(words, st.text("ab.(", max_size=12), st.sampled_from(["", "a", "$", r"\."]))
def test_any_of_some_words_is_the_longest_that_lets_the_rest_fit(listed, text, rest):
    plain = "|".join(re.escape(word) for word in sorted(listed, key=len, reverse=True))
    spans = [
        [found.span() for found in re.finditer(f"(?:{pattern}){rest}", text)]
        for pattern in (plain, any_of(listed))
    ]
    assert spans[0] == spans[1]


def test_the_first_class_that_holds_a_word_gives_its_tag_however_often_it_is_asked():
    known = Words()
    known.add("a", ["Mara"], None, fold=False, letters=False)
    known.add("b", [], re.compile("M.*"), fold=False, letters=False)
    known.add("c", ["moor"], None, fold=True, letters=False)
    asked = ["Mara", "Moor", "moor", "nobody"] * 2
    assert [known.tag(word) for word in asked] == ["a", "b", "c", ""] * 2


@given(st.lists(st.text("가강나ab\u0301", min_size=1, max_size=4), max_size=9))
def test_a_word_has_the_tag_of_the_first_pattern_that_fits(some):
    classes = [
        ("1", "강+|나b", False),
        ("2", normalize("NFD", "나*나|.*가") + "|.*\u11bc", True),
        ("3", "(?:a|나)[a-z]|.{3}", False),
        ("4", r"\S*b?", False),
    ]
    known = Words()
    for tag, pattern, letters in classes:
        known.add(tag, [], re.compile(pattern, re.MULTILINE), fold=False, letters=letters)
    for word in some:
        fitting = (
            tag
            for tag, pattern, letters in classes
            if re.fullmatch(pattern, normalize("NFD", word) if letters else word, re.MULTILINE)
        )
        assert known.tag(word) == next(fitting, "")


def test_an_ending_is_found_where_a_word_has_more_before_it():
    known = Endings([("T", re.compile("(?:은|는)$")), ("S", re.compile("(?:이|가)$"))])
    assert [known.find(word) for word in ("총재는", "총재가", "총재", "는", "")] == [
        (2, "T"), (2, "S"), None, None, None
    ]  # fmt: skip
    assert [known.tag(word) for word in ("는", "가", "총재는")] == ["T", "S", None]
