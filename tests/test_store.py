"""The database: whole rows, what it refuses, what it remembers, and that twice is once."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest

from claims.errors import DatabaseError, RefusedError
from claims.models import Article, Claim, Extraction, Speaker, Stated
from claims.store import Store

TEXT = "윤 시장은 16일 “둑을 다시 쌓겠다”고 말했다. 그는 “곧 시작한다”고 했다."
ARTICLE = Article(
    text=TEXT,
    language="ko",
    title="둑 다시 쌓는다",
    byline="김하늘",
    outlet="한빛일보",
    published_on="2024-12-17",
    modified_on="2024-12-18",
    url="https://hanbit.example/1",
)


def claim(words: str, **changes: object) -> Claim:
    start = TEXT.index(words)
    fields: dict[str, object] = {
        "text": words,
        "kind": "direct",
        "speaker": Speaker("윤서연", "person", ("Yoon Seoyeon",)),
        "start": start,
        "end": start + len(words),
        "language": "ko",
        "rule": "ko: topic, quotation, cue",
        "confidence": 0.95,
        "role": "시장",
        "organization": "청림시",
        "organization_aliases": ("Cheongnim City",),
        "via": "노던타임스",
        "said_on": "2024-12-16",
        "said_on_text": "16일",
        "cue": "말했다",
        "speaker_start": 0,
        "speaker_end": 4,
    }
    return Claim(**(fields | changes))


FIRST = claim("둑을 다시 쌓겠다")
SECOND = claim("곧 시작한다", via=None, said_on=None, said_on_text=None, cue="했다")
EXTRACTION = Extraction(ARTICLE, (FIRST, SECOND))


def save(store: Store, extraction: Extraction = EXTRACTION, stated: Stated | None = None):
    return store.save(extraction, store.start_ingest("page.txt"), stated)


def test_from_article_to_rows(store, rows):
    saved = save(store)
    assert (saved.article_id, saved.new, saved.claim_ids) == (1, True, (1, 2))
    assert rows("select * from articles") == [
        {
            "id": 1,
            "outlet_id": 1,
            "url": "https://hanbit.example/1",
            "title": "둑 다시 쌓는다",
            "byline": "김하늘",
            "published_on": "2024-12-17",
            "modified_on": "2024-12-18",
            "language": "ko",
            "text": TEXT,
            "sha256": ARTICLE.sha256,
            "excerpt": 0,
            "ingest_id": 1,
            "supersedes_id": None,
        }
    ]
    assert rows("select * from claims where id = 1") == [
        {
            "id": 1,
            "article_id": 1,
            "text": "둑을 다시 쌓겠다",
            "kind": "direct",
            "speaker_id": 1,
            "role": "시장",
            "organization": "청림시",
            "outlet_id": 1,
            "via_outlet_id": 2,
            "said_on": "2024-12-16",
            "said_on_text": "16일",
            "published_on": "2024-12-17",
            "cue": "말했다",
            "start": 11,
            "end": 20,
            "speaker_start": 0,
            "speaker_end": 4,
            "language": "ko",
            "extractor": "rules",
            "rule": "ko: topic, quotation, cue",
            "confidence": 0.95,
            "canonical_id": None,
            "status": "suggested",
        }
    ]
    assert rows("select id, name from outlets order by id") == [
        {"id": 1, "name": "한빛일보"},
        {"id": 2, "name": "노던타임스"},
    ]
    assert rows("select id, name, kind from speakers order by id") == [
        {"id": 1, "name": "윤서연", "kind": "person"},
        {"id": 2, "name": "청림시", "kind": "organization"},
    ]
    assert rows("select alias, speaker_id from speaker_aliases order by speaker_id") == [
        {"alias": "Yoon Seoyeon", "speaker_id": 1},
        {"alias": "Cheongnim City", "speaker_id": 2},
    ]
    assert rows("select * from history") == []


def test_every_claim_is_the_words_of_its_article(store, rows):
    save(store)
    assert (
        rows(
            "select claims.id from claims join articles on articles.id = article_id "
            "where claims.text is not substr(articles.text, start + 1, end - start)"
        )
        == []
    )


def test_the_same_article_twice_adds_nothing(store, rows):
    save(store)
    before = {table: rows(f"select * from {table}") for table in ("articles", "claims", "speakers")}
    saved = save(store)
    assert (saved.article_id, saved.new, saved.claim_ids) == (1, False, ())
    assert before == {table: rows(f"select * from {table}") for table in before}
    assert rows("select * from history") == []


def test_what_was_missing_is_filled_in_and_dates_follow(store, rows):
    bare = Extraction(
        Article(text=TEXT, language="ko"),
        (claim("둑을 다시 쌓겠다", said_on=None), SECOND),
    )
    save(store, bare)
    saved = save(store)
    assert (saved.article_id, saved.new, saved.claim_ids) == (1, False, ())
    assert rows("select title, byline, url, published_on, outlet_id from articles") == [
        {
            "title": "둑 다시 쌓는다",
            "byline": "김하늘",
            "url": "https://hanbit.example/1",
            "published_on": "2024-12-17",
            "outlet_id": rows("select id from outlets where name = '한빛일보'")[0]["id"],
        }
    ]
    assert rows("select said_on, published_on, name as outlet from claims join outlets "
                "on outlets.id = outlet_id order by claims.id") == [
        {"said_on": "2024-12-16", "published_on": "2024-12-17", "outlet": "한빛일보"},
        {"said_on": None, "published_on": "2024-12-17", "outlet": "한빛일보"},
    ]  # fmt: skip
    assert {row["actor"] for row in rows("select actor from history")} == {"ingest"}


def test_what_the_person_states_replaces_what_was_found(store, rows):
    save(store)
    stated = Stated(title="새 둑", published_on="2024-12-18", via="새벽경제")
    changed = Article(text=TEXT, language="ko", title="새 둑", published_on="2024-12-18")
    save(store, Extraction(changed, (FIRST, SECOND)), stated)
    assert rows("select title, published_on, byline from articles") == [
        {"title": "새 둑", "published_on": "2024-12-18", "byline": "김하늘"}
    ]
    assert rows("select distinct published_on, name from claims join outlets "
                "on outlets.id = via_outlet_id") == [
        {"published_on": "2024-12-18", "name": "새벽경제"}
    ]  # fmt: skip


def test_the_same_text_in_another_outlet_is_another_article(store):
    save(store)
    other = Article(text=TEXT, language="ko", outlet="누리봄일보")
    assert save(store, Extraction(other, (FIRST,))).new


def test_an_unnamed_speaker_is_a_wording_that_articles_share(store, rows):
    unnamed = Speaker("시 관계자", "anonymous")
    one = claim("둑을 다시 쌓겠다", speaker=unnamed)
    save(store, Extraction(ARTICLE, (one,)))
    save(store, Extraction(replace(ARTICLE, outlet="새길일보", url=None), (one,)))
    assert rows("select name, kind from speakers where kind = 'anonymous'") == [
        {"name": "시 관계자", "kind": "anonymous"}
    ]
    assert rows("select article_id, speaker from claims_browse order by id") == [
        {"article_id": 1, "speaker": "시 관계자"},
        {"article_id": 2, "speaker": "시 관계자"},
    ]


def test_what_two_rules_found_alike_is_one_claim(store):
    other = claim("둑을 다시 쌓겠다", rule="ko: another")
    assert save(store, Extraction(ARTICLE, (FIRST, other, SECOND))).claim_ids == (1, 2)


def test_a_changed_page_supersedes_the_old_one(store, rows):
    save(store)
    changed = Article(text=f"{TEXT} 끝.", language="ko", outlet="한빛일보", url=ARTICLE.url)
    save(store, Extraction(changed, (FIRST,)))
    assert rows("select id, supersedes_id from articles order by id") == [
        {"id": 1, "supersedes_id": None},
        {"id": 2, "supersedes_id": 1},
    ]


def test_a_claim_that_somebody_deleted_does_not_come_back(store, rows):
    save(store)
    store.db.execute("delete from claims where id = 1")
    assert save(store).claim_ids == ()
    assert [row["id"] for row in rows("select id from claims")] == [2]


def test_a_claim_that_a_better_rule_finds_later_is_added(store, rows):
    save(store, Extraction(ARTICLE, (FIRST,)))
    assert save(store).claim_ids == (2,)
    assert [row["text"] for row in rows("select text from claims order by id")] == [
        "둑을 다시 쌓겠다",
        "곧 시작한다",
    ]


def test_history_tells_what_a_person_changed(store, rows):
    save(store)
    store.db.execute("update claims set status = 'accepted' where id = 1")
    (change,) = rows("select actor, action, table_name, row_id, before, after from history")
    before, after = json.loads(change["before"]), json.loads(change["after"])
    assert (change["actor"], change["action"]) == ("sql", "update")
    assert (change["table_name"], change["row_id"]) == ("claims", 1)
    assert (before.pop("status"), after.pop("status")) == ("suggested", "accepted")
    assert before == after
    assert before["text"] == "둑을 다시 쌓겠다"


@pytest.mark.parametrize("table", ["outlets", "speakers", "articles", "claims", "verdicts",
                                   "reviews", "review_claims", "evidence"])  # fmt: skip
def test_history_keeps_every_column_of_a_deleted_row(store, rows, table):
    save(store)
    store.db.execute("insert into reviews (id, verdict_id, summary) values (1, 1, '둑')")
    store.db.execute("insert into review_claims (review_id, claim_id) values (1, 1)")
    store.db.execute("insert into evidence (review_id, url) values (1, 'https://a.example')")
    store.db.execute("pragma foreign_keys = off")
    (row,) = rows(f"select * from {table} limit 1")
    store.db.execute(f"delete from {table} where rowid = (select min(rowid) from {table})")
    (kept,) = rows("select before, after from history where table_name = ?", table)
    assert json.loads(kept["before"]) == row
    assert kept["after"] is None


@pytest.mark.parametrize(
    "change",
    [
        "update claims set text = '둑을 안 쌓겠다' where id = 1",
        "update claims set start = start + 1 where id = 1",
        "insert into claims (article_id, text, kind, speaker_id, start, end, extractor) "
        "values (1, '지어낸 말', 'direct', 1, 0, 5, 'model')",
        "insert into claims (article_id, text, kind, speaker_id, start, end, extractor) "
        "values (1, null, 'direct', 1, 900, 905, 'model')",
    ],
)
def test_a_claim_that_is_not_in_its_article_is_refused(store, change):
    save(store)
    with pytest.raises(sqlite3.IntegrityError, match="must be the words of its article"):
        store.db.execute(change)


def test_the_text_of_an_article_never_changes(store):
    save(store)
    with pytest.raises(sqlite3.IntegrityError, match="text of an article never changes"):
        store.db.execute("update articles set text = 'x'")


def test_a_refused_claim_leaves_nothing_of_its_article(store, rows):
    stray = claim("곧 시작한다", start=0, end=6)
    with pytest.raises(RefusedError, match="must be the words of its article"):
        save(store, Extraction(ARTICLE, (FIRST, stray)))
    for table in ("articles", "claims", "speakers", "outlets"):
        assert rows(f"select * from {table}") == []
    assert save(store).new


@pytest.mark.parametrize("word", ["은행", "국민", "국민은행", "둑을", "쌓겠", "윤서연", "시장"])
def test_full_text_search_finds_korean_words_of_two_syllables(store, rows, word):
    text = "국민은행이 “둑을 다시 쌓겠다”고 말했다."
    found = Claim(
        text=text[:20], kind="direct", speaker=Speaker("윤서연"), start=0, end=20, language="ko",
        rule="r", confidence=1.0, role="시장",
    )  # fmt: skip
    save(store, Extraction(Article(text=text, language="ko"), (found,)))
    query = "select rowid from claims_fts where claims_fts match ?"
    assert rows(query, f'"{word}"') == [{"rowid": 1}]
    assert rows(query, '"은둑"') == []


def test_reindexing_makes_the_same_index(store, rows):
    save(store)
    words = ('"쌓겠"', '"윤서연"', '"청림시"')
    query = "select rowid from claims_fts where claims_fts match ? order by rowid"
    before = [rows(query, word) for word in words]
    store.db.execute("delete from claims where id = 2")
    store.reindex()
    assert before == [[{"rowid": 1}], [{"rowid": 1}, {"rowid": 2}], [{"rowid": 1}, {"rowid": 2}]]
    assert [rows(query, word) for word in words] == [[{"rowid": 1}]] * 3


def test_an_ingest_joins_the_pieces_of_the_search_index_and_they_find_the_same(store, rows):
    ingest_id = store.start_ingest("pages")
    for number in range(13):
        store.save(
            Extraction(Article(text=f"{number} 국민은행이 문을 열었다", language="ko")), ingest_id
        )
    found = "select rowid from articles_fts where articles_fts match '\"은행\"' order by rowid"
    pieces = "select count(distinct segid) as pieces from articles_fts_idx"
    before = rows(found)
    assert rows(pieces) == [{"pieces": 13}]
    store.finish_ingest(ingest_id)
    assert rows(pieces) == [{"pieces": 1}]
    assert rows(found) == before == [{"rowid": number} for number in range(1, 14)]


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text("no database " * 100)
    with pytest.raises(DatabaseError, match=r"page\.txt: this file is not a SQLite database"):
        Store.open(path)


def test_a_database_of_something_else_is_refused(tmp_path):
    path = tmp_path / "recipes.db"
    sqlite3.connect(path).execute("create table recipes (name)").connection.close()
    with pytest.raises(DatabaseError, match=r"recipes\.db: .*not one of claims"):
        Store.open(path)
    connection = sqlite3.connect(path)
    assert connection.execute("select name from sqlite_master").fetchall() == [("recipes",)]
    connection.close()


def test_a_database_of_a_later_version_is_refused(store, db_path):
    store.db.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values "
        "('claims', 'm9999_from_the_future', '2099-01-01')"
    )
    with pytest.raises(DatabaseError, match="made by a later version of claims"):
        Store.open(db_path)


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(DatabaseError, match="can't be opened; is the folder there"):
        Store.open(tmp_path / "nowhere" / "claims.db")


def test_nothing_is_made_where_nothing_may_be(tmp_path):
    path = tmp_path / "claims.db"
    with pytest.raises(DatabaseError, match="there is no database yet; make one with"):
        Store.open(path, create=False)
    assert not path.exists()
