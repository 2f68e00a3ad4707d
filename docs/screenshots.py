"""Retake the pictures of the documentation: `make screenshots`.

The examples go into a database of their own, two of their claims are reviewed, and the pages are
opened in a headless Chromium. A machine without Korean fonts (fonts-noto-cjk on Debian) would show
boxes, so look at the pictures.
"""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).parent
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def claims_table(page: Page, address: str) -> None:
    """Korean claims, with the filters and facets beside them."""
    page.goto(f"{address}/claims/claims?language=ko")


def article_page(page: Page, address: str) -> None:
    """An article, opened at one of its claims."""
    page.goto(f"{address}/claims/claims?_search=바다")
    page.locator("td.claims-text > a:first-child").first.click()
    page.locator("mark:target").wait_for()


def front_page(page: Page, address: str) -> None:
    """What is in here."""
    page.goto(f"{address}/")


def claim_page(page: Page, address: str) -> None:
    """A claim that was reviewed."""
    page.goto(f"{address}/claims/reviews/1")
    page.locator(".claim-words a").first.click()
    page.locator(".review").wait_for()


def speaker_page(page: Page, address: str) -> None:
    """The speaker of the claim that was reviewed."""
    claim_page(page, address)
    page.locator(".claim-speaker a").click()
    page.locator("h1").wait_for()


def search_page(page: Page, address: str) -> None:
    """A search for a Korean word."""
    page.goto(f"{address}/-/claims/search?q=금리")


def triage_page(page: Page, address: str) -> None:
    """The first suggested claim, to be decided."""
    page.goto(f"{address}/-/desk")
    page.locator(".desk-begin button").click()
    page.locator("#desk-text").wait_for()


def review_form(page: Page, address: str) -> None:
    """An empty review of a claim."""
    page.goto(f"{address}/-/desk/reviews/new?claim=1")


@dataclass(frozen=True)
class Picture:
    """How a picture is taken."""

    go: Callable[[Page, str], None]
    height: int
    width: int = 1280
    locale: str = "ko-KR"
    scheme: str = "light"
    signed_in: bool = False


PICTURES = {
    "front-page.png": Picture(front_page, 900),
    "claims-table.png": Picture(claims_table, 1080),
    "article-page.png": Picture(article_page, 900),
    "claim-page.png": Picture(claim_page, 1000, locale="en-US"),
    "speaker-page.png": Picture(speaker_page, 900, scheme="dark"),
    "desk-triage.png": Picture(triage_page, 1000, signed_in=True),
    "desk-review.png": Picture(review_form, 1000, locale="en-US", signed_in=True),
    "search-on-a-phone.png": Picture(search_page, 780, width=390),
}


@contextmanager
def served_examples(folder: Path) -> Iterator[tuple[str, str]]:
    """Ingest the examples, review two claims, and serve them.

    Gives the address, and the one that signs in.
    """
    claims, db = [sys.executable, "-m", "claims"], str(folder / "claims.db")
    examples = str(DOCS.parent / "examples")
    subprocess.run([*claims, "ingest", "--quiet", "--db", db, examples], check=True)
    review(claims, db)
    serve = [*claims, "serve", "--db", db, "--port", "0", "--root"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as process:
        try:
            told = ""
            while "auth-token" not in told and process.stdout and process.poll() is None:
                told += process.stdout.readline()
            yield (
                re.findall(r"http://[\d.:]+", told)[0],
                re.findall(r"http://\S+auth-token\S+", told)[0],
            )
        finally:
            process.send_signal(signal.SIGINT)


def review(claims: list[str], db: str) -> None:
    """Two reviews of our own examples' claims, one of them for the claim of a ferry."""
    with sqlite3.connect(db) as connection:
        found = [
            str(
                connection.execute("select id from claims where text like ?", [words]).fetchone()[0]
            )
            for words in ("%fell by a third%", "%심야 노선 세 곳%")
        ]
    connection.close()
    command = [*claims, "review", "--db", db, "--actor", "ana"]
    subprocess.run(
        [*command, found[0], "--verdict", "mostly true", "--evidence", "https://stats.example/ferry",
         "--summary", "Counts at the pier show a fall of 31 % between 2019 and 2024."],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    subprocess.run(
        [*command, found[1], "--verdict", "false", "--evidence", "https://stats.example/bus",
         "--summary", "교통 카드 기록으로는 하루 평균 63명이 탔다."],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def main() -> None:
    """Take every picture of ``PICTURES``."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served_examples(Path(folder)) as (address, sign_in),
        sync_playwright() as playwright,
    ):
        path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        entrance = browser.new_page()
        entrance.goto(sign_in)
        signed_in = entrance.context.storage_state()
        for name, picture in PICTURES.items():
            page = browser.new_page(
                viewport={"width": picture.width, "height": picture.height},
                locale=picture.locale,
                color_scheme=picture.scheme,
                storage_state=signed_in if picture.signed_in else None,
            )
            picture.go(page, address)
            page.screenshot(path=DOCS / name)
            print(f"docs/{name}: {(DOCS / name).stat().st_size // 1000} KB")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
