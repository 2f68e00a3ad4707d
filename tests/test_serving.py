"""`claims serve`: what it says when it can't, and an address that answers when it can."""

from __future__ import annotations

import socket
import sqlite3

import httpx
import pytest
from newsroom import news_database, served

from claims.errors import ClaimsError, DatabaseError
from claims.serving import _address, _listen, serve


def test_no_database_yet_is_a_sentence_that_says_how_to_make_one(tmp_path):
    missing = tmp_path / "news.db"
    with pytest.raises(DatabaseError, match=r"news\.db: there is no database yet; .*claims ingest"):
        serve(missing)
    assert not missing.exists()


def test_a_file_that_is_no_database_is_a_sentence(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<p>" * 1000)
    with pytest.raises(DatabaseError, match=r"page\.html: this file is not a SQLite database"):
        serve(page)


def test_a_database_of_something_else_is_refused(tmp_path):
    path = tmp_path / "recipes.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table recipes (name)")
    connection.close()
    with pytest.raises(DatabaseError, match=r"recipes\.db: .*not one of claims"):
        serve(path)


def test_a_port_asked_for_and_taken_is_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ClaimsError, match=rf"port {port} is in use .* --port"):
            _listen("127.0.0.1", port)


def test_without_a_port_the_next_free_one_is_taken(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        monkeypatch.setattr("claims.serving.PORT", taken)
        with _listen("127.0.0.1", None) as listener:
            assert taken < listener.getsockname()[1] < taken + 20


@pytest.mark.parametrize("port", [70000, -1])
def test_a_port_that_does_not_exist_is_a_sentence(port):
    with pytest.raises(ClaimsError, match="ports are 0 to 65535"):
        _listen("127.0.0.1", port)


def test_a_host_that_does_not_exist_is_a_sentence():
    with pytest.raises(ClaimsError, match=r"192\.0\.2\.1, port 0: can't listen there"):
        _listen("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8001/"),
        ("0.0.0.0", "http://127.0.0.1:8001/"),
        ("::1", "http://[::1]:8001/"),
        ("localhost", "http://localhost:8001/"),
    ],
)
def test_the_address_can_be_opened_in_a_browser(host, address):
    assert _address(host, 8001) == address


def test_a_served_database_answers_until_it_is_interrupted_and_says_nothing_more(tmp_path):
    with served(news_database(tmp_path / "news.db")) as address:
        page = httpx.get(f"{address}/claims/articles/1")
        assert (page.status_code, '<mark id="claim-1"' in page.text) == (200, True)
        assert "박서준" in httpx.get(f"{address}/claims/claims.csv?_labels=on").text
        assert httpx.get(f"{address}/-/no/such/page").status_code == 404


def test_a_database_that_nobody_may_write_to_is_served(tmp_path):
    path = news_database(tmp_path / "news.db")
    path.chmod(0o444)
    with served(path) as address:
        assert httpx.get(f"{address}/claims/claims.json").status_code == 200
