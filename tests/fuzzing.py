"""Generated inputs in all formats, broken in all ways: `make fuzz` takes 20,000 of them.

Each input is made from a number alone, so that one that breaks something can be made again:
``python fuzzing.py SEED 1 FIRST`` takes the one numbered FIRST.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import random
import signal
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from claims.errors import SourceError
from claims.ingest import ingest
from claims.sources import Reading
from claims.sources.fetching import Fetched, Fetcher
from claims.store import Store

SECONDS = 60  # for one input, on a machine that does other things too
Dice = random.Random

_PIECES = [
    "최도현 교수는 ", "이미영 시장은 16일 ", "“둑을 다시 쌓겠다”", "'그렇다'", "고 말했다. ", "라며 ", "그는 ",
    "에 따르면 ", "보도에 따르면 ", "입력 2024-12-17\n", "김하늘 한빛일보 기자\n", "했다고 CNBC가 16일 보도했다. ",
    "\n\n", "\n", "- ", "【】", "「", "」", "“", "”", "‘", "’", '"', "'", "«", "»", "…", "—",
    '"We begin soon," ', "said Mayor Ann Poe. ", "She said that ", "By Jane Doe\n", "Mr. ", "U.S. ",
    "according to Poe, ", "told Reuters on Monday that ", "Q: ", "A: ", "@", "https://a.example/x ",
    "\x00", "\x1b[31m", "\u202e", "\u2066", "\ufeff", "\ud800", "\udfff", "\U0001f600", "\u0301" * 5,
    "\u1112\u1161\u11ab", "\ue000", "a" * 300, "가" * 300, "(" * 50, ")" * 50, "<", ">", "&amp;", "&#0;", "\t",
    "1,234.5", "%", "한국은행의 총재의 ", "시장", "said ", "말했다", "John Smith, the mayor of Here, ",
]  # fmt: skip


def text(dice: Dice, most: int = 40) -> str:
    return "".join(dice.choice(_PIECES) for _ in range(dice.randint(0, most)))


def _bytes(words: str) -> bytes:
    return words.encode("utf-8", "surrogatepass")


def _html(dice: Dice) -> str:
    tags = ["p", "div", "span", "b", "blockquote", "q", "script", "style", "table", "tr", "td", "li", "ul",
            "article", "h1", "figure", "figcaption", "time", "a", "br", "svg", "template", "!--"]  # fmt: skip
    parts = ["<!doctype html><html><head>"]
    if dice.random() < 0.5:
        said = {"@type": dice.choice(["NewsArticle", "ClaimReview", 3, None]), "headline": text(dice, 3),
                "author": dice.choice([None, 1, [], {"name": text(dice, 2)}, [{"name": None}]]),
                "datePublished": dice.choice(["2025-01-02", "soon", 7, {}]),
                "claimReviewed": text(dice, 2), "reviewRating": dice.choice([{}, "x", {"ratingValue": "n"}]),
                "articleBody": dice.choice([text(dice, 9), 4, None])}  # fmt: skip
        parts.append(f'<script type="application/ld+json">{json.dumps(said)}</script>')
    parts.append(
        f'<meta property="og:title" content="{text(dice, 3)}"><title>{text(dice, 3)}</title>'
    )
    parts.append(f'<meta charset="{dice.choice(["utf-8", "euc-kr", "x", "utf-16"])}"></head><body>')
    for _ in range(dice.randint(0, 25)):
        tag = dice.choice(tags)
        closing = f"</{dice.choice([tag, *tags])}>" if dice.random() < 0.8 else ""
        parts.append(
            f"<{tag} class='{dice.choice(['caption', 'x', text(dice, 1)])}'>{text(dice, 8)}{closing}"
        )
    return "".join(parts)


def _record(dice: Dice) -> object:
    values: list[object] = [
        text(dice),
        None,
        5,
        1.5,
        True,
        [],
        {},
        [text(dice, 3)],
        {"name": "x"},
        _html(dice),
    ]
    names = ["text", "body", "title", "url", "date", "author", "speaker", "outlet", "language", "본문", "x",
             "start", "kind", "status", "confidence", "@type", "itemReviewed"]  # fmt: skip
    record: dict[str, object] = {
        dice.choice(names): dice.choice(values) for _ in range(dice.randint(0, 6))
    }
    if dice.random() < 0.7:
        record |= {
            "text": text(dice),
            "title": text(dice, 3),
            "url": f"https://a.example/{dice.randint(0, 9)}",
        }
    return record if dice.random() < 0.95 else dice.choice(values)


def _jsonl(dice: Dice) -> bytes:
    lines = (
        json.dumps(_record(dice), ensure_ascii=dice.random() < 0.5)
        for _ in range(dice.randint(0, 4))
    )
    return _bytes("\n".join(lines))


def _claim_reviews(dice: Dice) -> bytes:
    def review() -> object:
        return {
            "@context": "https://schema.org", "@type": dice.choice(["ClaimReview", ["ClaimReview"], "Claim"]),
            "claimReviewed": dice.choice([text(dice, 6), "둑은 안전하다", 3, None]),
            "url": dice.choice(["https://b.example/1", "javascript:x", 9]),
            "datePublished": dice.choice(["2025-02-03", "2025", "x", None]),
            "author": dice.choice([{"name": "검증팀"}, "검증팀", [], {"@type": "Organization"}]),
            "itemReviewed": dice.choice([
                {"@type": "Claim", "author": {"name": "윤서연"}, "appearance": dice.choice([
                    [{"url": "https://c.example/2"}], {"@type": "CreativeWork"}, "https://c.example/3", 4])},
                {"@type": "CreativeWork", "author": [{"name": "A"}, {"name": None}]}, "x", None, [1]]),
            "reviewRating": dice.choice([{"alternateName": "거짓", "ratingValue": dice.choice([1, "1", "x", -3]),
                                          "bestRating": 5, "worstRating": dice.choice([1, 5, None])}, [], "x"]),
        }  # fmt: skip

    shape = dice.randint(0, 3)
    items = [review() for _ in range(dice.randint(0, 3))]
    if shape == 0:
        return _bytes(json.dumps(items))
    if shape == 1:
        feed = {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": items}]}
        return _bytes(json.dumps(feed))
    return _bytes(
        json.dumps({"@context": "https://schema.org", "@graph": items} if shape == 2 else review())
    )


def _table(dice: Dice) -> bytes:
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=dice.choice([",", ";", "\t"]))
    columns = ["text", "speaker", "outlet", "published_on", "title", "url", "kind", "", "text"]
    writer.writerow(dice.sample(columns, dice.randint(1, len(columns))))
    for _ in range(dice.randint(0, 4)):
        writer.writerow([text(dice, 4) for _ in range(dice.randint(0, 9))])
    return _bytes(output.getvalue())


def _feed(dice: Dice) -> bytes:
    item = "".join(
        f"<item><title>{text(dice, 3)}</title><link>https://a.example/{at}</link>"
        f"<guid>{dice.randint(0, 3)}</guid><pubDate>{dice.choice(['x', 'Mon, 06 Jan 2025 10:00:00 GMT'])}"
        f"</pubDate><description>{text(dice, 8)}</description></item>"
        for at in range(dice.randint(0, 3))
    )
    entity = '<!DOCTYPE r [<!ENTITY a "b">]>' if dice.random() < 0.05 else ""
    if dice.random() < 0.7:
        return _bytes(
            f'<?xml version="1.0"?>{entity}<rss version="2.0"><channel>{item}</channel></rss>'
        )
    return _bytes(json.dumps({
        "version": "https://jsonfeed.org/version/1.1", "title": dice.choice([text(dice, 2), 3]),
        "items": dice.choice([[_record(dice), {"id": 1, "content_text": text(dice)}], None, {}, [3]]),
    }))  # fmt: skip


def _warc(dice: Dice) -> bytes:
    parts = []
    for _ in range(dice.randint(0, 3)):
        body = _bytes(_html(dice))
        if dice.random() < 0.2:
            body = gzip.compress(body)
        http = (f"HTTP/1.1 {dice.choice([200, 200, 200, 404, 301])} OK\r\n"
                f"Content-Type: {dice.choice(['text/html', 'text/html; charset=x', 'image/png'])}\r\n"
                f"{dice.choice(['', 'Content-Encoding: gzip' + chr(13) + chr(10)])}\r\n")  # fmt: skip
        block = http.encode() + body
        length = len(block) + dice.choice([0, 0, 0, 0, -5, 7])
        head = (f"WARC/1.0\r\nWARC-Type: {dice.choice(['response', 'response', 'request', 'revisit'])}\r\n"
                f"WARC-Target-URI: https://a.example/{dice.randint(0, 5)}\r\n"
                f"WARC-Date: {dice.choice(['2025-01-02T03:04:05Z', 'x'])}\r\n"
                f"WARC-Record-ID: <urn:uuid:{dice.randint(0, 9)}>\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n")  # fmt: skip
        parts.append(head.encode() + block + b"\r\n\r\n")
    return b"".join(parts)


def _pdf(dice: Dice) -> bytes:
    shown = "".join(c for c in text(dice, 6) if c.isascii() and c not in "()\\")
    stream = f"BT /F1 12 Tf 72 720 Td ({shown}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    data = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(data)
    return data + (b"xref\n0 6\n0000000000 65535 f \n" + table
                   + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start)  # fmt: skip


def _parquet(dice: Dice) -> bytes:
    import pyarrow
    import pyarrow.parquet

    rows = [{"text": text(dice).encode("utf-8", "replace").decode(), "title": f"t{at}",
             "url": dice.choice([None, "https://a.example/p"]), "date": dice.choice([None, "2025-01-01"])}
            for at in range(dice.randint(1, 3))]  # fmt: skip
    output = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), output)
    return output.getvalue()


def _zip(dice: Dice) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(
        output, "w", dice.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    ) as archive:
        for number in range(dice.randint(0, 3)):
            suffix, make = dice.choice(PLAIN)
            archive.writestr(f"{dice.choice(['', '../', '/', 'd/'])}{number}{suffix}", make(dice))
    return output.getvalue()


PLAIN: list[tuple[str, Callable[[Dice], bytes]]] = [
    (".txt", lambda dice: _bytes(text(dice, 60))), (".txt", lambda dice: _bytes(text(dice, 60))),
    (".html", lambda dice: _bytes(_html(dice))), (".html", lambda dice: _bytes(_html(dice))),
    (".jsonl", _jsonl), (".json", lambda dice: _bytes(json.dumps([_record(dice)]))),
    (".json", _claim_reviews), (".jsonld", _claim_reviews), (".csv", _table), (".tsv", _table),
    (".rss", _feed), (".xml", _feed),
]  # fmt: skip
PACKED: list[tuple[str, Callable[[Dice], bytes]]] = [
    (".jsonl.gz", lambda dice: gzip.compress(_jsonl(dice))),
    (".txt.bz2", lambda dice: bz2.compress(_bytes(text(dice)))),
    (".csv.gz", lambda dice: gzip.compress(_table(dice))),
    (".zip", _zip), (".zip", _zip),
    (".warc", _warc), (".warc.gz", lambda dice: gzip.compress(_warc(dice))),
    (".pdf", _pdf), (".parquet", _parquet),
]  # fmt: skip


def broken(dice: Dice, data: bytes) -> bytes:
    """The data with some bytes flipped, cut out, put in twice, or its end missing."""
    if dice.random() < 0.4 or not data:
        return data
    changed = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(changed) + 1)
        length = dice.choice([1, 1, 2, 8, 40])
        way = dice.randint(0, 4)
        if way == 0 and at < len(changed):
            changed[at] ^= 1 << dice.randint(0, 7)
        elif way == 1:
            del changed[at : at + length]
        elif way == 2:
            changed[at:at] = changed[at : at + length] * dice.randint(1, 20)
        elif way == 3:
            changed[at:at] = _bytes(dice.choice(_PIECES))
        elif dice.random() < 0.3:
            del changed[at:]
    return bytes(changed)


def made(seed: int, number: int) -> tuple[str, bytes]:
    """The name and the bytes of one input."""
    dice = random.Random(f"{seed} {number}")
    suffix, make = dice.choice(PLAIN if dice.random() < 0.75 else PACKED)
    return f"{number}{suffix}", broken(dice, make(dice))


class Hung(BaseException):
    """Reading an input takes too long."""


class NoFetcher(Fetcher):
    """Nothing is read from the web."""

    def get(self, url: str, headers: object = None) -> Fetched:
        raise SourceError(f"{url}: nothing is fetched here")


@contextmanager
def _bounded():
    def over(*_signal: object) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


STRAYS = """select claims.id from claims join articles on articles.id = article_id
where claims.text is not substr(articles.text, start + 1, end - start) or end <= start
or speaker_start >= speaker_end or speaker_end > length(articles.text)"""


def fuzz(seed: int, numbers: range) -> tuple[list[str], Counter[str]]:
    """Ingest inputs; what went wrong, as sentences, and how many gave what."""
    wrong: list[str] = []
    counts: Counter[str] = Counter()
    reading = Reading(follow=False, fetcher=NoFetcher())
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "claims.db")
        for number in numbers:
            name, data = made(seed, number)
            path = Path(folder) / name
            path.write_bytes(data)
            try:
                with _bounded():
                    result = ingest(store, [str(path)], reading=reading)
            except Hung:
                wrong.append(f"{name}: takes more than {SECONDS} seconds")
                store.close()
                store = Store.open(Path(folder) / "claims.db")
            except Exception as error:
                wrong.append(f"{name}: {type(error).__name__}: {error}")
            else:
                wrong += [f"{name}: {said}" for said in result.failures if "a mistake in" in said]
                counts.update(articles=result.articles, known=result.known, claims=result.claims,
                              failures=result.failed, inputs=1)  # fmt: skip
            path.unlink()
        wrong += [f"claim {row[0]} is not where it says" for row in store.db.execute(STRAYS)]
        store.close()
    return wrong, counts


def main() -> None:
    """Take 20,000 inputs, or as many as are asked for: SEED, how many, the first."""
    seed, many, first = (*map(int, sys.argv[1:]), *(1, 20_000, 0)[len(sys.argv) - 1 :])
    began = time.monotonic()
    found: list[str] = []
    total: Counter[str] = Counter()
    for start in range(first, first + many, 1_000):
        wrong, counts = fuzz(seed, range(start, min(start + 1_000, first + many)))
        found, total = found + wrong, total + counts
        print(f"seed {seed}: {dict(total)}, {time.monotonic() - began:,.0f} s", flush=True)
        for sentence in wrong:
            print(f"  {sentence}"[:600], flush=True)
    if found:
        sys.exit(f"{len(found)} inputs went wrong")


if __name__ == "__main__":
    main()
