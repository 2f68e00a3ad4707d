"""Addresses: what is fetched, within which bounds, with which manners, and what never is."""

from __future__ import annotations

import gzip
import socket
import zlib

import httpcore
import pytest

from claims.errors import SourceError
from claims.ingest import ingest
from claims.models import Facts
from claims.sources import Reading, read_source
from claims.sources.addresses import is_public
from claims.sources.fetching import AGENT, Fetcher, Limits

PAGE = (
    "<!doctype html><html><head><title>둑을 고친다</title></head><body>"
    "<p>최도현 교수는 “둑을 다시 쌓겠다”고 말했다.</p></body></html>"
)
TEXT = "최도현 교수는 “둑을 다시 쌓겠다”고 말했다."


def fetch(url: str, fetcher: Fetcher) -> object:
    (item,) = read_source(url, Reading(fetcher=fetcher))
    return str(item) if isinstance(item, SourceError) else item


@pytest.fixture
def impatient():
    return Fetcher(
        allow_private=True, sleep=lambda _: None, limits=Limits(seconds=0.5, silence=0.3, size=1000)
    )


# -- what is fetched


def test_a_page_on_the_web_becomes_claims_with_its_address(web, store, fetcher):
    url = web.page("/1", PAGE)
    result = ingest(store, [url], reading=Reading(fetcher=fetcher))
    assert (result.articles, result.failures) == (1, [])
    (claim,) = store.claims()
    assert (claim["text"], claim["speaker"], claim["article_url"], claim["article_title"]) == (
        "둑을 다시 쌓겠다", "최도현", url, "둑을 고친다"
    )  # fmt: skip


def test_a_changed_page_supersedes_the_old_one(web, store, rows, fetcher):
    url = web.page("/1", PAGE)
    ingest(store, [url], reading=Reading(fetcher=fetcher))
    ingest(store, [url], reading=Reading(fetcher=fetcher))
    web.page("/1", PAGE.replace("쌓겠다", "세우겠다"))
    ingest(store, [url], reading=Reading(fetcher=fetcher))
    assert rows("select id, url, supersedes_id from articles") == [
        {"id": 1, "url": url, "supersedes_id": None},
        {"id": 2, "url": url, "supersedes_id": 1},
    ]


def test_the_request_is_honest(web, fetcher):
    fetch(web.page("/1", PAGE), fetcher)
    (_, robots), (path, headers) = web.asked
    assert path == "/1"
    assert headers["user-agent"] == robots["user-agent"] == AGENT
    assert AGENT.startswith("claims/")
    assert headers["accept-encoding"] == "gzip, deflate"
    assert not {"cookie", "referer", "authorization"} & set(headers)


def test_plain_text_is_an_article_too(web, fetcher):
    document = fetch(web.page("/1", TEXT, "text/plain; charset=utf-8"), fetcher)
    assert (document.content, document.facts) == (TEXT, Facts(url=web.url + "/1"))


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("utf-8", "", ""),
        ("cp949", "; charset=euc-kr", ""),
        ("cp949", "", "<meta charset=euc-kr>"),
        ("cp949", "", ""),
        ("cp949", "; charset=utf-8", "<meta charset=euc-kr>"),
        ("utf-8", "; charset=euc-kr", "<meta charset=euc-kr>"),
        ("cp949", "; charset=nonsense", ""),
    ],
)
def test_encodings_by_header_then_by_page(web, fetcher, encoding, header, meta):
    page = PAGE.replace("<head>", f"<head>{meta}").encode(encoding)
    assert fetch(web.page("/1", page, f"text/html{header}"), fetcher).content == TEXT


def test_shift_jis_by_its_header(web, fetcher):
    page = "<html><p>市長は「すぐに始める」と述べた。".encode("cp932")
    document = fetch(web.page("/1", page, "text/html; charset=Shift_JIS"), fetcher)
    assert document.content == "市長は「すぐに始める」と述べた。"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKINGS = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress}


@pytest.mark.parametrize(
    ("name", "pack"), [*PACKINGS.items(), ("deflate", raw_deflate), ("identity", bytes)]
)
def test_packed_answers(web, fetcher, name, pack):
    url = web.page("/1", pack(PAGE.encode()), Content_Encoding=name)
    assert fetch(url, fetcher).content == TEXT


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_the_article_knows_its_last_address(web, fetcher, status):
    web.page("/2", PAGE)
    document = fetch(web.redirect("/1", "/2", status), fetcher)
    assert (document.source, document.facts.url) == (web.url + "/1", web.url + "/2")


# -- bounds


def test_a_redirect_that_never_ends(web, fetcher):
    url = web.redirect("/1", "/1")
    assert fetch(url, fetcher) == f"{url}: this leads on more than 5 times"
    assert web.paths == ["/robots.txt", *["/1"] * 6]


@pytest.mark.parametrize("pack", [bytes, *PACKINGS.values()])
def test_an_answer_too_large_is_left_in_the_middle(web, impatient, pack):
    name = next((name for name, packing in PACKINGS.items() if packing is pack), "identity")
    url = web.page("/1", pack(b"x" * 2_000_000), Content_Encoding=name)
    assert fetch(url, impatient) == f"{url}: this is larger than 0 MB"


def test_a_bomb_is_never_unpacked_whole(web, fetcher, monkeypatch):
    bomb = zlib.compress(bytes(200 * 1024 * 1024), 9)
    unpacked = 0
    real = zlib.decompressobj

    class Counting:
        def __init__(self, window: int) -> None:
            self.real = real(window)

        def __getattr__(self, name: str) -> object:
            return getattr(self.real, name)

        def decompress(self, data: bytes, most: int) -> bytes:
            nonlocal unpacked
            out = self.real.decompress(data, most)
            assert len(out) <= most
            unpacked += len(out)
            return out

    monkeypatch.setattr("claims.sources.fetching.zlib.decompressobj", Counting)
    url = web.page("/1", bomb, Content_Encoding="deflate")
    assert fetch(url, fetcher) == f"{url}: this is larger than 50 MB"
    assert unpacked <= 52 * 1024 * 1024


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("gzip", gzip.compress(PAGE.encode())[:-9], "it breaks off before its end"),
        ("gzip", PAGE.encode(), "it is packed wrongly"),
        ("br", b"x", "its host packs it in a way that was not asked for (br)"),
        ("gzip, gzip", b"x", "its host packs it in a way that was not asked for (gzip, gzip)"),
    ],
)
def test_packed_wrongly(web, fetcher, name, body, sentence):
    url = web.page("/1", body, Content_Encoding=name)
    assert fetch(url, fetcher) == f"{url}: {sentence}"


def test_a_host_that_falls_silent(web, impatient):
    def silent(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"<html>")
        handler.wfile.flush()
        web.over.wait()

    web.routes["/1"] = silent
    assert fetch(web.url + "/1", impatient) == f"{web.url}/1: its host takes too long to answer"


@pytest.mark.parametrize("part", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_host_that_drips_letter_by_letter(web, impatient, part):
    """In its head or in its body; it is never silent, and is left all the same."""

    def drip(handler):
        handler.wfile.write(part)
        while not web.over.wait(0.02):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    web.routes["/1"] = drip
    web.page("/robots.txt", "")
    assert fetch(web.url + "/1", impatient) == f"{web.url}/1: its host takes too long to answer"


def test_what_is_no_http(web, fetcher):
    web.routes["/1"] = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    sentence = fetch(web.url + "/1", fetcher)
    assert sentence.startswith(f"{web.url}/1: its host can't be read from (")


def test_a_host_that_is_not_there(fetcher):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/1"
        assert fetch(url, fetcher).startswith(f"{url}: its host can't be read from (")


ANSWERS = {
    "gone": (404, {}, "its host answers 404 Not Found"),
    "broken": (500, {}, "its host answers 500 Internal Server Error"),
    "a file": (
        200, {"Content-Type": "application/msword"},
        "this is application/msword; pages of HTML and plain text are read",
    ),
    "nothing": (200, {"Content-Type": "text/html"}, "this is empty"),
    "a redirect to nowhere": (302, {}, "its host answers 302 Found"),
}  # fmt: skip


@pytest.mark.parametrize(("status", "headers", "sentence"), ANSWERS.values(), ids=ANSWERS)
def test_answers_that_are_no_article(web, fetcher, status, headers, sentence):
    web.routes["/1"] = (status, headers, b"")
    assert fetch(web.url + "/1", fetcher) == f"{web.url}/1: {sentence}"


def test_one_address_that_fails_keeps_no_other_out(web, store, fetcher):
    result = ingest(
        store, [web.url + "/gone", web.page("/1", PAGE)], reading=Reading(fetcher=fetcher)
    )
    assert result.failures == [f"{web.url}/gone: its host answers 404 Not Found"]
    assert result.articles == 1


# -- manners


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_robots_are_kept(web, fetcher, mark):
    web.page("/robots.txt", f"{mark}User-agent: *\nDisallow: /private\n", "text/plain")
    web.page("/private/1", PAGE)
    refused = f"{web.url}/private/1: its site asks not to be read by programs (robots.txt)"
    assert fetch(web.url + "/private/1", fetcher) == refused
    assert fetch(web.page("/1", PAGE), fetcher).content == TEXT
    assert web.paths == ["/robots.txt", "/1"]


def test_robots_are_kept_after_a_redirect(web, fetcher):
    web.page("/robots.txt", "User-agent: claims\nDisallow: /private\n", "text/plain")
    url = web.redirect("/1", "/private/1")
    assert "robots.txt" in fetch(url, fetcher)
    assert web.paths == ["/robots.txt", "/1"]


@pytest.mark.parametrize(("status", "is_read"), [(404, True), (403, True), (503, False)])
def test_robots_that_are_not_there(web, fetcher, status, is_read):
    """RFC 9309, 2.3.1: without rules all is open, without an answer all is closed."""
    web.routes["/robots.txt"] = (status, {}, b"")
    url = web.page("/1", PAGE)
    assert ("robots.txt" in str(fetch(url, fetcher))) is not is_read


def test_rules_full_of_stars_are_matched_at_once(web, fetcher):
    stars = "*a" * 2000
    web.page("/robots.txt", f"User-agent: *\nAllow: /{stars}\nDisallow: /q{stars}$", "text/plain")
    assert fetch(web.page("/" + "a" * 1500, PAGE), fetcher).content == TEXT


def test_a_host_has_its_pause(web):
    waits: list[float] = []
    polite = Fetcher(allow_private=True, sleep=waits.append, clock=lambda: 100.0)
    web.page("/robots.txt", "User-agent: *\nCrawl-delay: 7\n", "text/plain")
    for path in ("/1", "/2"):
        fetch(web.page(path, PAGE), polite)
    assert waits == [7.0, 7.0]


@pytest.mark.parametrize(("asked", "pause"), [("", 1.0), ("Crawl-delay: 86400", 30.0)])
def test_a_pause_has_a_least_and_a_most(web, asked, pause):
    waits: list[float] = []
    polite = Fetcher(allow_private=True, sleep=waits.append, clock=lambda: 100.0)
    web.page("/robots.txt", f"User-agent: *\n{asked}\n", "text/plain")
    fetch(web.page("/1", PAGE), polite)
    assert waits == [pause]


# -- what is never fetched

FORBIDDEN = [
    # loopback, in the notations that resolvers take
    "http://127.0.0.1/", "http://127.0.0.1:8001/claims.db", "http://127.1/", "http://127.0.1/",
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0x7f.1/",
    "http://0177.0.0.1/", "http://017700000001/", "http://127.255.255.254/", "http://0/",
    "http://0.0.0.0/", "http://0x0/", "http://00000000/", "http://localhost/",
    "http://LOCALHOST:80/", "http://localhost./", "http://127.0.0.1./",
    # ... in letters that are normalised
    "http://１２７.0.0.1/", "http://127。0。0。1/", "http://①②⑦.0.0.1/", "http://ⓛocalhost/",
    "http://%31%32%37.0.0.1/", "http://127.0.0.1%2f@news.example/",
    # private, link-local, metadata, shared, reserved
    "http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.0.1/",
    "http://3232235521/", "http://0xc0a80001/", "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/", "http://0xA9FEA9FE/", "http://0251.0376.0251.0376/",
    "http://169.254.43518/", "http://100.64.0.1/", "http://100.100.100.200/",
    "http://168.63.129.16/", "http://192.0.0.192/", "http://192.0.2.1/", "http://198.18.0.1/",
    "http://198.51.100.7/", "http://203.0.113.9/", "http://224.0.0.1/", "http://240.0.0.1/",
    "http://255.255.255.255/",
    # IPv6, and IPv4 inside it
    "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[::ffff:a9fe:a9fe]/", "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/", "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/", "http://[2002:c0a8:1::1]/", "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/", "http://[fe80::1%25lo]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/",
    "http://[fec0::1]/", "http://[ff02::1]/", "http://[2001:db8::1]/", "http://[100::1]/",
    # other schemes, names and passwords, what is no address
    "file:///etc/passwd", "ftp://news.example/1", "gopher://127.0.0.1:70/", "dict://127.0.0.1/",
    "http://news.example@127.0.0.1/", "http://kim:secret@news.example/", "https://127.0.0.1/",
    "http:///1", "http://", "http://[::1/", "http://a:99999999/", "http://127.0.0.1\t/",
    "http://127.0.0.1#@news.example/", "http://127.0.0.1\\@news.example/", "javascript://a/%0a",
]  # fmt: skip


@pytest.fixture
def unconnected(monkeypatch):
    """No connection is made, or the test fails."""

    def connect(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)


@pytest.mark.parametrize("url", FORBIDDEN)
def test_what_is_never_fetched(url, unconnected):
    (item,) = read_source(url, Reading(fetcher=Fetcher(sleep=lambda _: None)))
    assert isinstance(item, SourceError), url
    assert url[:200].strip() in str(item)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "2002:808:808::1",
     "64:ff9b::8.8.8.8"],
)  # fmt: skip
def test_what_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "localhost", "127.0.0.1", "8.8.8.8/24", "fe80::1%lo"])
def test_what_is_not_public(address):
    assert not is_public(address)


def resolving(monkeypatch, *answers: list[str]) -> list[str]:
    """Names resolve to these addresses, one answer after the other; gives the names asked for."""
    asked: list[str] = []
    left = list(answers)

    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(2, 1, 6, "", (address, port)) for address in left.pop(0)]

    monkeypatch.setattr("claims.sources.addresses.socket.getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["2001:4860:4860::8888", "::1"]]
)
def test_a_name_is_what_it_resolves_to(monkeypatch, unconnected, addresses):
    resolving(monkeypatch, addresses)
    sentence = fetch("https://rebind.example/1", Fetcher())
    assert sentence == (
        f"https://rebind.example/1: {addresses[-1]} is not an address of the public internet; "
        "give --allow-private if you mean to read from your own network"
    )


class FakeStream(httpcore.NetworkStream):
    def __init__(self, answer: bytes, peer: str) -> None:
        self.parts = [answer, b""]
        self.peer = peer

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.parts.pop(0)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        pass

    def close(self) -> None:
        pass

    def get_extra_info(self, info: str) -> object:
        return (self.peer, 80) if info == "server_addr" else None


def connecting(monkeypatch, *answers: bytes, peer: str = "8.8.8.8") -> list[str]:
    """Connections lead to these answers; gives the addresses that were connected to."""
    connected: list[str] = []
    left = list(answers)

    def connect(_: object, host: str, *__: object, **___: object) -> FakeStream:
        connected.append(host)
        return FakeStream(left.pop(0), peer)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    return connected


NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    asked = resolving(monkeypatch, ["8.8.8.8"], ["8.8.4.4"])
    connected = connecting(monkeypatch, NOT_FOUND, NOT_FOUND)
    fetch("http://news.example/1", Fetcher(sleep=lambda _: None))
    assert (asked, connected) == (["news.example"] * 2, ["8.8.8.8", "8.8.4.4"])


def test_a_name_that_turns_private_between_two_requests(monkeypatch):
    resolving(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    connected = connecting(monkeypatch, NOT_FOUND)
    sentence = fetch("http://news.example/1", Fetcher(sleep=lambda _: None))
    assert "127.0.0.1 is not an address of the public internet" in sentence
    assert connected == ["8.8.8.8"]


def test_a_connection_that_ends_up_elsewhere_is_dropped(monkeypatch):
    resolving(monkeypatch, ["8.8.8.8"])
    connecting(monkeypatch, NOT_FOUND, peer="127.0.0.1")
    assert "127.0.0.1 is not an address" in fetch("http://news.example/1", Fetcher())


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1/", "//169.254.169.254/", "http://[::ffff:10.0.0.1]/", "file:///etc/passwd",
     "http://2130706433/", "http://kim:secret@8.8.8.8/", "gopher://8.8.8.8/", "http://["],
)  # fmt: skip
def test_a_redirect_leads_nowhere_forbidden(monkeypatch, target):
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, **kinds: object) -> object:
        return real("8.8.8.8" if host == "news.example" else host, port, **kinds)

    monkeypatch.setattr("claims.sources.addresses.socket.getaddrinfo", getaddrinfo)
    moved = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()
    connected = connecting(monkeypatch, NOT_FOUND, moved)
    (item,) = read_source("http://news.example/1", Reading(fetcher=Fetcher(sleep=lambda _: None)))
    assert isinstance(item, SourceError)
    assert connected == ["8.8.8.8", "8.8.8.8"]


def test_the_environment_s_proxy_is_not_asked(web, fetcher, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert fetch(web.page("/1", PAGE), fetcher).content == TEXT


# -- on the command line


def test_private_addresses_are_for_those_who_ask(web, run, monkeypatch):
    monkeypatch.setattr("claims.sources.fetching.time.sleep", lambda _: None)
    url = web.page("/1", PAGE)
    refused = run("ingest", url)
    assert refused.exit_code == 1
    assert refused.stderr == (
        f"claims: {url}: 127.0.0.1 is not an address of the public internet; "
        "give --allow-private if you mean to read from your own network\n"
    )
    assert web.paths == []
    allowed = run("ingest", "--allow-private", url, "-q")
    assert (allowed.exit_code, allowed.output) == (0, "")
