"""What all pages share: language, headers, routes of our own."""

from __future__ import annotations

import ast
import re
from string import Formatter

import pytest
from conftest import ROOT
from datasette.app import Datasette
from newsroom import news_database
from test_datasette import close, page_of

from claims.datasette_plugin.application import datasette_for
from claims.datasette_plugin.language import languages
from claims.errors import ReviewError


@pytest.fixture
def ours(tmp_path):
    datasette = datasette_for(news_database(tmp_path / "claims.db"))
    yield datasette
    close(datasette)


EN, KO = languages()["en"], languages()["ko"]


def placeholders(words):
    texts = words.values() if isinstance(words, dict) else [words]
    return {
        name for text in texts if isinstance(text, str) for name in re.findall(r"{(\w*)}", text)
    }


def test_every_language_says_the_same_things():
    for section in (EN.strings.keys() | KO.strings.keys()) - {"refusal"}:
        assert set(EN.strings[section]) == set(KO.strings[section]), section
        for key, words in EN.strings[section].items():
            if key != "scripts":
                assert placeholders(words) == placeholders(KO.strings[section][key]), key


REFUSED = {"ReviewError", "ClashError"}


def refusals():
    """The sentences of all refusals in the code."""
    for path in (ROOT / "claims").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSED:
                yield ast.literal_eval(node.args[0])


def test_every_refusal_is_said_in_korean():
    """Its English is the sentence itself; Korean may leave a value out, and has no others."""
    said = KO.strings["refusal"]
    assert set(said) == set(refusals())
    for sentence, korean in said.items():
        assert {name for _, name, _, _ in Formatter().parse(korean) if name} <= {
            name for _, name, _, _ in Formatter().parse(sentence) if name
        }


def test_a_refusal_is_said_in_the_readers_language():
    error = ReviewError("there is no claim {claim_id}", claim_id="<17>")
    assert str(error) == "there is no claim <17>"
    assert [EN.refusal(error), KO.refusal(error)] == [
        "there is no claim &lt;17&gt;", "발언 &lt;17&gt;번이 없습니다.",
    ]  # fmt: skip


def test_words_are_escaped_with_what_is_put_in():
    strings = {"a": {"b": "<{x}> & {y}", "n": {"one": "{n} <x>", "other": "{n} xs"}}}
    language = type(EN)("en", strings)
    assert language.say("a.b", x="<i>", y='"') == "&lt;&lt;i&gt;&gt; &amp; &#34;"
    assert [language.count("a.n", n) for n in (1, 1200)] == ["1 &lt;x&gt;", "1,200 xs"]


@pytest.mark.parametrize(
    ("iso", "en", "ko"),
    [
        ("2024-12-06", "Dec 6, 2024", "2024. 12. 6."),
        ("2024-12", "Dec 2024", "2024년 12월"),
        ("2024", "2024", "2024년"),
        ("2024-13-01", "2024-13-01", "2024-13-01"),
        ("someday", "someday", "someday"),
        (None, "", ""),
    ],
)
def test_dates_are_written_as_precisely_as_known(iso, en, ko):
    assert (EN.date(iso), KO.date(iso)) == (en, ko)


def test_names_are_sorted_as_readers_of_the_language_expect():
    names = ["Zoë", "나라은행", "émile", "Adam", "2위", "가람", "日本", "Emil", "하늘"]
    assert sorted(names, key=EN.sort_key) == [
        "2위", "Adam", "Emil", "émile", "Zoë", "가람", "나라은행", "하늘", "日本",
    ]  # fmt: skip
    assert sorted(names, key=KO.sort_key) == [
        "2위", "가람", "나라은행", "하늘", "日本", "Adam", "Emil", "émile", "Zoë",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en-GB,ko;q=0.5", "en"),
        ("fr, ko;q=0.2", "ko"),
        ("en;q=0.1, ko;q=0.3", "ko"),
        ("ko;q=0, fr", "en"),
        ("*", "en"),
        (";;;q=x,,,", "en"),
        ("", "en"),
    ],
)
async def test_pages_speak_the_browsers_language(ours, asked, answered):
    response = await ours.client.get("/claims/claims", headers={"accept-language": asked})
    assert f'<html lang="{answered}">' in response.text
    assert "accept-language" in response.headers["vary"].lower()


async def test_the_readers_choice_is_kept_and_leads_back(ours):
    response = await ours.client.get("/-/claims/language?to=ko&back=/claims/claims%3F_search=x")
    assert (response.status_code, response.headers["location"]) == (302, "/claims/claims?_search=x")
    cookies = {"claims_language": response.cookies["claims_language"]}
    page = await ours.client.get(
        "/claims/claims", headers={"accept-language": "en"}, cookies=cookies
    )
    assert '<html lang="ko">' in page.text


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:x",
        "",
    ],
)
async def test_choosing_a_language_leads_nowhere_else(ours, back):
    response = await ours.client.get("/-/claims/language", params={"to": "ko", "back": back})
    assert response.headers["location"] == "/"
    response = await ours.client.get("/-/claims/language", params={"to": "<x>", "back": back})
    assert "set-cookie" not in response.headers


PAGES = [
    "/claims",
    "/claims/claims",
    "/claims/articles/1",
    "/claims/claims?sql=select+1",
    "/-/nope",
]


@pytest.mark.parametrize("where", [*PAGES, "/claims/claims.json", "/-/static/app.css"])
async def test_every_answer_carries_the_headers(ours, where):
    response = await ours.client.get(where)
    policy = dict(
        rule.split(" ", 1) for rule in response.headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert "unsafe-inline" not in policy["script-src"] + policy["style-src"]
    assert (policy["base-uri"], policy["frame-ancestors"]) == ("'none'", "'none'")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("where", PAGES)
async def test_inline_scripts_have_the_nonce_of_their_answer(ours, where):
    response = await ours.client.get(where)
    (nonce,) = set(re.findall(r"'nonce-([\w-]+)'", response.headers["content-security-policy"]))
    scripts = re.findall(r"<(?:script|style)\b([^>]*)>", response.text)
    assert scripts or where in {"/claims/articles/1", "/-/nope"}
    assert all(f'nonce="{nonce}"' in attributes for attributes in scripts)
    other = await ours.client.get(where)
    assert nonce not in other.text


async def test_the_header_is_on_every_page(ours):
    for where in PAGES[:-1]:
        page = await page_of(ours, where)
        assert ("html", {"lang": "en"}) in page.elements
        assert any(a.get("name") == "q" for tag, a in page.elements if tag == "input"), where


@pytest.mark.parametrize(
    ("table", "headings"),
    [
        ("outlets", ["번호", "이름", "홈페이지", "언어", "위키데이터"]),
        ("speakers", ["번호", "이름", "종류", "설명", "위키데이터"]),
        ("speakers_summary", ["번호", "발언자", "종류", "발언 수", "매체 수", "첫 발언일",
                              "마지막 발언일", "검증됨"]),
    ],
)  # fmt: skip
async def test_columns_are_named_in_the_readers_language(ours, table, headings):
    response = await ours.client.get(f"/claims/{table}", headers={"accept-language": "ko"})
    shown = re.findall(r"<th [^>]*>(.*?)</th>", response.text, re.S)
    said = [re.sub(r"<[^>]*>|&nbsp;|[▼▲]", "", one).strip() for one in shown]
    assert said == headings


@pytest.mark.parametrize(
    "table", ["reviews", "articles", "claims_browse", "unchecked_claims", "claims?_columns=all"]
)
async def test_no_column_is_named_as_the_database_has_it(ours, table):
    response = await ours.client.get(f"/claims/{table}", headers={"accept-language": "ko"})
    head = re.search(r"<thead>.*?</thead>|<p class=\"zero-results\">.*?</p>", response.text, re.S)
    assert re.findall(r">\s*([a-z_]{2,})[^<]*<", head.group()) == []


async def test_people_sign_in_on_a_page_in_their_language(ours):
    pytest.importorskip("datasette_auth_passwords")
    for code, language in languages().items():
        page = await ours.client.get("/-/login", headers={"accept-language": code})
        assert f"<h1>{language.say('sign_in.title')}</h1>" in page.text
        assert ">".join(('for="id_password"', str(language.say("sign_in.password")))) in page.text
        assert 'class="site-bar"' in page.text


async def test_signing_in_elsewhere_is_in_plain_english():
    """Where no database is of claims, the page has its words all the same."""
    pytest.importorskip("datasette_auth_passwords")
    datasette = Datasette(memory=True)
    page = await datasette.client.get("/-/login", headers={"accept-language": "ko"})
    assert (page.status_code, "<h1>Sign in</h1>" in page.text) == (200, True)
    assert 'class="site-bar"' not in page.text
    close(datasette)
