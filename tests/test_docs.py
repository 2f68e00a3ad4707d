"""What the pages of docs/ show is run: their commands, and their questions."""

from __future__ import annotations

import importlib
import re
import shlex
import shutil

import pytest
from click.testing import CliRunner
from conftest import EXAMPLES, ROOT

from claims.cli import main
from claims.store import Store


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def commands(tmp_path, monkeypatch):
    """A function that runs the commands of a page in a folder with a database of the examples."""
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLAIMS_DB", raising=False)

    def run(*lines: str) -> None:
        for line in lines:
            program, *words = shlex.split(line)
            if program == "mkdir":
                (tmp_path / words[-1]).mkdir()
                continue
            assert program == "claims"
            result = CliRunner().invoke(main, words)
            assert (line, result.exit_code, result.stderr) == (line, 0, result.stderr)

    run("claims ingest --quiet examples")
    return run


def test_duckdb_answers_the_questions_of_the_page_on_analysis(commands):
    duckdb = pytest.importorskip("duckdb", reason="comes with the test extra")
    pytest.importorskip("pyarrow", reason="comes with the parquet extra")
    commands(*"".join(blocks("analysis.md", "sh")).splitlines())
    questions = blocks("analysis.md", "sql")
    assert len(questions) > 4
    for question in questions:
        assert duckdb.sql(question).fetchall(), question
    ((claims, speakers, outlets, *_),) = duckdb.sql(questions[0]).fetchall()
    assert claims > speakers > outlets > 1


def test_the_snapshot_of_the_page_on_publishing_is_made(commands, tmp_path):
    commands(*"".join(blocks("publishing.md", "sh")).splitlines())
    made = sorted(path.name for path in (tmp_path / "public").iterdir())
    assert made == ["claims.db", "inspect-data.json"]


def test_the_parts_of_the_page_on_large_work_are_loaded(commands, tmp_path):
    pytest.importorskip("distributed", reason="comes with the dask extra")
    commands(*"".join(blocks("large.md", "sh")).splitlines())
    one, other = (Store.open(tmp_path / name) for name in ("claims.db", "loaded.db"))
    assert list(one.claims()) == list(other.claims())
    one.close()
    other.close()


def test_the_plan_grows_with_what_is_supposed(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    plan = importlib.import_module("plan")
    year = plan.Year()
    twice = plan.Year(articles=2 * year.articles)
    for lang in ("ko", "en"):
        once = plan.costs(lang, year)
        assert [cost.hours * 2 for cost in once] == [c.hours for c in plan.costs(lang, twice)]
        assert [cost.size * 2 for cost in once] == [c.size for c in plan.costs(lang, twice)]
        rate = plan.RATES["rates"][lang]
        as_measured = plan.Year(
            3600, rate["characters"], rate["html_bytes"], 1, claims=rate["claims"]
        )
        hours = {cost.step: cost.hours for cost in plan.costs(lang, as_measured)}
        assert hours["find claims"] == pytest.approx(rate["extract_seconds"])
        assert hours["load"] == pytest.approx(rate["load_seconds"])
        assert sum(hours.values()) == pytest.approx(
            plan.total(lang, as_measured, shared=True) + plan.total(lang, as_measured, shared=False)
        )
