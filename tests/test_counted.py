"""Table pages answered from counts kept ahead are those that Datasette would have counted."""

from __future__ import annotations

import pytest
from newsroom import PARK, claim, publish
from test_datasette import close, json_of

from claims.datasette_plugin import questions
from claims.datasette_plugin.application import datasette_for
from claims.datasette_plugin.counted import CountedDatabase
from claims.models import Article, Extraction, Speaker
from claims.store import Store, counts, tables

SPEAKERS = (PARK, Speaker("가람"), Speaker("가람", "organization"), Speaker("나루"))
PAGES = {
    "claims": [
        "", "speaker_id=1", "speaker_id=2", "outlet_id=1", "via_outlet_id=3", "kind=direct",
        "status=suggested", "published_on=2024-12-01", "published_on__gte=2024-12-01",
        "published_on__gte=2024-11-02&published_on__lte=2024-12-01",
        "published_on__gt=2024-11-02", "kind=direct&status=suggested", "speaker_id=nobody",
        "speaker_id=99", "kind__not=direct", "_search=말", "_sort=confidence",
        "_search=말&kind=direct", "_search=말&published_on__startswith=2024-1&speaker_id=1",
        "_search=또&status__in=checked,rejected", "_search=또&text__contains=1",
        "text__contains=1", "speaker_id__in=1,2",
        "status__in=suggested,accepted", "kind__in=mixed,,none", "speaker_id__in=1,x",
        "status__not=checked&kind__not=direct", "published_on__startswith=2024-11",
        "published_on__startswith=2024-1%", "published_on__lt=2024-12&outlet_id=1",
        "speaker_id=1&status=suggested", "speaker_id=1&outlet_id=2&kind=mixed",
        "speaker_id=1&_sort_desc=confidence", "speaker_id=1&outlet_id=2&_sort=said_on",
        "status__in=suggested,checked&published_on__gte=2024-11-03",
        "kind__not=direct&speaker_id__in=1,2&_sort=published_on",
        "kind=direct&status=suggested&_sort_desc=id", "speaker_id__in=1,2&_sort=confidence",
        "speaker_id=1&speaker_id=2", "speaker_id=1&text__contains=1",
        "outlet_id=1&published_on__gte=2024-11-03&published_on__lte=2024-12",
        "published_on=2024-12-01&published_on=2024-12", "published_on__in=2024-12,2024-11-02",
        "text__notlike=%251%25", "text__glob=*1*&kind=mixed", "role=대표", "role__isnull=1",
        "role__notnull=1&speaker_id=1", "via_outlet_id__isnull=1", "said_on__notnull=1",
        "language=ko&_sort=said_on", "said_on__gt=2024-11-02&_sort_desc=said_on",
        "confidence__gte=0.5&_sort=confidence", "role__in=대표,의원&_search=말", "role__not=대표",
        "_search=말&_sort=said_on", "text__contains=' or 1&kind__not=mixed", "article_id=3",
    ],
    "claims_browse": [
        "", "speaker=박서준", "speaker=가람", "outlet=한빛일보", "via=해안통신", "month=2024-12",
        "published_on__gte=2024-12-01", "speaker=nobody", "outlet=한빛일보&kind=mixed",
        "_search=말&speaker=가람", "_search=말&month=2024-12", "speaker=가람&text__contains=1",
        "published_on__startswith=2024-12", "speaker=나루&outlet=새벽신문&_sort=id",
        "speaker=가람&outlet=한빛일보", "month=2024-12&speaker=박서준",
        "status__in=suggested,checked",
        "speaker__in=가람,나루&month=2024-11", "month=2024", "outlet__not=한빛일보",
        "speaker__contains=가", "speaker__startswith=가&outlet__endswith=일보", "speaker__like=x",
        "article_title__contains=1", "role=대표&speaker__contains=서",
        "_search=말&via__contains=해",
    ],
    "unchecked_claims": ["", "speaker=가람", "month=2024-11&via=해안통신", "status=checked"],
}  # fmt: skip


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(counts, "FREQUENT", 3)
    monkeypatch.setattr(tables, "_PAGE", 1)
    extractions = []
    for number in range(16):
        article = Article(
            f"“말 {number}”, “또 {number}”라고 했다.",
            "ko",
            outlet=("한빛일보", "새벽신문")[number % 3 == 0],
            published_on=("2024-11-02", "2024-11-03", "2024-12-01", "2024-12", None)[number % 5],
        )
        first = claim(
            article, f"말 {number}", SPEAKERS[number % 4], via=(None, "해안통신")[number % 2]
        )
        second = claim(article, f"또 {number}", PARK, ("indirect", "mixed")[number % 2])
        extractions.append(Extraction(article, (first, second)))
    path = publish(tmp_path / "claims.db", *extractions)
    store = Store.open(path)
    store.db.execute("update claims set status = 'checked' where id in (3, 4)")
    store.db.execute("update claims set status = 'rejected', speaker_id = 4 where id = 5")
    store.db.execute("delete from claims where id = 6")
    store.db.execute("update claims set said_on = published_on where id % 3 = 0")
    store.db.execute("update claims set role = '대표' where id % 4 = 1")
    store.close()
    return path


@pytest.fixture
def asked(monkeypatch):
    """What SQLite was asked; None for what was answered from counts."""
    log = []
    counting = questions.counting

    def noting(sql, params):
        found = counting(sql, params)
        if "count(*)" in sql:
            log.append(None if found else sql)
        return found

    monkeypatch.setattr(questions, "counting", noting)
    return log


def leave_all_to_sqlite(monkeypatch):
    """Questions as Datasette asks them."""
    monkeypatch.setattr(questions, "counting", lambda sql, params: None)
    monkeypatch.setattr(questions, "searched", lambda sql, params: None)
    monkeypatch.setattr(questions, "sorted_rows", lambda sql, params: None)
    monkeypatch.setattr(questions, "by_index", lambda sql, params, known: (sql, params))


@pytest.mark.parametrize("size", ["max", "5"])
@pytest.mark.parametrize(
    ("table", "narrowed"), [(table, page) for table, pages in PAGES.items() for page in pages]
)
async def test_the_same_as_counting(path, monkeypatch, table, narrowed, size):
    address = f"/claims/{table}.json?{narrowed}&_size={size}&_extra=count,facet_results"
    address += "&_shape=objects"
    answers, rows = [], []
    for counting in (False, True):
        if counting:
            leave_all_to_sqlite(monkeypatch)
        datasette = datasette_for(path)
        answer = await json_of(datasette, address)
        answers.append(facets_and_count(answer))
        rows.append(answer["rows"])
        close(datasette)
    assert answers[0] == answers[1]
    if "_sort" in narrowed and not narrowed.endswith("=id"):
        rows = [sorted(some, key=by_id) for some in rows] if size == "max" else [[], []]
    assert [row["published_on"] for row in rows[0]] == [row["published_on"] for row in rows[1]]
    if size == "max" or table == "claims":  # views leave open which rows of one day come first
        assert sorted(rows[0], key=by_id) == sorted(rows[1], key=by_id)
    assert answers[0][0] is not None
    assert len(answers[0][1]) == 6


def by_id(row):
    return row["id"]


def facets_and_count(answer):
    facets = answer["facet_results"]
    facets = facets.get("results", facets)
    return answer.get("count", answer.get("filtered_table_rows_count")), {
        name: [(r["value"], r["label"], r["count"], r["selected"]) for r in facet["results"]]
        for name, facet in facets.items()
    }


@pytest.mark.parametrize(
    ("table", "narrowed"),
    [
        ("claims", ""), ("claims", "speaker_id=1"), ("claims", "published_on__gte=2024-12-01"),
        ("claims_browse", ""), ("claims_browse", "outlet=한빛일보"), ("unchecked_claims", ""),
        ("claims", "status__in=suggested,accepted"), ("claims", "speaker_id=1&status=suggested"),
        ("claims", "outlet_id=1&published_on__gt=2024-11-02&published_on__lt=2024-12-31"),
        ("claims_browse", "speaker=박서준&outlet=한빛일보&month=2024-12"),
        ("unchecked_claims", "speaker=박서준&kind=mixed"),
        ("claims_browse", "speaker__contains=박"), ("claims", "text__contains=1"),
        ("claims", "role__isnull=1&language=ko"), ("claims", "_search=말&role__notnull=1"),
        ("claims", "_search=말"),
    ],
)  # fmt: skip
async def test_nothing_is_counted_on_these_pages(path, asked, table, narrowed):
    datasette = datasette_for(path)
    address = f"/claims/{table}.json?{narrowed}&_size=3&_extra=count,facet_results"
    first = await json_of(datasette, address)
    assert asked.count(None) == len(asked) == 7
    following = await json_of(datasette, first["next_url"].removeprefix("http://localhost"))
    assert asked.count(None) == len(asked) == 14
    assert facets_and_count(following) == facets_and_count(first)
    close(datasette)


async def test_a_search_sorts_and_counts_the_matches_recorded_last(path, monkeypatch):
    monkeypatch.setattr(tables, "SEARCHED", 4)
    datasette = datasette_for(path)
    address = "/claims/claims.json?_search=또&_shape=objects&_extra=count,facet_results"
    answer = await json_of(datasette, address)
    assert sorted(row["id"] for row in answer["rows"]) == [26, 28, 30, 32]
    count, facets = facets_and_count(answer)
    assert count == 4
    assert [n for *_, n, _ in facets["kind"]] == [2, 2]
    narrowed = await json_of(datasette, "/claims/claims.json?_search=또&kind=mixed&_shape=objects")
    assert sorted(row["id"] for row in narrowed["rows"]) == [20, 24, 28, 32]
    close(datasette)


@pytest.mark.parametrize(
    "order",
    [
        "_sort_desc=confidence", "_sort=confidence", "_sort=published_on", "_sort_desc=id",
        "_sort=said_on", "_sort_desc=said_on",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "narrowed",
    ["", "speaker_id=1", "status__in=suggested,checked", "_search=말", "text__contains=1"],
)
async def test_leafing_leaves_nothing_out_and_shows_nothing_twice(path, order, narrowed):
    datasette = datasette_for(path)
    address = f"/claims/claims.json?{narrowed}&{order}&_shape=objects"
    whole = await json_of(datasette, f"{address}&_size=max")
    seen, following = [], f"{address}&_size=3"
    while following:
        page = await json_of(datasette, following.removeprefix("http://localhost"))
        seen += [row["id"] for row in page["rows"]]
        assert len(seen) <= len(whole["rows"])
        following = page.get("next_url")
    assert seen == [row["id"] for row in whole["rows"]]
    assert len(set(seen)) == len(seen) > 3
    close(datasette)


@pytest.mark.parametrize("page", ["max", "1"])
async def test_the_earliest_said_come_after_those_without_a_day(path, monkeypatch, page):
    monkeypatch.setattr(tables, "_PAGE", 0 if page == "1" else 51)  # all are many, or few
    datasette = datasette_for(path)
    address = "/claims/claims.json?_sort=said_on&_shape=objects&kind__not=direct"
    rows = []
    for size in ("max", page):
        following = f"{address}&_size={size}"
        rows.append([])
        while following:
            answer = await json_of(datasette, following.removeprefix("http://localhost"))
            rows[-1] += [(row["said_on"] or "", row["id"]) for row in answer["rows"]]
            following = answer.get("next_url")
    assert rows[0] == rows[1] == sorted(rows[0])
    assert len({day for day, _ in rows[0]}) > 2
    close(datasette)


async def test_what_was_found_in_rows_is_found_anew_when_they_change(path):
    datasette = datasette_for(path)
    address = "/claims/claims.json?role=대표&_shape=objects&_extra=count"
    assert (await json_of(datasette, address))["rows"][0]["id"] != 2
    store = Store.open(path)
    before = store.db.execute("select count(*) from claims where role = '대표'").fetchone()[0]
    store.db.execute("update claims set role = '대표' where id = 2")
    store.db.execute("update articles set title = '새 제목' where id = 1")
    store.close()
    answer = await json_of(datasette, f"{address}&_extra=facet_results")
    count, facets = facets_and_count(answer)
    assert count == len(answer["rows"]) == before + 1
    assert sum(n for *_, n, _ in facets["kind"]) == before + 1
    titled = await json_of(
        datasette, "/claims/claims_browse.json?article_title=새 제목&_shape=objects"
    )
    assert sorted(row["id"] for row in titled["rows"]) == [1, 2]
    close(datasette)


async def test_datasette_without_our_command_counts_so_too(path):
    from datasette.app import Datasette

    datasette = Datasette([str(path)])
    await datasette.invoke_startup()
    assert type(datasette.get_database("claims")) is CountedDatabase
    close(datasette)


@pytest.mark.parametrize("column", ["speaker_id", "outlet_id", "via_outlet_id"])
async def test_an_id_that_no_row_can_have(path, column):
    datasette = datasette_for(path)
    response = await datasette.client.get(f"/claims/claims.json?{column}={'9' * 20}&_shape=array")
    assert (response.status_code, response.json()) == (200, [])
