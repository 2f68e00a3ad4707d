"""What checkers decide: triage, reviews, second opinions, whose turn it is, undo and history."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import HANBIT, SAEBYEOK, news_database

from claims.errors import ClashError, ReviewError
from claims.models import Span
from claims.reviews import Evidence, Review, Reviewed, checked_review
from claims.search import index_terms
from claims.store import Store, drafts, queue, reviewing
from claims.store.acting import undo
from claims.store.past import history, logged, review_history
from claims.store.private import PRIVATE_TABLES
from claims.store.triage import decide, fix_span, fix_speaker, merge, merge_speakers, split


@pytest.fixture
def desk(db_path):
    store = Store.open(news_database(db_path))
    yield store
    store.close()


def of(store, sql, *values):
    return store.db.execute(sql, values).fetchall()


def status(store, claim_id):
    return of(store, "select status from claims where id = ?", claim_id)[0][0]


def found(store, word):
    """The ids of the claims that a search for one word gives."""
    rows = of(
        store,
        "select claims.id from claims_fts join claims on claims.id = claims_fts.rowid "
        "where claims_fts match ? order by 1",
        f'"{word}"',
    )
    return [row[0] for row in rows]


def public(store):
    """Every row of every table that readers see, with the counts as they are now."""
    store.refresh_counts()
    names = [
        row[0]
        for row in of(store, "select name from sqlite_master where type = 'table' order by 1")
        if "fts" not in row[0]
    ]
    kept = set(names) - PRIVATE_TABLES - {
        "history", "sqlite_sequence", "sqlite_stat1",
        "kept_counts",  # what was frequent once stays so
        "counted",  # its state is another with each counting
    }  # fmt: skip
    return {name: sorted(of(store, f"select * from {name}"), key=repr) for name in sorted(kept)}


# Decisions


def test_accepting_and_rejecting_leaves_who_did_it_and_when(desk):
    assert decide(desk, "kim", [1, 2], "accept") == [1, 2]
    assert decide(desk, "lee", [2], "reject") == [2]
    assert decide(desk, "lee", [2], "reject") == []
    assert [status(desk, claim) for claim in (1, 2, 3)] == ["accepted", "rejected", "suggested"]
    assert of(
        desk,
        "select actor, action, table_name, row_id, before ->> 'status', after ->> 'status', "
        "at glob '20??-??-??T??:??:??Z' from history",
    ) == [
        ("kim", "update", "claims", 1, "suggested", "accepted", 1),
        ("kim", "update", "claims", 2, "suggested", "accepted", 1),
        ("lee", "update", "claims", 2, "accepted", "rejected", 1),
    ]
    assert of(desk, "select actor from acting") == [("sql",)]


def test_all_claims_are_decided_or_none(desk):
    with pytest.raises(ReviewError, match="there is no claim 99"):
        decide(desk, "kim", [1, 99], "accept")
    assert status(desk, 1) == "suggested"
    assert of(desk, "select * from history") == []
    assert of(desk, "select actor from acting") == [("sql",)]


@pytest.mark.parametrize("actor", ["", "  ", "a\nb", "x" * 201])
def test_who_does_it_has_a_name(desk, actor):
    with pytest.raises(ReviewError, match="can't be the name"):
        decide(desk, actor, [1], "accept")


def test_a_speaker_is_fixed_to_a_known_one_by_name_or_alias(desk):
    assert fix_speaker(desk, "kim", 5, "Seojun Park", "person", ("부행장", "국민은행")) == 1
    assert of(desk, "select speaker_id, role, organization from claims where id = 5") == [
        (1, "부행장", "국민은행")
    ]
    assert 5 in found(desk, "국민은행")
    assert 5 in found(desk, "박서준")
    assert 5 not in found(desk, "Hana")


def test_a_speaker_is_fixed_to_a_new_one_and_an_outlet_speaks_too(desk):
    new = fix_speaker(desk, "kim", 5, "  Harbour   Times ", "outlet")
    assert of(desk, "select name, kind from speakers where id = ?", new) == [
        ("Harbour Times", "outlet")
    ]
    changes = of(desk, "select actor, action, table_name, row_id from history order by id")
    assert changes == [("kim", "insert", "speakers", new), ("kim", "update", "claims", 5)]


@pytest.mark.parametrize(
    ("name", "kind", "complaint"),
    [("", "person", "one to 500"), ("x" * 501, "person", "one to 500"), ("Lee", "robot", "none")],
)
def test_no_speaker_without_name_and_kind(desk, name, kind, complaint):
    with pytest.raises(ReviewError, match=complaint):
        fix_speaker(desk, "kim", 1, name, kind)


def test_a_span_is_fixed_and_the_search_finds_the_new_words(desk):
    start = SAEBYEOK.text.index("금리는")
    assert fix_span(desk, "kim", 3, Span(start - 1, start + 10)) == "금리는 그대로 둔다"
    assert of(desk, "select text, start, end from claims where id = 3") == [
        ("금리는 그대로 둔다", start, start + 10)
    ]
    assert 3 not in found(desk, "취약")
    assert 3 in found(desk, "그대로")


@pytest.mark.parametrize("span", [Span(0, 0), Span(-1, 4), Span(5, 10_000), Span(9, 3)])
def test_a_span_outside_the_article_is_refused(desk, span):
    with pytest.raises(ReviewError, match="is not in it"):
        fix_span(desk, "kim", 3, span)


def test_a_claim_is_split_in_two(desk):
    at = HANBIT.text.index("올라")
    new = split(desk, "kim", 1, at)
    assert of(desk, "select text, status, speaker_id, role, said_on from claims "
              "where id in (1, ?) order by id", new) == [
        ("시장 금리가", "suggested", 1, "부행장", "2024-12-17"),
        ("올라 어쩔 수 없다", "suggested", 1, "부행장", "2024-12-17"),
    ]  # fmt: skip
    assert 1 not in found(desk, "올라")
    assert new in found(desk, "올라")
    with pytest.raises(ReviewError, match="inside it"):
        split(desk, "kim", 1, 0)


def test_two_claims_are_merged_and_the_other_leads_to_the_kept_one(desk):
    assert merge(desk, "kim", 3, 4) == "취약계층의 금리는 그대로 둔다”며 “국민은행이 먼저 나선다"
    assert of(desk, "select id, status, canonical_id from claims where id in (3, 4)") == [
        (3, "suggested", None),
        (4, "rejected", 3),
    ]
    assert 3 in found(desk, "나선다")
    with pytest.raises(ReviewError, match="same article"):
        merge(desk, "kim", 1, 3)


def test_claims_merged_there_and_back_lead_to_the_one_kept_last_and_in_no_circle(desk):
    desk.db.execute("update claims set canonical_id = 3 where id = 5")  # the same words elsewhere
    span = Span(*of(desk, "select start, end from claims where id = 3")[0])
    merge(desk, "kim", 3, 4)
    merge(desk, "kim", 3, 4)
    fix_span(desk, "kim", 3, span)
    merge(desk, "kim", 4, 3)
    leads = "select id, canonical_id from claims where canonical_id is not null"
    assert of(desk, leads) == [(3, 4), (5, 4)]


def test_a_longer_way_back_becomes_no_circle(desk):
    desk.db.execute("update claims set canonical_id = 5 where id = 3")
    desk.db.execute("update claims set canonical_id = 4 where id = 5")
    merge(desk, "kim", 3, 4)
    leads = "select id, canonical_id from claims where canonical_id is not null"
    assert of(desk, leads) == [(4, 3), (5, 3)]


def test_speakers_are_not_merged_back_into_one_that_is_gone(desk):
    merge_speakers(desk, "editor", 1, 3)
    with pytest.raises(ReviewError, match="speaker 3: two different speakers"):
        merge_speakers(desk, "editor", 3, 1)
    assert of(desk, "select id from speakers where id in (1, 3)") == [(1,)]


def test_what_led_to_a_twin_leads_to_the_one_that_stays(desk):
    desk.db.execute(
        "insert into claims (id, article_id, text, kind, speaker_id, start, end, extractor) "
        "select 9, article_id, text, kind, 3, start, end, extractor from claims where id = 1"
    )
    desk.db.execute("update claims set canonical_id = 9 where id in (1, 4)")
    merge_speakers(desk, "editor", 1, 3)
    leads = "select id, canonical_id from claims where canonical_id is not null"
    assert of(desk, leads) == [(4, 1)]


def test_two_speakers_become_one_with_the_names_of_both(desk):
    assert merge_speakers(desk, "editor", 1, 3) == 1
    assert of(desk, "select speaker_id from claims where id = 5") == [(1,)]
    assert of(desk, "select alias from speaker_aliases where speaker_id = 1 order by 1") == [
        ("Hana Lee",), ("Seojun Park",),
    ]  # fmt: skip
    assert of(desk, "select 1 from speakers where id = 3") == []
    assert 5 in found(desk, "박서준")


def test_reviews_and_comments_outlive_the_twin_that_they_were_about(desk):
    claim = of(desk, "select start, end, article_id from claims where id = 1")[0]
    desk.db.execute(
        "insert into claims (article_id, text, kind, speaker_id, start, end, extractor) "
        "select article_id, text, kind, 3, start, end, extractor from claims where id = 1"
    )
    twin = of(desk, "select id from claims where speaker_id = 3 and article_id = ?", claim[2])[0][0]
    queue.comment(desk, "kim", twin, "Whose is it?")
    review_id = reviewing.publish(desk, "kim", Review((Reviewed(twin),), "false"))
    assert merge_speakers(desk, "editor", 1, 3) == 2
    assert of(desk, "select claim_id from review_claims where review_id = ?", review_id) == [(1,)]
    assert of(desk, "select id from claims where id = ?", twin) == []
    assert status(desk, 1) == "checked"
    assert [said["text"] for said in queue.comments(desk, 1)] == ["Whose is it?"]


def test_a_draft_about_a_twin_is_about_the_one_that_stays(desk):
    desk.db.execute(
        "insert into claims (id, article_id, text, kind, speaker_id, start, end, extractor) "
        "select 9, article_id, text, kind, 3, start, end, extractor from claims where id = 1"
    )
    start = of(desk, "select start from claims where id = 1")[0][0]
    both = drafts.save_draft(desk, "kim", Review((Reviewed(1), Reviewed(9)), "false"))
    one = drafts.save_draft(
        desk, "kim", Review((Reviewed(9, start, start + 3), Reviewed(4)), "false")
    )
    merge_speakers(desk, "editor", 1, 3)
    assert drafts.draft(desk, both)["review"] == Review((Reviewed(1),), "false")
    assert drafts.draft(desk, one)["review"] == Review(
        (Reviewed(1, start, start + 3), Reviewed(4)), "false"
    )
    assert {row["id"] for row in drafts.drafts(desk, claim_id=1)} == {both, one}
    assert of(desk, "select draft_id, claim_id from draft_claims order by 1, 2") == [
        (both, 1), (one, 1), (one, 4),
    ]  # fmt: skip


# Undo


def act(desk, step):
    name, which = step
    claims = [row[0] for row in of(desk, "select id from claims order by id")]
    claim = claims[which % len(claims)]
    start, end = of(desk, "select start, end from claims where id = ?", claim)[0]
    if name in {"accept", "reject"}:
        decide(desk, "kim", [claim], name)
    elif name == "speaker":
        fix_speaker(desk, "kim", claim, f"사람 {which}", "person")
    elif name == "span":
        fix_span(desk, "kim", claim, Span(start, end - which % 3))
    elif name == "split":
        split(desk, "kim", claim, start + which)
    else:
        merge(desk, "kim", claim, claims[(which + 1) % len(claims)])


STEPS = st.tuples(
    st.sampled_from(["accept", "reject", "speaker", "span", "split", "merge"]),
    st.integers(0, 6),
)


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.lists(STEPS, max_size=5))
def test_undoing_everything_leaves_everything_as_it_was(tmp_path_factory, steps):
    desk = Store.open(news_database(tmp_path_factory.mktemp("undo") / "claims.db"))
    words = ["금리", "국민은행", "박서준", "banks", "사람"]
    before = public(desk), [found(desk, word) for word in words]
    for step in steps:
        with suppress(ReviewError):
            act(desk, step)
    for claim, *of_it in of(desk, "select claims.id, text, name, role, organization from claims "
                            "join speakers on speakers.id = speaker_id"):  # fmt: skip
        terms = re.findall(r"\w+", index_terms(" ".join(filter(None, of_it))))
        for term in terms[:5]:
            assert claim in found(desk, term)
    with suppress(ReviewError):
        while True:
            undo(desk, "kim")
    assert (public(desk), [found(desk, word) for word in words]) == before
    desk.close()


def test_only_ones_own_last_action_is_undone_and_not_over_somebody_elses(desk):
    decide(desk, "kim", [1], "accept")
    with pytest.raises(ReviewError, match="nothing to undo"):
        undo(desk, "lee")
    decide(desk, "lee", [1], "reject")
    with pytest.raises(ClashError, match="claim 1 was changed again since"):
        undo(desk, "kim")
    assert undo(desk, "lee") == {"action": "reject", "claim_id": 1}
    assert undo(desk, "kim") == {"action": "accept", "claim_id": 1}
    assert status(desk, 1) == "suggested"


def test_what_led_to_a_row_that_is_gone_is_not_undone(desk):
    fix_speaker(desk, "kim", 5, "이하나", "person")
    here = of(desk, "select speaker_id from claims where id = 5")
    merge_speakers(desk, "editor", 1, 3)
    with pytest.raises(ClashError, match="claim 5: the speaker or claim that it led to is gone"):
        undo(desk, "kim")
    assert of(desk, "select speaker_id from claims where id = 5") == here


# Whose turn it is


def test_two_checkers_get_different_claims_until_the_lease_ends(desk):
    assert queue.take_next(desk, "kim") == 1
    assert queue.take_next(desk, "lee") == 2
    with pytest.raises(ClashError, match="kim is at claim 1 right now"):
        decide(desk, "lee", [1], "accept")
    desk.db.execute("update leases set until = '2000-01-01T00:00:00Z'")
    decide(desk, "lee", [1], "accept")
    assert queue.take_next(desk, "lee") == 2


def test_skipping_goes_on_and_begins_again_at_the_end(desk):
    seen = []
    after = 0
    for _ in range(6):
        after = queue.take_next(desk, "kim", after)
        seen.append(after)
    assert seen == [1, 2, 3, 4, 5, 1]
    assert of(desk, "select claim_id, actor from leases") == [(1, "kim")]
    decide(desk, "kim", [1, 2, 3, 4, 5], "accept")
    assert queue.take_next(desk, "kim") is None


def test_a_queue_can_be_narrowed(desk):
    assert queue.take_next(desk, "kim", 0, queue.Narrowed(speaker_id=3)) == 5
    assert queue.take_next(desk, "kim", 0, queue.Narrowed(article_id=2)) == 3
    assert queue.take_next(desk, "kim", 0, queue.Narrowed(language="fr")) is None


def test_an_assigned_claim_is_for_nobody_else_and_stands_in_their_queue(desk):
    queue.assign(desk, "editor", 1, "lee")
    assert queue.take_next(desk, "kim") == 2
    assert [row["id"] for row in queue.assigned(desk, "lee")] == [1]
    assert queue.assignee(desk, 1) == "lee"
    queue.assign(desk, "editor", 1, None)
    assert queue.assigned(desk, "lee") == []
    with pytest.raises(ReviewError, match="no claim 99"):
        queue.assign(desk, "editor", 99, "lee")


def test_many_at_once_never_get_the_same_claim(db_path):
    news_database(db_path)
    taken, ready = [], threading.Barrier(5)

    def checker(number):
        store = Store.open(db_path)
        ready.wait()
        taken.append(queue.take_next(store, f"checker {number}"))
        store.close()

    threads = [threading.Thread(target=checker, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [1, 2, 3, 4, 5]


def test_comments_stay_between_checkers(desk):
    queue.comment(desk, "kim", 1, " Is this the bank or its parent? ")
    queue.comment(desk, "lee", 1, "The bank.")
    assert [(row["author"], row["text"]) for row in queue.comments(desk, 1)] == [
        ("kim", "Is this the bank or its parent?"), ("lee", "The bank."),
    ]  # fmt: skip
    assert of(desk, "select * from history") == []
    assert [row["action"] for row in logged(desk, 1)] == ["comment", "comment"]
    for text in ("  ", "x" * 5001):
        with pytest.raises(ReviewError, match="a comment has one to"):
            queue.comment(desk, "kim", 1, text)


def test_progress_counts_statuses_and_todays_decisions(desk):
    decide(desk, "kim", [1], "accept")
    decide(desk, "kim", [2], "reject")
    decide(desk, "lee", [3], "accept")
    assert queue.progress(desk, "kim") == {
        "suggested": 2, "accepted": 2, "rejected": 1, "checked": 0, "today": 2,
    }  # fmt: skip


# Reviews

FALSE = Review(
    (Reviewed(1), Reviewed(3)),
    "false",
    "Market rates fell.",
    evidence=(
        Evidence("https://bank.example/rates", "Rates", "fell", "refutes", "2024-12-18"),
        Evidence("https://stat.example", stance="context"),
    ),
)


def test_publishing_checks_the_claims_and_withdrawing_opens_them_again(desk):
    review_id = reviewing.publish(desk, "kim", FALSE, reviewer="김서준")
    assert [status(desk, claim) for claim in (1, 2, 3)] == ["checked", "suggested", "checked"]
    published = reviewing.review(desk, review_id)
    assert (published["verdict"], published["rating"], published["reviewer"]) == (
        "false", 1, "김서준",
    )  # fmt: skip
    assert (published["state"], published["published_by"]) == ("published", "kim")
    assert [(claim["claim_id"], claim["start"]) for claim in published["claims"]] == [
        (1, None), (3, None),
    ]  # fmt: skip
    assert [(piece["url"], piece["stance"]) for piece in published["evidence"]] == [
        ("https://bank.example/rates", "refutes"), ("https://stat.example", "context"),
    ]  # fmt: skip
    reviewing.withdraw(desk, "editor", review_id)
    assert [status(desk, claim) for claim in (1, 3)] == ["accepted", "accepted"]
    assert reviewing.review(desk, review_id)["state"] == "withdrawn"
    with pytest.raises(ReviewError, match="no published review"):
        reviewing.withdraw(desk, "editor", review_id)


def test_a_draft_changes_nothing_that_readers_see(desk):
    before = public(desk)
    draft_id = drafts.save_draft(desk, "kim", Review((Reviewed(1),), summary="Hm."))
    assert public(desk) == before
    assert of(desk, "select * from history") == []
    assert drafts.draft(desk, draft_id)["review"] == Review((Reviewed(1),), summary="Hm.")
    drafts.save_draft(desk, "kim", FALSE, draft_id)
    assert [row["review"] for row in drafts.drafts(desk, claim_id=3)] == [FALSE]
    assert [row["id"] for row in drafts.drafts(desk, author="kim")] == [draft_id]
    assert drafts.drafts(desk, author="lee") == []
    kept = [Review.from_json(row["document"]).summary for row in logged(desk, 1)]
    assert kept == ["Hm.", "Market rates fell."]
    reviewing.publish(desk, "kim", FALSE, draft_id)
    with pytest.raises(ReviewError, match="no draft"):
        drafts.draft(desk, draft_id)


def test_editing_what_was_published_keeps_the_version_before(desk):
    review_id = reviewing.publish(desk, "kim", FALSE)
    draft_id = drafts.save_draft(desk, "kim", FALSE, review_id=review_id)
    assert drafts.save_draft(desk, "kim", FALSE, review_id=review_id) == draft_id
    assert drafts.edited(desk, review_id) == FALSE
    milder = Review((Reviewed(3),), "misleading", "They fell later.", evidence=FALSE.evidence[:1])
    assert reviewing.publish(desk, "lee", milder, draft_id, review_id) == review_id
    assert [status(desk, claim) for claim in (1, 3)] == ["accepted", "checked"]
    changes = [
        (row["actor"], row["action"], row["table_name"], row["changes"].get("summary"))
        for row in review_history(desk, review_id)
    ]
    assert changes == [
        ("kim", "insert", "reviews", (None, "Market rates fell.")),
        ("kim", "insert", "evidence", None),
        ("kim", "insert", "evidence", None),
        ("lee", "update", "reviews", ("Market rates fell.", "They fell later.")),
        ("lee", "delete", "evidence", None),
    ]
    assert drafts.drafts(desk) == []
    assert drafts.edited(desk, review_id) == milder


def test_a_new_version_of_a_review_has_to_be_confirmed_again(desk):
    review_id = reviewing.publish(desk, "kim", FALSE)
    reviewing.give_opinion(desk, "lee", review_id, "confirms")
    reviewing.give_opinion(desk, "park", review_id, "disputes", "The figure is of 2023.")
    reviewing.publish(desk, "kim", Review((Reviewed(1),), "true"), review_id=review_id)
    assert [row["actor"] for row in reviewing.review(desk, review_id)["opinions"]] == ["park"]
    assert of(
        desk,
        "select actor, before ->> 'actor' from history "
        "where (table_name, action) = ('opinions', 'delete')",
    ) == [("kim", "lee")]


def test_a_review_of_a_part_of_a_claim(desk):
    part = reviewing.fragment(desk, 1, "금리가 올라")
    start = HANBIT.text.index("금리가 올라")
    assert part == Reviewed(1, start, start + 6)
    review_id = reviewing.publish(desk, "kim", Review((part,), "true"))
    assert of(desk, "select claim_id, start, end from review_claims") == [(1, start, start + 6)]
    reviewing.withdraw(desk, "kim", review_id)
    for words, where in (("없는 말", "nowhere"), ("", "nowhere"), ("가", "nowhere|often")):
        with pytest.raises(ReviewError, match=where):
            reviewing.fragment(desk, 4, words)


def test_the_part_of_a_withdrawn_review_keeps_no_claim_as_it_was(desk):
    part = reviewing.fragment(desk, 1, "금리가 올라")
    review_id = reviewing.publish(desk, "kim", Review((part,), "true"))
    reviewing.withdraw(desk, "kim", review_id)
    assert fix_span(desk, "kim", 1, Span(part.start + 4, part.start + 12)) == "올라 어쩔 수"
    with pytest.raises(ReviewError, match="must lie inside the claim"):
        reviewing.publish(desk, "kim", Review((part,), "true"), review_id=review_id)


def test_a_draft_about_a_claim_that_is_gone_opens_without_it(desk):
    one = drafts.save_draft(desk, "kim", FALSE)
    two = drafts.save_draft(desk, "kim", Review((Reviewed(1),), summary="Hm."))
    desk.db.execute("delete from claims where id = 1")
    assert drafts.draft(desk, one)["review"] == replace(FALSE, claims=(Reviewed(3),))
    assert drafts.draft(desk, two)["review"] == Review((), summary="Hm.")


@pytest.mark.parametrize(
    ("review", "complaint"),
    [
        (Review((Reviewed(1),)), "with a verdict"),
        (Review((Reviewed(1),), "purple"), "'purple' is no verdict; there are: true"),
        (Review((), "true"), "one claim at least"),
        (Review((Reviewed(1), Reviewed(1)), "true"), "once"),
        (Review((Reviewed(99),), "true"), "no claim 99"),
        (Review((Reviewed(2),), "true"), "claim 2 was rejected"),
        (Review((Reviewed(1, 0, 3),), "true"), "inside the claim"),
        (Review((Reviewed(1),), "true", "x" * 20_001), "20,000 is the most"),
        (Review((Reviewed(1),), "true", context_url="javascript:alert(1)"), "no web address"),
        (Review((Reviewed(1),), "true", evidence=(Evidence("ftp://a.example"),)), "no web address"),
        (Review((Reviewed(1),), "true", evidence=(Evidence(title="x", stance="likes"),)), "likes"),
        (Review((Reviewed(1),), "true", evidence=(Evidence(title="x", retrieved_on="now"),)),
         "no date"),
    ],
)  # fmt: skip
def test_what_can_not_be_published_is_refused_whole(desk, review, complaint):
    decide(desk, "kim", [2], "reject")
    before = public(desk)
    with pytest.raises(ReviewError, match=complaint):
        reviewing.publish(desk, "kim", review)
    assert public(desk) == before


def test_what_is_checked_stays_as_it_was_checked(desk):
    reviewing.publish(desk, "kim", FALSE)
    for refused in (
        lambda: decide(desk, "lee", [1], "reject"),
        lambda: fix_speaker(desk, "lee", 1, "Hana Lee", "person"),
        lambda: fix_span(desk, "lee", 1, Span(0, 12)),
        lambda: split(desk, "kim", 1, HANBIT.text.index("올라")),
        lambda: merge(desk, "kim", 4, 3),
    ):
        with pytest.raises(ReviewError, match="withdraw its review"):
            refused()


def test_a_second_checker_confirms_or_disputes(desk):
    review_id = reviewing.publish(desk, "kim", FALSE)
    with pytest.raises(ReviewError, match="somebody else"):
        reviewing.give_opinion(desk, "kim", review_id, "confirms")
    with pytest.raises(ReviewError, match="say what is wrong"):
        reviewing.give_opinion(desk, "lee", review_id, "disputes", " ")
    reviewing.give_opinion(desk, "lee", review_id, "disputes", "The figure is of 2023.")
    reviewing.give_opinion(desk, "park", review_id, "confirms")
    reviewing.give_opinion(desk, "lee", review_id, "confirms", "Now it is right.")
    assert [
        (row["actor"], row["opinion"], row["note"])
        for row in reviewing.review(desk, review_id)["opinions"]
    ] == [("lee", "confirms", "Now it is right."), ("park", "confirms", None)]
    assert [
        (row["actor"], row["action"], row["changes"].get("note"))
        for row in history(desk, 1)
        if row["table_name"] == "opinions"
    ] == [
        ("lee", "insert", (None, "The figure is of 2023.")),
        ("park", "insert", None),
        ("lee", "update", ("The figure is of 2023.", "Now it is right.")),
    ]
    with pytest.raises(ReviewError, match="no published review 99"):
        reviewing.give_opinion(desk, "lee", 99, "confirms")


def test_verdicts_come_in_sets(desk):
    sets = reviewing.verdict_sets(desk)
    assert {name: [verdict["name"] for verdict in found] for name, found in sets.items()} == {
        "plain": ["true", "misleading", "false", "unproven"],
        "팩트체크": [
            "사실", "대체로 사실", "절반의 사실", "대체로 사실 아님", "전혀 사실 아님", "판단 유보",
        ],
        "Truth-O-Meter": [
            "true", "mostly true", "half true", "mostly false", "false", "pants on fire",
        ],
        "IFCN": [
            "true", "mostly true", "missing context", "misleading", "partly false", "false",
            "altered", "satire", "unproven",
        ],
    }  # fmt: skip
    assert list(reviewing.verdict_sets(desk, ["plain"])) == ["plain"]


TEXTS = st.none() | st.text(max_size=30)


@given(
    st.builds(
        Review,
        claims=st.lists(st.builds(Reviewed, st.integers(1)), min_size=1, max_size=3,
                        unique_by=lambda claim: claim.claim_id).map(tuple),
        verdict=TEXTS, summary=TEXTS, context=TEXTS,
        evidence=st.lists(st.builds(Evidence, title=TEXTS, excerpt=TEXTS)).map(tuple),
    )
)  # fmt: skip
def test_a_review_survives_json_and_is_checked_only_once(review):
    checked = checked_review(review)
    assert Review.from_json(checked.to_json()) == checked
    assert checked_review(checked) == checked


# From the command line


def test_the_command_line_accepts_reviews_and_shows_history(db_path, run):
    news_database(db_path)
    assert run("accept", 1, 2, "--actor", "kim").output == "Accepted 2 claims.\n"
    done = run("reject", 2, "--actor", "kim", "--json")
    assert json.loads(done.output) == {"status": "rejected", "claims": [2]}
    assert run("undo", "--actor", "kim").output == "Undone: reject.\n"
    done = run(
        "review", 1, 3, "--verdict", "false", "--summary", "Rates fell.", "--actor", "kim",
        "--evidence", "https://a.example/", "--refutes", "https://b.example/", "--json",
    )  # fmt: skip
    assert json.loads(done.output) == {"review": 1, "claims": [1, 3]}
    lines = run("history", 1).output.splitlines()
    assert [line.split("\t")[1:4] for line in lines] == [
        ["kim", "update", "claims 1"],
        ["kim", "insert", "reviews 1"],
        ["kim", "insert", "evidence 1"],
        ["kim", "insert", "evidence 2"],
        ["kim", "update", "claims 1"],
    ]
    assert lines[0].endswith("status: suggested → accepted")
    changes = [json.loads(line) for line in run("history", "--json").output.splitlines()]
    assert {change["row_id"] for change in changes if change["table_name"] == "claims"} == {1, 2, 3}


def test_the_command_line_keeps_drafts_to_checkers(db_path, run, rows):
    news_database(db_path)
    done = run("review", 1, "--fragment", "금리가 올라", "--draft", "--actor", "kim")
    assert done.output == "Saved as draft 1; nobody but checkers sees it.\n"
    assert rows("select * from reviews") == []
    (document,) = rows("select document from drafts")
    assert Review.from_json(document["document"]).claims[0].start is not None


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (["accept", 99], 1, "claims: there is no claim 99"),
        (["accept", 0], 2, "Invalid value"),
        (["accept"], 2, "Missing argument"),
        (["review", 1], 1, "claims: a review is published with a verdict"),
        (["review", 1, "--verdict", "purple"], 1, "'purple' is no verdict; there are: true, "),
        (["review", 1, 2, "--fragment", "금리"], 2, "name one"),
        (["review", 1, "--verdict", "true", "--evidence", "javascript:x"], 1, "no web address"),
        (["undo"], 1, "nothing to undo"),
    ],
)
def test_the_command_line_says_what_is_wrong(db_path, run, words, code, complaint):
    news_database(db_path)
    done = run(*words)
    assert (done.exit_code, complaint in done.output) == (code, True), done.output


def test_commands_for_checkers_make_no_database(db_path, run):
    assert run("accept", 1).exit_code == 1
    assert not db_path.exists()


# What readers can't see is refused by SQLite itself


def test_a_guarded_connection_reads_what_is_public_and_writes_nothing(desk, db_path):
    from claims.store.private import guard

    drafts.save_draft(desk, "kim", FALSE)
    connection = sqlite3.connect(db_path)
    guard(connection)
    assert connection.execute("select count(*) from claims").fetchone() == (5,)
    assert (
        len(
            connection.execute(
                "select rowid from claims_fts where claims_fts match '금리'"
            ).fetchall()
        )
        == 3
    )
    for table in PRIVATE_TABLES:
        for sql in (
            f"select * from {table}", f"select count(*) from {table}", f"select 1 from {table}",
            f"with x as (select * from main.{table.upper()}) select * from x",
            f"select (select group_concat(rowid) from [{table}])",
        ):  # fmt: skip
            with pytest.raises(sqlite3.DatabaseError):
                connection.execute(sql).fetchall()
    assert connection.execute("select source from ingests").fetchall() == [(None,)]
    found = "select count(*) from ingests where source like 'news%' or source is not null"
    assert connection.execute(found).fetchone() == (0,)
    for sql in (
        "update claims set status = 'checked'", "delete from claims", "drop table claims",
        "insert into topics (name) values ('x')", "create table x (id)",
        "attach ':memory:' as other", "pragma writable_schema = 1", "create temp table x (id)",
    ):  # fmt: skip
        with pytest.raises(sqlite3.DatabaseError):
            connection.execute(sql)
    connection.close()


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("select zeroblob(900000000)", "too big"),
        ("select hex(zeroblob(30000000))", "too big"),
        ("with recursive n (i) as (values (1) union all select i + 1 from n limit 1000) "
         "select zeroblob(5000000) from n", "result is too large"),
    ],
)  # fmt: skip
def test_no_query_takes_all_memory(desk, db_path, sql, complaint):
    from claims.store.private import guard

    connection = sqlite3.connect(db_path)
    guard(connection)
    with pytest.raises(sqlite3.Error, match=complaint):
        connection.execute(sql).fetchall()
    connection.close()


def test_a_claim_that_is_deleted_leaves_nothing_on_the_desk(desk):
    drafts.save_draft(desk, "kim", FALSE)
    queue.comment(desk, "kim", 1, "Hm.")
    queue.assign(desk, "kim", 1, "kim")
    queue.take(desk, "kim", 1)
    desk.db.execute("delete from claims where id = 1")
    for table in ("draft_claims", "comments", "assignments", "leases"):
        assert of(desk, f"select 1 from {table} where claim_id = 1") == []
    with pytest.raises(ReviewError, match="no claim 1"):
        reviewing.publish(desk, "kim", FALSE)
