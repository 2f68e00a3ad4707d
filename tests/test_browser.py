"""What a reader does, in a real Chromium: facet, search, open an article at the mark."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from checked import checked_database
from newsroom import served
from playwright.sync_api import expect, sync_playwright
from test_datasette import HOSTILE_PAGES_AND_OURS, hostile_database

expect.set_options(timeout=20_000)  # a machine may be busy
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, _NAMES)), playwright.chromium.executable_path)
        if not Path(path).is_file():
            reason = "no Chromium found: install one, or `playwright install chromium`"
            if os.environ.get("CLAIMS_REQUIRE_BROWSER") == "1":
                pytest.fail(f"CLAIMS_REQUIRE_BROWSER=1, but {reason}")
            pytest.skip(reason)
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(checked_database(tmp_path_factory.mktemp("browser") / "claims.db")) as address:
        yield address


@pytest.fixture
def page(browser, address):
    page = browser.new_page(locale="ko-KR")
    page.set_default_timeout(20_000)
    page.goto(f"{address}/claims")
    yield page
    page.close()


def claims_on(page):
    return expect(page.locator("td.claims-text > a:first-child"))


def test_a_reader_facets_korean_claims_by_speaker_and_back(page):
    page.get_by_role("link", name="Browse the claims").click()
    claims_on(page).to_have_count(5)
    page.locator("#facet-speaker_id").get_by_role("link", name="박서준").click()
    expect(page).to_have_url(re.compile(r"speaker_id=1$"))
    claims_on(page).to_have_text(
        [
            "시장 금리가 올라 어쩔 수 없다",
            "취약계층의 금리는 그대로 둔다",
            "국민은행이 먼저 나선다",
        ]
    )
    page.locator("#facet-outlet_id").get_by_role("link", name="새벽신문").click()
    expect(page).to_have_url(re.compile(r"outlet_id=3$"))
    claims_on(page).to_have_text(["취약계층의 금리는 그대로 둔다", "국민은행이 먼저 나선다"])
    page.get_by_role("link", name="박서준만 보기 해제").click()
    expect(page).not_to_have_url(re.compile(r"speaker_id"))
    page.locator(".chips").get_by_role("link", name="새벽신문").click()
    claims_on(page).to_have_count(5)


def test_a_reader_searches_for_a_word_of_two_syllables(page):
    page.get_by_role("link", name="Browse the claims").click()
    page.get_by_label("낱말").fill("은행")
    page.get_by_label("낱말").press("Enter")
    expect(page).to_have_url(re.compile(r"/claims/claims\?_search="))
    claims_on(page).to_have_text(
        [
            "시장 금리가 올라 어쩔 수 없다",
            "나라은행도 금리를 올린다",
            "국민은행이 먼저 나선다",
        ]
    )
    expect(page.locator("td.claims-text mark")).to_have_text(["은행", "은행"])


def test_a_reader_opens_an_article_at_the_mark_and_goes_on_to_the_speaker(page):
    page.get_by_role("link", name="Browse the claims").click()
    page.get_by_role("link", name="나라은행도 금리를 올린다").click()
    expect(page).to_have_url(re.compile(r"/claims/articles/1#claim-2$"))
    mark = page.locator("mark:target")
    expect(mark).to_have_text("나라은행도 금리를 올린다")
    expect(mark).to_be_in_viewport()
    expect(page.locator("article")).to_have_attribute("lang", "ko")
    page.locator("#about-2").get_by_role("link", name="해안통신").first.click()
    expect(page).to_have_url(re.compile(r"/claims/speakers/2$"))


def test_a_reader_searches_from_the_front_page_and_opens_a_claim_and_its_article(browser, address):
    page = browser.new_page(locale="ko-KR")
    page.goto(f"{address}/")
    page.locator("#hero-q").fill("취약")
    page.locator("#hero-q").press("Enter")
    expect(page.locator(".claim-words mark.found")).to_have_text("취약")
    page.locator(".claim-words a").click()
    expect(page.locator("h1")).to_have_text("취약계층의 금리는 그대로 둔다")
    page.get_by_role("link", name="기사에서 읽기").click()
    expect(page.locator("mark:target")).to_have_text("취약계층의 금리는 그대로 둔다")
    page.close()


def test_the_language_is_a_click_away_and_stays(browser, address):
    context = browser.new_context(locale="ko-KR")
    page = context.new_page()
    page.goto(f"{address}/claims/articles/1")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(r"/claims/articles/1$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"{address}/claims/claims")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    context.close()


def test_a_quotation_is_copied(browser, address):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}/claims/claims/5")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“Other banks will follow” — Hana Lee, Dawn Securities, an analyst")
    context.close()


def test_everything_is_there_without_javascript_and_by_keyboard(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/claims/claims")
    page.locator("#facet-speaker_id").get_by_role("link", name="Hana Lee").focus()
    page.keyboard.press("Enter")
    claims_on(page).to_have_count(1)
    page.get_by_role("link", name="Other banks will follow").focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark:target")).to_have_text("Other banks will follow")
    context.close()


PAGES = [
    "/", "/claims", "/claims/claims?_search=은행", "/claims/claims_browse",
    "/claims/speakers_summary", "/claims/articles", "/claims/articles/1", "/claims/claims/1",
    "/claims/reviews/1", "/claims/speakers/1", "/claims/outlets/1", "/-/claims/search?q=은행",
    "/claims/history", "/claims/nope",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("where", PAGES)
def test_axe_finds_nothing_serious(browser, address, where, scheme):
    page = browser.new_page(color_scheme=scheme, locale="ko-KR")
    blocked = []
    page.on("console", lambda message: blocked.append(message.text))
    page.goto(address + where)
    # The editor in Datasette's own SQL box makes its fields itself.
    page.evaluate("document.querySelectorAll('.CodeMirror').forEach((editor) => editor.remove())")
    found = Axe().run(page).response["violations"]
    faults = [
        (fault["id"], [node["html"][:200] for node in fault["nodes"]])
        for fault in found
        if fault["impact"] in {"serious", "critical"}
    ]
    assert faults == []
    assert [text for text in blocked if "Content Security Policy" in text] == []
    page.close()


@pytest.mark.parametrize("where", PAGES)
def test_a_phone_has_nothing_to_scroll_sideways(browser, address, where):
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(address + where)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


CONTRAST = """
() => {
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faults = [];
  for (const element of document.querySelectorAll("section.content *")) {
    const said = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!said || !element.checkVisibility()) continue;
    const [one, two] = [light(parts(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) faults.push(`${element.tagName} ${element.className} ${ratio.toFixed(1)} ${element.textContent.trim().slice(0, 40)}`);
  }
  return faults;
}
"""  # noqa: E501


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("where", ["/claims/articles/1", "/claims/claims?_search=은행"])
def test_words_stand_out_from_their_ground(browser, address, scheme, where):
    page = browser.new_page(color_scheme=scheme)
    page.goto(address + where)
    faults = [fault for fault in page.evaluate(CONTRAST) if not fault.startswith("INPUT")]
    assert faults == []
    page.close()


def test_no_payload_runs(browser, tmp_path):
    """Every field that comes from articles holds code; none of it may run, nor lead anywhere."""
    with served(hostile_database(tmp_path / "hostile.db")) as address:
        page = browser.new_page()
        ran = []
        page.expose_function("probe", lambda: ran.append(page.url))
        page.on("dialog", lambda dialog: ran.append(dialog.message))
        shown = 0
        for where in HOSTILE_PAGES_AND_OURS:
            page.goto(address + where)
            shown += page.locator("body").inner_text().count("probe()")
            schemes = page.evaluate("[...document.links].map(link => link.protocol)")
            assert set(schemes) <= {"http:", "https:"}, where
        assert ran == []
        assert shown > 100
        page.close()


@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
def test_the_claims_fit_a_window_of_1200_pixels(browser, address, locale):
    page = browser.new_page(locale=locale, viewport={"width": 1200, "height": 900})
    page.goto(f"{address}/claims/claims")
    assert page.evaluate(
        "(() => { const rows = document.querySelector('.table-wrapper');"
        " return rows.scrollWidth <= rows.clientWidth })()"
    )
    page.close()
