"""Blocks, quotations and sentences: where a page's prose is, with offsets."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claims.languages import rules_for
from claims.segments import read_page


def blocks(text: str, language: str = "ko") -> list[str]:
    return [block.of(text) for block in read_page(text, rules_for(language)).blocks]


def quotations(text: str, language: str = "ko") -> list[str]:
    page = read_page(text, rules_for(language))
    return [one.inner.of(text) for sentence in page.sentences for one in sentence.quotations]


SHORT_NEWS = """\
한울시, 내년 봄 강변 산책로 열기로…주민들 "오래 기다렸다" 반겨
서다온 한울시장은 3일 시청에서 "산책로를 봄에 열겠다"고 말했다.
환경단체는 "새들이 쉴 곳이 먼저"라며 공사를 늦추라고 요구했다.
시는 이달 안에 주민 설명회를 두 차례 열고 의견을 듣는다.
[한울신문] 무단 전재 및 재배포 금지
"""

WRAPPED = """\
The council said on Monday that the footbridge over the mill stream
would stay closed until the spring, since two of its beams had been
found to be rotten.

"We will not take risks," said Ines Vole, who is in charge of the
bridges of the district.
"""


def test_paragraphs_on_lines_of_their_own_stay_apart():
    assert blocks(SHORT_NEWS) == SHORT_NEWS.splitlines()[1:4]


def test_lines_wrapped_by_hand_are_one_paragraph():
    first, second = WRAPPED.strip().split("\n\n")
    assert blocks(WRAPPED, "en") == [first, second]


def test_a_headline_above_one_paragraph_is_not_part_of_it():
    text = "A headline that is nearly as wide as the text\nThe text says that it rains today.\n"
    assert blocks(text, "en") == ["The text says that it rains today."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('그는 "가자"고 말했다.', ["가자"]),
        ("그는 “가자”고 말했다.", ["가자"]),
        ("그는 「가자」고 말했다.", ["가자"]),
        ("그는 \"'가자'는 말뿐\"이라고 했다.", ["'가자'는 말뿐"]),
        # A lost closing mark spoils its own paragraph and no other.
        ('그는 "가자고 말했다.\n그녀는 "오자"고 말했다.', ["오자"]),
    ],
)
def test_quotation_marks_are_paired_inside_their_paragraph(text, expected):
    assert quotations(text) == expected


def test_sentences_written_on_to_one_another_are_sentences():
    text = (
        '한울시가 3일 예산안을 냈다.한울환경연대는 "너무 적다"고 말했다."늘려야 한다"는 말도 했다.'
        "시는 v2.다음 판과 1.5배를 적었다고 답했다."
    )
    page = read_page(text, rules_for("ko"))
    assert [sentence.span.of(text) for sentence in page.sentences] == [
        "한울시가 3일 예산안을 냈다.",
        '한울환경연대는 "너무 적다"고 말했다.',
        '"늘려야 한다"는 말도 했다.',
        "시는 v2.다음 판과 1.5배를 적었다고 답했다.",
    ]
    assert quotations(text) == ["너무 적다", "늘려야 한다"]


@example('"?')
@given(st.text(alphabet=st.sampled_from("가나 다.\"“”'‘’()\n\ta?!…"), max_size=200))
def test_whatever_the_text_spans_lie_in_it_in_order(text):
    page = read_page(text, rules_for("ko"))
    assert len(page.masked) == len(text)
    ends = [0]
    for sentence in page.sentences:
        assert ends[-1] <= sentence.span.start < sentence.span.end <= len(text)
        ends.append(sentence.span.end)
        for one in sentence.quotations:
            assert sentence.span.covers(one.outer)
            assert one.outer.covers(one.inner)
