"""Output for machines: ClaimReview, feeds, sitemaps."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from checked import checked_database
from newsroom import claim, publish
from test_datasette import PAYLOADS, hostile_database, with_plugin

from claims.claimreview import missing, web_address
from claims.models import Article, Extraction, Speaker

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture
def path(tmp_path):
    return checked_database(tmp_path / "claims.db")


@pytest.fixture
def ours(path):
    with with_plugin(path) as datasette:
        yield datasette


async def ld(datasette, address):
    response = await datasette.client.get(address)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/ld+json")
    return response.json()


async def test_a_reviewed_claim_is_a_claimreview_with_all_that_google_requires(ours):
    found = await ld(ours, "/claims/claims/1.jsonld")
    assert missing(found) == []
    assert found == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "@id": "http://localhost/claims/reviews/1#claim-1",
        "url": "http://localhost/claims/reviews/1",
        "claimReviewed": "시장 금리가 올라 어쩔 수 없다",
        "reviewRating": {
            "@type": "Rating", "alternateName": "false", "ratingValue": 1, "bestRating": 5,
            "worstRating": 1,
        },
        "author": {"@type": "Person", "name": "ana"},
        "datePublished": found["datePublished"],
        "reviewBody": "시장 금리는 내렸다.\n\n그 전 달에는 올랐다.",
        "itemReviewed": {
            "@type": "Claim",
            "@id": "http://localhost/claims/claims/1",
            "text": "시장 금리가 올라 어쩔 수 없다",
            "inLanguage": "ko",
            "author": {
                "@type": "Person", "name": "박서준", "jobTitle": "부행장",
                "affiliation": {"@type": "Organization", "name": "국민은행"},
            },
            "datePublished": "2024-12-17",
            "appearance": {
                "@type": "NewsArticle",
                "url": "https://hanbit.example/1",
                "headline": "국민은행이 내년 대출 금리를 올린다",
                "datePublished": "2024-12-17",
                "publisher": {"@type": "Organization", "name": "한빛일보"},
            },
        },
        "citation": [
            {
                "@type": "CreativeWork", "url": "https://stats.example/rates", "name": "Rates",
                "text": "3.0%",
            },
            {"@type": "CreativeWork", "name": "Not a link"},
            {"@type": "CreativeWork", "url": "https://stats.example/before"},
        ],
    }  # fmt: skip


async def test_an_unreviewed_claim_is_a_claim(ours):
    found = await ld(ours, "/claims/claims/2.jsonld")
    assert (found["@type"], found["author"]["name"]) == ("Claim", "해안통신")


@pytest.mark.parametrize("where", ["/claims/claims/1", "/claims/claims/2", "/claims/reviews/1"])
async def test_pages_embed_what_their_jsonld_says(ours, where):
    page = (await ours.client.get(where)).text
    (embedded,) = re.findall(r'<script[^>]* type="application/ld\+json">(.*?)</script>', page, re.S)
    assert json.loads(embedded) == await ld(ours, f"{where}.jsonld")


async def test_all_reviews_are_one_data_feed(ours):
    feed = await ld(ours, "/-/claims/reviews.jsonld")
    assert feed["@type"] == "DataFeed"
    items = [element["item"] for element in feed["dataFeedElement"]]
    assert [item["itemReviewed"]["@id"][-8:] for item in items] == [
        "claims/1", "claims/3", "claims/5",
    ]  # fmt: skip
    assert [missing(item) for item in items] == [[], [], []]
    assert (await ld(ours, "/-/claims/reviews.jsonld?after=2"))["dataFeedElement"] == []
    assert (await ours.client.get("/-/claims/reviews.jsonld?after=x")).status_code == 404


def test_the_command_line_writes_the_same_reviews(run, db_path):
    checked_database(db_path)
    result = run("export", "--format", "claimreview", "--site", "https://claims.example/")
    assert result.exit_code == 0, result.output
    items = [element["item"] for element in json.loads(result.stdout)["dataFeedElement"]]
    assert [item["url"] for item in items] == [
        "https://claims.example/claims/reviews/1",
        "https://claims.example/claims/reviews/1",
        "https://claims.example/claims/reviews/2",
    ]
    assert [missing(item) for item in items] == [[], [], []]


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({"claimReviewed": ""}, ["claimReviewed"]),
        ({"url": "javascript:x"}, ["url"]),
        ({"reviewRating": {"@type": "Rating"}}, ["reviewRating.alternateName"]),
        (
            {"reviewRating": {"@type": "Rating", "alternateName": "x", "ratingValue": 9}},
            ["reviewRating.ratingValue"],
        ),
        ({"itemReviewed": {}}, ["itemReviewed.author"]),
    ],
)
async def test_what_google_would_refuse_is_told(ours, change, lacks):
    assert missing({**await ld(ours, "/claims/claims/1.jsonld"), **change}) == lacks


async def test_a_speakers_feed_has_the_newest_first(ours):
    response = await ours.client.get("/claims/claims.atom?speaker_id=1")
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.text)
    assert feed.findtext("a:updated", namespaces=ATOM) == "2024-12-17T00:00:00Z"
    entries = feed.findall("a:entry", ATOM)
    assert [entry.findtext("a:id", namespaces=ATOM) for entry in entries] == [
        f"http://localhost/claims/claims/{key}" for key in (1, 3, 4)
    ]
    first = entries[0]
    assert first.findtext("a:title", namespaces=ATOM) == "박서준: 시장 금리가 올라 어쩔 수 없다"
    assert first.findtext("a:content", namespaces=ATOM) == (
        "시장 금리가 올라 어쩔 수 없다\n박서준 · 국민은행 · 부행장 · 한빛일보 · Dec 17, 2024\nfalse"
    )
    assert [link.get("href") for link in first.findall("a:link", ATOM)] == [
        "http://localhost/claims/claims/1", "https://hanbit.example/1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "ids"),
    [("_search=은행", [1, 2, 4]), ("_verdict=refuted", [1, 3]), ("kind=indirect", [2])],
)
@pytest.mark.parametrize("table", ["claims", "claims_browse", "unchecked_claims"])
async def test_any_selection_has_a_feed(ours, table, query, ids):
    feed = ET.fromstring((await ours.client.get(f"/claims/{table}.atom?{query}")).text)
    found = sorted(int(one.text.rpartition("/")[2]) for one in feed.iterfind("a:entry/a:id", ATOM))
    assert found == [key for key in ids if table != "unchecked_claims" or key in (2, 4)]


async def test_other_tables_have_no_feed(ours):
    assert (await ours.client.get("/claims/speakers.atom")).status_code == 404


async def test_payloads_and_control_characters_stay_words_in_feeds(tmp_path):
    with with_plugin(hostile_database(tmp_path / "hostile.db")) as datasette:
        feed = ET.fromstring((await datasette.client.get("/claims/claims.atom")).text)
        for link in feed.iterfind(".//a:link", ATOM):
            assert web_address(link.get("href")), link.attrib
        assert len(feed.findall("a:entry", ATOM)) == len(PAYLOADS)
        for number in range(1, len(PAYLOADS) + 1):
            json.loads((await datasette.client.get(f"/claims/claims/{number}.jsonld")).text)
    article = Article("Ana said “a\x0b\x1fb”.", "en", title="x")
    said = claim(article, "a\x0b\x1fb", Speaker("Ana"))
    with with_plugin(publish(tmp_path / "control.db", Extraction(article, (said,)))) as datasette:
        feed = ET.fromstring((await datasette.client.get("/claims/claims.atom")).text)
    assert feed.findtext("a:entry/a:title", namespaces=ATOM) == "Ana: a\ufffd\ufffdb"


async def test_sitemaps_lead_to_every_page_and_robots_to_them(ours):
    index = ET.fromstring((await ours.client.get("/sitemap.xml")).text)
    addresses = []
    for part in index.iterfind(".//s:loc", SITEMAP):
        answer = await ours.client.get(part.text.removeprefix("http://localhost"))
        addresses += [loc.text for loc in ET.fromstring(answer.text).iterfind(".//s:loc", SITEMAP)]
    assert len(addresses) == 3 + 3 + 4 + 2
    for address in addresses:
        answer = await ours.client.get(address.removeprefix("http://localhost"))
        assert answer.status_code == 200, address
    robots = (await ours.client.get("/robots.txt")).text
    assert "Sitemap: http://localhost/sitemap.xml" in robots
