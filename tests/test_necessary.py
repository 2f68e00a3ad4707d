"""What a pattern can't fit without: nothing is told that isn't so."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.necessary import bits, endings, lacks, masks, needed


@pytest.mark.parametrize(
    ("pattern", "ends", "others"),
    [
        ("말했다|말했고", {"했다", "했고"}, set()),
        (r"\S*(?:총재|의원)들?", {"총재", "의원", "재들", "원들"}, set()),
        (r"(?!x)[a-c]?[de](?=$)", {"ad", "bd", "cd", "ae", "be", "ce", "d", "e"}, set()),
        (r"ab*", {"a", "b"}, set()),
        (r"(?:ab)+", {"ab"}, set()),
        (r"\d+일$", {"일"}, set()),
        (r"(?:말했다|유엔\S{2,})", {"했다"}, {"유"}),
        (r"[가-힣]+", set(), None),
        (r"(?i:it)", set(), None),
        (r"(?:a|[^b])", set(), None),
        ("", set(), None),
    ],
)
def test_what_texts_that_fit_a_pattern_end_in_or_have(pattern, ends, others):
    assert endings(pattern) == (ends, others)


@pytest.mark.parametrize(
    ("pattern", "sets"),
    [
        ("Y[^Q]*[VJ]|W", [{"Y", "W"}]),
        ("Y[^Q]*[VJ]", [{"Y"}, {"V", "J"}]),
        ("(?P<a>T)(?=x)b?(?!c)", [{"T"}, {"x"}]),
        ("(?:ab)*c{2}", [{"c"}]),
        (".*", []),
        ("(?i:a)", []),
    ],
)
def test_what_every_text_has_that_a_pattern_fits_in(pattern, sets):
    assert sorted(map(sorted, needed(pattern))) == sorted(map(sorted, sets))


# Patterns over three letters, of all that language data is written in.
one = st.sampled_from(["a", "b", "c", "[ab]", "[^a]", ".", r"\w", "(?=b)", "(?!c)", "(?<=a)", "$"])
patterns = st.recursive(
    one,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: f"(?:{'|'.join(some)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "++", "{0,2}?"])).map(
            lambda both: f"(?:{both[0]}){both[1]}"
        ),
        inner.map(lambda some: f"(?>{some})"),
    ),
    max_leaves=6,
)


@given(patterns, st.text("abc", max_size=6))
def test_nothing_is_told_of_a_pattern_that_isnt_so(pattern, text):
    compiled = re.compile(pattern, re.MULTILINE)
    if compiled.fullmatch(text):
        ends, others = endings(pattern)
        fits_otherwise = others is None or not others.isdisjoint(text)
        assert fits_otherwise or text[-2:] in ends or text[-1:] in ends
    if compiled.search(text):
        assert all(not some.isdisjoint(text) for some in needed(pattern))
        assert not lacks(bits(text), masks(compiled))
