"""Two hundred payloads in every field that comes from articles, names, URLs and forms: none runs.

In a real Chromium, over the readers' pages, Datasette's own and the desk's. A payload that the
Content-Security-Policy had to stop counts as one that got through.
"""

from __future__ import annotations

import json
import sqlite3
from itertools import product
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import httpx
import pytest
from datasette_auth_passwords.utils import hash_password
from newsroom import claim, publish, served
from test_browser import browser  # noqa: F401 (a fixture)

from claims.models import Article, Extraction, Speaker
from claims.reviews import Evidence, Review, Reviewed
from claims.store import Store, drafts, queue, reviewing
from claims.store.triage import decide

BREAKING_OUT = ["", '">', "'>", "</script>", "</title>", "</textarea>", "--></style>", "]]>"]
RUNNING = [
    "<script>probe()</script>",
    "<img src=x onerror=probe()>",
    "<svg onload=probe()>",
    "<svg><script>probe()</script></svg>",
    "<body onload=probe()>",
    '<iframe srcdoc="<script>parent.probe()</script>">',
    "<iframe src=javascript:parent.probe()>",
    "<details open ontoggle=probe()>",
    "<video src=x onerror=probe()>",
    "<input autofocus onfocus=probe()>",
    "<textarea autofocus onfocus=probe()>",
    "<marquee onstart=probe()>",
    "<object data=javascript:probe()>",
    "<math><a href=javascript:probe()>x</a></math>",
    "<a href=javascript:probe()>x</a>",
    '<a href="jav&#x09;ascript:probe()">x</a>',
    "<form action=javascript:probe()><button>x</button></form>",
    '<meta http-equiv=refresh content="0;url=javascript:probe()">',
    "<base href=//evil.example/>",
    "<style onload=probe()></style>",
    "javascript:probe()",
    " onmouseover=probe() style=position:fixed;inset:0 ",
    '" onfocus=probe() autofocus="',
    "{{ probe() }}{% raw %}${probe()}",
    "data:text/html,<script>probe()</script>",
]
PAYLOADS = ["".join(pair) for pair in product(BREAKING_OUT, RUNNING)]
TOGETHER = 10  # payloads in a field of one row, so that row pages are twenty and not 200
GROUPS = [
    " ".join(PAYLOADS[at : at + TOGETHER]) for at in range(0, len(PAYLOADS), TOGETHER)
]  # fmt: skip
ROWS = range(1, len(GROUPS) + 1)


def hostile(path):
    """A database with each group of payloads in every field."""
    extractions = []
    for number, words in enumerate(GROUPS):
        article = Article(
            f"Before {words} after {number}", words, title=f"{words} {number}", byline=words,
            outlet=words, published_on=f"2024{words}", url=f"https://a.example/{number}",
        )  # fmt: skip
        said = claim(
            article, words, Speaker(words, aliases=(words + "!",)), role=words,
            organization=words, via=words, said_on=f"2024{words}", said_on_text=words, cue=words,
            organization_aliases=(words,),
        )  # fmt: skip
        extractions.append(Extraction(article, (said,)))
    publish(path, *extractions)
    store = Store.open(path)
    for number, words in zip(ROWS, GROUPS, strict=True):
        evidence = (Evidence("https://a.example", words, words, "refutes"),)
        review = Review((Reviewed(number),), "false", words, words, evidence=evidence)
        reviewing.publish(store, "kim", review, reviewer=words)
        reviewing.give_opinion(store, words[:200], number, "disputes", words)
        drafts.save_draft(store, "kim", review)
        queue.comment(store, words[:200], number, words)
        queue.assign(store, words[:200], number, "kim")
    store.close()
    with sqlite3.connect(path) as connection:  # addresses that no form takes
        connection.execute("update articles set url = substr(text, 8)")
        connection.execute("update reviews set url = summary, context_url = summary")
        connection.execute("update evidence set url = excerpt")
        connection.execute("update outlets set homepage = name, language = name, wikidata = name")
        connection.execute("update speakers set description = name, wikidata = name")
        connection.execute("update claims set rule = text, extractor = text, language = text")
        connection.executemany(
            "insert into topics (name) values (?)", [(words,) for words in GROUPS]
        )
        connection.execute("insert into claim_topics select id, id from topics")
        connection.execute(
            "insert into feeds (url, title, outlet) select name, name, name from topics"
        )
        connection.execute("update verdicts set name = name || ?", (GROUPS[0],))
        connection.execute(
            "insert into failures (ingest_id, source, reason) select 1, name, name from topics"
        )
    connection.close()
    store = Store.open(path)
    for number in ROWS[:3]:  # the history of a withdrawn review, and claims that are open again
        reviewing.withdraw(store, "park", number)
    decide(store, "park", [1], "reject")
    store.close()
    return path


LISTS = [
    "/", "/claims", "/-/desk",
    *(f"/claims/{table}?_size=200" for table in (
        "claims", "claims_browse", "unchecked_claims", "speakers_summary", "speakers",
        "speaker_aliases", "outlets", "articles", "reviews", "evidence", "opinions", "history",
        "topics", "claim_topics", "feeds", "failures", "ingests", "verdicts", "review_claims",
    )),
    *(f"/claims/{query}" for query in (
        "claims_by_speaker", "unchecked_by_speaker", "speakers_by_outlets", "relayed_claims",
        "timeline_by_month",
    )),
]  # fmt: skip
OF_A_ROW = [
    "/claims/articles/{}", "/claims/claims/{}", "/claims/reviews/{}", "/-/desk/claims/{}",
    "/-/desk/triage/{}", "/-/desk/reviews/{}", "/-/desk/drafts/{}", "/-/desk/reviews/{}/edit",
]  # fmt: skip
REFLECTED = [
    "/-/claims/search?q={}", "/claims/claims?_search={}", "/claims/claims?kind={}",
    "/claims/claims?speaker_id={}&published_on__gte={}",
    "/claims/claims_by_speaker?speaker={}", "/-/claims/language?to=ko&back={}",
    "/-/desk/reviews/new?claim=1&claim={}", "/-/desk/triage/1?language={}", "/claims/{}",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    metadata = folder / "metadata.yml"
    hashed = hash_password("own", iterations=1000)
    metadata.write_text(
        "plugins: {claims: {editors: [kim]}, datasette-auth-passwords: "
        f"{{kim_password_hash: '{hashed}'}}}}", "utf-8",
    )  # fmt: skip
    with served(hostile(folder / "claims.db"), metadata) as address:
        yield address


@pytest.fixture(scope="module")
def watched(browser, site):  # noqa: F811
    """A page, signed in, that notes all that runs or was stopped from running."""
    page = browser.new_page()
    page.set_default_timeout(30_000)
    page.ran = []
    page.expose_function("probe", lambda: page.ran.append(page.url))
    page.on("dialog", lambda dialog: page.ran.append(dialog.message))
    page.on("pageerror", lambda error: page.ran.append(str(error)))
    page.on("console", lambda said: stopped(said) and page.ran.append(said.text))
    page.goto(f"{site}/-/login")
    page.locator("[name=username]").fill("kim")
    page.locator("[name=password]").fill("own")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{site}/")
    yield page
    page.close()


def stopped(said):
    """Whether a message of the browser says that the policy stopped something of the page's.

    Datasette's own editor of SQL, among its static files, styles itself in vain.
    """
    is_datasettes = "/-/static/" in said.location["url"]
    return "Content Security Policy" in said.text and not is_datasettes


INSPECT = """() => ({
    schemes: [...new Set([...document.links].map((link) => link.protocol))],
    handlers: [...document.querySelectorAll("*")].flatMap((element) => [...element.attributes]
        .filter((a) => /^on/.test(a.name) && /probe/.test(a.value)).map((a) => a.name)),
    strange: [...document.querySelectorAll("iframe, object, embed, math, marquee, base, body img")]
        .map((element) => element.outerHTML),
    actions: [...document.forms].map((form) => form.getAttribute("action") || "")
        .filter((action) => /^\\s*(javascript|data):/i.test(action)),
    shown: document.body.innerText.includes("probe()"),
})"""


def inspect(page, address):
    page.ran.clear()
    page.goto(address, wait_until="load")
    found = page.evaluate(INSPECT)
    assert set(found["schemes"]) <= {"http:", "https:"}, address
    assert found["handlers"] + found["strange"] + found["actions"] == [], address
    assert page.ran == [], address
    return found["shown"]


def test_there_are_two_hundred():
    assert len(set(PAYLOADS)) == 200
    assert len(GROUPS) == 20


def test_none_runs_where_rows_are_listed(watched, site):
    shown = [where for where in LISTS if inspect(watched, site + where)]
    assert len(shown) > 15


@pytest.mark.parametrize("page", OF_A_ROW)
def test_none_runs_on_the_page_of_a_row(watched, site, page):
    assert all([inspect(watched, site + page.format(number)) for number in ROWS])


@pytest.mark.parametrize(
    "page", ["/claims/speakers/{}", "/claims/outlets/{}", "/-/desk/speakers/{}"]
)
def test_none_runs_on_the_page_of_a_name(watched, site, page):
    rows = [number for number in range(1, 2 * len(GROUPS), 2)]
    assert any([inspect(watched, site + page.format(number)) for number in rows])


@pytest.mark.parametrize("page", REFLECTED)
def test_none_runs_that_comes_in_the_address(watched, site, page):
    for words in GROUPS:
        inspect(watched, site + page.replace("{}", quote(words, safe="")))


def test_none_runs_that_is_typed_into_a_form(watched, site):
    for words in GROUPS[::5]:
        watched.goto(f"{site}/-/desk/reviews/new?claim=5")
        watched.locator("#summary").fill(words)
        watched.locator("#context").fill(words)
        watched.locator("#evidence-1-title").fill(words)
        watched.locator("#evidence-1-excerpt").fill(words)
        watched.evaluate("document.forms[1].noValidate = true")
        watched.locator("#evidence-1-url").fill("javascript:probe()")
        watched.locator("button[value=draft]").click()
        watched.get_by_role("alert").wait_for()
        assert watched.locator("#summary").input_value() == words
        assert watched.evaluate(INSPECT)["handlers"] == []
        assert watched.ran == []


def test_json_in_a_page_is_json_and_ends_nowhere_else(watched, site):
    for number in ROWS:
        watched.goto(f"{site}/claims/claims/{number}")
        for text in watched.locator('script[type="application/ld+json"]').all_text_contents():
            assert json.loads(text)


@pytest.mark.parametrize("where", ["/claims/claims.atom?_size=200", "/sitemap.xml"])
def test_feeds_lead_to_web_addresses_alone(site, where):
    feed = ElementTree.fromstring(httpx.get(site + where).text)
    named = [element.get(key) for element in feed.iter() for key in ("href", "src", "uri")]
    written = [element.text for element in feed.iter() if element.tag.endswith(("loc", "uri"))]
    addresses = [address for address in [*named, *written] if address]
    assert addresses != []
    assert {urlsplit(address).scheme for address in addresses} <= {"http", "https"}
    assert all(element.tag.startswith("{http://www.") for element in feed.iter())


def test_every_answer_says_what_may_run(site):
    for where in (
        "/",
        "/claims/claims",
        "/claims/claims/4",
        "/-/desk",
        "/no-such-page",
        "/-/login",
    ):
        policy = httpx.get(site + where).headers["content-security-policy"]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["default-src"] == "'none'", where
        assert "unsafe-inline" not in rules["script-src"], where
        assert (rules["base-uri"], rules["frame-ancestors"]) == ("'none'", "'none'"), where
        assert rules["form-action"] == "'self'", where
