"""Changed pages: what was added, dropped, reworded; and that a claim is counted once."""

from __future__ import annotations

import json

import pytest

from claims.changes import Change, Told, Version, compare
from claims.ingest import ingest
from claims.models import Stated
from claims.store import versions

URL = "https://hanbit.example/dike"
FIRST = """둑 보강 착공

최도현 교수는 기자회견에서 “둑을 내년 봄까지 다시 쌓겠다”고 말했다.
이미영 시장은 “예산은 충분하다”고 말했다.
윤서연 대표는 “주민과 먼저 상의하겠다”고 밝혔다.
"""
SECOND = """둑 보강 착공

최도현 교수는 기자회견에서 “둑을 내년 가을까지 다시 쌓겠다”고 말했다.
윤서연 대표는 “주민과 먼저 상의하겠다”고 밝혔다.
박민준 위원장은 “공사를 지켜보겠다”고 말했다.
"""


@pytest.fixture
def publish(store, article):
    """A function that ingests a version of the page."""

    def read(text: str, **stated: str):
        path = article(text)
        return ingest(store, [str(path)], Stated(url=URL, outlet="한빛일보", **stated))

    return read


def told(*claims: tuple[str, str]) -> list[Told]:
    return [Told(number, text, speaker) for number, (speaker, text) in enumerate(claims, 1)]


def compared(before: list[Told], after: list[Told], **texts: str) -> list[tuple[object, ...]]:
    earlier = Version(texts.get("was", " ".join(one.text for one in before)), before)
    later = Version(texts.get("now", " ".join(one.text for one in after)), after)
    return [
        (change.kind, change.before and change.before.id, change.after and change.after.id)
        for change in compare(earlier, later)
    ]


def test_all_that_can_become_of_a_claim():
    before = told(
        ("A", "We will begin in spring."),
        ("B", "There is enough money for it."),
        ("C", "The residents come first."),
        ("D", "Nothing was decided on Monday."),
        ("E", "The bridge stays closed."),
    )
    after = told(
        ("C", "The residents  come first."),
        ("A", "We will begin in autumn."),
        ("F", "There is enough money for it."),
        ("G", "The work was paid for in advance."),
        ("H", "Ferries run all night."),
    )
    assert compared(
        before,
        after,
        was="… Ferries run all night. …",
        now="… The bridge stays closed. …",
    ) == [
        ("kept", 3, 1),
        ("reworded", 1, 2),
        ("reattributed", 2, 3),
        ("added", None, 4),
        ("attributed", None, 5),
        ("dropped", 4, None),
        ("unattributed", 5, None),
    ]


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("“We begin”, he said", '"We begin", he said', ["kept"]),  # only typeset otherwise
        ("The dike will hold for years", "The dike will hold for years, if it is mended",
         ["reworded"]),
        ("87% agree with the plan", "78% agree with the plan", ["reworded"]),
        ("The dike will hold", "I was never asked about ferries", ["added", "dropped"]),
        ("그렇다", "아니다", ["added", "dropped"]),
    ],
)  # fmt: skip
def test_what_counts_as_reworded(before, after, kinds):
    assert [row[0] for row in compared(told(("A", before)), told(("A", after)))] == kinds


def test_the_same_words_twice_are_two_claims():
    twice = told(("A", "We begin."), ("A", "We begin."))
    assert compared(twice, twice[:1]) == [("kept", 1, 1), ("unattributed", 2, None)] or compared(
        twice, twice[:1]
    ) == [("kept", 1, 1), ("dropped", 2, None)]


def test_a_changed_page_is_a_new_version_and_claims_are_counted_once(publish, rows, store):
    publish(FIRST)
    result = publish(SECOND)
    assert (result.articles, result.changed, result.claims) == (1, 1, 2)
    assert rows("select id, supersedes_id from articles") == [
        {"id": 1, "supersedes_id": None},
        {"id": 2, "supersedes_id": 1},
    ]
    assert rows("select id, article_id, text from claims order by id") == [
        {"id": 1, "article_id": 1, "text": "둑을 내년 봄까지 다시 쌓겠다"},
        {"id": 2, "article_id": 1, "text": "예산은 충분하다"},
        {"id": 3, "article_id": 2, "text": "주민과 먼저 상의하겠다"},
        {"id": 4, "article_id": 2, "text": "둑을 내년 가을까지 다시 쌓겠다"},
        {"id": 5, "article_id": 2, "text": "공사를 지켜보겠다"},
    ]
    assert rows("select article_id, claim_id, text, start from earlier_claims") == [
        {
            "article_id": 1,
            "claim_id": 3,
            "text": "주민과 먼저 상의하겠다",
            "start": FIRST.index("주민과"),
        }
    ]
    assert rows("select speaker, claims from speakers_summary where speaker = '윤서연'") == [
        {"speaker": "윤서연", "claims": 1}
    ]
    (changed,) = versions.changes(store)
    assert (changed.earlier_id, changed.article_id, changed.url) == (1, 2, URL)
    assert changed.changes == (
        Change("reworded", Told(1, "둑을 내년 봄까지 다시 쌓겠다", "최도현"),
               Told(4, "둑을 내년 가을까지 다시 쌓겠다", "최도현")),
        Change("added", None, Told(5, "공사를 지켜보겠다", "박민준")),
        Change("dropped", Told(2, "예산은 충분하다", "이미영"), None),
    )  # fmt: skip


def test_the_old_version_read_again_changes_nothing(publish, rows):
    publish(FIRST)
    publish(SECOND)
    before = rows("select * from claims")
    publish(FIRST, title="둑")  # stated otherwise, so that it is read and compared again
    assert rows("select * from claims") == before


def test_another_title_or_date_is_no_new_version(publish, rows):
    publish(FIRST)
    publish(FIRST, title="둑을 쌓는다", published_on="2025-03-01")
    assert rows("select id, title, published_on from articles") == [
        {"id": 1, "title": "둑을 쌓는다", "published_on": "2025-03-01"}
    ]


def test_what_people_found_out_stays_with_the_claim(publish, rows, store):
    publish(FIRST)
    store.db.execute("update claims set status = 'checked' where id = 3")
    store.db.execute("insert into reviews (id, verdict_id) values (1, 1)")
    store.db.execute("insert into review_claims (review_id, claim_id) values (1, 3)")
    publish(SECOND)
    assert rows("select claims.id, article_id, status, review_id from claims join review_claims "
                "on claim_id = claims.id") == [
        {"id": 3, "article_id": 2, "status": "checked", "review_id": 1}
    ]  # fmt: skip


def test_a_speaker_that_a_person_mended_stays_mended(publish, rows, store):
    publish(FIRST)
    store.db.execute("insert into speakers (name, kind) values ('윤서영', 'person')")
    store.db.execute("update claims set speaker_id = (select max(id) from speakers) where id = 3")
    publish(SECOND)
    assert rows("select claims.id, article_id, name from claims join speakers "
                "on speakers.id = speaker_id where text like '주민%'") == [
        {"id": 3, "article_id": 2, "name": "윤서영"}
    ]  # fmt: skip


def test_a_claim_that_somebody_deleted_does_not_come_back_with_a_new_version(publish, rows, store):
    publish(FIRST)
    store.db.execute("delete from claims where id = 3")
    publish(SECOND)
    assert rows("select id from claims where text like '주민%'") == []


def test_changes_on_the_command_line(publish, run, store):
    publish(FIRST)
    publish(SECOND)
    shown = run("changes")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[2:] == [
        "  reworded",
        "    - 최도현: 둑을 내년 봄까지 다시 쌓겠다",
        "    + 최도현: 둑을 내년 가을까지 다시 쌓겠다",
        "  added",
        "    + 박민준: 공사를 지켜보겠다",
        "  dropped",
        "    - 이미영: 예산은 충분하다",
        "",
    ]
    lines = run("changes", URL, "--format", "json").stdout.splitlines()
    listed = [json.loads(line) for line in lines]
    assert [(row["change"], row["text_before"], row["text_after"]) for row in listed] == [
        ("reworded", "둑을 내년 봄까지 다시 쌓겠다", "둑을 내년 가을까지 다시 쌓겠다"),
        ("added", None, "공사를 지켜보겠다"),
        ("dropped", "예산은 충분하다", None),
    ]
    assert run("changes", "1", "--format", "csv").stdout.count("\n") == 4
    assert run("changes", "--since", "2999-01-01").stdout == ""
    unknown = run("changes", "77")
    assert (unknown.exit_code, unknown.stderr) == (
        1, "claims: 77: there is no article of this id or address\n"
    )  # fmt: skip
