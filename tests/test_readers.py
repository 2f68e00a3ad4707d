"""Pages for readers: what each shows, and where it leads."""

from __future__ import annotations

import re
import sqlite3

import pytest
from checked import checked_database
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import PARK, claim, publish
from test_datasette import close, page_of, with_plugin, words

from claims.claimreview import json_ld
from claims.datasette_plugin import charts
from claims.datasette_plugin.application import datasette_for
from claims.datasette_plugin.language import languages
from claims.datasette_plugin.pages import excerpt
from claims.datasette_plugin.quoting import around, quotation
from claims.models import Article, Extraction, Speaker
from claims.store import Store
from claims.store.browsing import STANDING_TESTS, front, search, standing, verdicts_of
from claims.store.profiles import speaker

EN = languages()["en"]


@pytest.fixture
def path(tmp_path):
    return checked_database(tmp_path / "claims.db")


@pytest.fixture
def ours(path):
    with with_plugin(path) as datasette:
        yield datasette


@pytest.fixture
def connection(path):
    opened = sqlite3.connect(path)
    yield opened
    opened.close()


def hrefs(page):
    return {a["href"] for tag, a in page.elements if tag == "a" and "href" in a}


# The front page


async def test_the_front_page_says_what_is_in_here(ours):
    page = await page_of(ours, "/")
    totals = re.search(r'<ul class="totals">(.*?)</ul>', page.html, re.S).group(1)
    assert [words(one) for one in re.findall("<li>.*?</li>", totals, re.S)] == [
        "5 claims", "3 speakers", "4 outlets", "3 articles", "60% checked",
        "Nov 30, 2024 – Dec 18, 2024",
    ]  # fmt: skip
    assert {"/claims/claims/1", "/claims/speakers/1", "/claims/outlets/1", "/claims/reviews/1",
            "/claims/claims?speaker_id=1"} <= hrefs(page)  # fmt: skip
    assert "/claims/claims?published_on__startswith=2024-12" in hrefs(page)


def test_the_front_pages_numbers(connection):
    found = front(connection)
    assert found.months == [("2024-11", 2), ("2024-12", 3)]
    assert found.speakers[0] == {"id": 1, "name": "박서준", "claims": 3}
    assert found.status == {"checked": 3, "suggested": 2}
    assert [claim["id"] for claim in found.latest] == [5, 1, 2, 3, 4]
    assert [review["review_id"] for review in found.reviews] == [2, 1]


async def test_an_empty_database_has_a_front_page(tmp_path):
    Store.open(tmp_path / "empty.db").close()
    with with_plugin(tmp_path / "empty.db") as datasette:
        assert "There are no claims yet" in (await page_of(datasette, "/")).text


async def test_beside_other_databases_datasettes_own_front_page_stays(path, tmp_path):
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("create table things (id integer primary key)")
    other.close()
    datasette = datasette_for(path)
    from datasette.database import Database

    datasette.add_database(Database(datasette, path=str(tmp_path / "other.db")), name="other")
    page = await page_of(datasette, "/")
    assert {"/claims", "/other"} <= hrefs(page)
    close(datasette)


# Article, claim, review


async def test_the_article_underlines_who_said_it_and_the_cue_and_shows_verdicts(tmp_path):
    article = Article("가람 씨는 “비가 온다”고 말했다.", "ko", outlet="한빛일보", title="비")
    start = article.text.index("가람")
    said = claim(
        article, "비가 온다", Speaker("가람"), cue="말했다", speaker_start=start,
        speaker_end=start + 2,
    )  # fmt: skip
    path = publish(tmp_path / "one.db", Extraction(article, (said,)))
    with with_plugin(path) as datasette:
        page = await page_of(datasette, "/claims/articles/1")
    assert '<span class="part-speaker">가람</span>' in page.html
    assert '<span class="part-cue">말했다</span>' in page.html
    assert '“<mark id="claim-1" class="kind-direct">비가 온다</mark>' in page.html


async def test_a_changed_page_says_what_changed(tmp_path):
    url = "https://a.example/1"
    first = Article("Ana Gil said “taxes will fall in May”. He said “yes”.", "en", url=url)
    second = Article("Ana Gil said “taxes will fall in June”. He said “yes”.", "en", url=url)
    gil = Speaker("Ana Gil")
    path = publish(
        tmp_path / "versions.db",
        Extraction(first, (claim(first, "taxes will fall in May", gil), claim(first, "yes", gil))),
        Extraction(
            second, (claim(second, "taxes will fall in June", gil), claim(second, "yes", gil))
        ),
    )
    with with_plugin(path) as datasette:
        later = await page_of(datasette, "/claims/articles/2")
        earlier = await page_of(datasette, "/claims/articles/1")
    assert "changed since the version before" in later.text
    assert "<del>taxes will fall in May</del>" in later.html
    assert "A later version" in earlier.text
    assert earlier.html.count("<mark id=") == 2  # what went on to the later version stood here too


async def test_the_claim_page_has_all_that_belongs_to_it(ours):
    page = await page_of(ours, "/claims/claims/1")
    record = re.findall(r"<dt>(.*?)</dt>\s*<dd.*?>(.*?)</dd>", page.html, re.S)
    assert {words(key): words(value) for key, value in record} == {
        "Speaker": "박서준 person",
        "Organization": "국민은행",
        "Role": "부행장",
        "Outlet": "한빛일보",
        "Said": "Dec 17, 2024 “17일”",
        "Published": "Dec 17, 2024",
        "Article": "국민은행이 내년 대출 금리를 올린다",
        "Original": "https://hanbit.example/1",
        "Found by": "rules",
        "Rule": "test",
        "Confidence": "90%",
        "Cue": "말했다",
        "Status": "checked",
    }
    assert {"/claims/articles/1#claim-1", "/claims/reviews/1", "https://stats.example/rates",
            "/claims/claims/1.jsonld", "/claims/claims/1.json"} <= hrefs(page)  # fmt: skip
    assert not any(href.startswith("javascript") for href in hrefs(page))
    assert "status: suggested → checked" in words(page.html).replace("Status", "status")


async def test_the_same_statement_elsewhere(tmp_path):
    texts = [
        ("“나라은행은 내년에 금리를 올린다”고 박서준은 말했다.", "나라은행은 내년에 금리를 올린다"),
        ("“나라은행은 내년에 금리를 올린다”며 박서준은 웃었다.", "나라은행은 내년에 금리를 올린다"),
        ("“나라은행은 내년에 금리를 올린다.”", "나라은행은 내년에 금리를 올린다."),
        ("“나라은행은 문을 닫는다”고 박서준은 말했다.", "나라은행은 문을 닫는다"),
    ]
    extractions = []
    for number, (text, said) in enumerate(texts):
        article = Article(
            text, "ko", outlet=f"매체 {number}", published_on=f"2025-01-0{number + 1}"
        )
        extractions.append(Extraction(article, (claim(article, said, PARK),)))
    path = publish(tmp_path / "same.db", *extractions)
    with sqlite3.connect(path) as connection:
        connection.execute("update claims set canonical_id = 1 where id = 2")
    connection.close()
    with with_plugin(path) as datasette:
        page = await page_of(datasette, "/claims/claims/1")
    same, alike = page.html.split("The same statement elsewhere")[1].split("In nearly the same")
    assert ("/claims/claims/2" in same, "/claims/claims/3" in same) == (True, False)
    assert ("/claims/claims/3" in alike, "/claims/claims/4" in alike) == (True, False)


async def test_a_review_shows_its_claims_evidence_and_who_disputes_it(ours):
    page = await page_of(ours, "/claims/reviews/1")
    assert "시장 금리는 내렸다." in page.text
    assert "What is missing: 그 전 달에는 올랐다." in page.text
    assert {"/claims/claims/1", "/claims/claims/3", "https://stats.example/before"} <= hrefs(page)
    assert "Not a link" in page.text
    disputed = await page_of(ours, "/claims/reviews/2")
    assert "verdict-disputed" in disputed.html
    assert "Disputed by bo" in words(disputed.html)


async def test_a_withdrawn_review_no_longer_counts(path, ours):
    from claims.store.reviewing import withdraw

    store = Store.open(path)
    withdraw(store, "ana", 1)
    store.close()
    assert (await ours.client.get("/claims/reviews/1.jsonld")).status_code == 404
    assert "Nobody has published a review" in (await page_of(ours, "/claims/claims/1")).text


def test_a_claim_in_its_surroundings():
    text = "가람 씨는 “비가 온다”고 말했다. 나래 씨도 말했다."
    start = text.index("비가")
    row = {"start": start, "end": start + 5, "cue": "말했다", "speaker_start": 0, "speaker_end": 2}
    found = around(text, row)
    assert [(one.text, one.part) for one in found.stretches] == [
        ("가람", "speaker"), (" 씨는 “", ""), ("비가 온다", "claim"), ("”고 ", ""),
        ("말했다", "cue"), (". 나래 씨도 말했다.", ""),
    ]  # fmt: skip
    long = around("말 " * 500 + "여기 " + "말 " * 500, {**row, "start": 1000, "end": 1002})
    assert (long.cut_before, long.cut_after) == (True, True)


def test_a_quotation_to_take_away():
    row = {
        "text": "Yes", "speaker": "Ana Gil", "organization": None, "role": "mayor",
        "outlet": "Herald", "said_on": None, "published_on": "2024-12",
        "article_url": "https://a.example/1",
    }  # fmt: skip
    assert quotation(row, EN, "https://claims.example/claims/claims/1") == (
        "“Yes” — Ana Gil, mayor\nHerald, Dec 2024\nhttps://a.example/1\n"
        "https://claims.example/claims/claims/1"
    )


# Speakers, outlets, search


async def test_the_speaker_page(ours):
    page = await page_of(ours, "/claims/speakers/1")
    text = words(page.html)
    assert "Also: Seojun Park" in text
    assert "국민은행 · 부행장 Dec 17, 2024" in text
    assert "refuted2" in text
    assert {"/claims/outlets/1", "/claims/speakers/2", "/claims/claims.atom?speaker_id=1"} <= (
        hrefs(page)
    )


def test_the_speakers_numbers(connection):
    found = speaker(connection, 1)
    assert (found.claims, found.months) == (3, [("2024-11", 2), ("2024-12", 1)])
    assert found.numbers["outlet_id"] == [
        {"id": 3, "name": "새벽신문", "claims": 2},
        {"id": 1, "name": "한빛일보", "claims": 1},
    ]
    assert found.beside == [{"id": 2, "name": "해안통신", "articles": 1}]
    assert found.verdicts == {"refuted": 2}
    assert speaker(connection, 99) is None


async def test_the_outlet_page(ours):
    page = await page_of(ours, "/claims/outlets/1")
    assert {"/claims/speakers/1", "/claims/speakers/2", "/claims/outlets/2",
            "/claims/articles/1"} <= hrefs(page)  # fmt: skip
    relayed = await page_of(ours, "/claims/outlets/2")
    assert "Who relays it" in relayed.text
    assert "/claims/speakers/2" in hrefs(relayed)  # the outlet as one who speaks


@pytest.mark.parametrize("table", ["articles", "claims", "speakers", "outlets", "reviews"])
@pytest.mark.parametrize("key", ["999", "x", "9" * 30, "-1"])
async def test_what_is_not_there_is_not_found(ours, table, key):
    assert (await ours.client.get(f"/claims/{table}/{key}")).status_code == 404


def test_one_search_finds_claims_speakers_and_articles(connection):
    found = search(connection, "은행")
    assert [one["id"] for one in found.claims] == [4, 2, 1]
    assert [one["id"] for one in found.articles] == [2, 1]
    assert [one["name"] for one in search(connection, "박서").speakers] == ["박서준"]
    assert [one["name"] for one in search(connection, "Seojun").speakers] == ["박서준"]
    assert search(connection, " ").claims == []


async def test_the_search_page_marks_words_and_leads_on(ours):
    page = await page_of(ours, "/-/claims/search?q=은행")
    assert '나라<mark class="found">은행</mark>도' in page.html
    assert "/claims/claims.atom?_search=%EC%9D%80%ED%96%89" in hrefs(page)
    assert "Nothing was found" in (await page_of(ours, "/-/claims/search?q=없는말")).text
    assert (await ours.client.get("/-/claims/search", params={"q": '"'})).status_code == 200


# Tables


async def test_active_filters_are_seen_and_removed(ours):
    page = await page_of(ours, "/claims/claims?speaker_id=1&kind=direct&published_on__gte=2024-12")
    chips = re.search(r'<div class="chips">(.*?)</div>', page.html, re.S).group(1)
    assert [words(one) for one in re.findall("<li>.*?</li>", chips, re.S)] == [
        "Speaker: 박서준 ✖", "Kind: direct ✖", "Published: ≥ Dec 2024 ✖",
    ]  # fmt: skip
    assert {
        "/claims/claims?kind=direct&published_on__gte=2024-12",
        "/claims/claims?speaker_id=1&published_on__gte=2024-12",
        "/claims/claims?speaker_id=1&kind=direct",
    } <= hrefs(page)


@pytest.mark.parametrize(
    ("verdict", "ids"), [("refuted", [1, 3]), ("supported", []), ("disputed", [5])]
)
async def test_claims_by_what_reviews_found(ours, verdict, ids):
    for table in ("claims", "claims_browse"):
        answer = await ours.client.get(f"/claims/{table}.json?_verdict={verdict}&_shape=array")
        assert sorted(row["id"] for row in answer.json()) == ids


REVIEWS = {
    "true": 5, "half true": 3, "false": 1, "unproven": None,
}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2]),
            st.sampled_from(list(REVIEWS)),
            st.sampled_from([None, "2024-12-01", "2024-12-02"]),
            st.sampled_from(["published", "withdrawn"]),
            st.booleans(),
        ),
        max_size=5,
    )
)
def test_the_filter_and_the_label_go_by_one_rule(reviews):
    connection = sqlite3.connect(":memory:")
    connection.executescript("""
        create table reviews (id integer primary key, verdict_id, reviewed_on, state);
        create table verdicts (id integer primary key, name, rating);
        create table review_claims (review_id, claim_id);
        create table opinions (review_id, opinion);
        create table claims (id integer primary key);
        insert into claims values (1), (2);
    """)
    verdicts = [(key, *verdict) for key, verdict in enumerate(REVIEWS.items())]
    connection.executemany("insert into verdicts values (?, ?, ?)", verdicts)
    for key, (about, verdict, day, state, disputed) in enumerate(reviews):
        review = [key, list(REVIEWS).index(verdict), day, state]
        connection.execute("insert into reviews values (?, ?, ?, ?)", review)
        connection.execute("insert into review_claims values (?, ?)", [key, about])
        opinion = "disputes" if disputed else "confirms"
        connection.execute("insert into opinions values (?, ?)", [key, opinion])
    labels = {key: one.standing for key, one in verdicts_of(connection, [1, 2]).items()}
    for name, test in STANDING_TESTS.items():
        found = connection.execute(f"select id from claims where {test}").fetchall()
        assert {row[0] for row in found} == {key for key in labels if labels[key] == name}, name
    connection.close()


async def test_a_row_shows_its_verdict(ours):
    page = await page_of(ours, "/claims/claims?_verdict=refuted")
    assert page.html.count('<a class="verdict verdict-refuted" href="/claims/reviews/1">') == 2


@pytest.mark.parametrize(
    ("form", "address"),
    [
        ("q=&from=&to=&check=&sort=newest", "/claims/claims"),
        ("q=a+b&sort=said", "/claims/claims?_search=a+b&_sort_desc=said_on"),
        ("kind=direct&kind=mixed&check=needs",
         "/claims/claims?kind__in=direct%2Cmixed&status__in=suggested%2Caccepted"),
        ("kind=direct&kind=mixed&kind=indirect", "/claims/claims"),
        ("from=2024-01&to=x&check=x&sort=x&kind=x", "/claims/claims?published_on__gte=2024-01"),
        ("keep=speaker_id%3D1%26_next%3D5%26kind%3Ddirect", "/claims/claims?speaker_id=1"),
        ("keep=%0d%0aSet-Cookie:x%3D1", "/claims/claims?%0D%0ASet-Cookie%3Ax=1"),
    ],
)  # fmt: skip
async def test_the_form_makes_an_address(ours, form, address):
    response = await ours.client.get(f"/-/claims/filter?{form}")
    assert (response.status_code, response.headers["location"]) == (302, address)


def test_long_texts_are_shortened_around_what_was_searched():
    text = "처음 " + "말 " * 200 + "바다가 " + "말 " * 200
    assert excerpt(text).startswith("처음")
    shown = excerpt(text, "바다", 100)
    assert '<mark class="found">바다</mark>가' in shown
    assert len(re.sub("<.*?>", "", shown)) <= 106
    assert excerpt("<b>", None) == "&lt;b&gt;"


# Small parts


def test_what_verdicts_amount_to(connection):
    assert [standing(rating) for rating in (5, 4, 3, 2, 1, None)] == [
        "supported", "supported", "between", "refuted", "refuted", "open",
    ]  # fmt: skip
    found = verdicts_of(connection, [1, 2, 5])
    assert {key: (one.name, one.standing) for key, one in found.items()} == {
        1: ("false", "refuted"),
        5: ("true", "disputed"),
    }


def test_charts_have_a_bar_for_each_month_and_years_where_months_are_many():
    bars = charts.over_time([("2024-11", 2), ("2025-01", 3)], str)
    assert [(bar.period, bar.number) for bar in bars] == [
        ("2024-11", 2), ("2024-12", 0), ("2025-01", 3),
    ]  # fmt: skip
    years = charts.over_time([("1999-01", 1), ("1999-02", 1), ("2024-01", 5)], str)
    assert (years[0].period, years[0].number, len(years)) == ("1999", 2, 26)
    assert charts.over_time([("2024ja", 1), ("2024-99", 1), ("2024", 1)], str) == []
    drawn = charts.column_chart(bars, "<x>", lambda period: f'/?"{period}', str)
    assert drawn.count("<rect") == 2
    assert "<x>" not in drawn
    assert '?"' not in drawn


def test_json_in_a_page_ends_no_script():
    assert json_ld({"a": "</script><!-- & \u2028"}) == (
        '{\n "a": "\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028"\n}'
    )
