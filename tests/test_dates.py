"""Dates as articles and people write them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.dates import parse_date, resolve
from claims.errors import DateError
from claims.languages import rules_for

PUBLISHED = "2024-12-17"  # a Tuesday


def said(words: str, code: str, published: str | None = PUBLISHED) -> tuple[str | None, str | None]:
    """The words that the pattern finds, and the date that they alone give."""
    rules = rules_for(code)
    found = rules.patterns["said_on"].search(words)
    text = found.group().strip() if found else None
    return text, resolve(text, published, rules)


@pytest.mark.parametrize(
    ("words", "text", "date"),
    [
        ("CNBC가 16일(현지시각) 보도했다", "16일(현지시각)", "2024-12-16"),
        ("17일 말했다", "17일", "2024-12-17"),
        ("지난 3일 말했다", "지난 3일", "2024-12-03"),
        ("18일 말했다", "18일", "2024-11-18"),
        ("12월 18일 말했다", "12월 18일", "2024-12-18"),  # another time zone
        ("12월 31일 말했다", "12월 31일", "2023-12-31"),
        ("지난달 16일 말했다", "지난달 16일", "2024-11-16"),
        ("지난해 5월 3일 말했다", "지난해 5월 3일", "2023-05-03"),
        ("2023년 5월 3일 말했다", "2023년 5월 3일", "2023-05-03"),
        ("전날 말했다", "전날", "2024-12-16"),
        ("이날 말했다", "이날", "2024-12-17"),
        ("지난 월요일 말했다", "지난 월요일", "2024-12-16"),
        ("지난 화요일 말했다", "지난 화요일", "2024-12-10"),
        ("지난달 기자회견에서 말했다", "지난달", "2024-11"),
        ("2023년 5월 한 인터뷰에서 말했다", "2023년 5월", "2023-05"),
        ("지난해 국회에서 열린 청문회에서 말했다", "지난해", "2023"),
        ("지난달 31일 말했다", "지난달 31일", None),  # November has no such day
        ("지난달 취임한 총재는 말했다", None, None),
        ("2023년 5월 취임한 총재는 말했다", None, None),
        ("오는 20일 열리는 회의를 두고 말했다", None, None),
        ("다음 달 20일 열리는 회의를 두고 말했다", None, None),
        ("오는 12월 20일 열리는 회의를 두고 말했다", None, None),
        ("3일간 이어진 회의에서 말했다", None, None),
        ("16일부터 이어진 회의에서 말했다", None, None),
    ],
)
def test_korean(words, text, date):
    assert said(words, "ko") == (text, date)


@pytest.mark.parametrize(
    ("words", "text", "date"),
    [
        (", she said on Tuesday.", "on Tuesday", "2024-12-17"),
        (", she said Monday night.", "Monday night", "2024-12-16"),
        (", she said last Tuesday.", "last Tuesday", "2024-12-10"),
        (", she said yesterday.", "yesterday", "2024-12-16"),
        (", she said on December 16.", "on December 16", "2024-12-16"),
        (", she said on 16 December 2023.", "on 16 December 2023", "2023-12-16"),
        (", she said on Dec. 31.", "on Dec. 31", "2023-12-31"),
        (", she said in an interview last month.", "last month", "2024-11"),
        (", she said in a speech in May 2023.", "in May 2023", "2023-05"),
        (", she said last year.", "last year", "2023"),
        (", said the mayor elected last month.", None, None),
        (", she said of the vote next Tuesday.", None, None),
        (", she said of the strike that lasts until Friday.", None, None),
    ],
)
def test_english(words, text, date):
    assert said(words, "en") == (text, date)


@pytest.mark.parametrize(
    ("words", "published", "date"),
    [
        ("16일(현지시각)", None, None),
        ("16일(현지시각)", "2024-12", None),
        ("지난달 16일", "2024-12", "2024-11-16"),
        ("지난달 16일", "2025-01-03", "2024-12-16"),
        ("지난달 16일", "20240802", None),
        ("지난해 5월 3일", "2024", "2023-05-03"),
        ("2023년 5월 3일", None, "2023-05-03"),
        ("2월 29일", "2025-03-01", "2024-02-29"),
    ],
)
def test_a_date_is_resolved_as_far_as_the_publication_is_known(words, published, date):
    assert resolve(words, published, rules_for("ko")) == date


def test_this_day_is_the_day_that_the_article_named_last():
    before = "시장은 15일 취임했다. 의장은 16일 사퇴했다. "
    assert resolve("이날", PUBLISHED, rules_for("ko"), before) == "2024-12-16"
    assert resolve("이날", PUBLISHED, rules_for("ko"), "시장은 오는 20일 취임한다. ") == PUBLISHED


@given(st.dates(datetime.date(1000, 1, 1)), st.integers(1, 31))
def test_a_day_of_the_month_is_never_after_the_publication(published, day):
    date = resolve(f"{day}일", published.isoformat(), rules_for("ko"))
    assert date is not None
    assert date <= published.isoformat()
    assert datetime.date.fromisoformat(date).day == day


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("2024-12-17", "2024-12-17"),
        (" 2024-12 ", "2024-12"),
        ("2024", "2024"),
        ("2024-1-5", "2024-01-05"),
        ("2024.12.17", "2024-12-17"),
        ("2024년 12월 17일", "2024-12-17"),
        ("17 December 2024", "2024-12-17"),
        ("Dec 17, 2024", "2024-12-17"),
        ("Tuesday, December 17th, 2024 9:00 AM KST", "2024-12-17"),
    ],
)
def test_dates_that_people_type(words, date):
    assert parse_date(words) == date


@pytest.mark.parametrize(
    "words",
    [
        "",
        "yesterday",
        "12",
        "2024-13-01",
        "2024-02-30",
        "0000",
        "12/05/2024",
        "5 apples 2024",
        "２０２４",
    ],
)
def test_what_is_no_date_or_could_be_two_is_refused_with_the_form_to_use(words):
    with pytest.raises(
        DateError, match=r"is not a date; write it like 2024-12-17, 2024-12 or 2024"
    ):
        parse_date(words)


@pytest.mark.parametrize(
    "words",
    [
        "5 May 2024" + " " * 50 + "x",
        "a 1 " * 10 + "2024",
        "5 May 2024, that is when it was said here again",
        "5 <May> 2024",
        "5 May\x00 2024",
        "17 December 2024\n18 December",
    ],
)
def test_what_looks_like_no_date_is_refused_before_anything_slow_reads_it(words, monkeypatch):
    monkeypatch.setattr("dateparser.parse", lambda *_args, **_more: pytest.fail("was asked"))
    with pytest.raises(DateError, match="is not a date"):
        parse_date(words)


def test_a_date_that_a_corpus_repeats_is_read_once(monkeypatch):
    import dateparser

    asked, parse = [], dateparser.parse
    monkeypatch.setattr(
        "dateparser.parse", lambda words, **more: asked.append(words) or parse(words, **more)
    )
    assert [parse_date("3 March 1987") for _ in range(3)] == ["1987-03-03"] * 3
    assert asked == ["3 March 1987"]
