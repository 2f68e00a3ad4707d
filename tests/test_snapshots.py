"""Snapshots: the part that people browse, with the same ids, whole, and nothing private in it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from datasette.app import Datasette
from newsroom import HANBIT, news_database

from claims.datasette_plugin.application import datasette_for
from claims.reviews import Evidence, Review, Reviewed
from claims.store import Store, counts, drafts, reviewing
from claims.store.private import PRIVATE_TABLES
from claims.store.snapshots import _ROWS, Part, inspect_data, take
from claims.store.triage import decide


@pytest.fixture
def desk(db_path):
    """Three articles of three outlets; claims accepted and reviewed, a draft, a feed."""
    store = Store.open(news_database(db_path))
    decide(store, "kim", [1, 5], "accept")
    for claim_ids, text in (((1, 5), "Both are so."), ((5,), "This too.")):
        reviewed = tuple(Reviewed(claim_id) for claim_id in claim_ids)
        evidence = (Evidence(url="https://bank.example/", stance="supports"),)
        review = Review(reviewed, "true", summary=text, evidence=evidence)
        reviewing.publish(store, "kim", review)
    drafts.save_draft(store, "lee", Review((Reviewed(1),), "false"))
    with store.transaction() as connection:
        connection.execute("insert into feeds (url) values ('https://hanbit.example/feed')")
        connection.execute("update claims set canonical_id = 5 where id = 1")
        connection.execute("insert into topics (name) values ('금리')")
        connection.execute("insert into claim_topics values (1, 1), (5, 1)")
    yield store
    store.close()


def tables(path):
    """The rows of all tables by name, without those of the search."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        return {
            name: connection.execute(f"select * from {name} order by 1, 2").fetchall()
            for (name,) in names
            if "_fts" not in name and "sqlite" not in name
        }


def asked(path, sql):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_a_snapshot_of_everything_has_the_same_rows(desk, db_path, tmp_path):
    taken = take(db_path, tmp_path / "all.db", Part())
    assert (taken.articles, taken.claims) == (3, 5)
    assert taken.size == (tmp_path / "all.db").stat().st_size
    whole, part = tables(db_path), tables(tmp_path / "all.db")
    public = set(_ROWS) - {"articles"} | {"acting", "history"}
    assert {name: part[name] for name in public} == {name: whole[name] for name in public}
    without_ingest = "select * from (select id, text, url, title, byline, outlet_id from articles)"
    assert asked(tmp_path / "all.db", without_ingest) == asked(db_path, without_ingest)


def test_the_schema_is_the_same(desk, db_path, tmp_path):
    take(db_path, tmp_path / "all.db", Part())
    schema = "select type, name, sql from sqlite_master order by 1, 2"
    assert asked(tmp_path / "all.db", schema) == asked(db_path, schema)


def test_nothing_private_goes_along(desk, db_path, tmp_path):
    take(db_path, tmp_path / "all.db", Part())
    whole, part = tables(db_path), tables(tmp_path / "all.db")
    private = {*PRIVATE_TABLES, "ingests", "failures", "feeds", "feed_entries"}
    assert {name for name in private if whole[name]} >= {"drafts", "desk_log", "ingests", "feeds"}
    assert {name for name in private if part[name]} == set()
    assert b"hanbit.example/feed" not in (tmp_path / "all.db").read_bytes()


def test_every_table_goes_along_or_is_known_to_stay(desk, db_path):
    stay = {"ingests", "failures", "feeds", "feed_entries", "documents", "fetched", *PRIVATE_TABLES}
    made = {"acting", "history"}  # by the schema, and row by row
    made |= {"kept_counts", "kept_numbers", "claim_sets", "counted", "counted_changes"}
    made |= {"speaker_counts"}
    assert set(tables(db_path)) == set(_ROWS) | stay | made


def test_one_outlet_whole_with_its_own_ids(desk, db_path, tmp_path):
    part = tmp_path / "part.db"
    assert take(db_path, part, Part(outlets=("한빛일보",))).claims == 2
    assert asked(part, "select claims_browse.id, canonical_id, speaker, outlet, via "
                 "from claims_browse join claims using (id)") == [
        (1, None, "박서준", "한빛일보", None),
        (2, None, "해안통신", "한빛일보", "해안통신"),
    ]  # fmt: skip
    assert asked(part, "select id, title, ingest_id from articles") == [(1, HANBIT.title, None)]
    assert asked(part, "select alias, speaker_id from speaker_aliases") == [("Seojun Park", 1)]
    assert asked(part, "select name from outlets order by 1") == [("한빛일보",), ("해안통신",)]
    assert asked(part, "select summary, claim_id, evidence.url from reviews "
                 "join review_claims on review_id = reviews.id "
                 "join evidence using (review_id)") == [
        ("Both are so.", 1, "https://bank.example/"),
    ]  # fmt: skip


def test_foreign_keys_are_whole(desk, db_path, tmp_path):
    for number, part in enumerate(
        (Part("2024-12"), Part("2024-12-18"), Part(outlets=("새벽신문",)), Part("2030"))
    ):
        path = tmp_path / f"{number}.db"
        take(db_path, path, part)
        assert asked(path, "pragma foreign_key_check") == []
        assert asked(path, "pragma integrity_check") == [("ok",)]


def test_since_a_day_leaves_out_what_is_older_and_what_has_no_date(desk, db_path, tmp_path):
    with desk.transaction() as connection:
        connection.execute("update articles set published_on = null where id = 1")
    take(db_path, tmp_path / "late.db", Part("2024-12"))
    assert asked(tmp_path / "late.db", "select id from articles") == [(3,)]
    assert asked(tmp_path / "late.db", "select summary, claim_id from reviews "
                 "join review_claims on review_id = reviews.id order by 1") == [
        ("Both are so.", 5), ("This too.", 5),
    ]  # fmt: skip


def test_the_search_finds_what_is_there_and_nothing_else(desk, db_path, tmp_path):
    take(db_path, tmp_path / "part.db", Part(outlets=("한빛일보",)))
    search = "select rowid from claims_fts where claims_fts match '\"{}\"'"
    assert asked(tmp_path / "part.db", search.format("금리")) == [(1,), (2,)]
    assert asked(tmp_path / "part.db", search.format("banks")) == []


def test_the_counts_are_those_of_the_part(desk, db_path, tmp_path):
    take(db_path, tmp_path / "part.db", Part(outlets=("한빛일보",)))
    assert asked(tmp_path / "part.db", "select speaker, claims from speakers_summary") == [
        ("박서준", 1), ("해안통신", 1),
    ]  # fmt: skip
    with closing(sqlite3.connect(tmp_path / "part.db")) as connection:
        assert (counts.waiting(connection), counts.total(connection)) == (0, 2)


def test_an_unknown_outlet_leaves_no_file(desk, db_path, tmp_path, run):
    done = run("snapshot", tmp_path / "part.db", "--outlet", "한빛")
    assert done.exit_code == 1
    assert done.stderr == (
        "claims: there is no outlet '한빛' in this database; there are: Harbour Times, 새벽신문, "
        "한빛일보, 해안통신\n"
    )
    assert sorted(path.name for path in tmp_path.glob("*part*")) == []


def test_what_is_there_is_only_replaced_when_asked_to(desk, db_path, tmp_path, run):
    output = tmp_path / "part.db"
    assert run("snapshot", output, "--since", "2024-12-18").stdout == (
        f"Wrote 1 article with 1 claim to {output} ({output.stat().st_size / 1e6:.1f} MB).\n"
    )
    refused = run("snapshot", output)
    assert (refused.exit_code, asked(output, "select count(*) from claims")) == (1, [(1,)])
    assert run("snapshot", output, "--replace", "--quiet").output == ""
    assert asked(output, "select count(*) from claims") == [(5,)]
    itself = run("snapshot", db_path, "--replace")
    assert (itself.exit_code, "the database itself" in itself.stderr) == (1, True)
    assert run("snapshot", tmp_path / "no" / "part.db").exit_code == 1


def test_the_source_may_be_written_to_meanwhile(desk, db_path, tmp_path):
    desk.db.execute("begin immediate")
    desk.db.execute("update claims set role = 'x' where id = 1")
    take(db_path, tmp_path / "all.db", Part())
    desk.db.execute("rollback")
    assert asked(tmp_path / "all.db", "select role from claims where id = 1") == [("부행장",)]


async def test_datasette_takes_the_inspect_data_of_a_folder(desk, db_path, tmp_path, run):
    folder = tmp_path / "public"
    folder.mkdir()
    assert run("snapshot", folder / "claims.db", "--inspect").exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["claims.db", "inspect-data.json"]
    told = json.loads((folder / "inspect-data.json").read_text())["claims"]
    datasette = Datasette([], config_dir=folder)
    database = datasette.get_database("claims")
    assert (database.is_mutable, database.hash, database.size) == (
        False,
        told["hash"],
        told["size"],
    )
    page = await datasette.client.get("/claims/claims.json?_size=0")
    assert page.status_code == 200
    assert told["tables"]["claims"] == {"count": 5}
    by_itself = Datasette([], immutables=[str(folder / "claims.db")])
    assert by_itself.get_database("claims").hash == told["hash"]
    for opened in (datasette, by_itself):
        for one in opened.databases.values():
            one.close()


async def test_a_snapshot_is_served_without_a_trace(desk, db_path, tmp_path, run):
    folder = tmp_path / "public"
    folder.mkdir()
    run("snapshot", folder / "claims.db", "--inspect")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    datasette = datasette_for(folder / "claims.db", immutable=True)
    database = datasette.get_database("claims")
    told = json.loads(before["inspect-data.json"])["claims"]
    assert (database.is_mutable, database.hash) == (False, told["hash"])
    assert await database.table_counts() == {
        name: table["count"] for name, table in told["tables"].items()
    }
    for page in ("/", "/claims", "/claims/claims", "/claims/claims/1", "/claims/articles/1"):
        answer = await datasette.client.get(page, follow_redirects=True)
        assert answer.status_code == 200
    for one in datasette.databases.values():
        one.close()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_inspect_data_of_another_file_is_not_believed(desk, db_path, tmp_path, run):
    output = tmp_path / "claims.db.copy"
    run("snapshot", output, "--inspect")
    assert inspect_data(output)["tables"]["claims"] == {"count": 5}
    run("snapshot", output, "--replace", "--since", "2024-12-18")
    assert not (tmp_path / "inspect-data.json").exists()
    for told in ("{}", "no json", '{"claims.db": {"size": 1, "tables": {}}}', "[]"):
        (tmp_path / "inspect-data.json").write_text(told)
        assert inspect_data(output) is None
    run("snapshot", output, "--replace")
    assert (tmp_path / "inspect-data.json").read_text() == "[]"  # nothing of ours


def test_only_what_never_changes_is_served_so(desk, db_path, article, run):
    said = run("serve", "--immutable").stderr
    assert said == (
        f"claims: {db_path}: this is being written to; serve a snapshot of it, or leave out "
        "--immutable\n"
    )
    assert (
        "not a SQLite database" in run("serve", "--immutable", "--db", article("x" * 2000)).stderr
    )
    assert run("serve", "--immutable", "--db", db_path.parent / "none.db").exit_code == 1
    assert run("serve", "--immutable", "--root").exit_code == 2
