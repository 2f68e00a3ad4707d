"""HTML: the article's own text in paragraphs, and what the page says of itself."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.articles import read_article
from claims.errors import SourceError
from claims.ingest import ingest
from claims.models import Document, Facts, Stated
from claims.sources import pages, read_source
from claims.sources.looks import is_html
from claims.sources.page_facts import day_of
from claims.sources.pages import MOST_ATTRIBUTES, _parsed, read_html

PAGE = """<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>둑 보강 내년 봄 착공 - 한빛일보</title>
<meta property="og:site_name" content="한빛일보">
<meta property="article:published_time" content="2024-12-17T09:00:00+09:00">
<meta name="author" content="김하늘 기자">
<link rel="canonical" href="https://hanbit.example/news/1">
</head><body>
<nav><ul><li><a href="/">홈</a></li><li><a href="/p">정치</a></li></ul></nav>
<div id="wrap"><h1>둑 보강 내년 봄 착공</h1>
<div id="article-view-content-div" itemprop="articleBody">
<figure><img src="a.jpg"><figcaption>최도현 교수가 “여기다”고 말한다.</figcaption></figure>
<p>청림시는 내년 봄부터 둑을 다시
   쌓기로 했다고 17일 밝혔다. 공사는 세 해가 걸린다.</p>
<h2>전문가는 서두르라 한다</h2>
<p>최도현 교수는 <time>16일</time> 기자회견에서 <b>“둑을 다시 쌓겠다”</b>고 말했다.</p>
<blockquote>늦으면 늦을수록 더 든다.</blockquote>
<table><tr><td><img src=x></td></tr><tr><td class="img_desc">무너진 둑이다.</td></tr></table>
<ul><li>길이는 3㎞이다.</li><li>돈은 12억 원이 든다.</li></ul>
윤서연 시장은 “주민의 안전이 먼저다”라고 말했다.<br><br>이어 “예산은 마련했다”고 설명했다.
</div></div><footer>회사소개 | 제휴 | 개인정보처리방침</footer></body></html>
"""
TEXT = """청림시는 내년 봄부터 둑을 다시 쌓기로 했다고 17일 밝혔다. 공사는 세 해가 걸린다.

전문가는 서두르라 한다

최도현 교수는 16일 기자회견에서 “둑을 다시 쌓겠다”고 말했다.

늦으면 늦을수록 더 든다.

길이는 3㎞이다.

돈은 12억 원이 든다.

윤서연 시장은 “주민의 안전이 먼저다”라고 말했다.

이어 “예산은 마련했다”고 설명했다."""


def test_a_page_is_its_article_and_its_facts():
    assert read_html(PAGE, "page.html") == Document(
        "page.html",
        TEXT,
        Facts(
            title="둑 보강 내년 봄 착공",
            byline="김하늘 기자",
            outlet="한빛일보",
            published_on="2024-12-17",
            url="https://hanbit.example/news/1",
            language="ko",
        ),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "euc-kr", "cp949"])
@pytest.mark.parametrize("declared", [True, False])
def test_a_saved_page_in_every_encoding(article, encoding, declared):
    page = PAGE.replace('charset="utf-8"', f'charset="{encoding}"' if declared else "")
    page = page.replace("㎞", "km") if encoding == "euc-kr" else page
    path = article(page.encode(encoding), "page.html")
    (document,) = read_source(str(path))
    assert document.content == (TEXT.replace("㎞", "km") if encoding == "euc-kr" else TEXT)


JAPANESE = "<html><head>{}</head><body><p>市長は「すぐに始める」と述べた。</p></body></html>"


def test_a_page_in_shift_jis(article):
    page = JAPANESE.format(
        '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">'
    )
    (document,) = read_source(str(article(page.encode("cp932"), "page.htm")))
    assert document.content == "市長は「すぐに始める」と述べた。"


MODIFIED = {
    "JSON-LD": '<script type="application/ld+json">{"@type": "NewsArticle", '
    '"datePublished": "2024-12-17", "dateModified": "2024-12-18T09:00:00+09:00"}</script>',
    "OpenGraph": '<meta property="article:modified_time" content="2024-12-18T09:00:00Z">',
    "a meta tag": '<meta name="last-modified" content="2024/12/18">',
    "microdata": '<time itemprop="dateModified" datetime="2024-12-18">어제</time>',
}


@pytest.mark.parametrize("said", MODIFIED.values(), ids=MODIFIED)
def test_when_a_page_was_modified(said, store, rows, article):
    page = PAGE.replace("</head>", f"{said}</head>")
    assert page != PAGE
    ingest(store, [str(article(page, "page.html"))])
    assert rows("select published_on, modified_on from articles") == [
        {"published_on": "2024-12-17", "modified_on": "2024-12-18"}
    ]
    assert {row["modified_on"] for row in store.claims()} == {"2024-12-18"}


def test_a_later_modification_of_the_same_text_is_noted(store, rows, article):
    for day in ("2024-12-18", "2024-12-20", "2024-12-19"):
        said = f'<meta property="article:modified_time" content="{day}">'
        page = PAGE.replace("</head>", f"{said}</head>")
        ingest(store, [str(article(page, "page.html"))])
    assert rows("select id, modified_on from articles") == [{"id": 1, "modified_on": "2024-12-20"}]


def test_claims_stand_in_the_extracted_text(store, rows, article):
    result = ingest(store, [str(article(PAGE, "page.html"))])
    assert (result.articles, result.failures) == (1, [])
    claims = list(store.claims())
    assert [(c["text"], c["speaker"], c["said_on"], c["start"]) for c in claims if c["cue"]][
        -3:
    ] == [
        ("둑을 다시 쌓겠다", "최도현", "2024-12-16", TEXT.index("둑을 다시 쌓겠다")),
        ("주민의 안전이 먼저다", "윤서연", None, TEXT.index("주민의 안전")),
        ("예산은 마련했다", "윤서연", None, TEXT.index("예산은")),
    ]
    assert {c["article_url"] for c in claims} == {"https://hanbit.example/news/1"}
    assert rows("select text, title, byline from articles") == [
        {"text": TEXT, "title": "둑 보강 내년 봄 착공", "byline": "김하늘"}
    ]


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("김하늘 기자", "김하늘"),
        ("김하늘", "김하늘"),
        ("사회부", "사회부"),
        ("김 기자" * 99, "김 기자" * 99),
    ],
)
def test_a_byline_is_a_name_where_its_language_shows_it(byline, name):
    document = Document("page.html", TEXT, Facts(byline=byline))
    assert read_article(document, Stated()).byline == name


def test_what_is_stated_wins_over_the_page():
    stated = Stated(
        "새벽신문", "2025-01-02", "https://saebyeok.example/2", "제목", "en", "해안통신"
    )
    article = read_article(read_html(PAGE, "page.html"), stated)
    assert (article.outlet, article.published_on, article.url, article.title, article.language) == (
        "새벽신문", "2025-01-02", "https://saebyeok.example/2", "제목", "en"
    )  # fmt: skip


def test_the_language_is_that_of_the_text_where_it_can_be_told():
    english = PAGE.replace('lang="ko"', 'lang="en"')
    assert read_article(read_html(english, "page.html"), Stated()).language == "ko"
    numbers = "<html lang='ko'><p>1, 2, 3.</p>"
    assert read_article(read_html(numbers, "page.html"), Stated()).language == "ko"


BLOCKS = {
    "a short page": (
        "<html><p>가다.<br>나다.<br><br>다다.<h2>머리</h2><ol><li>하나</li><li>둘</li></ol>끝이다.",
        "가다.\n나다.\n\n다다.\n\n머리\n\n하나\n\n둘\n\n끝이다.",
    ),
    "markup inside a Korean word": (
        "<html><p>시장은 <b>“간다”</b>고 <span>말</span>했다.", "시장은 “간다”고 말했다."
    ),
    "text between blocks": (
        "<html><div>가다.<p>나다.</p>다다.<div>라다.</div>마다.</div>",
        "가다.\n\n나다.\n\n다다.\n\n라다.\n\n마다.",
    ),
    "the signs themselves": ("<html><p>가\u241e다.\u2424 나다.", "가 다. 나다."),
    "entities": ("<html><p>&ldquo;간다&rdquo;&nbsp;&amp; &#xAC00;다.", "“간다” & 가다."),
    "menus of a short page": (
        "<html><nav><ul><li>홈</ul></nav><div role=navigation>정치</div><article><p>가다.</p>"
        "</article>",
        "가다.",
    ),
    "a script that speaks": (
        "<html><script>document.write('“둑”이라고 말했다.')</script><p>가다.", "가다."
    ),
}  # fmt: skip


@pytest.mark.parametrize(("page", "text"), BLOCKS.values(), ids=BLOCKS)
def test_blocks_stay_apart(page, text):
    assert read_html(page, "page.html").content == text


def linked(**node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


FACTS = {
    "schema.org wins over OpenGraph, and that over meta": (
        linked(
            **{"@type": "NewsArticle"}, headline="가 &amp; 나", inLanguage="ko-KR",
            author=[{"@type": "Person", "name": "김하늘"}, {"name": "이바다"}],
            publisher={"name": "한빛일보"}, datePublished="2024-12-17T00:10:00+09:00",
        )
        + '<meta property="og:title" content="다"><meta property="og:site_name" content="라">'
        '<meta name="date" content="2020-01-01"><meta name="author" content="마">',
        Facts("가 & 나", "김하늘, 이바다", "한빛일보", "2024-12-17", None, "ko"),
    ),
    "a graph": (
        linked(**{"@graph": [{"@type": "WebSite", "name": "아님"},
                             {"@type": ["ReportageNewsArticle"], "headline": "둑"}]}),
        Facts(title="둑"),
    ),
    "JSON-LD as old pages wrap it": (
        '<script type="Application/LD+JSON; charset=utf-8">\n//<![CDATA[\n'
        '{"@type": "NewsArticle", "headline": "둑"};\n//]]>\n</script>'
        '<meta property="og:title" content="나">',
        Facts(title="둑"),
    ),
    "broken JSON": (
        '<script type="application/ld+json">{"@type": "NewsArticle", </script>'
        '<meta property="og:title" content="둑"><meta property="og:locale" content="en_GB">',
        Facts(title="둑", language="en"),
    ),
    "JSON that is no object": (linked() + '<script type="application/ld+json">[[1], "a"]</script>',
                               Facts()),
    "values of other types": (
        linked(**{"@type": "Article"}, headline=["a"], author=7, publisher=[None],
               datePublished={"a": 1}, url=5, inLanguage=[1]),
        Facts(),
    ),
    "addresses are no names": (
        '<meta property="article:publisher" content="https://facebook.example/hanbit">'
        '<meta property="article:author" content="https://hanbit.example/kim">',
        Facts(),
    ),
    "an author that is the outlet": (
        '<meta property="og:site_name" content="한빛일보"><meta name="author" content="한빛일보">',
        Facts(outlet="한빛일보"),
    ),
    "a title with the outlet behind it": (
        '<meta property="og:title" content="둑을 고친다 | 한빛일보">'
        '<meta property="og:site_name" content="한빛일보">',
        Facts(title="둑을 고친다", outlet="한빛일보"),
    ),
    "a date beside the text": (
        '<body><time itemprop="datePublished" datetime="2024-12-17 09:00">어제</time>',
        Facts(published_on="2024-12-17"),
    ),
    "an address that is a script": ('<link rel="canonical" href="javascript:alert(1)">', Facts()),
    "an address that is broken": ('<link rel="canonical" href="http://[::1">', Facts()),
}  # fmt: skip


@pytest.mark.parametrize(("head", "facts"), FACTS.values(), ids=FACTS)
def test_facts(head, facts):
    page = f"<html><head>{head}</head><body><p>가다.</p></body></html>"
    assert read_html(page, "page.html").facts == facts


SCRIPTED = "<html><head>{}</head><body><div id=app></div><script>run()</script></body></html>"


def test_a_page_that_a_script_puts_together():
    page = SCRIPTED.format(
        linked(**{"@type": "NewsArticle"}, articleBody="머리\n가다 &amp; 오다.\n\n끝.")
    )
    assert read_html(page, "page.html").content == "머리\n\n가다 & 오다.\n\n끝."


@pytest.mark.parametrize("body", ["머리 가다. 끝.", "", 7, ["가다.\n나다."]])
def test_a_flattened_text_is_not_taken(body):
    page = SCRIPTED.format(linked(**{"@type": "NewsArticle"}, articleBody=body))
    with pytest.raises(SourceError, match="no article is found"):
        read_html(page, "page.html")


def test_a_fetched_page_does_not_speak_for_another_site():
    page = '<html><head><link rel="canonical" href="{}"></head><body><p>가다.'
    fetched = "https://m.hanbit.example/1?from=feed"

    def canonical(href: str) -> str | None:
        return read_html(page.format(href), fetched, fetched).facts.url

    assert canonical("https://www.hanbit.example/1") == "https://www.hanbit.example/1"
    assert canonical("/1") == "https://m.hanbit.example/1"
    assert canonical("https://saebyeok.example/1") == fetched


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2024-12-17", "2024-12-17"),
        ("2024-12-17T23:59:00Z", "2024-12-17"),
        ("2024.12.17 09:00", "2024-12-17"),
        ("2024. 1. 7.", "2024-01-07"),
        ("2024/1/7", "2024-01-07"),
        ("20241217090000", "2024-12-17"),
        ("20241217", "2024-12-17"),
        ("Tue, 17 Dec 2024 09:00:00 +0900", "2024-12-17"),
        ("1734393600", None),
        ("2024-13-45", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (20241217, None),
    ],
)
def test_the_day_in_a_machine_s_date(words, day):
    assert day_of(words) == day


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("<!DOCTYPE html><p>가다", True),
        ("\n <?xml version='1.0'?>\n<!-- saved --><html lang=ko>", True),
        ("<HTML>", True),
        ("<htmlx>", False),
        ("가다. <html>", False),
        ("<p>가다.</p>", False),
        ("<?xml version='1.0'?><rss>", False),
        ("<!-- -->" * 4 + "<html>", True),
        ("<!---->" * 3000, False),  # a pattern that tries every way to read this never ends
    ],
)
def test_what_is_html(text, answer):
    assert is_html(text) is answer


def test_html_is_told_by_what_it_is_not_by_its_name(article):
    (document,) = read_source(str(article(PAGE, "page.txt")))
    assert document.content == TEXT


@pytest.mark.parametrize(
    "page",
    ["<html></html>", "<html><body><script>1</script>", "<div>" * 50_000 + "<p>가다.", "<p>" * 3],
)
def test_a_page_without_an_article(page):
    with pytest.raises(SourceError, match=r"^page\.html: no article is found on this page"):
        read_html(page, "page.html")


def test_a_page_of_too_many_elements():
    with pytest.raises(SourceError, match=r"^page\.html: this page has more than 50,000 elements"):
        read_html("<html><p>" + "<b>가다.</b>" * 50_001, "page.html")


def test_a_tag_keeps_no_more_attributes_than_any_has():
    many = " ".join(f"a{number}='>'" for number in range(3 * MOST_ATTRIBUTES))
    tag = _parsed(f"<html><body><p class=x {many}>가다.</p>").find(".//p")
    assert (tag.text, tag.get("class"), len(tag.attrib)) == ("가다.", "x", MOST_ATTRIBUTES)


@pytest.mark.parametrize("around", ["<!-- {} -->", "<script>{}</script>", "<STYLE>{}</STYLE>"])
def test_what_is_no_tag_loses_no_words(around):
    page = f"<html><body>{around.format('a<b ' + 'c ' * 3 * MOST_ATTRIBUTES)}<p>가다.</p>"
    assert _parsed(page).find(".//p").text == "가다."


def test_a_page_too_large(monkeypatch):
    monkeypatch.setattr(pages, "LARGEST_PAGE", 100)
    with pytest.raises(SourceError, match=r"^page\.html: this page is larger than"):
        read_html(PAGE, "page.html")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div>", "</div>", "<br>", "<table><tr><td>", "</table>", "<!--", "-->",
             "<a href='//[x'>", "&#0;", "&#xD800;", "\x00", "\ud800", "<script>", "</script>",
             "<html>", "<?php", "<![CDATA[", "“가다”고 말했다.", "<svg>", "<select>", "<li>"]
        )
    )
)  # fmt: skip
def test_whatever_the_page_it_is_a_document_or_a_sentence(parts):
    with suppress(SourceError):  # anything else is no sentence
        text = read_html("".join(parts), "page.html").content
        assert text.strip()
        assert not set(text) & {"\u241e", "\u2424"}
