"""What the tests share: databases of their own, and the page that lies beside the repository."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import compiled
import pytest
from click.testing import CliRunner
from datasette.plugins import pm

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"

pm.register(compiled, name="compiled")


def shared_input(name: str) -> Path | None:
    """A file of ``shared/inputs``, in one of the folders above the checkout, if it is there."""
    for folder in ROOT.resolve().parents:
        path = folder / "shared" / "inputs" / name
        if path.is_file():
            return path
    return None


@pytest.fixture
def flagship() -> Path:
    """The raw newspaper page that the first release was built on."""
    path = shared_input("globaleconomic-korean-article.txt")
    if path is None:
        pytest.skip("shared/inputs is not beside this checkout")
    return path


@pytest.fixture
def db_path(tmp_path) -> Path:
    """Where a test's database goes; not there yet."""
    return tmp_path / "claims.db"


@pytest.fixture
def store(db_path):
    """An empty claims database, open."""
    from claims.store import Store

    with_tables = Store.open(db_path)
    yield with_tables
    with_tables.close()


@pytest.fixture
def rows(db_path):
    """A function that asks the test's database: rows as dictionaries."""

    def ask(sql: str, *parameters: object) -> list[dict[str, object]]:
        connection = sqlite3.connect(db_path)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(sql, parameters)]
        finally:
            connection.close()

    return ask


@pytest.fixture
def run(db_path, monkeypatch):
    """A function that runs the command line on the test's database."""
    from claims.cli import main

    monkeypatch.setenv("CLAIMS_DB", str(db_path))

    def command(*words: object, stdin: str | bytes | None = None):
        return CliRunner().invoke(main, [str(word) for word in words], input=stdin)

    return command


@pytest.fixture
def article(tmp_path):
    """A function that writes a text file and gives its path."""

    def write(text: str | bytes, name: str = "page.txt") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


@pytest.fixture
def web():
    """A web server on the loopback."""
    from webserver import web_server

    with web_server() as server:
        yield server


@pytest.fixture
def fetcher():
    """A fetcher that may read from the loopback, and never waits."""
    from claims.sources.fetching import Fetcher

    return Fetcher(allow_private=True, sleep=lambda _: None)
