"""Retake the pictures of the documentation: `make screenshots`.

The examples go into a database of their own, which is served and opened in a headless Chromium. A
machine without Korean fonts (fonts-noto-cjk on Debian) would show boxes, so look at the pictures.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).parent
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def claims_table(page: Page, address: str) -> None:
    """Korean claims, with the facets beside them."""
    page.goto(f"{address}/claims/claims?language=ko")


def article_page(page: Page, address: str) -> None:
    """An article, opened at one of its claims."""
    page.goto(f"{address}/claims/claims?_search=바다")
    page.locator("td.claims-text > a:first-child").first.click()
    page.locator("mark:target").wait_for()


PICTURES = {
    "claims-table.png": (claims_table, 1080),
    "article-page.png": (article_page, 900),
}


@contextmanager
def served_examples(folder: Path) -> Iterator[str]:
    """Ingest the examples and serve them; gives the address."""
    claims, db = [sys.executable, "-m", "claims"], str(folder / "claims.db")
    examples = str(DOCS.parent / "examples")
    subprocess.run([*claims, "ingest", "--quiet", "--db", db, examples], check=True)
    serve = [*claims, "serve", "--db", db, "--port", "0"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield re.findall(r"http://[\d.:]+", line)[0]
        finally:
            process.send_signal(signal.SIGINT)


def main() -> None:
    """Take every picture of ``PICTURES``."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served_examples(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, (go, height) in PICTURES.items():
            page = browser.new_page(viewport={"width": 1280, "height": height}, locale="ko-KR")
            go(page, address)
            page.screenshot(path=DOCS / name)
            print(f"docs/{name}: {(DOCS / name).stat().st_size // 1000} KB")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
