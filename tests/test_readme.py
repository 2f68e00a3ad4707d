"""What the README shows is run: its commands, and its questions in SQL."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from conftest import EXAMPLES, ROOT

from claims.cli import main

README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """What `make demo` makes: a database of the examples."""
    from claims.ingest import ingest
    from claims.store import Store

    store = Store.open(tmp_path_factory.mktemp("demo") / "demo.db")
    result = ingest(store, [str(EXAMPLES)])
    assert result.failures == []
    yield store
    store.close()


@pytest.mark.parametrize("question", blocks("sql"))
def test_every_question_in_sql_has_an_answer(demo, question):
    assert demo.db.execute(question).fetchall()


def test_there_are_questions_and_commands():
    assert len(blocks("sql")) > 3
    assert len(blocks("sh")) > 2


def test_the_first_five_minutes_go_as_told(tmp_path, monkeypatch):
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLAIMS_DB", raising=False)
    for line in "".join(blocks("sh")).splitlines():
        program, *words = shlex.split(line)
        assert program == "claims"
        result = CliRunner().invoke(main, words)
        assert (result.exit_code, line) == (0, line)
    exported = [
        CliRunner().invoke(main, ["export", "--db", name]).stdout.count("\n")
        for name in ("claims.db", "another.db")
    ]
    assert exported[0] == exported[1] > 5


def test_the_generated_parts_are_up_to_date():
    pytest.importorskip("cogapp", reason="comes with the lint extra")
    command = [sys.executable, "-m", "cogapp", "--check", str(ROOT / "README.md")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout + done.stderr) == (0, done.stdout + done.stderr)
