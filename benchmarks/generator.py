"""Claims databases of any size, made of invented words: the same for the same seed.

One speaker has 46 % of the claims, as heads of state and of central banks do; the others, the
outlets and the words are distributed by Zipf's law. Half of the articles are Korean, half English.
Rows go through the real schema, its triggers and full-text search included.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import random
import time
from collections.abc import Iterator
from pathlib import Path

from claims.columns import CLAIM_COLUMNS
from claims.search import index_terms
from claims.store import Store

CLAIMS_PER_ARTICLE = 5
FIRST_DAY, DAYS = datetime.date(2004, 1, 1), 20 * 365
TOP_SHARE = 0.46
_KOREAN = (
    "가각간감강개거건결경고공과관교구국군권규금기길나남내노농다단당대도동등로리마만명모무문물"
    "미민바박반방배법별보복부북분비사산상생서선설성세소손수순시식신실심안양어업여역연영예오온"
    "외용우운원위유윤은을음의이인일임입자작장재저전점정제조종주준중지직진집차참창책천철청체초"
    "총최추출치친카코크타태통투특파판평포표품하학한합해행향현협형호화환활황회효후"
)
_PARTICLES = [
    "",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "에서",
    "으로",
    "와",
    "도",
    "까지",
]
_ENGLISH = [a + b for a, b in itertools.product("bcdfghjklmnprstvw", "aeiou")]
# Words that everybody searches for.
FREQUENT = {"ko": ["경제", "정부", "금리"], "en": ["government", "market", "people"]}
KINDS = ["direct"] * 6 + ["indirect"] * 3 + ["mixed"]
STATUSES = ["suggested"] * 90 + ["accepted"] * 6 + ["rejected"] * 3 + ["checked"]


class Words:
    """Sentences of invented words, common ones often, with their search terms made once."""

    def __init__(self, language: str, rng: random.Random, words: int = 30_000) -> None:
        syllables = _KOREAN if language == "ko" else _ENGLISH
        coined = {
            "".join(rng.choices(syllables, k=rng.choice([2, 2, 3, 3, 4]))) for _ in range(words)
        }
        self.words = FREQUENT[language] + sorted(coined - set(FREQUENT[language]))
        rng.shuffle(self.words[20:])
        self.weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        self.language, self.rng = language, rng
        self.pool = [self._sentence() for _ in range(20_000)]

    def _sentence(self) -> tuple[str, str]:
        chosen = self.rng.choices(self.words, cum_weights=self.weights, k=self.rng.randint(7, 16))
        if self.language == "ko":
            chosen = [word + self.rng.choice(_PARTICLES) for word in chosen]
        text = " ".join(chosen)
        return text, index_terms(text)

    def sentences(self, count: int) -> list[tuple[str, str]]:
        """Some sentences with their terms."""
        return self.rng.choices(self.pool, k=count)


class Made:
    """Rows of a database, in batches of articles."""

    def __init__(self, claims: int, seed: int, sentences: int) -> None:
        self.rng = random.Random(seed)
        self.claims, self.sentences = claims, sentences
        self.articles = max(1, claims // CLAIMS_PER_ARTICLE)
        self.words = {language: Words(language, self.rng) for language in ("ko", "en")}
        self.speakers = max(20, claims // 20)
        self.outlets = min(2000, max(20, claims // 500))
        self.speaker_weights = _zipf(self.speakers - 1, (1 - TOP_SHARE) / TOP_SHARE)
        self.outlet_weights = _zipf(self.outlets)

    def names(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Speakers with their kinds, outlets with their languages."""
        kinds = ["person"] * 7 + ["organization"] * 2 + ["anonymous"]
        speakers = [(self._name(number), self.rng.choice(kinds)) for number in range(self.speakers)]
        outlets = [(f"{self._name(number)} 신문", "ko") for number in range(self.outlets)]
        return speakers, outlets

    def _name(self, number: int) -> str:
        language = ("ko", "en")[number % 2]
        words = self.words[language].words
        if language == "ko":
            return f"{words[number % len(words)]}{'' if number < len(words) else number}"
        first, last = words[number % 997].title(), words[number % len(words)].title()
        return f"{first} {last} {number // len(words) or ''}".strip()

    def batches(self, size: int = 2000) -> Iterator[tuple[list, list, list, list]]:
        """Rows for articles, articles_fts, claims and claims_fts."""
        rows: tuple[list, list, list, list] = ([], [], [], [])
        claim_id = 0
        for article_id in range(1, self.articles + 1):
            here = min(CLAIMS_PER_ARTICLE, self.claims - claim_id)
            self._article(article_id, claim_id, here, rows)
            claim_id += here
            if len(rows[0]) >= size:
                yield rows
                rows = ([], [], [], [])
        yield rows

    def _article(self, article_id: int, claim_id: int, claims: int, rows: tuple) -> None:
        rng, language = self.rng, "ko" if article_id % 2 else "en"
        day = FIRST_DAY + datetime.timedelta(int(DAYS * article_id / (self.articles + 1)))
        published = day.isoformat()
        outlet = rng.choices(range(1, self.outlets + 1), cum_weights=self.outlet_weights)[0]
        chosen = self.words[language].sentences(max(self.sentences, claims) + 1)
        (title, title_terms), body = chosen[0], chosen[1:]
        text, terms, place = [], [title_terms], 0
        for number, (sentence, sentence_terms) in enumerate(body):
            if number < claims:
                speaker = self._speaker()
                rows[2].append(
                    self._claim(
                        (claim_id + number + 1, article_id, speaker, outlet),
                        sentence,
                        place,
                        published,
                        language,
                    )
                )
                rows[3].append(
                    (claim_id + number + 1, f"{sentence_terms} {self.names_of[speaker - 1]}")
                )
            text.append(sentence)
            terms.append(sentence_terms)
            place += len(sentence) + 2
        whole = ". ".join(text)
        rows[0].append(
            (
                article_id,
                outlet,
                f"https://news{outlet}.example/{article_id}",
                title,
                published,
                language,
                whole,
                f"{article_id:064x}",
                1,
            )
        )
        rows[1].append((article_id, " ".join(terms)))

    def _speaker(self) -> int:
        weights = self.speaker_weights
        return self.rng.choices(range(1, self.speakers + 1), cum_weights=weights)[0]

    def _claim(self, ids: tuple, text: str, start: int, published: str, language: str) -> tuple:
        rng = self.rng
        claim_id, article_id, speaker, outlet = ids
        via = rng.choices(range(1, self.outlets + 1), cum_weights=self.outlet_weights)[0]
        row = {
            "id": claim_id, "article_id": article_id, "speaker_id": speaker, "outlet_id": outlet,
            "via_outlet_id": via if rng.random() < 0.1 else None, "text": text,
            "kind": rng.choice(KINDS), "role": "총재" if rng.random() < 0.4 else None,
            "said_on": published if rng.random() < 0.5 else None, "published_on": published,
            "cue": "말했다" if language == "ko" else "said", "start": start,
            "end": start + len(text), "language": language, "extractor": "rules",
            "rule": f"{language}: generated", "confidence": rng.choice([0.8, 0.85, 0.9, 0.95]),
            "status": rng.choice(STATUSES),
        }  # fmt: skip
        return tuple(row.get(column) for column in _COLUMNS)


_COLUMNS = [*dict.fromkeys([*CLAIM_COLUMNS, "status"])]
_INSERTS = (
    "insert into articles "
    "(id, outlet_id, url, title, published_on, language, text, sha256, ingest_id) "
    "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "insert into articles_fts (rowid, terms) values (?, ?)",
    f"insert into claims ({', '.join(_COLUMNS)}) values ({', '.join('?' * len(_COLUMNS))})",
    "insert into claims_fts (rowid, terms) values (?, ?)",
)


def _zipf(count: int, tail: float | None = None) -> list[float]:
    """Cumulative weights; before them, one that they together are ``tail`` times of."""
    weights = [1 / (rank + 5) for rank in range(count)]
    if tail is not None:
        weights = [sum(weights) / tail, *weights]
    return list(itertools.accumulate(weights))


def make(path: Path, claims: int, seed: int = 1, sentences: int = 8) -> Path:
    """A claims database with so many claims; about ``sentences`` sentences an article."""
    made = Made(claims, seed, sentences)
    store = Store.open(path)
    connection = store.db
    connection.execute("pragma synchronous = off")
    connection.execute("pragma cache_size = -400000")
    speakers, outlets = made.names()
    made.names_of = [index_terms(name) for name, _ in speakers]
    ingest_id = store.start_ingest("generated")
    with store.transaction():
        connection.executemany(
            "insert or ignore into speakers (id, name, kind) values (?, ?, ?)",
            [(number, name, kind) for number, (name, kind) in enumerate(speakers, 1)],
        )
        connection.executemany(
            "insert or ignore into outlets (id, name, language) values (?, ?, ?)",
            [(number, *outlet) for number, outlet in enumerate(outlets, 1)],
        )
    for rows in made.batches():
        with store.transaction():
            for insert, batch in zip(_INSERTS, rows, strict=True):
                connection.executemany(insert, batch)
    store.finish_ingest(ingest_id, made.articles, claims)
    connection.execute("pragma wal_checkpoint(truncate)")
    store.close()
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sentences", type=int, default=8)
    given = parser.parse_args()
    started = time.perf_counter()
    make(given.path, given.claims, given.seed, given.sentences)
    print(
        f"{given.path}: {given.claims} claims, {given.path.stat().st_size / 1e6:.0f} MB, "
        f"{time.perf_counter() - started:.0f} s"
    )
