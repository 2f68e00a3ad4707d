"""What the pages of docs/ show is run: their commands, and their questions."""

from __future__ import annotations

import re
import shlex
import shutil

import pytest
from click.testing import CliRunner
from conftest import EXAMPLES, ROOT

from claims.cli import main


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
