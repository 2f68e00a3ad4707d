"""Hostile texts of doubling sizes: whatever stands in an article, time grows as its length does.

``python benchmarks/doubling.py [NAME…]`` prints, for each kind of text, how many times as long each
doubling takes; about 2 is linear. It ends in exit code 1 where one takes more than `MOST` times.
Each time is the least of some runs, in processor time, so that other programs matter little.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

from claims.models import Document, Stated
from claims.sources.reading import Page
from claims.tasks import Found, understand

MOST = 2.5  # times as long for twice the length: 2 is linear, the rest is measuring
LEAST = 0.01  # seconds, below which a time tells nothing
SIZES = (10_000, 20_000, 40_000, 80_000)  # code points
_RUNS = 2

KO = "김철수 장관은 이날 회의에서 “물가가 오를 것”이라고 말했다. 그는 곧 대책을 내겠다고 덧붙였다. "
EN = "“Prices will rise,” said Minister John Smith on Monday. He added that a plan would follow. "

_JSON_LD = '<script type="application/ld+json">'


def _repeated(piece: str) -> Callable[[int], str]:
    return lambda size: piece * (size // len(piece))


TEXTS: dict[str, Callable[[int], str]] = {
    "articles, Korean": _repeated(KO),
    "articles, English": _repeated(EN),
    "paragraphs, Korean": _repeated(f"{KO}\n\n"),
    "paragraphs, English": _repeated(f"{EN}\n\n"),
    "one sentence, Korean": lambda n: "김철수 장관은 물가가 오를 것이라고 " * (n // 20) + "말했다.",
    "one sentence, English": lambda n: "he said that prices would rise and " * (n // 35) + ".",
    "quotation marks, opening": _repeated("“"),
    "quotation marks, straight": _repeated('"'),
    "quotation marks, single": _repeated("‘"),
    "quotations of one letter": _repeated('"a" '),
    "quotation that never ends": lambda n: f"장관은 “{'물가가 오른다 ' * (n // 8)}고 말했다.",
    "quotation in quotation": lambda n: "“‘" * (n // 4) + "’”" * (n // 4),
    "no space, Korean": lambda n: f"그는 {'가' * n}라고 말했다.",
    "no space, English": lambda n: f"He said {'a' * n}.",
    "brackets": _repeated("("),
    "full stops": _repeated("."),
    "spaces": lambda n: f"{' ' * n}said.",
    "line ends": lambda n: "\n" * n + "said.",
    "control characters": _repeated("\x01\x1b[31m\x00 말했다. "),
    "lone surrogates": _repeated("\ud800가 \udfff“나”고 말했다. "),
    "bidi overrides": _repeated("\u202e그는 \u2066“가자”\u2069고 말했다.\u202c "),
    "combining marks": lambda n: "그는 “가" + "\u0301" * n + "”고 말했다.",
    "conjoining letters": _repeated("\u1112\u1161\u11ab"),
    "names": lambda n: " ".join(f"Ann{i} Poe{i} said it was good." for i in range(n // 30)),
    "names, Korean": lambda n: "이미영 시장 " * (n // 7) + "은 말했다.",
    "capitals": lambda n: "John Smith President of United Bank " * (n // 36) + "said.",
    "commas": lambda n: "Mr Smith, the mayor, " * (n // 21) + "said it.",
    "initials": lambda n: "U.S. " * (n // 5) + "said.",
    "addresses": _repeated("a.b-c@"),
    "he said": _repeated("he said "),
    "according to": _repeated("according to him, "),
    "questions and answers": _repeated("Q: Will it rise?\nA: It will.\n"),
}  # fmt: skip

PAGES: dict[str, Callable[[int], str]] = {
    "page: paragraphs": lambda n: f"<p>{KO}</p>" * (n // len(KO)),
    "page: deeply nested": lambda n: "<div>" * (n // 12) + KO + "</div>" * (n // 12),
    "page: nested inline": lambda n: f"<p>{'<b>' * (n // 8)}{KO}{'</b>' * (n // 8)}</p>",
    "page: never closed": lambda n: "<div><p>가 " * (n // 10) + KO,
    "page: text alone": lambda n: f"<p>{KO * (n // len(KO))}</p>",
    "page: no space": lambda n: f"<p>{KO}{'가' * n}</p>",
    "page: line breaks": lambda n: f"<p>{'가다.<br>' * (n // 8)}{KO}</p>",
    "page: links": lambda n: f"<p>{KO}</p>" + "<li><a href='/x'>가 나</a></li>" * (n // 32),
    "page: attributes": lambda n: f"<p {' '.join(f'a{i}=x' for i in range(n // 9))}>{KO}</p>",
    "page: attributes, open": lambda n: f"<p>{KO}</p>" + "<p a='<p b=\"" * (n // 12),
    "page: quotation marks": lambda n: f"<p>{KO}</p><p>{'“' * n}</p>",
    "page: control characters": lambda n: f"<p>{KO}" + "\x01\x1b[31m가 " * (n // 8),
    "page: bidi overrides": lambda n: f"<p>{KO}" + "\u202e가 \u2066나\u2069\u202c " * (n // 8),
    "page: entities": lambda n: f"<p>{'&amp;&#44032; ' * (n // 14)}{KO}</p>",
    "page: comments": lambda n: "<!-- x -->" * (n // 10) + f"<p>{KO}</p>",
    "page: angle brackets": lambda n: f"<p>{KO}</p>{'<' * n}",
    "page: table": lambda n: f"<table>{'<tr><td>가다.</td></tr>' * (n // 23)}</table><p>{KO}</p>",
    "page: metadata": lambda n: f"{_JSON_LD}{'[' * n}</script><p>{KO}</p>",
}  # fmt: skip


def hostile(names: list[str]) -> Iterator[tuple[str, Callable[[int], Found]]]:
    """The kinds of text, each a function from code points to what a source gives."""
    for name, make in TEXTS.items():
        if not names or name in names:
            for language in ("ko", "en"):
                yield f"{name} as {language}", _document(make)
    for name, make in PAGES.items():
        if not names or name in names:
            yield name, _page(make)


def _document(make: Callable[[int], str]) -> Callable[[int], Found]:
    return lambda size: Document("-", make(size))


def _page(make: Callable[[int], str]) -> Callable[[int], Found]:
    return lambda size: Page("-", f"<!doctype html><html><body>{make(size)}</body></html>")


def seconds(found: Found, language: str | None) -> float:
    """Processor time that one article takes, the least of some runs."""
    times = []
    for _ in range(_RUNS):
        began = time.process_time()
        understand(found, Stated(language=language))
        times.append(time.process_time() - began)
        if times[-1] > 1:
            break
    return min(times)


def measured(names: list[str]) -> Iterator[dict[str, object]]:
    """For each kind of text: seconds by size, and how many times as long each doubling takes."""
    understand(Document("-", KO), Stated(language="ko"))
    understand(Document("-", EN), Stated(language="en"))
    for name, make in hostile(names):
        language = name.rpartition(" as ")[2] if " as " in name else None
        times = [seconds(make(size), language) for size in SIZES]
        ratios = [
            round(later / earlier, 2) if earlier >= LEAST else None
            for earlier, later in pairwise(times)
        ]
        # The last two doublings together: one alone may meet a pause of the machine.
        told = [ratio for ratio in ratios if ratio is not None]
        growth = (times[-1] / times[-3]) ** 0.5 if times[-3] >= LEAST else None
        yield {"text": name, "seconds": times, "ratios": told, "growth": growth}


def main() -> int:
    """Print a table, or JSON; 1 where a text takes more than linear time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="kinds of text; all, where none is named")
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    options = parser.parse_args()
    worst = 0.0
    for row in measured(options.names):
        growth = row["growth"]
        worst = max(worst, growth if isinstance(growth, float) else 0.0)
        if options.json:
            print(json.dumps(row), flush=True)
            continue
        times = " ".join(f"{one:7.3f}" for one in row["seconds"])
        shown = f"{growth:5.2f}" if isinstance(growth, float) else "    -"
        mark = "  more than linear" if isinstance(growth, float) and growth > MOST else ""
        print(f"{row['text']:40} {times}  ×{shown} a doubling{mark}", flush=True)
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
