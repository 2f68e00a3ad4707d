"""A small claims database for the tests of pages: articles written for them, Korean and English."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claims.models import Article, Claim, Extraction, Kind, Speaker
from claims.store import Store

HANBIT = Article(
    text=(
        "국민은행이 내년 대출 금리를 올린다\n\n"
        "박서준 국민은행 부행장은 17일 “시장 금리가 올라 어쩔 수 없다”고 말했다.\n\n"
        "해안통신에 따르면 나라은행도 금리를 올린다고 한다."
    ),
    language="ko",
    title="국민은행이 내년 대출 금리를 올린다",
    byline="김하늘 기자",
    outlet="한빛일보",
    published_on="2024-12-17",
    url="https://hanbit.example/1",
)
SAEBYEOK = Article(
    text="박서준 부행장은 “취약계층의 금리는 그대로 둔다”며 “국민은행이 먼저 나선다”고 밝혔다.",
    language="ko",
    title="취약계층 금리는 그대로",
    outlet="새벽신문",
    published_on="2024-11-30",
    url="https://saebyeok.example/7",
)
HARBOUR = Article(
    text="“Other banks will follow,” said Hana Lee, an analyst at Dawn Securities.",
    language="en",
    title="Banks to raise rates",
    outlet="Harbour Times",
    published_on="2024-12-18",
    url="https://harbour.example/rates",
)

PARK = Speaker("박서준", aliases=("Seojun Park",))


def claim(
    article: Article, text: str, speaker: Speaker, kind: Kind = "direct", **details: object
) -> Claim:
    """A claim of an article by its words."""
    start = article.text.index(text)
    return Claim(
        text, kind, speaker, start, start + len(text), article.language, "test", 0.9, **details
    )


def publish(path: Path, *extractions: Extraction) -> Path:
    """Save articles with their claims in a database file."""
    store = Store.open(path)
    ingest_id = store.start_ingest("newsroom")
    for extraction in extractions:
        store.save(extraction, ingest_id)
    store.finish_ingest(ingest_id, len(extractions), sum(len(e.claims) for e in extractions))
    store.close()
    return path


def news_database(path: Path) -> Path:
    """Three articles with five claims: ids 1 and 2, then 3 and 4, then 5."""
    return publish(
        path,
        Extraction(
            HANBIT,
            (
                claim(
                    HANBIT,
                    "시장 금리가 올라 어쩔 수 없다",
                    PARK,
                    role="부행장",
                    organization="국민은행",
                    said_on="2024-12-17",
                    said_on_text="17일",
                    cue="말했다",
                ),
                claim(
                    HANBIT,
                    "나라은행도 금리를 올린다",
                    Speaker("해안통신", "outlet"),
                    "indirect",
                    via="해안통신",
                ),
            ),
        ),
        Extraction(
            SAEBYEOK,
            (
                claim(SAEBYEOK, "취약계층의 금리는 그대로 둔다", PARK, role="부행장"),
                claim(SAEBYEOK, "국민은행이 먼저 나선다", PARK, role="부행장"),
            ),
        ),
        Extraction(
            HARBOUR,
            (
                claim(
                    HARBOUR,
                    "Other banks will follow",
                    Speaker("Hana Lee"),
                    role="an analyst",
                    organization="Dawn Securities",
                ),
            ),
        ),
    )


@contextmanager
def served(path: Path, metadata: Path | None = None) -> Iterator[str]:
    """Serve a database as `claims serve` does, in a process of its own; gives the address."""
    command = [
        sys.executable, "-u", "-c",
        "import sys; from pathlib import Path; from claims.serving import Desk, serve; "
        "serve(sys.argv[1], port=0, desk=Desk(*map(Path, sys.argv[2:])))", str(path),
        *([str(metadata)] if metadata else []),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            line = process.stdout.readline().decode()
            address = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert address, line + process.stdout.read().decode()
            yield address.group()
        finally:
            process.send_signal(signal.SIGINT)
            said = process.stdout.read().decode()
    assert (process.returncode, said) == (0, "")
