"""Why a claim was found, and why another was not."""

from __future__ import annotations

import pytest

from claims.explaining import explain
from claims.models import Article

TEXT = """\
Mara Quill, mayor of Port Ashby, said the pier would reopen in June.

A sign by the old pier reads "Keep off the rails" in red.

The sea was calm. "Nobody knows why."
"""


@pytest.fixture
def explained():
    return {one.sentence.of(TEXT): one for one in explain(Article(text=TEXT, language="en"))}


def test_a_claim_is_shown_with_its_sentence_and_cue(explained):
    one = explained["Mara Quill, mayor of Port Ashby, said the pier would reopen in June."]
    assert [claim.speaker.name for claim in one.claims] == ["Mara Quill"]
    assert [cue.of(TEXT) for cue in one.cues] == ["said"]
    assert one.reasons == ()


def test_a_quotation_that_yields_nothing_says_why(explained):
    one = explained['A sign by the old pier reads "Keep off the rails" in red.']
    assert one.claims == ()
    assert "“Keep off the rails”" in " ".join(one.reasons)


def test_a_sentence_without_words_of_attribution_is_not_listed(explained):
    assert "The sea was calm." not in explained


def test_a_threshold_that_nothing_reaches_is_the_reason():
    one = explain(Article(text=TEXT, language="en"), threshold=1.0)[0]
    assert one.claims == ()
    assert "is below 1.00" in one.reasons[0]


def test_a_language_without_rules_has_nothing_to_explain():
    assert explain(Article(text=TEXT, language="xx")) == []


def test_the_command_shows_speaker_rule_and_reason(run, article):
    result = run("explain", article(TEXT))
    assert result.exit_code == 0, result.output
    assert "→ indirect, Mara Quill" in result.stdout
    assert "✗" in result.stdout


def test_the_command_reads_standard_input_and_escapes_controls(run):
    result = run("explain", "-", stdin='The \x1b[31mmayor said "it is \x9b red today" again.\n')
    assert result.exit_code == 0, result.output
    assert "\x1b[31m" not in result.stdout
    assert "\x9b" not in result.stdout


def test_the_command_tells_what_it_cannot_read(run, article):
    missing = run("explain", "nothing.txt")
    table = run("explain", article("text,speaker\nIt rains,Mara Quill\n", "claims.csv"))
    assert (missing.exit_code, table.exit_code) == (1, 1)
    assert "nothing.txt: there is no such file" in missing.stderr
    assert "explain takes articles" in table.stderr


def test_an_answer_of_an_interview_is_explained_too():
    text = (
        "Nora Quill said little.\n\nQ: Is the bridge safe?\n\nA: It will be, in May.\n\n"
        "Q: Who decides that?\n\nA: The harbor board decides."
    )
    explained = explain(Article(text=text, language="en"))
    assert [claim.text for one in explained for claim in one.claims][-2:] == [
        "It will be, in May.",
        "The harbor board decides.",
    ]
