"""The articles of ``examples/`` yield exactly the claims beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import EXAMPLES, ROOT

from claims.articles import read_article
from claims.extraction import extract
from claims.models import Document, Stated

COLUMNS = ("text", "speaker", "role", "organization", "kind", "via")
PAGES = sorted(EXAMPLES.glob("*.txt"))

# What each page says of itself: title's first word, byline, outlet, date.
SELVES = {
    "daily-herald-ferry": ("Harbour", "Jane Doe", "Daily Herald", "2025-01-14"),
    "hanbit-river-dike": ("한솔강", "김하늘", "한빛통신", "2025-10-21"),
    "maeum-night-bus": ("심야버스", "오가람", "마음신문", "2025-11-05"),
    "nuribom-kelp-forest": ("사라지던", "이새봄", "누리봄일보", "2025-09-03"),
    "saebyeok-rate-decision": ("가람은행,", "남도윤", "새벽경제", None),
}


def found(path: Path) -> list[tuple[str | None, ...]]:
    article = read_article(Document(path.name, path.read_text("utf-8")), Stated())
    return sorted(
        (c.text, c.speaker.name, c.role, c.organization, c.kind, c.via) for c in extract(article)
    )


def expected(path: Path) -> list[tuple[str | None, ...]]:
    beside = path.with_suffix(".expected.jsonl")  # where the article itself isn't in the repository
    kept = beside if beside.is_file() else ROOT / "tests" / "expected" / f"{path.stem}.jsonl"
    lines = kept.read_text("utf-8").splitlines()
    claims = [json.loads(line) for line in lines]
    assert all(set(claim) == set(COLUMNS) for claim in claims)
    return sorted(tuple(claim[column] for column in COLUMNS) for claim in claims)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_an_example_yields_exactly_its_claims(path):
    assert found(path) == expected(path)


def test_the_flagship_page_yields_exactly_its_claims(flagship):
    assert found(flagship) == expected(flagship)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_an_example_says_who_wrote_it_where_and_when(path):
    article = read_article(Document(path.name, path.read_text("utf-8")), Stated())
    title = (article.title or "").split()[0]
    assert (title, article.byline, article.outlet, article.published_on) == SELVES[path.stem]


def test_every_expectation_has_its_words_in_its_article():
    for path in PAGES:
        text = path.read_text("utf-8")
        for words, *_ in expected(path):
            assert words in text
