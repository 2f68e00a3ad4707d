"""The desk's pages: who gets in, what they do, and what nobody else ever sees."""

from __future__ import annotations

import json
import re
import sqlite3
import textwrap

import pytest
from conftest import ROOT
from datasette.app import Datasette
from datasette.version import __version_info__
from newsroom import HANBIT, news_database

from claims.datasette_plugin.application import datasette_for, root_path
from claims.datasette_plugin.desk.roles import Desk, Role, desk_of
from claims.datasette_plugin.desk.routes import _PAGES
from claims.errors import ReviewError, SourceError
from claims.reviews import Evidence, Review, Reviewed
from claims.store import Store, drafts, queue, reviewing, runs
from claims.store.private import PRIVATE_TABLES

STABLE = __version_info__[0] == "0"
METADATA = """
plugins:
  claims:
    checkers: [kim, lee]
    editors: [park]
    names: {kim: 김서준}
"""
SECRET = "between checkers only"  # what no reader may ever see


@pytest.fixture
def path(tmp_path):
    return news_database(tmp_path / "claims.db")


@pytest.fixture
def served(path, tmp_path):
    metadata = tmp_path / "metadata.yml"
    metadata.write_text(METADATA, "utf-8")
    datasette = datasette_for(path, metadata)
    yield datasette
    for database in datasette.databases.values():
        database.close()


class Person:
    """Somebody with a browser: signed in, and sending forms with the token that pages give."""

    def __init__(self, datasette, actor=None, **headers):
        self.datasette, self.headers = datasette, headers
        self.cookies = {}
        if actor:
            self.cookies["ds_actor"] = datasette.sign({"a": {"id": actor}}, "actor")

    async def get(self, address):
        response = await self.datasette.client.get(
            address, cookies=self.cookies, headers=self.headers
        )
        self.cookies.update(response.cookies)
        return response

    async def post(self, address, token=True, headers=None, **fields):
        if token:
            page = await self.get("/-/desk")
            found = re.search(r'name="csrftoken" value="([^"]+)"', page.text)
            fields["csrftoken"] = found.group(1) if found else ""
        response = await self.datasette.client.post(
            address, data=fields, cookies=self.cookies,
            headers={**self.headers, **(headers or {})}, follow_redirects=False,
        )  # fmt: skip
        self.cookies.update(response.cookies)
        return response


@pytest.fixture
def kim(served):
    return Person(served, "kim")


@pytest.fixture
def lee(served):
    return Person(served, "lee")


@pytest.fixture
def park(served):
    return Person(served, "park")


def ask(path, sql):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def content(path):
    connection = sqlite3.connect(path)
    dump = list(connection.iterdump())
    connection.close()
    return dump


# Roles


def test_roles_are_by_id_and_root_may_everything():
    desk = Desk(None, frozenset(["kim"]), frozenset(["park"]), {}, ())
    roles = [desk.role(actor) for actor in (None, {}, {"id": "x"}, {"id": "kim"}, {"id": "park"})]
    assert roles == [Role.READER, Role.READER, Role.READER, Role.CHECKER, Role.EDITOR]
    assert desk.role({"id": "root"}) == Role.EDITOR
    closed = Desk(frozenset(["choi"]), frozenset(["kim"]), frozenset(), {}, ())
    assert [closed.role(actor) for actor in (None, {"id": "x"}, {"id": "choi"})] == [
        Role.NOBODY, Role.NOBODY, Role.READER,
    ]  # fmt: skip


ADDRESSES = ["/-/desk" + page.replace("(?P<id>[0-9]{1,18})", "1") for page in _PAGES]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("actor", [None, "stranger"])
async def test_the_desk_is_for_nobody_without_a_role(path, served, address, actor):
    before = content(path)
    person = Person(served, actor)
    statuses = {
        (await person.get(address)).status_code,
        (await person.post(address, token=False, do="accept", text="x")).status_code,
    }
    assert statuses <= {403, 405}
    assert 403 in statuses
    assert content(path) == before


@pytest.mark.parametrize("address", [page for page in ADDRESSES if "speakers" in page])
async def test_what_is_for_editors_is_not_for_checkers(path, kim, address):
    before = content(path)
    refused = {
        (await kim.get(address)).status_code,
        (await kim.post(address, other="2")).status_code,
    }
    assert refused <= {403, 405}
    assert 403 in refused
    assert content(path) == before


async def test_a_cookie_that_somebody_made_up_is_nobody(served):
    person = Person(served)
    person.cookies["ds_actor"] = "eyJhIjp7ImlkIjoicm9vdCJ9fQ.made-up"
    assert (await person.get("/-/desk")).status_code == 403


async def test_nothing_is_changed_by_opening_a_page(path, kim):
    before = content(path)
    for address in ADDRESSES:
        await kim.get(address)
        await kim.get(address + "?do=accept&action=accept&text=x&opinion=confirms")
    assert content(path) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_forms_of_other_sites_are_refused(path, kim, headers):
    before = content(path)
    response = await kim.post("/-/desk/triage/1/change", headers=headers, do="accept")
    assert response.status_code == 403
    assert content(path) == before


async def test_a_form_that_does_not_say_how_large_it_is_is_not_read_without_end(served, path, kim):
    before, read = content(path), 0

    async def form():
        nonlocal read
        while True:
            read += 100_000
            yield b"x" * 100_000

    response = await served.client.post(
        "/-/desk/triage/1/change", content=form(), cookies=kim.cookies
    )
    assert (response.status_code, response.text) == (413, "This form is too large.\n")
    assert read <= 1_200_000
    assert content(path) == before


async def test_readers_see_names_of_checkers_and_a_checker_their_own(path, kim):
    store = Store.open(path)
    review_id = reviewing.publish(store, "lee", Review((Reviewed(1),), "false"))
    reviewing.give_opinion(store, "kim", review_id, "confirms")
    store.close()
    page = (await kim.get(f"/claims/reviews/{review_id}")).text
    assert re.search(r'class="opinion[^>]*>.*</strong> 김서준 ·', page)
    assert re.search(r'class="site-account"><strong>김서준<', page)


@pytest.mark.skipif(not STABLE, reason="1.0 looks at what browsers send, and knows no token")
@pytest.mark.parametrize("token", [None, "", "made-up"])
async def test_a_form_without_its_token_is_refused(path, kim, token):
    before = content(path)
    await kim.get("/-/desk")
    fields = {} if token is None else {"csrftoken": token}
    response = await kim.post("/-/desk/triage/1/change", token=False, do="accept", **fields)
    assert response.status_code == 403
    assert content(path) == before


async def test_a_site_for_its_readers_only(path, tmp_path):
    metadata = tmp_path / "closed.yml"
    metadata.write_text("plugins: {claims: {readers: [choi], checkers: [kim]}}", "utf-8")
    datasette = datasette_for(path, metadata)
    pages = ["/", "/claims/claims", "/claims/claims.json", "/claims/articles/1", "/-/desk"]
    for address in pages:
        page = await Person(datasette, accept="text/html").get(address)
        assert (page.status_code, page.headers.get("location")) == (302, "/-/login")
        assert (await Person(datasette).get(address)).status_code == 403
    assert (await Person(datasette, "choi").get("/claims/claims")).status_code == 200
    assert (await Person(datasette, "kim").get("/claims/claims")).status_code == 200
    assert (await Person(datasette, "stranger").get("/claims/claims")).status_code == 403
    assert (await Person(datasette).get("/-/static/app.css")).status_code == 200
    datasette.databases["claims"].close()


# Triage


async def test_going_through_suggested_claims(path, kim, lee):
    begun = await kim.post("/-/desk/triage")
    assert (begun.status_code, begun.headers["location"]) == (303, "/-/desk/triage/1")
    assert (await lee.post("/-/desk/triage")).headers["location"] == "/-/desk/triage/2"
    page = await kim.get("/-/desk/triage/1")
    assert page.status_code == 200
    assert (
        '<mark class="desk-claim" data-start="33">시장 금리가 올라 어쩔 수 없다</mark>'
        in (page.text)
        or f'data-start="{HANBIT.text.index("시장")}"' in page.text
    )
    refused = await lee.post("/-/desk/triage/1/change", do="accept")
    assert refused.status_code == 409
    assert "Kim is at claim 1 right now" in refused.text
    following = await kim.post("/-/desk/triage/1/change", do="accept")
    assert following.headers["location"] == "/-/desk/triage/3"
    following = await kim.post("/-/desk/triage/3/change", do="reject")
    assert following.headers["location"] == "/-/desk/triage/4"
    skipped = await kim.post("/-/desk/triage/4/change", do="skip")
    assert skipped.headers["location"] == "/-/desk/triage/5"
    undone = await kim.post("/-/desk/triage/5/change", do="undo")
    assert undone.headers["location"] == "/-/desk/triage/3"
    assert ask(path, "select status from claims order by id") == [
        ("accepted",), ("suggested",), ("suggested",), ("suggested",), ("suggested",),
    ]  # fmt: skip
    assert ask(path, "select distinct actor from history") == [("kim",)]


async def test_a_queue_narrowed_stays_narrowed(kim):
    begun = await kim.post("/-/desk/triage", speaker_id="1", language="ko", outlet_id="x")
    assert begun.headers["location"] == "/-/desk/triage/1?speaker_id=1&language=ko"
    page = await kim.get(begun.headers["location"])
    assert '<input type="hidden" name="speaker_id" value="1">' in page.text
    after = await kim.post("/-/desk/triage/1/change", do="accept", speaker_id="1", language="ko")
    assert after.headers["location"] == "/-/desk/triage/3?speaker_id=1&language=ko"


async def test_mending_a_claim_by_forms_alone(path, kim):
    done = await kim.post(
        "/-/desk/triage/1/change", do="speaker", speaker="한빛일보", kind="outlet", role="",
        organization="",
    )  # fmt: skip
    assert done.headers["location"] == "/-/desk/triage/1"
    await kim.post("/-/desk/triage/1/change", do="span", words="금리가 올라 어쩔 수 없다")
    await kim.post("/-/desk/triage/1/change", do="split", second="어쩔")
    await kim.post("/-/desk/triage/3/change", do="merge", other="4")
    assert ask(
        path,
        "select claims.id, text, name, speakers.kind, status, canonical_id from claims "
        "join speakers on speakers.id = speaker_id where claims.id <> 2 order by claims.id",
    ) == [
        (1, "금리가 올라", "한빛일보", "outlet", "suggested", None),
        (3, "취약계층의 금리는 그대로 둔다”며 “국민은행이 먼저 나선다", "박서준", "person",
         "suggested", None),
        (4, "국민은행이 먼저 나선다", "박서준", "person", "rejected", 3),
        (5, "Other banks will follow", "Hana Lee", "person", "suggested", None),
        (6, "어쩔 수 없다", "한빛일보", "outlet", "suggested", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"do": "dance"}, "nothing that can be done to a claim"),
        ({"do": "span", "words": "not in it"}, "not in the article"),
        ({"do": "span", "words": ""}, "not in the article"),
        ({"do": "split", "second": "not in it"}, "how the second claim begins"),
        ({"do": "merge"}, "choose the claim"),
        ({"do": "speaker", "speaker": "", "kind": "person"}, "name has one to"),
        ({"do": "speaker", "speaker": "x", "kind": "robot"}, "none"),
    ],
)
async def test_what_can_not_be_done_is_said(path, kim, fields, sentence):
    before = content(path)
    response = await kim.post("/-/desk/triage/1/change", **fields)
    assert (response.status_code, sentence.casefold() in response.text.casefold()) == (400, True)
    assert content(path) == before


async def test_a_claim_that_is_not_there_is_said(kim):
    for address in ("/-/desk/triage/99", "/-/desk/claims/99", "/-/desk/reviews/99"):
        response = await kim.get(address)
        assert response.status_code == 400
        assert "There is no" in response.text


async def test_it_is_said_in_korean_to_those_who_read_it(served):
    person = Person(served, "kim", **{"accept-language": "ko"})
    response = await person.post("/-/desk/triage/1/change", do="merge")
    assert (response.status_code, "함께 합칠 발언을 고르세요." in response.text) == (400, True)
    response = await person.post("/-/desk/reviews/save", claims="1", do="publish")
    assert (response.status_code, "공개하려면 판정이 있어야 합니다" in response.text) == (400, True)


async def test_too_large_a_form_is_refused(path, kim):
    before = content(path)
    response = await kim.post("/-/desk/claims/1/comment", text="x" * 1_100_000)
    assert response.status_code == 413
    assert content(path) == before


# Reviews

FORM = {
    "claims": "1, 3", "verdict": "false", "summary": "Rates fell.", "part-1": "금리가 올라",
    "context": "In November.", "context_url": "https://context.example/",
    "evidence-1-url": "https://bank.example/rates", "evidence-1-title": "Rates",
    "evidence-1-excerpt": "fell", "evidence-1-stance": "refutes",
    "evidence-1-retrieved_on": "2024-12-18", "evidence-2-url": "",
}  # fmt: skip


async def test_a_review_from_draft_to_dispute_and_withdrawal(path, kim, lee, park):
    saved = await kim.post("/-/desk/reviews/save", do="draft", **FORM)
    assert saved.headers["location"] == "/-/desk/drafts/1"
    page = (await kim.get("/-/desk/drafts/1")).text
    for words in ("Rates fell.", "금리가 올라", "https://bank.example/rates", "In November."):
        assert words in page
    assert '<option value="false" selected>' in page
    assert (await lee.post("/-/desk/reviews/save", do="publish", draft="1", **FORM)
            ).status_code == 400  # fmt: skip
    assert ask(path, "select * from reviews") == []
    done = await kim.post("/-/desk/reviews/save", do="publish", draft="1", **FORM)
    assert done.headers["location"] == "/-/desk/reviews/1"
    assert ask(path, "select verdict_id, summary, context, context_url, reviewer, state "
               "from reviews") == [
        (5, "Rates fell.", "In November.", "https://context.example/", "김서준", "published"),
    ]  # fmt: skip
    start = HANBIT.text.index("금리가 올라")
    assert ask(path, "select claim_id, start, end from review_claims") == [
        (1, start, start + 6), (3, None, None),
    ]  # fmt: skip
    assert ask(path, "select * from drafts") == []
    own = await kim.post("/-/desk/reviews/1/opinion", opinion="confirms")
    assert own.status_code == 400
    await lee.post("/-/desk/reviews/1/opinion", opinion="disputes", note="Of another year.")
    assert "Of another year." in (await kim.get("/-/desk")).text
    for refused in (
        await lee.post("/-/desk/reviews/1/withdraw"), await lee.get("/-/desk/reviews/1/edit"),
        await lee.post("/-/desk/reviews/save", do="publish", review="1", **FORM),
    ):  # fmt: skip
        assert refused.status_code == 400
        assert "or an editor" in refused.text
    edited = await kim.post(
        "/-/desk/reviews/save", do="publish", review="1", **{**FORM, "verdict": "misleading"}
    )
    assert edited.headers["location"] == "/-/desk/reviews/1"
    page = (await park.get("/-/desk/reviews/1")).text
    assert "misleading" in page
    assert "verdict_id: <del>5</del>" in page
    assert (await park.post("/-/desk/reviews/1/withdraw")).status_code == 303
    assert ask(path, "select status from claims where id in (1, 3)") == [("accepted",)] * 2


async def test_a_form_with_a_mistake_comes_back_as_it_was_filled_in(path, kim):
    wrong = {**FORM, "evidence-1-url": "javascript:probe()", "verdict": ""}
    response = await kim.post("/-/desk/reviews/save", do="draft", **wrong)
    assert response.status_code == 400
    assert "no web address" in response.text
    assert "Rates fell." in response.text
    assert 'href="javascript' not in response.text
    response = await kim.post("/-/desk/reviews/save", do="publish", **{**FORM, "verdict": ""})
    assert "published with a verdict" in response.text
    assert ask(path, "select 1 from reviews union all select 1 from drafts") == []


async def test_assigning(path, kim, lee, park):
    assert (await kim.post("/-/desk/claims/1/assign", assignee="lee")).status_code == 400
    assert (await park.post("/-/desk/claims/1/assign", assignee="stranger")).status_code == 400
    await park.post("/-/desk/claims/1/assign", assignee="lee")
    assert "시장 금리가" in (await lee.get("/-/desk")).text
    assert (await kim.post("/-/desk/claims/1/assign", assignee="kim")).status_code == 400
    await lee.post("/-/desk/claims/1/assign", assignee="")
    await kim.post("/-/desk/claims/1/assign", assignee="kim")
    assert ask(path, "select claim_id, assignee, assigned_by from assignments") == [
        (1, "kim", "kim"),
    ]  # fmt: skip


async def test_an_editor_makes_one_speaker_of_two(path, park):
    page = await park.get("/-/desk/speakers/1?other=3")
    assert "Hana Lee" in page.text
    await park.post("/-/desk/speakers/1/merge", other="3")
    assert ask(path, "select speaker_id from claims where id = 5") == [(1,)]


# What readers never see


@pytest.fixture
def secrets(path):
    """A draft, a comment, an assignment, a lease, and paths of the own machine."""
    store = Store.open(path)
    drafts.save_draft(
        store, "kim", Review((Reviewed(1),), summary=SECRET, evidence=(Evidence(title=SECRET),))
    )
    queue.comment(store, "kim", 1, SECRET)
    queue.assign(store, "kim", 1, SECRET)
    queue.take(store, SECRET, 2)
    where = f"/home/{SECRET}/page.txt"
    ingest = store.start_ingest(where, json.dumps({"map": where}), f"claims ingest {where}")
    runs.fail(store, ingest, where, None, f"{where}: unreadable")
    runs.note_fetched(store, ingest, f"http://{SECRET}")
    store.close()


FORCED = [
    *(f"select * from {table}" for table in sorted(PRIVATE_TABLES)),
    *(f"select count(*) from {table}" for table in sorted(PRIVATE_TABLES)),
    "select document from main.drafts", "select * from DRAFTS", 'select * from "drafts"',
    "with d as (select * from drafts) select * from d",
    "select (select text from comments limit 1) from claims",
    "select * from claims where exists (select 1 from drafts where document like '%between%')",
    "select json_group_array(document) from drafts", "explain select * from comments",
    "select claims.id from claims join comments on claims.id = claim_id",
    "select source from ingests", "select source || '' from failures",
    "select group_concat(source) from ingests", "select * from ingests where source like '/home%'",
    "select i.* from ingests as i order by source",
    "select * from ingests natural join failures", "select command, options from ingests",
    "select reason from failures", "select url from fetched", "select * from fetched",
    "select * from history", "select * from pragma_table_info('drafts')",
    "select * from sqlite_dbpage", "select * from sqlite_stat4",
]  # fmt: skip


@pytest.mark.parametrize("actor", [None, "stranger", "kim"])
async def test_nothing_private_is_read_by_sql(served, secrets, actor):
    person = Person(served, actor)
    for sql in FORCED:
        for form in ("/claims", "/claims.json", "/claims.csv", "/claims/-/query",
                     "/claims/-/query.json", "/claims/-/query.csv"):  # fmt: skip
            page = await person.get(f"{form}?sql={sql}")
            shown = page.text.replace(sql, "")
            assert SECRET not in shown, (form, sql)
            assert "/home/" not in shown.replace("&#39;", ""), (form, sql)


async def test_the_desk_has_the_readers_words_for_status_and_kind(served):
    kim = Person(served, "kim", **{"accept-language": "ko"})
    for address in ("/-/desk/triage/1", "/claims/claims/1"):
        page = (await kim.get(address)).text
        assert ("검토 전" in page, "인물" in page) == (True, True), address


@pytest.mark.parametrize("number", ["9" * 25, "9" * 5000, "٣", "-1", "x"])
async def test_what_is_no_number_of_a_claim_is_left_out(kim, number):
    page = await kim.get(f"/-/desk/reviews/new?claim=3&claim={number}")
    assert (page.status_code, 'name="claims" value="3"' in page.text) == (200, True)


@pytest.mark.parametrize("wrong", ["checkers: kim", "verdicts: 5", "names: [kim]"])
def test_settings_of_the_wrong_form_are_told_at_the_start(path, tmp_path, wrong):
    metadata = tmp_path / "metadata.yml"
    metadata.write_text(f"plugins: {{claims: {{{wrong}}}}}", "utf-8")
    with pytest.raises(ReviewError, match=f"claims: {wrong.partition(':')[0]}: is a"):
        datasette_for(path, metadata)


async def test_settings_of_plugins_are_not_published(path, tmp_path):
    metadata = tmp_path / "metadata.yml"
    metadata.write_text(
        METADATA + "  datasette-auth-passwords: {kim_password_hash: pbkdf2_sha256$1$between}\n"
        "databases: {claims: {plugins: {any: {secret: between}}}}\n",
        "utf-8",
    )
    person = Person(datasette_for(path, metadata))
    for address in ("/-/metadata", "/-/metadata.json", "/-/config.json"):
        page = await person.get(address)
        assert "between" not in page.text, address
    if STABLE:  # 1.0 has no page of it
        assert (await person.get("/-/metadata.json")).json()["title"] == "Claims"


async def test_no_reader_takes_all_memory(served):
    person = Person(served)
    for form in ("/claims.json", "/claims/-/query.json"):
        page = await person.get(f"{form}?sql=select+zeroblob(900000000)")
        assert len(page.content) < 100_000, form


async def test_nothing_private_is_read_across_databases(path, secrets):
    person = Person(Datasette([str(path)], memory=True, crossdb=True))
    for form in ("/_memory.json", "/_memory/-/query.json"):
        for table in (*PRIVATE_TABLES, "ingests", "failures"):
            page = await person.get(f"{form}?sql=select * from [claims].{table}")
            assert SECRET not in page.text, (form, table)
    query = "/_memory.json" if STABLE else "/_memory/-/query.json"
    page = await person.get(f"{query}?sql=select count(*) as n from [claims].claims&_shape=array")
    assert page.json() == [{"n": 5}]


async def test_nothing_private_is_read_by_any_address(served, secrets):
    person = Person(served)
    addresses = ["/", "/claims", "/claims.json", "/-/databases.json", "/-/search?q=between"]
    for table in [
        *sorted(PRIVATE_TABLES),
        "ingests",
        "failures",
        "fetched",
        "history",
        "claims",
        "reviews",
    ]:
        addresses += [
            f"/claims/{table}", f"/claims/{table}.json?_shape=array", f"/claims/{table}.csv",
            f"/claims/{table}?source__contains=home", f"/claims/{table}?_where=1",
            f"/claims/{table}/1", f"/claims/{table}/1.json", f"/claims/{table}?_search=between",
            f"/claims/{table}?_sort=source", f"/claims/{table}.json?_extra=all",
        ]  # fmt: skip
    addresses += ["/claims/ingests?_facet=source", "/claims/failures.json?_facet=source"]
    for address in addresses:
        page = await person.get(address)
        assert SECRET not in page.text, address
        assert f"/home/{SECRET}" not in page.text, address
    assert (await person.get("/claims/ingests.json?_shape=array")).json()[0]["source"] is None
    assert (await person.get("/claims/failures.json?_shape=array")).json()[0]["source"] is None


@pytest.mark.parametrize("immutable", [False, True])
async def test_any_datasette_with_the_plugin_keeps_it_quietly(path, secrets, capfd, immutable):
    """Under any name, with no metadata of ours; nothing is tried first, and fails."""
    copy = path.rename(path.with_name("herald.db"))
    datasette = Datasette(
        [] if immutable else [str(copy)], immutables=[str(copy)] if immutable else []
    )
    capfd.readouterr()
    for address in ("/", "/.json", "/herald", "/herald.json", "/-/databases.json"):
        answer = await datasette.client.get(address)
        assert (answer.status_code, SECRET in answer.text) == (200, False), address
        assert not any(f'"name": "{table}"' in answer.text for table in PRIVATE_TABLES), address
    for table in PRIVATE_TABLES:
        for address in (f"/herald/{table}", f"/herald/{table}.json", f"/herald/{table}/1"):
            answer = await datasette.client.get(address)
            assert (answer.status_code, SECRET in answer.text) == (403, False), address
    assert capfd.readouterr().err == ""
    for database in datasette.databases.values():
        database.close()


async def test_checkers_see_it_on_the_desk(kim, secrets):
    assert SECRET in (await kim.get("/-/desk")).text
    assert SECRET in (await kim.get("/-/desk/claims/1")).text
    assert SECRET in (await kim.get("/-/desk/drafts/1")).text


async def test_datasettes_own_ways_to_write_lead_around_nothing(path, served):
    served.root_enabled = True
    before = content(path)
    for actor in ("kim", "park", "root"):
        person = Person(served, actor)
        for address, body in (
            ("/claims/claims/-/insert", {"row": {"text": "x"}}),
            ("/claims/claims/1/-/update", {"update": {"status": "checked"}}),
            ("/claims/claims/1/-/delete", {}),
            ("/claims/claims/-/upsert", {"rows": [{"id": 1, "status": "checked"}]}),
            ("/claims/claims/-/drop", {"confirm": True}),
            ("/claims/-/create", {"table": "notes", "row": {"id": 1}}),
        ):
            page = await served.client.post(
                address, json=body, cookies=person.cookies,
                headers={"authorization": "Bearer x"} if STABLE else {},
            )  # fmt: skip
            assert page.status_code >= 400, (actor, address)
    assert content(path) == before


async def test_the_file_is_not_downloaded_with_its_drafts(path, secrets):
    from datasette.app import Datasette

    datasette = Datasette([], immutables=[str(path)])
    response = await datasette.client.get("/claims.db")
    assert response.status_code in {403, 404}
    assert SECRET.encode() not in response.content
    for database in datasette.databases.values():
        database.close()


# Signing in


async def test_signing_in_with_a_password(path, tmp_path):
    passwords = pytest.importorskip("datasette_auth_passwords")
    hashed = passwords.utils.hash_password("one of kim's", iterations=1000)
    metadata = tmp_path / "metadata.yml"
    metadata.write_text(
        "plugins: {claims: {checkers: [kim]}, datasette-auth-passwords: {kim_password_hash: '"
        f"{hashed}'}}}}", "utf-8",
    )  # fmt: skip
    datasette = datasette_for(path, metadata)
    await datasette.invoke_startup()
    person = Person(datasette)
    form = (await person.get("/-/login")).text
    token = re.search(r'name="csrftoken" value="([^"]+)"', form).group(1)
    wrong = await person.post("/-/login", token=False, csrftoken=token, username="kim",
                              password="guess")  # fmt: skip
    assert "ds_actor" not in wrong.cookies
    await person.post("/-/login", token=False, csrftoken=token, username="kim",
                      password="one of kim's")  # fmt: skip
    assert (await person.get("/-/desk")).status_code == 200
    datasette.databases["claims"].close()


async def test_signing_in_by_github_as_the_docs_say(path, tmp_path):
    """Our own part only: the login is offered, and its actors have roles; GitHub is not asked."""
    docs = (ROOT / "docs" / "desk.md").read_text("utf-8")
    section = docs.partition("### Signing in by GitHub")[2].partition("\n## ")[0]
    metadata = tmp_path / "github.yml"
    metadata.write_text(re.search(r"```yaml\n(.*?)```", section, re.S).group(1), "utf-8")
    datasette = datasette_for(path, metadata)
    checker = {"ds_actor": datasette.sign({"a": {"id": "github:12345"}}, "actor")}
    front = await datasette.client.get("/")
    assert 'href="/-/github-auth-start"' in front.text
    assert [
        (await datasette.client.get("/-/desk", cookies=cookies)).status_code
        for cookies in ({}, checker)
    ] == [403, 200]
    metadata.write_text(metadata.read_text("utf-8") + "    readers: []\n", "utf-8")
    closed = datasette_for(path, metadata)
    turned_away = await closed.client.get(
        "/claims", headers={"accept": "text/html"}, follow_redirects=False
    )
    assert turned_away.headers["location"] == "/-/github-auth-start"
    for one in (datasette, closed):
        for database in one.databases.values():
            database.close()


async def test_signing_in_as_root_once(served):
    person = Person(served)
    address = root_path(served)
    await person.get(address)
    assert (await person.get("/-/desk/speakers/1")).status_code == 200
    again = Person(served)
    await again.get(address)
    assert (await again.get("/-/desk")).status_code == 403


async def test_without_sign_in_there_is_no_desk(path):
    datasette = datasette_for(path)
    assert (await Person(datasette).get("/-/desk")).status_code == 403
    datasette.databases["claims"].close()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("[1, 2]", "names and values"), ("a: [", "not YAML"), ("", "names and values")],
)
def test_metadata_that_is_none_is_said(path, tmp_path, text, complaint):
    metadata = tmp_path / "metadata.yml"
    metadata.write_text(text, "utf-8")
    with pytest.raises(SourceError, match=complaint):
        datasette_for(path, metadata)


# Languages


@pytest.mark.parametrize(
    ("asked", "words"), [("ko-KR,ko;q=0.9", "내 작업"), ("en", "My queue"), ("fr", "My queue")]
)
async def test_the_desk_speaks_korean_and_english(served, asked, words):
    person = Person(served, "kim", **{"accept-language": asked})
    page = await person.get("/-/desk")
    assert words in page.text


def test_both_languages_say_the_same_things():
    from claims.datasette_plugin.language import languages

    said = {code: language.strings["desk"] for code, language in languages().items()}
    assert set(said["ko"]) == set(said["en"])
    for key, words in said["en"].items():
        places = set(re.findall(r"\{\w+\}", words))
        assert set(re.findall(r"\{\w+\}", said["ko"][key])) == places, key


# What docs/desk.md says


def test_the_settings_in_the_docs_are_settings(path, tmp_path):
    text = (ROOT / "docs" / "desk.md").read_text("utf-8")
    written, _github = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    metadata = tmp_path / "desk.yml"
    metadata.write_text(textwrap.dedent(written), "utf-8")
    datasette = datasette_for(path, metadata)
    desk = desk_of(datasette)
    assert (desk.people, desk.name("kim")) == (["kim", "lee", "park"], "김서준")
    datasette.databases["claims"].close()
    store = Store.open(path)
    assert list(reviewing.verdict_sets(store, desk.verdicts)) == ["팩트체크"]
    store.close()


def test_the_keys_in_the_docs_are_the_keys_of_the_page():
    text = (ROOT / "docs" / "desk.md").read_text("utf-8")
    script = (ROOT / "claims" / "datasette_plugin" / "static" / "desk.js").read_text("utf-8")
    keys = set(re.findall(r"^    \"?(\S)\"?: (?:\(|mend|split|help)", script, re.MULTILINE))
    assert set(re.findall(r"<kbd>(.)</kbd>", text)) == keys
