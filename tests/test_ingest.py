"""Articles in, claims in the database: whole rows, twice is once, and nothing half done."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from claims.articles import read_article
from claims.errors import DatabaseError, RowError
from claims.extraction import extract
from claims.ingest import add_claim, ingest
from claims.models import Document, Extraction, Stated, storable
from claims.store import Store

PAGE = """둑 보강 내년 봄 착공

김하늘 한빛일보 기자
입력 2024-12-17 09:00

최도현 교수는 16일 기자회견에서 “둑을 다시 쌓겠다”고 말했다.
"""


def test_from_a_page_to_whole_rows(store, rows, article):
    path = article(PAGE)
    result = ingest(store, [str(path)])
    assert (result.articles, result.claims, result.failures) == (1, 1, [])
    (row,) = store.claims()
    assert isinstance(row.pop("confidence"), float)
    assert row.pop("rule").startswith("ko: ")
    start = PAGE.index("둑을 다시")
    assert row == {
        "id": 1,
        "text": "둑을 다시 쌓겠다",
        "kind": "direct",
        "speaker": "최도현",
        "role": "교수",
        "organization": None,
        "outlet": "한빛일보",
        "via": None,
        "said_on": "2024-12-16",
        "said_on_text": "16일",
        "published_on": "2024-12-17",
        "article_url": None,
        "article_title": "둑 보강 내년 봄 착공",
        "start": start,
        "end": start + 9,
        "cue": "말했다",
        "status": "suggested",
        "speaker_kind": "person",
        "language": "ko",
        "modified_on": None,
    }
    (run,) = rows("select * from ingests")
    assert run.pop("started_at") <= run.pop("finished_at")
    assert run.pop("version")
    assert len(run.pop("command")) == 32
    assert run == {
        "id": 1,
        "source": str(path),
        "articles": 1,
        "claims": 1,
        "failures": 0,
        "options": '{"follow": true}',
    }


def test_twice_is_once(store, rows, article):
    path = article(PAGE)
    tables = ("articles", "claims", "speakers", "outlets", "speaker_aliases", "history")
    ingest(store, [str(path)])
    before = {table: rows(f"select * from {table}") for table in tables}
    result = ingest(store, [str(path)])
    assert (result.articles, result.known, result.claims) == (0, 1, 0)
    assert result.article_ids == [1]
    assert {table: rows(f"select * from {table}") for table in tables} == before


def test_a_date_given_later_dates_the_claims(store, rows, article):
    path = article(PAGE.replace("입력 2024-12-17 09:00\n", ""))
    ingest(store, [str(path)])
    assert store.undated([(1, 1)]) == 1
    ingest(store, [str(path)], Stated(published_on="2025-01-02"))
    assert rows("select said_on, said_on_text, published_on from claims") == [
        {"said_on": "2024-12-16", "said_on_text": "16일", "published_on": "2025-01-02"}
    ]
    assert store.undated([(1, 1)]) == 0


def test_what_fails_is_noted_and_the_rest_goes_in(store, rows, article, tmp_path):
    good, empty = article(PAGE), article("", "empty.txt")
    missing = tmp_path / "nowhere.txt"
    result = ingest(store, [str(missing), str(empty), str(good)])
    assert result.failures == [f"{missing}: there is no such file", f"{empty}: this is empty"]
    assert (result.articles, result.claims) == (1, 1)
    assert rows("select ingest_id, source, position, reason from failures") == [
        {"ingest_id": 1, "source": str(missing), "position": None, "reason": result.failures[0]},
        {"ingest_id": 1, "source": str(empty), "position": None, "reason": result.failures[1]},
    ]
    assert rows("select source, articles, claims, failures from ingests") == [
        {"source": f"{missing}, {empty}, {good}", "articles": 1, "claims": 1, "failures": 2}
    ]


def test_a_language_without_rules_is_saved_without_claims(store, rows, article):
    text = "Le conseil municipal a décidé mardi de réparer la digue avant l'hiver prochain."
    result = ingest(store, [str(article(text))])
    assert (result.articles, result.claims, result.unread) == (1, 0, {"fr"})
    assert rows("select text, language from articles") == [{"text": text, "language": "fr"}]


TABLE = """text,speaker,outlet,published_on,kind
둑은 안전하다,윤서연,한빛일보,2024-12-17,direct
길은 넓다,,한빛일보,2024-12-17,direct
물은 깊다,최도현,한빛일보,yesterday,direct
논은 좁다,박만수,한빛일보,2024-12-18,indirect
"""


def test_a_table_of_claims(store, rows, article):
    path = article(TABLE, "claims.csv")
    result = ingest(store, [str(path)])
    assert result.failures == [
        f"{path}, line 3: a claim needs its speaker",
        f"{path}, line 4: 'yesterday' is not a date; write it like 2024-12-17, 2024-12 or 2024",
    ]
    assert rows(
        "select claims.text, speakers.name as speaker, outlets.name as outlet, claims.kind, "
        "claims.published_on, extractor, rule, confidence, status, claims.language, excerpt "
        "from claims join speakers on speakers.id = speaker_id "
        "join outlets on outlets.id = claims.outlet_id join articles on articles.id = article_id "
        "order by claims.id"
    ) == [
        {
            "text": "둑은 안전하다", "speaker": "윤서연", "outlet": "한빛일보", "kind": "direct",
            "published_on": "2024-12-17", "extractor": "table", "rule": "table",
            "confidence": 1.0, "status": "accepted", "language": "ko", "excerpt": 1,
        },
        {
            "text": "논은 좁다", "speaker": "박만수", "outlet": "한빛일보", "kind": "indirect",
            "published_on": "2024-12-18", "extractor": "table", "rule": "table",
            "confidence": 1.0, "status": "accepted", "language": "ko", "excerpt": 1,
        },
    ]  # fmt: skip
    assert [(row["position"], row["source"]) for row in rows("select * from failures")] == [
        ("3", str(path)),
        ("4", str(path)),
    ]
    again = ingest(store, [str(path)])
    assert (again.articles, again.claims, len(again.failures)) == (0, 0, 2)


def test_what_is_stated_holds_for_every_row_of_a_table(store, article):
    path = article(TABLE, "claims.csv")
    ingest(store, [str(path)], Stated(outlet="누리봄일보", published_on="2025"))
    assert {(row["outlet"], row["published_on"]) for row in store.claims()} == {
        ("누리봄일보", "2025")
    }


def test_a_claim_by_hand(store, rows):
    result = add_claim(
        store, {"text": "둑은 안전하다", "speaker": "윤서연", "published_on": "2024-12-17"}
    )
    assert result.claim_ids == [1]
    assert rows("select extractor, status, language from claims") == [
        {"extractor": "hand", "status": "accepted", "language": "ko"}
    ]
    assert rows("select source from ingests") == [{"source": "by hand"}]


def test_a_claim_by_hand_that_can_not_be_used_leaves_nothing(store, rows):
    with pytest.raises(RowError, match="a claim needs its speaker"):
        add_claim(store, {"text": "둑은 안전하다"})
    assert rows("select * from ingests") == []


def test_a_known_speaker_keeps_the_kind_it_has(store, rows):
    add_claim(store, {"text": "가", "speaker": "노던타임스", "speaker_kind": "outlet"})
    add_claim(store, {"text": "나", "speaker": "노던타임스"})
    assert rows("select name, kind from speakers") == [{"name": "노던타임스", "kind": "outlet"}]


def test_a_database_that_can_not_be_written_is_an_error(store, article, monkeypatch):
    def full(*_arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Store, "_insert_claims", full)
    with pytest.raises(DatabaseError, match="the disk is full; nothing of this article was saved"):
        ingest(store, [str(article(PAGE))])
    assert list(store.claims()) == []


def test_a_mistake_of_ours_does_not_keep_the_other_articles_out(store, article, monkeypatch):
    def mistaken(found):
        if "길" in found.text:
            raise IndexError("list index out of range")
        return extract(found)

    monkeypatch.setattr("claims.tasks.extract", mistaken)
    bad, good = article("길을 넓혔다.\n", "bad.txt"), article(PAGE, "good.txt")
    result = ingest(store, [str(bad), str(good)])
    assert result.failures == [
        f"{bad}: a mistake in claims itself, please report it (IndexError: list index out of range)"
    ]
    assert (result.articles, result.claims) == (1, 1)


# -- killed in the middle, and two at once

_ENDLESS = """
import itertools, sys
from claims.articles import read_article
from claims.extraction import extract
from claims.models import Document, Extraction, Stated
from claims.store import Store

store = Store.open(sys.argv[1])
run = store.start_ingest("endless")
for number in itertools.count():
    page = (sys.argv[2].replace("둑을", f"{number}번 둑을") + "\\n") * 3
    article = read_article(Document("endless", page), Stated())
    store.save(Extraction(article, extract(article)), run)
    print(number, flush=True)
"""


def test_a_killed_ingest_leaves_whole_articles_only(db_path, rows):
    writer = subprocess.Popen(
        [sys.executable, "-c", _ENDLESS, str(db_path), PAGE], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    with writer.stdout as lines:
        for _ in range(20):
            lines.readline()
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
    saved = rows("select articles.id, count(claims.id) as claims from articles "
                 "left join claims on article_id = articles.id group by articles.id")  # fmt: skip
    assert len(saved) >= 20
    assert {row["claims"] for row in saved} == {3}
    assert rows("select * from pragma_integrity_check") == [{"integrity_check": "ok"}]
    assert rows("select * from pragma_foreign_key_check") == []


def test_two_ingests_at_once_into_a_new_database(db_path, rows, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        for number in range(15):
            shared = number if number < 5 else f"{folder}{number}"
            (tmp_path / folder / f"{number}.txt").write_text(
                PAGE.replace("둑을", f"{shared}번 둑을")
            )
    command = [sys.executable, "-m", "claims", "ingest", "--db", str(db_path), "--quiet"]
    both = [
        subprocess.Popen([*command, str(tmp_path / folder)], stderr=subprocess.PIPE, text=True)
        for folder in ("a", "b")
    ]
    assert [(writer.communicate()[1], writer.returncode) for writer in both] == [("", 0)] * 2
    assert rows("select count(*) as articles from articles") == [{"articles": 25}]
    assert rows("select count(*) as claims from claims") == [{"claims": 25}]
    assert rows("select count(*) as speakers from speakers") == [{"speakers": 1}]


# -- laws

_TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("“”\"'‘’「」.,()=|\n 은는이가을를고다며라했말"),
        st.sampled_from("\x00\x1b\u202e\ud800\udfff\ufeff\ue000\ue005\u1100\u1161"),
    ),
    max_size=200,
)
_PIECES = st.lists(
    st.one_of(
        _TEXTS,
        st.sampled_from(
            [
                "최도현 교수는 ", "“둑을 쌓겠다”", "고 말했다. ", "라며 ", "그는 ", "\n\n",
                "에 따르면 ", "보도에 따르면 ", "입력 2024-12-17\n",
                "했다고 CNBC가 16일(현지시각) 보도했다. ",
                '"We begin soon," ', "said Mayor Ann Poe. ", "She said that ", "By Jane Doe\n",
                "according to Poe, ", "김하늘 기자 = ",
            ]
        ),
    ),
    max_size=12,
).map("".join)  # fmt: skip
_CALM = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def shelf():
    """A database that the examples of a law share."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "claims.db")
        yield store
        store.close()


def _ingest_text(store: Store, text: str, language: str) -> list[int]:
    stated = Stated(language=language, title=storable(text[-40:]) or None)
    article = read_article(Document("-", text), stated)
    if not article.text:
        return []
    saved = store.save(Extraction(article, extract(article)), store.start_ingest("-"), stated)
    return list(saved.claim_ids)


@_CALM
@given(_PIECES, st.sampled_from(["ko", "en"]))
@example("윤 시장은 “둑\x00을 쌓겠다”고 말했다.", "ko")
@example("윤 시장은 “둑\ud800을 쌓겠다”고 말했다.", "ko")
@example("윤 시장은 “\u202e둑을 쌓겠다”고 말했다.", "ko")
def test_any_text_is_ingested_and_its_claims_are_its_own_words(shelf, text, language):
    _ingest_text(shelf, text, language)
    assert _ingest_text(shelf, text, language) == []
    strays = shelf.db.execute(
        "select claims.id from claims join articles on articles.id = article_id where "
        "claims.text is not substr(articles.text, start + 1, end - start) or end <= start"
    ).fetchall()
    assert strays == []


@_CALM
@given(st.binary(max_size=300) | _PIECES.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_an_article_or_a_sentence(tmp_path, data):
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    store = Store.open(tmp_path / "claims.db")
    try:
        before = len(store.db.execute("select id from articles").fetchall())
        result = ingest(store, [str(path)])
        after = len(store.db.execute("select id from articles").fetchall())
        assert len(result.failures) + result.known + (after - before) == 1
    finally:
        store.close()


@_CALM
@given(st.binary(max_size=200) | st.lists(st.lists(_TEXTS, max_size=4), max_size=4).map(
    lambda table: "\n".join(",".join(row) for row in [["text", "speaker"], *table])
    .encode("utf-8", "surrogatepass")))  # fmt: skip
def test_any_table_is_rows_or_sentences(tmp_path, data):
    path = tmp_path / "claims.csv"
    path.write_bytes(data)
    store = Store.open(tmp_path / "claims.db")
    try:
        first = ingest(store, [str(path)])
        again = ingest(store, [str(path)])
        assert (again.articles, again.claims, again.failures) == (0, 0, first.failures)
    finally:
        store.close()
