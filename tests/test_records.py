"""Claims that people recorded: what a row needs, what is refused, and where the claim is kept."""

from __future__ import annotations

import pytest

from claims.errors import RowError
from claims.models import Article, Claim, Extraction, Speaker
from claims.records import place_of, record

FULL = {
    "id": "17",
    "text": " 둑은 안전하다 ",
    "kind": "direct",
    "speaker": "윤서연",
    "role": "시장",
    "organization": "청림시",
    "outlet": "한빛일보",
    "via": "노던타임스",
    "said_on": "2024-12",
    "said_on_text": "이달",
    "published_on": "2024-12-17",
    "article_url": "https://hanbit.example/1",
    "article_title": "둑 다시 쌓는다",
    "start": "11",
    "end": "19",
    "cue": "말했다",
    "status": "checked",
    "confidence": "0.5",
    "rule": "ko: topic",
    "speaker_kind": "person",
    "language": "ko",
    "unknown column": "x",
}


def test_a_row_with_every_column():
    article = Article(
        text="둑은 안전하다",
        language="ko",
        title="둑 다시 쌓는다",
        outlet="한빛일보",
        published_on="2024-12-17",
        url="https://hanbit.example/1",
        excerpt=True,
    )
    claim = Claim(
        text="둑은 안전하다",
        kind="direct",
        speaker=Speaker("윤서연", "person"),
        start=0,
        end=7,
        language="ko",
        rule="ko: topic",
        confidence=0.5,
        role="시장",
        organization="청림시",
        via="노던타임스",
        said_on="2024-12",
        said_on_text="이달",
        cue="말했다",
        extractor="table",
        status="checked",
    )
    assert record(FULL, "table") == Extraction(article, (claim,))


def test_words_and_a_speaker_are_enough():
    (claim,) = record({"text": "둑은 안전하다", "speaker": "윤서연"}).claims
    assert claim == Claim(
        text="둑은 안전하다",
        kind="indirect",
        speaker=Speaker("윤서연", "person"),
        start=0,
        end=7,
        language="und",
        rule="hand",
        confidence=1.0,
        extractor="hand",
        status="accepted",
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": " "}, "a claim needs its words"),
        ({"speaker": ""}, "a claim needs its speaker"),
        ({"kind": "quoted"}, "kind is 'quoted'; it can be direct, indirect, mixed"),
        ({"speaker_kind": "robot"}, "speaker_kind is 'robot'; it can be person, organization"),
        ({"status": "true"}, "status is 'true'; it can be suggested, accepted"),
        ({"published_on": "tomorrow"}, "'tomorrow' is not a date; write it like 2024-12-17"),
        ({"said_on": "2024-02-30"}, "'2024-02-30' is not a date"),
        ({"confidence": "high"}, "confidence is 'high'; it is a number from 0 to 1"),
        ({"confidence": "nan"}, "confidence is 'nan'; it is a number from 0 to 1"),
        ({"confidence": "2"}, "confidence is '2'; it is a number from 0 to 1"),
    ],
)
def test_what_can_not_be_used_is_a_sentence(changes, sentence):
    with pytest.raises(RowError) as refused:
        record(FULL | changes)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("start", "place"),
    [("11", 11), (" 0 ", 0), ("", None), ("-1", None), ("½", None), ("9" * 99, None)],
)
def test_the_place_that_a_row_names(start, place):
    assert place_of({"start": start}) == place


TEXT = "윤 시장은 “둑은 안전하다”고 말했다. 의장도 “둑은 안전하다”고 했다."


def kept(store, rows, cells: dict[str, str], **article: object):
    """Where a recorded claim ends up, after an article was ingested."""
    fields: dict[str, object] = {"text": TEXT, "language": "ko", "outlet": "한빛일보"}
    store.save(Extraction(Article(**(fields | article)), ()), store.start_ingest("page.txt"))
    store.save_record(record(cells), store.start_ingest("claims.csv"), place_of(cells))
    return rows("select article_id, start, end, published_on from claims order by id")


def test_it_is_kept_in_the_article_of_its_url_where_that_holds_the_words_once(store, rows):
    cells = {"text": "의장도", "speaker": "윤서연", "article_url": "https://hanbit.example/1"}
    found = kept(store, rows, cells, url="https://hanbit.example/1", published_on="2024-12-17")
    assert found == [{"article_id": 1, "start": 22, "end": 25, "published_on": "2024-12-17"}]


def test_it_is_kept_at_the_place_that_the_row_names(store, rows):
    cells = {
        "text": "둑은 안전하다",
        "speaker": "의장",
        "start": str(TEXT.rindex("둑")),
        "article_title": "둑 다시 쌓는다",
        "outlet": "한빛일보",
    }
    found = kept(store, rows, cells, title="둑 다시 쌓는다")
    assert found == [{"article_id": 1, "start": 27, "end": 34, "published_on": None}]


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "둑은 안전하다"},  # twice in it, and no place named
        {"text": "둑은 낮다"},
        {"article_title": "다른 글"},
        {"outlet": "누리봄일보"},
        {"published_on": "2024-12-18"},
        {"article_url": "https://hanbit.example/2"},
    ],
)
def test_where_in_doubt_it_is_kept_in_an_article_of_its_own_words(store, rows, changes):
    cells = {"text": "의장도", "speaker": "의장", "article_title": "둑 다시 쌓는다",
             "outlet": "한빛일보"}  # fmt: skip
    found = kept(store, rows, cells | changes, title="둑 다시 쌓는다")
    words = (cells | changes)["text"]
    published_on = changes.get("published_on")
    assert found == [{"article_id": 2, "start": 0, "end": len(words), "published_on": published_on}]
    assert rows("select text, excerpt from articles where id = 2") == [
        {"text": words, "excerpt": 1}
    ]


def test_the_same_record_twice_is_one_claim(store, rows):
    for _ in range(2):
        store.save_record(record(FULL), store.start_ingest("claims.csv"))
    assert len(rows("select id from claims")) == 1
    other = FULL | {"speaker": "최도현"}
    store.save_record(record(other), store.start_ingest("claims.csv"))
    assert len(rows("select id from claims")) == 2
    assert len(rows("select id from articles")) == 1
