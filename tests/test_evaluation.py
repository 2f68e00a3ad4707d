"""How figures come about: claims against annotated quotes, and what is said of the differences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims import measuring
from claims.errors import SourceError
from claims.evaluation import at_thresholds, calibration, interval, judge, score, speaker_right
from claims.gold import read_gold
from claims.models import Claim, Speaker

TEXT = (
    'Mara Quill, mayor of Port Ashby, said the pier would reopen. "It is safe," she said. '
    '"Come and see." Critics doubt it.'
)
PIER = "the pier would reopen"


def quote(content: str, speaker: str | None, **more: object) -> dict[str, object]:
    start = TEXT.index(content)
    return {
        "start": start,
        "end": start + len(content),
        "speaker": speaker,
        "kind": "direct",
    } | more


def claim(content: str, speaker: str, confidence: float = 0.9, **more: str) -> Claim:
    start = TEXT.index(content)
    return Claim(
        text=content, kind="direct", speaker=Speaker(speaker), start=start,
        end=start + len(content), language="en", rule="a rule", confidence=confidence, **more,
    )  # fmt: skip


QUOTES = [
    quote(PIER, "Mara Quill", kind="indirect", role="mayor", organization="Port Ashby", via=None),
    quote("It is safe", "she", speaker_alt=["Mara Quill"], pronoun=True),
    quote("Come and see.", "she", pronoun=True),
    quote("doubt it", "Critics", core=False),
]


@pytest.fixture
def gold(tmp_path) -> Path:
    path = tmp_path / "gold.jsonl"
    row = {"id": "pier", "lang": "en", "text": TEXT, "quotes": QUOTES}
    path.write_text(json.dumps(row) + "\n", "utf-8")
    return path


@pytest.fixture
def annotated(gold):
    return next(read_gold(gold))


def test_claims_as_annotated_are_all_right(annotated):
    claims = [
        claim(PIER, "Mara Quill", role="mayor", organization="Port Ashby"),
        claim("It is safe", "Mara Quill"),
        claim("Come and see.", "Mara Quill"),
        claim("doubt it", "Critics"),
    ]
    found = score(judge(annotated, claims))
    # The name behind "she" in the third quote is not annotated: she is not asked for.
    assert (found.quotes, found.claims, found.spans, found.joint) == (3, 3, 3, 2)
    assert (found.precision, found.recall, found.named_accuracy) == (1.0, 1.0, 1.0)


def test_what_is_missed_invented_or_misattributed_is_counted(annotated):
    claims = [
        claim(PIER, "Port Ashby", role="mayor"),
        claim("It is safe", "she"),
        claim("Critics", "Mara Quill"),
    ]
    found = score(judge(annotated, claims))
    assert (found.quotes, found.claims, found.spans, found.joint, found.resolved) == (3, 3, 2, 1, 0)
    assert found.joint_precision == pytest.approx(1 / 3)
    assert found.joint_f1 == pytest.approx(1 / 3)


def test_a_span_that_is_nearly_right_matches_and_half_a_span_does_not(annotated):
    nearly = score(judge(annotated, [claim("said the pier would reopen", "Mara Quill")]))
    half = score(judge(annotated, [claim("the pier", "Mara Quill")]))
    assert (nearly.spans, half.spans) == (1, 0)


def test_part_of_a_quote_in_parts_is_no_mistake(tmp_path):
    text = '"We left," said Ola Berg, "at dawn."'
    left, dawn = text.index("We"), text.index("at dawn")
    spans = [[left, left + 7], [dawn, dawn + 8]]
    row = {
        "id": "1", "lang": "en", "text": text,
        "quotes": [{"start": left, "end": dawn + 8, "spans": spans, "speaker": "Ola Berg",
                    "kind": "direct"}],
    }  # fmt: skip
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row), "utf-8")

    def part(start: int, end: int) -> Claim:
        return Claim(text[start:end], "direct", Speaker("Ola Berg"), start, end, "en", "r", 0.9)

    found = score(judge(next(read_gold(path)), [part(*spans[0]), part(*spans[1])]))
    assert (found.quotes, found.claims, found.joint) == (1, 1, 1)


@pytest.mark.parametrize(
    ("said", "right", "expected"),
    [
        ("Quill", ["Mara Quill"], True),
        ("Mr. Quill", ["Quill"], True),
        ("MARA QUILL", ["Mara Quill"], True),
        ("Mara Berg", ["Mara Quill"], False),
        ("the president", ["the minister"], False),
        ("", ["Mara Quill"], False),
        ("윤하늘", ["윤하늘"], True),
        ("윤하늘", ["윤바다"], False),
        ("한빛은행", ["한빛은행 노조"], True),
    ],
)
def test_a_name_is_right_when_it_holds_or_is_held_by_the_annotated_one(said, right, expected):
    assert speaker_right(said, right) is expected


def test_confidence_against_truth(annotated):
    claims = [
        claim(PIER, "Mara Quill", 0.97),
        claim("It is safe", "Ola Berg", 0.72),
        claim("Critics", "Mara Quill", 0.72),
    ]
    judged = judge(annotated, claims)
    bands = [(low, high, band.claims, band.joint) for low, high, band in calibration(judged)]
    assert bands == [(0.7, 0.8, 2, 0), (0.95, 1.0, 1, 1)]
    kept = {least: (one.claims, one.joint, one.quotes) for least, one in at_thresholds(judged)}
    assert kept[0.7] == (3, 1, 3)
    assert kept[0.8] == (1, 1, 3)


def test_an_interval_holds_the_figure_and_is_the_same_every_time(annotated):
    good = judge(annotated, [claim(PIER, "Mara Quill")])
    bad = judge(annotated, [])
    low, high = interval([good, bad, good], lambda one: one.joint_recall)
    assert low <= score([*good, *bad, *good]).joint_recall <= high
    assert (low, high) == interval([good, bad, good], lambda one: one.joint_recall)


@given(st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 40)), max_size=8))
def test_whatever_is_claimed_the_counts_add_up(spans):
    gold = TEXT.index(PIER)
    row = {"start": gold, "end": gold + len(PIER), "speaker": "Mara Quill", "kind": "indirect"}
    from claims.gold import _article

    annotated = _article({"id": "1", "lang": "en", "text": TEXT, "quotes": [row]})
    claims = [
        Claim(TEXT[s : s + n], "direct", Speaker("X"), s, min(s + n, len(TEXT)), "en", "r", 0.5)
        for s, n in spans
    ]
    found = score(judge(annotated, claims))
    assert found.quotes == 1
    assert found.claims == len(claims)
    assert 0 <= found.resolved <= found.joint <= found.spans <= min(found.quotes, found.claims + 1)


# -- the command


def test_evaluate_prints_figures(run, gold):
    result = run("evaluate", gold)
    assert result.exit_code == 0, result.output
    assert "gold.jsonl: 1 article" in result.stdout
    for title in ("By language", "By kind", "By rule", "Confidence against truth"):
        assert title in result.stdout


def test_evaluate_as_json_is_one_object_a_file(run, gold):
    result = run("evaluate", gold, "--json")
    figures = json.loads(result.stdout)
    assert list(figures) == [
        "file", "articles", "quotes", "claims", "precision", "recall", "f1", "joint_precision",
        "joint_recall", "joint_f1", "resolved_f1", "named_accuracy",
    ]  # fmt: skip
    assert (figures["articles"], figures["quotes"]) == (1, 3)


def test_the_errors_show_their_sentence(run, gold):
    result = run("evaluate", gold, "--errors", "text", "--threshold", "1")
    assert "pier  not found: Mara Quill" in result.stdout
    assert f"⟦{PIER}⟧" in result.stdout


def test_the_page_of_errors_escapes_the_article(run, tmp_path):
    path = tmp_path / "gold.jsonl"
    text = "<script>alert(1)</script> said it would rain."
    row = {"id": "<b>", "lang": "en", "text": text, "quotes": []}
    path.write_text(json.dumps(row), "utf-8")
    page = run("evaluate", path, "--errors", "html").stdout
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<h2>&lt;b&gt;</h2>" in page


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 1: this is no annotated article"),
        ('{"id": 1}', "line 1: this is no annotated article"),
        (
            '{"id": 1, "lang": "en", "text": "a", "quotes": [{"start": 1, "end": 9, "kind": ""}]}',
            "a span of 1–9 lies outside the text",
        ),
    ],
)
def test_a_file_that_is_not_annotated_articles(run, tmp_path, line, reason):
    path = tmp_path / "gold.jsonl"
    path.write_text(line, "utf-8")
    result = run("evaluate", path)
    assert result.exit_code == 1
    assert str(path) in result.stderr
    assert reason in result.stderr


def test_a_missing_file(run, tmp_path):
    result = run("evaluate", tmp_path / "nothing.jsonl")
    assert result.exit_code == 1
    assert "nothing.jsonl: can't be read" in result.stderr


def floors(tmp_path, gold, **least: object) -> Path:
    import hashlib

    path = tmp_path / "floors.json"
    sha256 = hashlib.sha256(gold.read_bytes()).hexdigest()
    path.write_text(json.dumps({gold.name: {"sha256": sha256} | least}), "utf-8")
    return path


def test_a_figure_below_its_floor_fails(run, gold, tmp_path):
    low = run("evaluate", gold, "--floors", floors(tmp_path, gold, joint_f1=0.01))
    high = run("evaluate", gold, "--floors", floors(tmp_path, gold, joint_f1=1.01))
    assert low.exit_code == 0, low.stderr
    assert high.exit_code == 1
    assert "below its floor of 1.010" in high.stderr


def test_floors_hold_for_the_set_they_were_measured_on(run, gold, tmp_path):
    changed = run("evaluate", gold, "--floors", floors(tmp_path, gold, sha256="0"))
    unknown = floors(tmp_path, gold)
    unknown.write_text("{}", "utf-8")
    assert changed.exit_code == 1
    assert "changed since its floors were measured" in changed.stderr
    assert "there are no floors for gold.jsonl" in run("evaluate", gold, "--floors", unknown).stderr
    misspelt = floors(tmp_path, gold, joint_f2=0.5)
    assert "no figure is called joint_f2" in run("evaluate", gold, "--floors", misspelt).stderr


def test_annotated_sets_hold_what_they_say(annotated_sets):
    """Every annotated content lies where it is said to, in every set of the repository."""
    for path in annotated_sets:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            for one in row["quotes"]:
                assert row["text"][one["start"] : one["end"]] == one["text"]
        assert measuring.figures(measuring.evaluate(path, lambda article: ()))["claims"] == 0


@pytest.fixture
def annotated_sets() -> list[Path]:
    found = sorted((Path(__file__).parent.parent / "benchmarks" / "gold").glob("*.jsonl"))
    assert found
    return found


def test_reading_stops_at_the_line_that_is_wrong(gold):
    gold.write_text(gold.read_text("utf-8") + "[]\n", "utf-8")
    with pytest.raises(SourceError, match="line 2"):
        list(read_gold(gold))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("[]", "it is no JSON object"),
        ("{", "Expecting property name"),
        ('{"text": "A.", "quotes": []}', "lang is missing"),
        ('{"lang": "en", "text": "A.", "quotes": []}', "id is missing"),
        ('{"id": 1, "lang": "en", "text": ["A."], "quotes": []}', "text is no text"),
        ('{"id": 1, "lang": "en", "text": "A.", "quotes": {}}', "quotes is no list"),
        ('{"id": 1, "lang": "en", "text": "A.", "quotes": [1]}', "it is no JSON object"),
        (
            '{"id": 1, "lang": "en", "text": "A.", '
            '"quotes": [{"start": "0", "end": 1, "kind": "x"}]}',
            "start is no number of code points",
        ),
        (
            '{"id": 1, "lang": "en", "text": "A.", '
            '"quotes": [{"start": 0, "end": 9, "kind": "x"}]}',
            "a span of 0–9 lies outside the text",
        ),
        (
            '{"id": 1, "lang": "en", "text": "A.", '
            '"quotes": [{"start": 0, "end": 1, "kind": "x", "spans": [[0]]}]}',
            "spans are pairs of numbers, [start, end]",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_said_in_words(run, tmp_path, line, sentence):
    path = tmp_path / "gold.jsonl"
    path.write_text(line + "\n", "utf-8")
    result = run("evaluate", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"line 1: this is no annotated article: {sentence}" in result.stderr


def test_a_file_without_annotated_articles_is_no_set(run, tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text("\n", "utf-8")
    result = run("evaluate", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "there is no annotated article in it" in result.stderr


def test_a_line_ends_where_json_lines_end(tmp_path):
    path = tmp_path / "gold.jsonl"
    row = {"id": 1, "lang": "en", "text": "One\u2028two.", "quotes": []}
    path.write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    assert [one.article.text for one in read_gold(path)] == ["One\u2028two."]


@pytest.mark.parametrize("threshold", ["nan", "1.1", "-0.1"])
def test_a_threshold_is_a_number_from_0_to_1(run, gold, threshold):
    assert run("evaluate", gold, "--threshold", threshold).exit_code == 2
