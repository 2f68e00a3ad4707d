"""From row to page: how Datasette publishes a claims database, with our plugin and without it."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
import yaml
from datasette.app import Datasette
from datasette.plugins import pm
from newsroom import HANBIT, PARK, claim, news_database, publish

from claims.claimreview import web_address
from claims.datasette_plugin.application import datasette_for
from claims.datasette_plugin.pages import found
from claims.datasette_plugin.versions import options
from claims.models import Article, Extraction, Speaker
from claims.shipped import shipped
from claims.store import Store

METADATA = yaml.safe_load(shipped("metadata.yml").read_text("utf-8"))
QUERIES = METADATA["databases"]["claims"]["queries"]


@pytest.fixture
def path(tmp_path):
    return news_database(tmp_path / "claims.db")


@contextmanager
def with_plugin(path):
    """Datasette as `claims serve` starts it."""
    datasette = datasette_for(path)
    yield datasette
    close(datasette)


@contextmanager
def without_plugin(path):
    """Datasette with metadata.yml alone."""
    plugin = pm.get_plugin("claims")
    pm.unregister(plugin)
    datasette = Datasette([str(path)], **options(METADATA))
    try:
        yield datasette
    finally:
        close(datasette)
        pm.register(plugin, name="claims")


@pytest.fixture
def ours(path):
    with with_plugin(path) as datasette:
        yield datasette


@pytest.fixture
def plain(path):
    with without_plugin(path) as datasette:
        yield datasette


@pytest.fixture(params=["ours", "plain"])
def datasette(request):
    return request.getfixturevalue(request.param)


def close(datasette):
    for database in datasette.databases.values():
        database.close()


async def json_of(datasette, address):
    response = await datasette.client.get(address)
    assert response.status_code == 200, response.text
    return response.json()


async def page_of(datasette, address):
    response = await datasette.client.get(address)
    assert response.status_code == 200, response.text
    page = Page(response.text)
    assert not page.open, page.open
    return page


class Page(HTMLParser):
    """An HTML page as a browser's parser would take it: its elements, its links, its words."""

    VOID = frozenset(["meta", "link", "input", "br", "img", "hr"])

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.html, self.elements, self.open, self.text = html, [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def facets(self):
        """The facets that the page shows: titles with their values and counts, as written."""
        blocks = re.findall(r'<div class="facet-info .*?</div>', self.html, flags=re.S)
        return {
            words(re.search(r"<strong>(.*?)<span", block, re.S).group(1)): [
                words(value) for value in re.findall(r"<li.*?</li>", block, re.S)
            ]
            for block in blocks
        }


def words(html):
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


# Rows to tables


async def test_the_claims_table_shows_each_claim_with_names_and_links(ours):
    page = await page_of(ours, "/claims/claims")
    rows = [words(row) for row in re.findall(r"<tr>\s*<td.*?</tr>", page.html, re.S)]
    assert rows == [
        "Other banks will follow #5 Hana Lee&nbsp;3Dawn Securities · an analyst "
        "Harbour Times&nbsp;4 Dec 18, 2024 direct suggested",
        "시장 금리가 올라 어쩔 수 없다 #1 박서준&nbsp;1국민은행 · 부행장 "
        "한빛일보&nbsp;1 Dec 17, 2024 Dec 17, 2024 direct suggested",
        "나라은행도 금리를 올린다 #2 해안통신&nbsp;2 "
        "한빛일보&nbsp;1via 해안통신&nbsp;2 Dec 17, 2024 indirect suggested",
        "취약계층의 금리는 그대로 둔다 #3 박서준&nbsp;1부행장 "
        "새벽신문&nbsp;3 Nov 30, 2024 direct suggested",
        "국민은행이 먼저 나선다 #4 박서준&nbsp;1부행장 "
        "새벽신문&nbsp;3 Nov 30, 2024 direct suggested",
    ]
    assert ("a", {"href": "/claims/articles/1#claim-2", "lang": "ko"}) in page.elements


async def test_every_column_is_one_link_away(ours):
    page = await page_of(ours, "/claims/claims?_columns=all")
    assert {"start", "end", "confidence", "canonical_id"} <= {
        attributes.get("data-column") for tag, attributes in page.elements if tag == "th"
    }


async def test_columns_a_person_chose_are_shown_as_chosen(ours):
    page = await page_of(ours, "/claims/claims?_col=text&_col=cue")
    assert [a["data-column"] for tag, a in page.elements if tag == "th"] == ["id", "text", "cue"]


async def test_facets_show_names_and_not_ids(ours):
    page = await page_of(ours, "/claims/claims")
    assert page.facets() == {
        "Speaker": ["박서준 3", "해안통신 1", "Hana Lee 1"],
        "Outlet": ["한빛일보 2", "새벽신문 2", "Harbour Times 1"],
        "Published": ["2024-11-30 2", "2024-12-17 2", "2024-12-18 1"],
        "Kind": ["direct 4", "indirect 1"],
        "Status": ["suggested 5"],
        "Via": ["해안통신 1"],
    }


async def test_plain_facets_show_names_and_not_ids_too(plain):
    page = await page_of(plain, "/claims/claims")
    facets = page.facets()
    assert facets["speaker_id"] == ["박서준 3", "해안통신 1", "Hana Lee 1"]
    assert facets["via_outlet_id"] == ["해안통신 1"]
    assert set(facets) == {
        "speaker_id", "outlet_id", "published_on", "kind", "via_outlet_id", "status",
    }  # fmt: skip


async def test_the_browsing_view_has_facets_by_name_and_by_month(datasette):
    page = await page_of(datasette, "/claims/claims_browse")
    assert list(page.facets().values()) != []
    assert sorted(page.facets(), key=str.casefold) == sorted(
        ["speaker", "outlet", "month", "kind", "via", "status"]
        if "speaker" in page.facets()
        else ["Speaker", "Outlet", "Month", "Kind", "Via", "Status"],
        key=str.casefold,
    )
    assert ["2024-12 3", "2024-11 2"] in page.facets().values()
    narrowed = await json_of(datasette, "/claims/claims_browse.json?speaker=해안통신&_shape=array")
    assert narrowed == [
        {
            "id": 2,
            "text": "나라은행도 금리를 올린다",
            "kind": "indirect",
            "speaker": "해안통신",
            "role": None,
            "organization": None,
            "outlet": "한빛일보",
            "via": "해안통신",
            "said_on": None,
            "said_on_text": None,
            "published_on": "2024-12-17",
            "month": "2024-12",
            "article_url": "https://hanbit.example/1",
            "article_title": "국민은행이 내년 대출 금리를 올린다",
            "start": HANBIT.text.index("나라은행도"),
            "end": HANBIT.text.index("고 한다"),
            "cue": None,
            "status": "suggested",
            "confidence": 0.9,
            "rule": "test",
            "speaker_kind": "outlet",
            "language": "ko",
            "article_id": 1,
            "speaker_id": 2,
            "modified_on": None,
            "outlet_id": 1,
            "via_outlet_id": 2,
        }
    ]


@pytest.mark.parametrize("table", ["claims", "claims_browse", "unchecked_claims", "articles"])
async def test_newest_first(datasette, table):
    rows = await json_of(datasette, f"/claims/{table}.json?_shape=array")
    dates = [row["published_on"] for row in rows]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) >= 3


@pytest.mark.parametrize(
    "narrowed",
    [
        "",
        "&_search=말",
        "&speaker_id=1",
        "&outlet_id=5",
        "&kind=direct",
        "&speaker_id=1&kind=direct",
    ],
)
async def test_pages_one_after_the_other_show_every_claim_once(tmp_path, datasette, narrowed):
    """Datasette loses rows between pages where an index hands out equal rows by falling id."""
    extractions = []
    for number in range(12):
        article = Article(
            f"가람은 “말 {number}”, “또 {number}”라고 했다.",
            "ko",
            outlet=f"{number % 3}",
            published_on=f"2024-12-0{1 + number % 2}",
        )
        claims = (
            claim(article, f"말 {number}", PARK, said_on="2024-12-01"),
            claim(article, f"또 {number}", Speaker("나루"), "indirect"),
        )
        extractions.append(Extraction(article, claims))
    publish(tmp_path / "claims.db", *extractions)
    address = "/claims/claims.json?_size=5&_shape=objects" + narrowed
    seen = []
    while address:
        answer = await json_of(datasette, address)
        seen += [row["id"] for row in answer["rows"]]
        address = (answer["next_url"] or "").removeprefix("http://localhost")
    whole = await json_of(datasette, "/claims/claims.json?_size=max&_shape=array" + narrowed)
    assert len(whole) > 5
    assert sorted(seen) == sorted(row["id"] for row in whole)
    assert len(seen) == len(set(seen))


# Search


@pytest.mark.parametrize(
    ("table", "search", "ids"),
    [
        ("claims", "은행", [1, 2, 4]),  # 국민은행 as organization, 나라은행도, 국민은행이
        ("claims", "국민은행", [1, 4]),
        ("claims", "금리", [1, 2, 3]),
        ("claims", "취약", [3]),
        ("claims", "박서준", [1, 3, 4]),
        ("claims", "follow banks", [5]),
        ("claims", "금", []),
        ("claims_browse", "은행", [1, 2, 4]),
        ("unchecked_claims", "은행", [1, 2, 4]),
        ("articles", "은행", [1, 2]),
        ("articles", "analyst", [3]),
    ],
)
async def test_search_finds_words_of_two_syllables(datasette, table, search, ids):
    rows = await json_of(datasette, f"/claims/{table}.json?_search={search}&_shape=array")
    assert sorted(row["id"] for row in rows) == ids


@pytest.mark.parametrize("search", ["'; drop table claims", "AND", "*", "은행*", "a" * 5000])
async def test_a_search_for_anything_is_answered(datasette, search):
    response = await datasette.client.get("/claims/claims", params={"_search": search})
    assert response.status_code == 200


@pytest.mark.parametrize("search", ['"', '"follow banks"'])
async def test_our_search_takes_quotation_marks(ours, search):
    response = await ours.client.get("/claims/claims", params={"_search": search})
    assert response.status_code == 200


async def test_plain_search_knows_no_phrases_and_says_so(plain):
    response = await plain.client.get("/claims/claims", params={"_search": '"follow banks"'})
    assert response.status_code == 400
    assert "phrase queries are not supported" in response.text


async def test_the_words_found_are_marked_and_stay_in_the_box(ours):
    page = await page_of(ours, "/claims/claims?_search=은행")
    assert '나라<mark class="found">은행</mark>도' in page.html
    assert {a.get("value") for tag, a in page.elements if a.get("id") == "_search"} == {"은행"}


def test_marking_what_was_found_escapes_the_rest():
    assert found("<b>은행 & Bank</b>", "bank 은행") == (
        '&lt;b&gt;<mark class="found">은행</mark> &amp; <mark class="found">Bank</mark>&lt;/b&gt;'
    )
    assert found("<b>", None) == "&lt;b&gt;"


# Canned queries


async def rows_of(datasette, query, **parameters):
    response = await datasette.client.get(
        f"/claims/{query}.json", params={**parameters, "_shape": "array"}
    )
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    ("query", "parameters", "column", "values"),
    [
        ("claims_by_speaker", {}, "claim_id", [5, 1, 2, 3, 4]),
        ("claims_by_speaker", {"speaker": "박서"}, "claim_id", [1, 3, 4]),
        ("claims_by_speaker", {"speaker": "seojun"}, "claim_id", [1, 3, 4]),
        ("claims_by_speaker", {"speaker": "아무개"}, "claim_id", []),
        ("unchecked_by_speaker", {}, "claim_id", [5, 1, 2, 3, 4]),
        ("unchecked_by_speaker", {"speaker": "Hana Lee"}, "claim_id", [5]),
        ("speakers_by_outlets", {}, "speaker", ["박서준", "Hana Lee", "해안통신"]),
        ("speakers_by_outlets", {"kind": "outlet"}, "speaker", ["해안통신"]),
        ("relayed_claims", {}, "claim_id", [2]),
        ("relayed_claims", {"via": "해안"}, "claim_id", [2]),
        ("relayed_claims", {"via": "해안", "outlet": "새벽"}, "claim_id", []),
        ("timeline_by_month", {}, "month", ["2024-12", "2024-11"]),
        ("timeline_by_month", {"speaker": "박서준", "outlet": "새벽"}, "month", ["2024-11"]),
    ],
)
async def test_canned_queries_with_and_without_parameters(
    datasette, query, parameters, column, values
):
    assert [row[column] for row in await rows_of(datasette, query, **parameters)] == values


async def test_every_canned_query_has_a_title_a_description_and_a_page(datasette):
    assert len(QUERIES) == 5
    for name, query in QUERIES.items():
        assert query["title"], name
        page = await page_of(datasette, f"/claims/{name}")
        assert query["description"] in page.text
        for parameter in query["params"]:
            assert any(a.get("name") == parameter for _, a in page.elements), (name, parameter)


async def test_a_timeline_counts_claims_speakers_outlets_and_checks(path, ours):
    with sqlite3.connect(path) as connection:
        connection.execute("update claims set status = 'checked' where id = 1")
    connection.close()
    assert await rows_of(ours, "timeline_by_month") == [
        {"month": "2024-12", "claims": 3, "checked": 1},
        {"month": "2024-11", "claims": 2, "checked": 0},
    ]
    assert [row["claim_id"] for row in await rows_of(ours, "unchecked_by_speaker")] == [5, 2, 3, 4]


async def test_query_results_lead_to_the_rows(ours):
    page = await page_of(ours, "/claims/relayed_claims")
    links = {a["href"] for tag, a in page.elements if tag == "a" and "href" in a}
    assert {"/claims/claims/2", "/claims/articles/1", "/claims/articles/1#claim-2"} <= links


async def test_names_lead_to_speakers(ours):
    page = await page_of(ours, "/claims/speakers_summary")
    assert ("a", {"href": "/claims/speakers/1"}) in page.elements


async def test_a_table_of_articles_shows_titles_as_links_and_the_beginning_of_long_texts(tmp_path):
    article = Article("가" * 500 + "끝", "ko", title="긴 글")
    path = publish(tmp_path / "long.db", Extraction(article))
    with with_plugin(path) as datasette:
        page = await page_of(datasette, "/claims/articles")
        assert '<a href="/claims/articles/1">긴 글</a>' in page.html
        assert "가" * 160 + " …" in page.text
        assert "끝" not in page.text
        assert "끝" in (await page_of(datasette, "/claims/articles/1")).text


# What is published, and what isn't


async def test_tables_for_machines_are_hidden(datasette):
    tables = (await json_of(datasette, "/claims.json"))["tables"]
    shown = {table["name"] for table in tables if not table["hidden"]}
    assert shown == {
        "articles", "claim_topics", "claims", "earlier_claims", "evidence", "failures", "feeds",
        "history", "ingests", "opinions", "outlets", "review_claims", "reviews",
        "speaker_aliases", "speakers", "topics", "verdict_set_members", "verdict_sets", "verdicts",
    }  # fmt: skip


async def test_tables_and_columns_say_what_they_are(datasette):
    page = await page_of(datasette, "/claims/claims")
    assert "Statements that articles attribute to somebody, newest first." in page.text
    assert "suggested (found, not looked at), accepted, rejected or checked" in page.text


def test_every_table_and_view_is_described_and_nothing_else(path):
    connection = sqlite3.connect(path)
    names = {
        row[0]
        for row in connection.execute(
            "select name from sqlite_master where type in ('table', 'view')"
        )
    }
    columns = {
        name: {row[1] for row in connection.execute(f"pragma table_xinfo([{name}])")}
        for name in names
    }
    connection.close()
    described = METADATA["databases"]["claims"]["tables"]
    assert set(described) == names
    for name, table in described.items():
        assert table.get("hidden") or (table["title"] and table["description"]), name
        for key in ("columns", "facets", "sortable_columns"):
            assert set(table.get(key, [])) <= columns[name], (name, key)
    assert set(described["claims"]["columns"]) == columns["claims"] - {"id"}


async def test_changes_are_visible_with_who_made_them_and_what_they_changed(path, ours):
    with sqlite3.connect(path) as connection:
        connection.execute("update claims set status = 'accepted', role = null where id = 1")
    connection.close()
    page = await page_of(ours, "/claims/history")
    assert "role: 부행장 → nothingstatus: suggested → accepted" in page.text
    assert ("a", {"href": "/claims/claims/1"}) in page.elements
    (row,) = await json_of(ours, "/claims/history.json?_shape=array")
    assert (row["actor"], row["action"], row["table_name"], row["row_id"]) == (
        "sql", "update", "claims", 1,
    )  # fmt: skip


WRITES = [
    ("/claims?sql=delete+from+claims", None),
    ("/claims/-/query?sql=delete+from+claims", None),
    ("/claims?sql=pragma+user_version=7", None),
    ("/claims/-/query?sql=pragma+user_version=7", None),
    ("/claims?sql=attach+'other.db'+as+other", None),
    ("/claims/claims/-/insert", {"row": {"text": "x"}}),
    ("/claims/claims/-/upsert", {"row": {"id": 1, "text": "x"}}),
    ("/claims/claims/1/-/update", {"update": {"status": "checked"}}),
    ("/claims/claims/1/-/delete", {}),
    ("/claims/claims/-/drop", {"confirm": True}),
    ("/claims/-/create", {"table": "notes", "row": {"id": 1}}),
    ("/claims/claims_by_speaker", {"speaker": "x"}),
]


@pytest.mark.parametrize(("address", "body"), WRITES)
async def test_nothing_is_writable_for_the_anonymous(path, datasette, address, body):
    before = content(path)
    await datasette.invoke_startup()
    if body is None:
        response = await datasette.client.get(address)
        refused = response.status_code >= 400 or not Page(response.text).facets()
    else:
        response = await datasette.client.post(address, json=body)
        refused = response.status_code >= 300
    assert refused, response.status_code
    assert content(path) == before


def content(path):
    connection = sqlite3.connect(path)
    dump = list(connection.iterdump())
    connection.close()
    return dump


async def test_a_database_is_shown_while_it_is_written_to(path, ours):
    before = (await json_of(ours, "/claims/claims.json?_shape=array"))[0]["id"]
    store = Store.open(path)
    article = Article("박서준은 “또 올린다”고 말했다.", "ko", published_on="2025-01-02")
    store.save(Extraction(article, (claim(article, "또 올린다", PARK),)), store.start_ingest("x"))
    after = (await json_of(ours, "/claims/claims.json?_shape=array"))[0]
    store.close()
    assert before == 5
    assert (after["id"], after["text"]) == (6, "또 올린다")


# The article page


async def test_the_article_page_marks_each_claim_where_it_stands(ours):
    page = await page_of(ours, "/claims/articles/1")
    assert '17일 “<mark id="claim-1" class="kind-direct">시장 금리가 올라 어쩔 수 없다</mark>' in (
        page.html
    )
    assert ("article", {"class": "article-text", "lang": "ko"}) in page.elements
    assert ("a", {"href": "https://hanbit.example/1", "rel": "noopener nofollow"}) in page.elements
    hrefs = [a["href"] for tag, a in page.elements if tag == "a"]
    for address in ["/claims/outlets/1", "/claims/speakers/1", "/claims/outlets/2", "#claim-2"]:
        assert address in hrefs


async def test_an_article_has_its_data_and_a_missing_one_is_not_found(datasette):
    (row,) = await json_of(datasette, "/claims/articles/3.json?_shape=array")
    assert (row["title"], row["published_on"]) == ("Banks to raise rates", "2024-12-18")
    assert (await datasette.client.get("/claims/articles/99")).status_code == 404
    assert (await datasette.client.get("/claims/articles/x")).status_code == 404


async def test_later_and_earlier_versions_lead_to_each_other(tmp_path):
    first = Article("Ana Gil said “yes”.", "en", url="https://a.example/1", title="First")
    second = Article("Ana Gil said “no”.", "en", url="https://a.example/1", title="Second")
    path = publish(
        tmp_path / "versions.db",
        Extraction(first, (claim(first, "yes", Speaker("Ana Gil")),)),
        Extraction(second, (claim(second, "no", Speaker("Ana Gil")),)),
    )
    datasette = datasette_for(path)
    assert "A later version" in (await page_of(datasette, "/claims/articles/1")).text
    assert "The version before" in (await page_of(datasette, "/claims/articles/2")).text
    close(datasette)


# Hostile articles

PAYLOADS = [
    '<probe-one onclick="probe()">',
    '"><probe-two onmouseover=probe()>',
    "'><img src=x onerror=probe()>",
    "<script>probe()</script>",
    "</script><script>probe()</script>",
    "</title></style></textarea><svg onload=probe()>",
    "{{ 7 * 7 }}{% raw %}<probe-three>",
    "&lt;probe-four&gt;&#60;probe-five&#62;",
    "javascript:probe()",
    "data:text/html,<script>probe()</script>",
    " java\tscript:probe()",
    "https://evil.example/\"onfocus='probe()' autofocus='",
]


def hostile_database(path):
    """In each field that comes from articles, each payload."""
    extractions = []
    for number, payload in enumerate(PAYLOADS):
        article = Article(
            text=f"Before {payload} after {number}",
            language=payload,
            title=f"{payload} {number}",
            byline=payload,
            outlet=payload,
            published_on=f"2024{payload}",
            url=payload,
        )
        speaker = Speaker(payload, aliases=(payload + "!",))
        hostile = claim(
            article, payload, speaker, role=payload, organization=payload, via=payload,
            said_on=f"2024{payload}", said_on_text=payload, cue=payload,
            organization_aliases=(payload,),
        )  # fmt: skip
        extractions.append(Extraction(article, (hostile,)))
    publish(path, *extractions)
    with sqlite3.connect(path) as connection:
        connection.execute("update claims set role = role || 'x', status = 'accepted'")
        connection.execute("insert into failures (ingest_id, source, reason) values (1, ?, ?)",
                           (PAYLOADS[0], PAYLOADS[3]))  # fmt: skip
    connection.close()
    return path


HOSTILE_PAGES = [
    "/", "/claims", "/claims/claims", "/claims/claims?_columns=all", "/claims/claims_browse",
    "/claims/unchecked_claims", "/claims/speakers_summary", "/claims/speakers",
    "/claims/speaker_aliases", "/claims/outlets", "/claims/articles", "/claims/history",
    "/claims/failures", "/claims/ingests",
    *(f"/claims/{query}" for query in QUERIES),
    *(f"/claims/articles/{number}" for number in range(1, len(PAYLOADS) + 1)),
    *(f"/claims/claims/{number}" for number in range(1, len(PAYLOADS) + 1)),
    *(f"/claims/speakers/{number}" for number in (1, 3, 5)),
    *(f"/claims/outlets/{number}" for number in (1, 3, 5)),
    "/claims/claims?_search=<script>probe()</script>",
    "/claims/claims?_search=\"><probe-two onmouseover=probe()>",
    "/claims/claims_by_speaker?speaker=\"><probe-two onmouseover=probe()>",
]  # fmt: skip

OUR_PAGES = ["/-/claims/search?q=probe", "/-/claims/search?q=<script>probe()</script>"]
HOSTILE_PAGES_AND_OURS = [*HOSTILE_PAGES, *OUR_PAGES]


@pytest.mark.parametrize(
    ("published", "addresses"),
    [(with_plugin, HOSTILE_PAGES_AND_OURS), (without_plugin, HOSTILE_PAGES)],
)
async def test_payloads_in_every_field_are_words_and_nothing_else(tmp_path, published, addresses):
    with published(hostile_database(tmp_path / "claims.db")) as datasette:
        await inspect_pages(datasette, addresses, phrases_refused=published is without_plugin)


async def inspect_pages(datasette, addresses, phrases_refused=False):
    seen = 0
    for address in addresses:
        response = await datasette.client.get(address)
        refused = phrases_refused and '_search="' in address
        assert response.status_code == (400 if refused else 200), address
        page = Page(response.text)
        seen += page.text.count("probe()")
        for tag, attributes in page.elements:
            assert not tag.startswith("probe"), (address, tag)
            assert tag != "img", address
            for name, value in attributes.items():
                assert "probe" not in (value or "") or not name.startswith("on"), (address, name)
                if name in {"href", "src", "action", "formaction"}:
                    scheme = re.sub(r"\s", "", value or "").casefold()
                    assert not scheme.startswith(("javascript:", "data:")), (address, value)
        for script in re.findall(r"<script>(.*?)</script>", response.text, re.S):
            assert "probe()" not in re.sub(r'"(\\.|[^"\\])*"', '""', script), address
    assert seen > len(PAYLOADS) * 10


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/기사?x=1&y=2", "https://a.example/기사?x=1&y=2"),
        (" HTTP://a.example/ ", "http://a.example/"),
        ("javascript:alert(1)", None),
        ("java\tscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example/x", None),
        ("file:///etc/passwd", None),
        ("https://", None),
        ("http://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(url, shown):
    assert web_address(url) == shown


# Someone else's databases beside ours, and plain `datasette` from the command line


async def test_another_database_called_claims_is_left_to_datasette(tmp_path):
    path = tmp_path / "claims.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table claims (id integer primary key, text, amount)")
        connection.execute("create table articles (id integer primary key, text)")
        connection.execute("create table history (id integer primary key, after, row_id)")
        connection.execute("insert into claims (text, amount) values ('hail damage', 700)")
        connection.execute("insert into articles (text) values ('an umbrella')")
        connection.execute("insert into history (after, row_id) values ('[1]', 1)")
    connection.close()
    datasette = Datasette([str(path)])
    assert "hail damage" in (await page_of(datasette, "/claims/claims")).text
    assert "hail damage" in (await page_of(datasette, "/claims/claims/1")).text
    assert "an umbrella" in (await page_of(datasette, "/claims/articles/1")).text
    assert "[1]" in (await page_of(datasette, "/claims/history")).text
    close(datasette)


def test_datasette_on_the_command_line_shows_names_and_searches(path):
    command = [
        sys.executable, "-m", "datasette", str(path), "-m", str(shipped("metadata.yml")),
        "--get", "/claims/claims?_search=은행",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "3 claims" in done.stdout
    assert Page(done.stdout).facets()["Speaker"] == ["박서준 2", "해안통신 1"]


async def test_an_unknown_address_is_not_found(ours, capsys):
    assert (await ours.client.get("/claims/no_such_table")).status_code == 404
    assert (await ours.client.get("/-/no/such/page")).status_code == 404
    assert capsys.readouterr().err == ""
