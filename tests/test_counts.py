"""Counts kept ahead are what counting would give, whoever wrote to the database and however."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import PARK, claim, news_database

from claims.models import Article, Extraction
from claims.opening import schema_statements
from claims.store import Store, counts, narrowed, sets
from claims.store.counts import DIMENSIONS, Selection
from claims.store.periods import Period

DAYS = ["2024-11-30", "2024-12-01", "2024-12-02", "2024-12", "2024", None]
PERIODS = [
    Period(), Period("2024-12", "2024-12-31"), Period("2024-12-02", "2025"),
    Period("2024-11-30", "2024-12"), Period("2024-11-30", "2024-12\0"), Period("2025", "2024"),
]  # fmt: skip
SPEAKERS, OUTLETS, ARTICLES = 4, 3, 3
TEXT = "가나다라마바사아자차"

claim_fields = st.fixed_dictionaries(
    {
        "speaker_id": st.integers(1, SPEAKERS),
        "outlet_id": st.none() | st.integers(1, OUTLETS),
        "via_outlet_id": st.none() | st.integers(1, OUTLETS),
        "kind": st.sampled_from(["direct", "indirect", "mixed"]),
        "status": st.sampled_from(["suggested", "accepted", "rejected", "checked"]),
        "published_on": st.sampled_from(DAYS),
        "said_on": st.sampled_from(DAYS),
        "article_id": st.integers(1, ARTICLES),
        "start": st.integers(0, 3),
    }
)
ids = st.integers(1, 12)
changes = st.one_of(
    st.tuples(st.sampled_from(["insert", "insert or ignore", "insert or replace"]), claim_fields),
    st.tuples(
        st.sampled_from(["insert", "insert or ignore", "insert or replace"]),
        st.tuples(ids, claim_fields).map(lambda pair: {"id": pair[0], **pair[1]}),
    ),
    st.tuples(st.just("upsert"), st.tuples(ids, claim_fields).map(lambda p: {"id": p[0], **p[1]})),
    st.tuples(st.just("update"), st.tuples(ids, claim_fields)),
    st.tuples(st.just("renumber"), st.tuples(ids, st.integers(1, 20))),
    st.tuples(st.just("delete"), ids),
    st.tuples(st.just("delete article"), st.integers(1, ARTICLES)),
    st.tuples(st.just("roll back"), ids),
    st.tuples(st.just("refresh"), st.none()),
)


def fresh(path, recursive_triggers=False):
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma journal_mode = memory")
    connection.execute("pragma synchronous = off")
    connection.execute("pragma foreign_keys = on")
    connection.execute(f"pragma recursive_triggers = {int(recursive_triggers)}")
    for statement in schema_statements():
        connection.execute(statement)
    for number in range(1, SPEAKERS + 1):
        connection.execute(
            "insert into speakers (name, kind) values (?, 'person')", (f"S{number}",)
        )
    for number in range(1, OUTLETS + 1):
        connection.execute("insert into outlets (name) values (?)", (f"O{number}",))
    for number in range(1, ARTICLES + 1):
        connection.execute(
            "insert into articles (id, text, sha256) values (?, ?, ?)", (number, TEXT, str(number))
        )
    return connection


def apply(connection, change, argument):
    """One change as somebody makes it by hand; those that the schema refuses change nothing."""
    try:
        if change.startswith("insert") or change == "upsert":
            put(connection, change, argument)
        elif change == "update":
            row_id, fields = argument
            fields = {k: v for k, v in fields.items() if k not in {"article_id", "start"}}
            sets = ", ".join(f"{name} = ?" for name in fields)
            connection.execute(f"update claims set {sets} where id = ?", [*fields.values(), row_id])
        elif change == "renumber":
            connection.execute("update claims set id = ? where id = ?", argument[::-1])
        elif change == "delete":
            connection.execute("delete from claims where id = ?", (argument,))
        elif change == "delete article":
            connection.execute("delete from articles where id = ?", (argument,))
            connection.execute(
                "insert into articles (id, text, sha256) values (?, ?, 'anew')", (argument, TEXT)
            )
        elif change == "roll back":
            connection.execute("begin")
            connection.execute("delete from claims where id > ?", (argument,))
            connection.execute("rollback")
        else:
            connection.execute("begin immediate")
            counts.refresh(connection)
            connection.execute("commit")
    except sqlite3.IntegrityError:
        pass


def put(connection, change, fields):
    row = {
        **fields,
        "end": fields["start"] + 2,
        "text": TEXT[fields["start"] : fields["start"] + 2],
        "extractor": "hand",
    }
    verb, tail = change, ""
    if change == "upsert":
        verb = "insert"
        tail = " on conflict (id) do update set " + ", ".join(f"{n} = excluded.{n}" for n in row)
    marks = ", ".join("?" * len(row))
    connection.execute(
        f"{verb} into claims ({', '.join(row)}) values ({marks}){tail}", list(row.values())
    )


def grouped(connection, by, *tests):
    conditions = " and ".join(
        test.test(DIMENSIONS.get(getattr(test, "dimension", "published_on"))) for test in tests
    )
    return connection.execute(
        f"select {DIMENSIONS[by]} as value, count(*) as number from claims "
        f"where value is not null and {conditions} group by value order by number desc, value",
        [value for test in tests for value in test.values],
    ).fetchall()


def selections(connection):
    yield counts.ALL
    for dimension, column in DIMENSIONS.items():
        values = [
            row[0]
            for row in connection.execute(
                f"select distinct {column} as value from claims where value is not null"
            )
        ]
        yield from (Selection(dimension, (value,)) for value in values)
        if len(values) > 1:
            yield Selection(dimension, tuple(values[:2]))
        yield Selection(dimension, ("nothing has this",))


def several_tests(connection):
    """Tests together as readers choose them: values of columns, and periods."""
    some = [selection for selection in selections(connection) if selection.dimension]
    for number, selection in enumerate(some):
        period = PERIODS[number % len(PERIODS)]
        other = some[(number * 7 + 3) % len(some)]
        yield [[selection], [selection, other], [period, selection], [selection, period, other]][
            number % 4
        ]
    yield from ([period] for period in PERIODS)


def assert_right(connection):
    """By another connection too, which remembers what it read of counts that are the same yet."""
    _, _, path = connection.execute("pragma database_list").fetchone()
    with closing(sqlite3.connect(path)) as reader:
        assert_right_to(reader)
    assert_right_to(connection)


def assert_right_to(connection):
    for selection in selections(connection):
        for by in DIMENSIONS:
            whole = grouped(connection, by, selection)
            assert counts.top(connection, by, selection) == whole, (by, selection)
            assert counts.top(connection, by, selection, 2) == whole[:2], (by, selection)
        assert counts.total(connection, selection) == sum(
            number for _, number in grouped(connection, "kind", selection)
        )
    for tests in several_tests(connection):
        chosen = narrowed.narrowed(connection, tests)
        assert narrowed.size(connection, chosen) == sum(
            number for _, number in grouped(connection, "kind", *tests)
        )
        for by in DIMENSIONS:
            whole = grouped(connection, by, *tests)
            assert narrowed.most(connection, chosen, by) == whole, (by, tests)
            assert narrowed.most(connection, chosen, by, 2) == whole[:2], (by, tests)
            for value, number in whole:
                assert narrowed.number(connection, chosen, by, value) == number
    assert sorted(connection.execute("select * from speakers_summary")) == sorted(
        connection.execute(
            "select speakers.id, name, speakers.kind, count(*), count(distinct outlet_id), "
            "min(coalesce(said_on, published_on)), max(coalesce(said_on, published_on)), "
            "sum(status = 'checked') from claims join speakers on speakers.id = speaker_id "
            "group by speakers.id"
        )
    )


@pytest.fixture(autouse=True)
def two_are_frequent(monkeypatch):
    monkeypatch.setattr(counts, "FREQUENT", 3)
    monkeypatch.setattr(counts, "HAS_SET", 2)


@pytest.fixture(autouse=True, params=["one by one", "by sets", "all sets"])
def way(request, monkeypatch):
    """The ways of counting what passes several tests, however few claims there are."""
    if request.param != "one by one":
        monkeypatch.setattr(narrowed, "_FEW", 0)
        monkeypatch.setattr(narrowed, "_A_TRY", 0)
        monkeypatch.setattr(sets, "_PIECE", 2)
    if request.param == "all sets":
        monkeypatch.setattr(narrowed, "_TRIES", 1)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(changes, min_size=1, max_size=25), st.booleans())
def test_kept_counts_and_what_came_since_are_what_counting_gives(
    tmp_path, done, recursive_triggers
):
    connection = fresh(tmp_path / "law.db", recursive_triggers)
    for number, (change, argument) in enumerate(done):
        apply(connection, change, argument)
        if number == len(done) // 2:
            assert_right(connection)
    assert_right(connection)
    apply(connection, "refresh", None)
    assert counts.waiting(connection) == 0
    assert_right(connection)
    kept = sorted(connection.execute("select * from claim_counts"), key=str)
    counts.rebuild(connection)
    anew = sorted(connection.execute("select * from claim_counts"), key=str)
    assert_sets_hold(connection)
    assert set(anew) <= set(kept)  # what was frequent once stays kept
    assert_right(connection)


def assert_sets_hold(connection):
    """Each frequent value has the set of its claims, each day too; counted anew, nothing else."""
    held = {}
    for dimension, value, ids in connection.execute("select dimension, value, ids from claim_sets"):
        held.setdefault((dimension, value), set()).update(sets.BitMap.deserialize(ids))
    counted = {}
    for dimension, column in DIMENSIONS.items():
        for claim_id, value in connection.execute(
            f"select id, {column} as value from claims where value is not null"
        ):
            counted.setdefault((dimension, value), set()).add(claim_id)
    least = dict.fromkeys(["kind", "status", "published_on"], 1)
    assert held == {
        (dimension, value): ids
        for (dimension, value), ids in counted.items()
        if len(ids) >= least.get(dimension, counts.HAS_SET)
    }


FIRST = {
    "speaker_id": 1, "outlet_id": 1, "via_outlet_id": None, "kind": "direct",
    "status": "suggested", "published_on": "2024-12-01", "said_on": None, "article_id": 1,
    "start": 0,
}  # fmt: skip


@pytest.mark.parametrize("recursive_triggers", [False, True])
@pytest.mark.parametrize(
    "later",
    [
        [("insert or replace", {"id": 1, **FIRST, "speaker_id": 2, "start": 1})],
        [("insert or replace", {**FIRST, "outlet_id": 2})],
        [("insert or replace", {"id": 1, **FIRST, "start": 1})],  # two rows go for one
        [("insert or ignore", {**FIRST, "outlet_id": 2}), ("insert", {**FIRST, "start": 2})],
        [("insert or ignore", {**FIRST, "outlet_id": 2}), ("delete", 1), ("delete", 2)],
        [("upsert", {"id": 1, **FIRST, "outlet_id": 2}), ("insert", {**FIRST, "start": 2})],
    ],
)
def test_rows_that_are_replaced_or_refused(tmp_path, later, recursive_triggers):
    connection = fresh(tmp_path / "claims.db", recursive_triggers)
    for row in ({**FIRST}, {**FIRST, "start": 1}):
        apply(connection, "insert", row)
    apply(connection, "refresh", None)
    for change, argument in later:
        apply(connection, change, argument)
        assert_right(connection)


def test_a_run_ends_with_nothing_left_for_readers_to_add(tmp_path):
    store = Store.open(news_database(tmp_path / "claims.db"))
    connection = store.db
    assert counts.waiting(connection) == 0
    assert counts.top(connection, "speaker_id") == [(1, 3), (2, 1), (3, 1)]
    connection.execute("update claims set status = 'checked' where id = 4")
    assert counts.waiting(connection) == 2
    assert counts.top(connection, "status", Selection("speaker_id", (1,))) == [
        ("suggested", 2),
        ("checked", 1),
    ]
    store.refresh_counts()
    assert counts.waiting(connection) == 0
    assert counts.total(connection) == 5
    store.close()


def test_long_ingests_count_now_and_then(tmp_path, monkeypatch):
    monkeypatch.setattr(counts, "REFRESH_AFTER", 3)
    store = Store.open(tmp_path / "claims.db")
    ingest_id = store.start_ingest("long")
    left = []
    for number in range(4):
        article = Article(f"가람은 “말 {number}”, “또 {number}”라고 했다.", "ko")
        found = (claim(article, f"말 {number}", PARK), claim(article, f"또 {number}", PARK))
        store.save(Extraction(article, found), ingest_id)
        left.append(counts.waiting(store.db))
    assert left == [2, 0, 2, 0]
    store.close()


def test_ids_beyond_those_that_sets_hold_are_left_to_others_to_count(tmp_path):
    connection = fresh(tmp_path / "claims.db")
    apply(connection, "insert", FIRST)
    apply(connection, "insert", {"id": 1 << 32, **FIRST, "start": 1})
    apply(connection, "refresh", None)
    assert connection.execute("select count(*) from claim_sets").fetchone() == (0,)
    with pytest.raises(narrowed.NotKept):
        narrowed.narrowed(connection, [Selection("kind", ("direct",))])
    assert counts.top(connection, "kind") == [("direct", 2)]
