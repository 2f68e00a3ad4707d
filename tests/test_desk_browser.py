"""A checker's day in a real Chromium: sign in, triage by keyboard, review; another disputes it."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest
from datasette_auth_passwords.utils import hash_password
from newsroom import PARK, claim, publish, served
from playwright.sync_api import expect
from test_browser import browser  # noqa: F401 (a fixture)

from claims.models import Article, Extraction

WORDS = ["하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉", "열", "열하나", "열둘"]


def many_claims(path):
    """Twelve claims in one article, after a character beyond the basic plane."""
    text = "𐀀 " + " ".join(f"박서준 부행장은 “금리를 {word} 번 올린다”고 말했다." for word in WORDS)
    article = Article(text, "ko", title="금리", outlet="한빛일보", published_on="2024-12-17",
                      url="https://hanbit.example/12")  # fmt: skip
    claims = tuple(claim(article, f"금리를 {word} 번 올린다", PARK) for word in WORDS)
    return publish(path, Extraction(article, claims))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    path = many_claims(folder / "claims.db")
    metadata = folder / "metadata.yml"
    hashes = {name: hash_password(f"{name}'s own", iterations=1000) for name in ("kim", "lee")}
    metadata.write_text(
        "plugins:\n  claims: {checkers: [kim, lee], names: {kim: 김서준}}\n"
        "  datasette-auth-passwords:\n"
        + "".join(f"    {name}_password_hash: '{hashed}'\n" for name, hashed in hashes.items()),
        "utf-8",
    )
    with served(path, metadata) as address:
        yield address, path


def signed_in(browser, address, name, **options):  # noqa: F811
    context = browser.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.faults = []
    page.on("console", lambda said: said.type == "error" and page.faults.append(said.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(f"{address}/-/login")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(f"{name}'s own")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/-/desk")
    return page


def ask(path, sql):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def things_in(scripts):
    """What the JSON-LD of a page describes."""
    for text in scripts.all_text_contents():
        found = json.loads(text)
        yield from found.get("@graph", [found])


def select(page, words):
    """Select words in the article, as with a mouse."""
    page.evaluate(
        """(words) => {
            const walker = document.createTreeWalker(
                document.getElementById("desk-text"), NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode());) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + words.length);
                document.getSelection().removeAllRanges();
                document.getSelection().addRange(range);
                return;
            }
            throw new Error("not there: " + words);
        }""",
        words,
    )


def number_shown(page):
    return int(re.search(r"/triage/(\d+)", page.url).group(1))


def test_a_checkers_day(browser, desk):  # noqa: F811
    address, path = desk
    kim = signed_in(browser, address, "kim", locale="ko-KR")
    expect(kim.get_by_role("heading", name="내 작업")).to_be_visible()
    kim.get_by_role("button", name="제안된 발언 살펴보기").click()

    lee = signed_in(browser, address, "lee", locale="en-GB")
    lee.get_by_role("button", name="Go through suggested claims").click()
    expect(lee).to_have_url(re.compile(r"/triage/2$"))  # the first is kim's

    # Ten claims by keyboard, one of them with a mistake taken back.
    for key, following in [("a", 3), ("r", 4), ("n", 5), ("a", 6), ("u", 5), ("r", 6)]:
        kim.keyboard.press(key)
        kim.wait_for_url(re.compile(rf"/triage/{following}$"))
    select(kim, "여섯 번 올린다")
    kim.keyboard.press("e")
    expect(kim.locator(".desk-claim blockquote").first).to_have_text("여섯 번 올린다")
    kim.wait_for_load_state()
    kim.keyboard.press("s")
    kim.keyboard.type("국민은행")
    kim.locator("#kind").select_option("organization")
    kim.locator("#speaker").press("Enter")
    expect(kim.locator(".desk-claim .desk-who strong").first).to_have_text("국민은행")
    kim.wait_for_load_state()
    kim.locator("h1").click()
    kim.keyboard.press("a")
    kim.wait_for_url(re.compile(r"/triage/7$"))
    select(kim, "일곱 번 올린다")
    kim.keyboard.press("x")
    expect(kim.locator(".desk-claim blockquote").first).to_have_text("금리를")
    kim.wait_for_load_state()
    for following in [8, 9, 10, 11, 12, 13, 4]:
        kim.keyboard.press("a")
        kim.wait_for_url(re.compile(rf"/triage/{following}$"))
    assert ask(path, "select id, text, status from claims where id in (1, 3, 5, 6, 7, 13)") == [
        (1, "금리를 하나 번 올린다", "accepted"),
        (3, "금리를 셋 번 올린다", "rejected"),
        (5, "금리를 다섯 번 올린다", "rejected"),
        (6, "여섯 번 올린다", "accepted"),
        (7, "금리를", "accepted"),
        (13, "일곱 번 올린다", "accepted"),
    ]
    assert ask(path, "select count(*) from claims where status <> 'suggested'") == [(11,)]

    # A review with evidence, of two claims at once.
    kim.keyboard.press("v")
    kim.wait_for_url(re.compile(r"/reviews/new\?claim=4$"))
    kim.get_by_label("이 검증이 다루는 모든 발언의 번호").fill("4, 1")
    kim.get_by_label("이 부분만 (비우면 전체)").fill("넷 번")
    kim.locator("#verdict").select_option("전혀 사실 아님")
    kim.get_by_label("까닭을 몇 문장으로").fill("한 번도 올리지 않았다.")
    kim.locator("#evidence-1-url").fill("https://bank.example/rates")
    kim.locator("#evidence-1-title").fill("금리 고시")
    kim.locator("#evidence-1-stance").select_option("refutes")
    kim.get_by_role("button", name="초안 저장").click()
    kim.wait_for_url(re.compile(r"/drafts/1$"))
    assert ask(path, "select 1 from reviews") == []
    kim.get_by_role("button", name="공개").click()
    kim.wait_for_url(re.compile(r"/-/desk/reviews/1$"))

    # The second checker disputes it.
    lee.goto(f"{address}/-/desk/reviews/1")
    lee.get_by_label("Why (needed to dispute)").fill("They did once, in May.")
    lee.get_by_role("button", name="Dispute").click()
    expect(lee.locator(".desk-disputes")).to_contain_text("They did once, in May.")
    assert ask(path, "select id, status from claims where id in (1, 4)") == [
        (1, "checked"), (4, "checked"),
    ]  # fmt: skip

    # What readers see.
    reader = browser.new_page(locale="en-GB")
    reader.goto(f"{address}/claims/claims/4")
    for words in ("한 번도 올리지 않았다.", "김서준", "금리 고시", "They did once, in May."):
        expect(reader.locator("main")).to_contain_text(words)
    reader.goto(f"{address}/claims/reviews/1")
    (said,) = [
        thing
        for thing in things_in(reader.locator('script[type="application/ld+json"]'))
        if thing["@type"] == "ClaimReview" and "넷 번" in thing["claimReviewed"]
    ]
    assert said["reviewRating"]["alternateName"] == "전혀 사실 아님"
    assert said["author"]["name"] == "김서준"
    assert "https://bank.example/rates" in json.dumps(said)
    refused = reader.goto(f"{address}/-/desk/reviews/1")
    assert refused.status == 403
    assert kim.faults + lee.faults == []
    for page in (kim, lee, reader):
        page.close()


def test_keys_can_be_switched_off_and_do_nothing_in_fields(browser, desk):  # noqa: F811
    address, path = desk
    page = signed_in(browser, address, "lee", locale="en-GB")
    page.goto(f"{address}/-/desk/triage/2")
    before = ask(path, "select status from claims where id = 2")
    page.locator("#speaker").focus()
    page.keyboard.type("arn")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_have_attribute("open", "")
    page.get_by_label("Keys are on").uncheck()
    page.locator("h1").click()
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile(r"/triage/2$"))
    assert ask(path, "select status from claims where id = 2") == before
    assert page.faults == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_serious_for_those_who_see_or_move_differently(browser, desk, scheme, width):  # noqa: F811
    from axe_playwright_python.sync_playwright import Axe

    address, _ = desk
    page = signed_in(
        browser, address, "lee", color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    for where in ("", "/triage/2", "/claims/2", "/reviews/new?claim=2", "/reviews/99"):
        page.goto(f"{address}/-/desk{where}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, where
        found = Axe().run(page).response["violations"]
        serious = [
            (fault["id"], [node["html"][:120] for node in fault["nodes"]])
            for fault in found
            if fault["impact"] in {"serious", "critical"}
        ]
        assert serious == [], where
    page.close()
