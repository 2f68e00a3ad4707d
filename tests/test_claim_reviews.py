"""ClaimReview: fact-checks that others published, in the shapes that are in use."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.errors import SourceError
from claims.ingest import ingest
from claims.models import PublishedReview
from claims.sources import Reading, long_json, read_source
from claims.sources.claim_reviews import has_reviews, reviews_of

PAGE = "https://checks.example/dike"
CLAIM = "The dike will stand for a hundred years"
REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": PAGE,
    "claimReviewed": CLAIM,
    "datePublished": "2025-02-03",
    "name": "Will the dike stand?",
    "reviewBody": "The town's own engineers give it thirty.",
    "author": {"@type": "Organization", "name": "Harbour Checks"},
    "reviewRating": {
        "@type": "Rating", "ratingValue": 2, "bestRating": 5, "worstRating": 1,
        "alternateName": "Mostly wrong",
    },
    "itemReviewed": {
        "@type": "Claim",
        "datePublished": "2025-01-30T10:00:00Z",
        "author": {"@type": "Person", "name": "Ada Brook", "jobTitle": "Mayor"},
        "appearance": {
            "@type": "NewsArticle",
            "url": "https://herald.example/1",
            "headline": "Mayor opens dike",
            "datePublished": "2025-01-31",
            "publisher": {"@type": "NewsMediaOrganization", "name": "Daily Herald"},
        },
    },
}  # fmt: skip
CELLS = {
    "text": CLAIM, "said_on": "2025-01-30", "published_on": "2025-01-31",
    "article_url": "https://herald.example/1", "article_title": "Mayor opens dike",
    "outlet": "Daily Herald", "status": "checked", "speaker": "Ada Brook",
    "speaker_kind": "person", "role": "Mayor",
}  # fmt: skip
FULL = PublishedReview(
    source="x.json",
    claims=(CELLS,),
    verdict="Mostly wrong",
    rating=2,
    reviewer="Harbour Checks",
    reviewed_on="2025-02-03",
    url=PAGE,
    summary="The town's own engineers give it thirty.",
    evidence=((PAGE, "Will the dike stand?"),),
    line=1,
)


def read(value: object, **where: object) -> list[object]:
    return [
        str(found) if isinstance(found, SourceError) else found
        for found in reviews_of(value, "x.json", 1, **where)
    ]


def changed(review: Mapping[str, object] = REVIEW, **changes: object) -> dict[str, object]:
    return {k: v for k, v in {**review, **changes}.items() if v is not None}


def item(**changes: object) -> dict[str, object]:
    return changed(itemReviewed=changed(REVIEW["itemReviewed"], **changes))


def test_every_property_has_its_place():
    assert read(REVIEW) == [FULL]


SAME = {
    "in a list": [REVIEW],
    "in a graph": {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, REVIEW]},
    "under a page": {"@type": "WebPage", "mainEntity": {"review": [REVIEW]}},
    "in a feed": {"@type": "DataFeed", "dataFeedElement": [REVIEW]},
    "in an item of a feed": {
        "@type": "DataFeed",
        "dataFeedElement": [{"@type": "DataFeedItem", "url": PAGE, "item": [REVIEW]}],
    },
    "of several types": changed(**{"@type": ["Review", "ClaimReview"]}),
    "of a type with its vocabulary": changed(**{"@type": "http://schema.org/ClaimReview"}),
    "with prefixes": {
        "@type": "schema:ClaimReview",
        **{f"schema:{key}": value for key, value in REVIEW.items() if key[0] != "@"},
    },
    "with nodes by their @id": {
        "@graph": [
            changed(author={"@id": "#us"}, itemReviewed={"@id": "#claim"}),
            {"@id": "#us", "@type": "Organization", "name": "Harbour Checks"},
            {"@id": "#claim", **REVIEW["itemReviewed"]},
        ]
    },
    "with lists for single values": changed(
        claimReviewed=[CLAIM], author=[REVIEW["author"]], reviewRating=[REVIEW["reviewRating"]],
        itemReviewed=[REVIEW["itemReviewed"]], url=[PAGE],
    ),
    "with values in objects": changed(
        claimReviewed={"@value": CLAIM, "@language": "en"}, url={"@id": PAGE},
    ),
    "with numbers in words": changed(
        reviewRating=changed(REVIEW["reviewRating"], ratingValue="2", bestRating="5.0")
    ),
    "with a name for its author": changed(author="Harbour Checks"),
    "with a first appearance too": item(firstAppearance=REVIEW["itemReviewed"]["appearance"]),
}  # fmt: skip


@pytest.mark.parametrize("value", SAME.values(), ids=SAME)
def test_the_same_review_in_another_shape(value):
    assert has_reviews(value)
    assert read(value) == [FULL]


def claims_of(value: object) -> list[dict[str, str]]:
    (found,) = read(value)
    return [
        {key: text for key, text in cells.items() if key not in {"text", "status"}}
        for cells in found.claims
    ]


def test_the_old_shape_with_the_work_in_which_it_appeared():
    work = {
        "@type": "CreativeWork",
        "author": {"@type": "Organization", "name": "Town of Brook"},
        "datePublished": "2016-06-20",
        "url": "https://herald.example/2",
        "name": "Leaflet",
    }
    assert claims_of(changed(itemReviewed=work)) == [
        {
            "speaker": "Town of Brook", "speaker_kind": "organization",
            "published_on": "2016-06-20", "article_url": "https://herald.example/2",
            "article_title": "Leaflet",
        }
    ]  # fmt: skip


def test_every_appearance_is_a_claim_and_the_first_comes_first():
    value = item(
        firstAppearance="https://a.example/first",
        appearance=["https://a.example/2", {"@type": "CreativeWork", "url": "https://a.example/3"},
                    "https://a.example/first", {"@id": "https://a.example/4"}, "javascript:x", 5],
        datePublished="2025-01",
    )  # fmt: skip
    who = {"speaker": "Ada Brook", "speaker_kind": "person", "role": "Mayor", "said_on": "2025-01"}
    assert claims_of(value) == [
        {**who, "article_url": f"https://a.example/{which}"} for which in ("first", 2, 3, 4)
    ]


SPEAKERS = {
    "several": (
        [{"@type": "Person", "name": "Ada Brook"}, "Ben Lake", {"name": "Ada Brook"}, {}],
        [("Ada Brook", "person"), ("Ben Lake", None)],
    ),
    "an outlet": (
        {"@type": "NewsMediaOrganization", "name": "Daily Herald"}, [("Daily Herald", "outlet")]
    ),
    "a party": ({"@type": "PoliticalParty", "name": "Lake"}, [("Lake", "organization")]),
    "posts": ("Facebook posts", [("Facebook posts", None)]),
    "nobody": (None, [("unknown", "anonymous")]),
    "no name": ({"@type": "Person", "name": " "}, [("unknown", "anonymous")]),
}  # fmt: skip


@pytest.mark.parametrize(("author", "speakers"), SPEAKERS.values(), ids=SPEAKERS)
def test_who_said_it(author, speakers):
    found = claims_of(item(author=author))
    assert [(cells["speaker"], cells.get("speaker_kind")) for cells in found] == speakers


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2025-01-30T10:00:00+09:00", "2025-01-30"), ("2025-01", "2025-01"), ("2025", "2025"),
        ("20250130", "2025-01-30"), ("Thu, 30 Jan 2025 10:00:00 GMT", "2025-01-30"),
        ("2025-13", None), ("soon", None), ("2025-01-x", None), (20250130, None), ({}, None),
    ],
)  # fmt: skip
def test_days_as_machines_write_them(said, day):
    (cells,) = claims_of(item(datePublished=said))
    assert cells.get("said_on") == day


RATINGS = [
    ({"ratingValue": 1, "bestRating": 5, "worstRating": 1}, 1),
    ({"ratingValue": 7, "bestRating": 7, "worstRating": 1}, 5),
    ({"ratingValue": 4, "bestRating": 7, "worstRating": 1}, 3),
    ({"ratingValue": 80, "bestRating": 100, "worstRating": 0}, 4),
    ({"ratingValue": "2,5", "bestRating": "5", "worstRating": "0"}, 3),
    ({"ratingValue": 1, "bestRating": 1, "worstRating": 5}, 5),
    ({"ratingValue": -1, "bestRating": 5, "worstRating": 1}, None),
    ({"ratingValue": 2}, None),
    ({"ratingValue": 2, "bestRating": 5}, None),
    ({"ratingValue": 1, "bestRating": 1, "worstRating": 1}, None),
    ({"ratingValue": "NaN", "bestRating": 5, "worstRating": 1}, None),
    ({"ratingValue": True, "bestRating": 5, "worstRating": 1}, None),
    ({}, None),
]


@pytest.mark.parametrize(("numbers", "rating"), RATINGS)
def test_ratings_only_where_their_scale_is_told(numbers, rating):
    (found,) = read(changed(reviewRating={"@type": "Rating", "alternateName": "So", **numbers}))
    assert found.rating == rating


@pytest.mark.parametrize(
    ("rating", "verdict"),
    [
        ({"alternateName": "Pants on &quot;fire&quot;\n!"}, 'Pants on "fire" !'),
        ({"name": "False"}, "False"),
        ("False", "False"),
        ([{"alternateName": "거짓"}], "거짓"),
        ({"ratingValue": "2", "bestRating": 5}, "2 / 5"),
    ],
)
def test_the_verdict_is_in_the_reviewers_words(rating, verdict):
    (found,) = read(changed(reviewRating=rating))
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("review", "sentence"),
    [
        (changed(claimReviewed=None), "this ClaimReview doesn't say which claim it is about"),
        (
            changed(reviewRating=None),
            "this ClaimReview has no verdict (reviewRating.alternateName)",
        ),
        (changed(reviewRating={"@type": "Rating"}), "this ClaimReview has no verdict"),
    ],
)
def test_what_can_not_be_used_is_told_and_the_others_are_read(review, sentence):
    first, second = read({"dataFeedElement": [review, REVIEW]})
    assert first.startswith(f"x.json, item 1: {sentence}")
    assert second.line == 2


def test_what_is_cited_is_evidence():
    works = ["https://town.example/report", {"url": "https://town.example/2", "name": "Survey"}]
    (found,) = read(changed(citation=works, isBasedOn=works[0], url=None, name=None), url=PAGE)
    assert (found.url, found.evidence) == (
        PAGE,
        ((PAGE, None), ("https://town.example/report", None), ("https://town.example/2", "Survey")),
    )


# -- into the database


def test_from_a_file_to_rows(article, store, rows):
    path = article(json.dumps(REVIEW), "review.jsonld")
    result = ingest(store, [str(path)])
    assert (result.failures, result.articles, result.claims) == ([], 1, 1)
    assert [{key: row[key] for key in (*CELLS, "kind", "language")} for row in store.claims()] == [
        {**CELLS, "kind": "indirect", "language": "en"}
    ]
    assert rows("select extractor, rule, canonical_id from claims") == [
        {"extractor": "claimreview", "rule": "claimreview", "canonical_id": None}
    ]
    assert rows(
        "select summary, reviewer, reviewed_on, url, state, verdicts.name, rating "
        "from reviews join verdicts on verdicts.id = verdict_id"
    ) == [
        {
            "summary": "The town's own engineers give it thirty.", "reviewer": "Harbour Checks",
            "reviewed_on": "2025-02-03", "url": PAGE, "state": "published",
            "name": "Mostly wrong", "rating": 2,
        }
    ]  # fmt: skip
    assert rows("select review_id, claim_id, start, end from review_claims") == [
        {"review_id": 1, "claim_id": 1, "start": None, "end": None}
    ]
    assert rows("select review_id, url, title, stance from evidence") == [
        {"review_id": 1, "url": PAGE, "title": "Will the dike stand?", "stance": "context"}
    ]


TABLES = ("articles", "claims", "speakers", "outlets", "reviews", "review_claims", "evidence",
          "verdicts", "history")  # fmt: skip


def tables(rows) -> dict[str, object]:
    return {table: rows(f"select * from {table}") for table in TABLES}


@pytest.mark.parametrize("url", [PAGE, None])
def test_twice_is_once(article, store, rows, url):
    value = changed(
        item(appearance=["https://a.example/1", "https://a.example/2"]), url=url, citation=PAGE
    )
    path = article(json.dumps([value, REVIEW, value]), "reviews.json")
    ingest(store, [str(path)])
    before = tables(rows)
    result = ingest(store, [str(path)])
    assert (result.failures, result.articles, result.claims) == ([], 0, 0)
    assert tables(rows) == before
    assert len(before["claims"]) == 3


def test_appearances_are_claims_of_their_own_and_the_first_stands_for_all(article, store, rows):
    value = item(appearance=["https://a.example/1", "https://a.example/2"])
    result = ingest(store, [str(article(json.dumps(value), "review.json"))])
    assert (result.articles, result.claims) == (2, 2)
    assert rows("select articles, claims from ingests") == [{"articles": 2, "claims": 2}]
    assert rows("select claims.id, url, canonical_id, status from claims join articles "
                "on articles.id = article_id order by claims.id") == [
        {"id": 1, "url": "https://a.example/1", "canonical_id": None, "status": "checked"},
        {"id": 2, "url": "https://a.example/2", "canonical_id": 1, "status": "checked"},
    ]  # fmt: skip
    assert len(rows("select * from review_claims")) == 2


def test_two_reviewers_of_one_claim(article, store, rows):
    other = changed(author="Lake Facts", url="https://lake.example/1", reviewRating="False")
    ingest(store, [str(article(json.dumps([REVIEW, other]), "reviews.json"))])
    assert rows("select reviewer, claim_id from reviews join review_claims on review_id = id") == [
        {"reviewer": "Harbour Checks", "claim_id": 1},
        {"reviewer": "Lake Facts", "claim_id": 1},
    ]
    assert rows("select name from verdicts where id in (select verdict_id from reviews)") == [
        {"name": "false"}, {"name": "Mostly wrong"},
    ]  # fmt: skip


def test_a_later_verdict_replaces_the_earlier_and_history_keeps_it(article, store, rows):
    later = changed(reviewRating={"alternateName": "False"}, datePublished="2025-03-01")
    for review in (REVIEW, later, REVIEW):
        ingest(store, [str(article(json.dumps(review), "review.json"))])
    assert rows("select name, reviewed_on from reviews join verdicts on verdicts.id = verdict_id"
                ) == [{"name": "false", "reviewed_on": "2025-03-01"}]  # fmt: skip
    assert rows("select actor, action, before ->> 'reviewed_on' as was from history") == [
        {"actor": "ingest", "action": "update", "was": "2025-02-03"}
    ]


def test_the_claim_is_found_in_the_article_where_that_is_here(article, store, rows):
    text = f"Mayor opens dike\n\n“{CLAIM},” said Mayor Ada Brook on Thursday.\n\nAll cheered."
    page = (
        '<html><head><link rel="canonical" href="https://herald.example/1"></head><body>'
        + "".join(f"<p>{line}</p>" for line in text.split("\n\n")) + "</body></html>"
    )  # fmt: skip
    ingest(store, [str(article(page, "page.html"))])
    assert rows("select status from claims") == [{"status": "suggested"}]
    ingest(store, [str(article(json.dumps(REVIEW), "review.json"))])
    assert rows("select claims.id, article_id, status, excerpt from claims "
                "join articles on articles.id = article_id") == [
        {"id": 1, "article_id": 1, "status": "checked", "excerpt": 0}
    ]  # fmt: skip


def test_what_people_decided_stays(article, store, rows):
    path = article(json.dumps(REVIEW), "review.json")
    ingest(store, [str(path)])
    with store.transaction() as connection:
        connection.execute("update claims set status = 'rejected', speaker_id = "
                           "(select max(id) from speakers)")  # fmt: skip
        connection.execute("update reviews set state = 'withdrawn'")
    before = tables(rows)
    ingest(store, [str(path)])
    assert tables(rows) == before


# -- pages and feeds


def html(*scripts: str) -> str:
    linked = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    text = "Harbour Checks asked the engineers. “It gives way in thirty,” said Hana Lee, a builder."
    return f"<!doctype html><html><head>{linked}</head><body><p>{text}</p></body></html>"


def test_a_page_is_an_article_and_the_reviews_on_it(web, fetcher, store, rows):
    url = web.page("/check", html('{"@type": "Person"', json.dumps(changed(url="/check"))))
    for _ in range(2):
        result = ingest(store, [url], reading=Reading(fetcher=fetcher))
        assert result.failures == []
    assert rows("select url, excerpt from articles order by id") == [
        {"url": "https://herald.example/1", "excerpt": 1},
        {"url": url, "excerpt": 0},
    ]
    assert rows("select url, reviewer from reviews") == [{"url": url, "reviewer": "Harbour Checks"}]
    assert sorted(claim["text"] for claim in store.claims()) == [
        "It gives way in thirty", CLAIM,
    ]  # fmt: skip


WRAPPED = [
    "\n//<![CDATA[\n{}\n//]]>\n", "<!-- {} -->", "{};", "  [{}, 5, null]",
]  # fmt: skip


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_reviews_in_scripts_as_pages_wrap_them(article, wrapping):
    path = article(html(wrapping.replace("{}", json.dumps(REVIEW))), "page.html")
    review, _ = read_source(str(path))
    assert (review.url, review.verdict) == (PAGE, "Mostly wrong")


def test_a_million_blanks_in_a_script_cost_no_time(article):
    path = article(html(json.dumps(REVIEW).replace(" ", " " * 100_000, 10)), "page.html")
    review, _ = read_source(str(path))
    assert (review.url, review.verdict) == (PAGE, "Mostly wrong")


def test_a_broken_script_is_told(article):
    path = article(html('{"@type": "ClaimReview", '), "page.html")
    error, _ = read_source(str(path))
    assert str(error).startswith(f"{path}: the ClaimReview on this page is not JSON (")


def test_one_review_a_line_and_scripts_without_a_page(article):
    lines = article(f"{json.dumps(REVIEW)}\n{json.dumps(REVIEW)}\n", "reviews.jsonl")
    assert [found.line for found in read_source(str(lines))] == [1, 2]
    script = f'<script type="application/ld+json">{json.dumps(REVIEW)}</script>\n'
    (one, two) = read_source(str(article(script * 2, "reviews.txt")))
    assert one.url == two.url == PAGE


def feed(count: int) -> str:
    elements = [
        {"@type": "DataFeedItem", "item": [changed(claimReviewed=f"{CLAIM} {number}")]}
        for number in range(count)
    ]
    return json.dumps({"@context": "https://schema.org", "@type": "DataFeed",
                       "dataFeedElement": elements})  # fmt: skip


@pytest.fixture
def small(monkeypatch):
    """Bounds so small that what is long can be shown with little."""
    monkeypatch.setattr("claims.sources.LARGEST", 10_000)
    monkeypatch.setattr(long_json, "LARGEST", 10_000)
    monkeypatch.setattr(long_json, "_AT_ONCE", 1_000)


@pytest.mark.parametrize("name", ["feed.json", "feed.json.gz"])
def test_a_feed_longer_than_memory(article, small, name):
    import gzip

    data = feed(100).encode()
    path = article(gzip.compress(data) if name.endswith("gz") else data, name)
    found = list(read_source(str(path)))
    assert [review.claims[0]["text"] for review in found] == [f"{CLAIM} {n}" for n in range(100)]
    assert found[-1].line == 100


def test_a_list_of_articles_longer_than_memory(article, small):
    articles = [{"text": f"{CLAIM}. " * 20, "title": str(number)} for number in range(50)]
    whole = json.dumps([*articles, 5, {"text": ["x" * 100] * 200}, articles[0]])
    path = article("\ufeff" + whole, "articles.json")
    found = list(read_source(str(path)))
    assert [document.facts.title for document in found[:50]] == [str(n) for n in range(50)]
    assert str(found[50]) == f"{path}, line 51: there is no object with an article here"
    assert str(found[51]) == f"{path}, item 52: this is larger than 0 MB"
    assert found[52].line == 53


BROKEN_FEEDS = {
    "that breaks off": (lambda text: text[:-500], "not JSON"),
    "that is broken in between": (lambda text: text.replace("DataFeedItem", '"', 1), "not JSON"),
    "without a list": (lambda text: json.dumps({"a": ["x"] * 5_000}), "no list of articles"),
    "with one endless text": (lambda text: json.dumps([text * 9]), "single text"),
    "nested without end": (lambda text: "[" * 50_000, "nested too deeply"),
}


@pytest.mark.parametrize(("broken", "sentence"), BROKEN_FEEDS.values(), ids=BROKEN_FEEDS)
def test_a_broken_feed_is_told_and_what_came_before_stays(article, small, broken, sentence):
    path = article(broken(feed(60)), "feed.json")
    *_, error = read_source(str(path))
    assert sentence in str(error)
    assert str(error).startswith(str(path))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.just("ClaimReview"),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from([*REVIEW, *REVIEW["itemReviewed"], "@id", "@graph", "name"]),
                      inner, max_size=5),
)  # fmt: skip


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(REVIEW)), JSON))
def test_whatever_stands_in_a_review_it_is_read_or_told(value):
    for found in reviews_of({**value, "@type": "ClaimReview"}, "x.json", 1):
        assert isinstance(found, SourceError) or (found.verdict and found.claims)
