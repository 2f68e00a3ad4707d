"""Feeds: RSS, Atom, JSON Feed; followed or not; read again and again for what is new."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.errors import ClaimsError, SourceError
from claims.ingest import ingest, run_feeds
from claims.models import Document, Facts
from claims.sources import Reading, read_source
from claims.sources.feeds import parse_feed
from claims.sources.looks import is_feed
from claims.store import feeds

SAYS = "최도현 교수는 “{}”고 말했다."
PAGE = "<!doctype html><html><head><title>{}</title></head><body><p>" + SAYS + "</p></body></html>"


def rss(*items: str, head: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0"><channel>'
        f"<title>한빛일보 사회</title><language>ko-kr</language>{''.join(items)}</channel></rss>"
    )


def item(link: str, title: str = "둑", text: str = "요약.", updated: int = 17) -> str:
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<description><![CDATA[{text}]]></description><author>김하늘</author>"
        f"<pubDate>{'Tue' if updated == 17 else 'Wed'}, {updated} Dec 2024 09:00:00 +0900</pubDate>"
        "</item>"
    )


RSS = rss(item("https://hanbit.example/1", text=f"<p>{SAYS.format('쌓겠다')}</p><p>끝.</p>"))
ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko">
<title>한빛일보 사회</title><entry><id>tag:1</id><title>둑</title>
<link href="https://hanbit.example/1"/><author><name>김하늘</name></author>
<published>2024-12-17T09:00:00+09:00</published><updated>2024-12-18T09:00:00+09:00</updated>
<summary>요약.</summary>
<content type="html">&lt;p&gt;{SAYS.format("쌓겠다")}&lt;/p&gt;&lt;p&gt;끝.&lt;/p&gt;</content>
</entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "한빛일보 사회",
        "language": "ko-KR",
        "items": [
            {
                "id": "1",
                "url": "https://hanbit.example/1",
                "title": "둑",
                "content_html": f"<p>{SAYS.format('쌓겠다')}</p><p>끝.</p>",
                "authors": [{"name": "김하늘"}],
                "date_published": "2024-12-17T09:00:00+09:00",
            },
            "no entry",
        ],
    }
)
FACTS = Facts("둑", "김하늘", None, "2024-12-17", "https://hanbit.example/1", "ko")
OWN = f"{SAYS.format('쌓겠다')}\n\n끝."
FORMS = {"feed.rss": RSS, "feed.xml": RSS, "feed.atom": ATOM, "feed.json": JSON_FEED}


def read(name: object, **reading: object) -> list[object]:
    return [
        str(found) if isinstance(found, SourceError) else found
        for found in read_source(str(name), Reading(**reading))
    ]


# -- entries


@pytest.mark.parametrize(("name", "text"), FORMS.items())
def test_the_own_text_of_entries(article, name, text):
    (found,) = read(article(text, name), follow=False)
    modified_on = "2024-12-18" if name == "feed.atom" else None
    assert found == Document(
        "https://hanbit.example/1", OWN, replace(FACTS, modified_on=modified_on)
    )


def test_what_is_no_feed_is_seen_at_once():
    for text in ("<!---->" * 3000, "<?x?>" * 3000, "{" * 20_000, '{"version":' * 3000):
        assert not is_feed(text)
    assert is_feed("<?xml version='1.0'?><?x?><!-- --><!-- --><rss>")


@pytest.mark.parametrize("text", [RSS, ATOM, JSON_FEED])
def test_a_feed_is_told_by_what_it_is(article, text):
    assert len(read(article(text, "feed.txt"), follow=False)) == 1


@pytest.mark.parametrize("kind", ["application/rss+xml", "text/xml", "text/html", "text/plain"])
def test_entries_are_followed_to_their_pages(web, fetcher, kind):
    web.page("/1", PAGE.format("둑을 고친다", "쌓겠다"))
    web.page("/2", PAGE.format("길", "넓힌다"))
    url = web.page("/feed", rss(item("/1"), item(f"{web.url}/2", "길")), kind)
    first, second = read(url, fetcher=fetcher)
    assert first == Document(
        web.url + "/1", SAYS.format("쌓겠다"),
        Facts("둑을 고친다", "김하늘", None, "2024-12-17", web.url + "/1", "ko"),
    )  # fmt: skip
    assert (second.content, second.facts.title) == (SAYS.format("넓힌다"), "길")
    assert web.paths == ["/robots.txt", "/feed", "/1", "/2"]


def test_an_entry_that_fails_keeps_no_other_out(web, store, fetcher):
    web.page("/1", PAGE.format("둑", "쌓겠다"))
    url = web.page("/feed", rss(item("/gone"), item("/1")), "application/rss+xml")
    result = ingest(store, [url], reading=Reading(fetcher=fetcher))
    assert result.failures == [f"{web.url}/gone: its host answers 404 Not Found"]
    assert [claim["text"] for claim in store.claims()] == ["쌓겠다"]


def test_a_feed_that_leads_to_itself_ends(web, fetcher):
    url = web.page("/feed", rss(item("/feed", text=SAYS.format("쌓겠다"))), "text/xml")
    (found,) = read(url, fetcher=fetcher)
    assert found.content == SAYS.format("쌓겠다")
    assert web.paths == ["/robots.txt", "/feed", "/feed"]


def test_an_entry_leads_nowhere_forbidden(article):
    (sentence,) = read(article(rss(item("http://169.254.169.254/latest")), "feed.rss"))
    assert sentence.startswith(
        "http://169.254.169.254/latest: 169.254.169.254 is not an address of the public internet"
    )


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "file:///etc/passwd", "http://["])
def test_an_entry_without_an_address_is_its_own_text(article, link):
    path = article(rss(item(link, text=SAYS.format("쌓겠다"))), "feed.rss")
    (found,) = read(path)
    assert (found.source, found.content, found.facts.url) == (
        str(path), SAYS.format("쌓겠다"), None
    )  # fmt: skip


def test_an_entry_without_text(article):
    path = article(rss(item("https://hanbit.example/1", text=" ")), "feed.rss")
    assert read(path, follow=False) == [
        "https://hanbit.example/1: this entry of the feed has no text of its own"
    ]


@pytest.mark.parametrize("encoding", ["euc-kr", "utf-16"])
def test_a_feed_in_another_encoding(article, encoding):
    path = article(RSS.replace("utf-8", encoding).encode(encoding), "feed.rss")
    (found,) = read(path, follow=False)
    assert (found.content, found.facts.title) == (OWN, "둑")


# -- what is no feed, or a trap

ENTITIES = "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12)
)  # a billion laughs


@pytest.mark.parametrize(
    "declared", [ENTITIES, '<!ENTITY a11 SYSTEM "file:///etc/passwd">', '<!ENTITY % a "x">']
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(article, declared, encoding):
    text = rss(item("", text="x").replace("둑", "&a11;"), head=f"<!DOCTYPE rss [{declared}]>")
    path = article(text.replace("utf-8", encoding).encode(encoding), "feed.rss")
    assert read(path) == [f"{path}: this feed declares entities, which no feed needs; not read"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("feed.xml", "<urlset><url><loc>https://hanbit.example/1</loc></url></urlset>"),
        ("feed.rss", "가다."),
        ("feed.rss", '{"a": 1}'),
        ("feed.rss", '{"version": "https://jsonfeed.org/version/1", "items": {}}'),
    ],
)
def test_what_is_no_feed(article, name, text):
    path = article(text, name)
    assert read(path) == [f"{path}: this is no feed (RSS, Atom or JSON Feed)"]


def test_a_name_in_place_of_a_feed_is_not_opened(article, tmp_path):
    """feedparser opens what it takes for a name or an address."""
    secret = article(RSS, "secret.rss")
    assert read(article(str(secret), "feed.rss"))[0].endswith(
        "this is no feed (RSS, Atom or JSON Feed)"
    )


def test_a_feed_too_large(article, monkeypatch):
    monkeypatch.setattr("claims.sources.feeds.LARGEST_FEED", 100)
    (sentence,) = read(article(RSS, "feed.rss"))
    assert "this feed is larger than" in sentence


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<rss>", "<channel>", "<item>", "</item>", "<link>http://[", "<title>", "가", "&#0;",
             "<![CDATA[", "]]>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "\x00",
             "<pubDate>9999999", "<content type='xhtml'>", "</entry>", "&nbsp;", "\ud800", "<?x"]
        )
    )
)  # fmt: skip
def test_whatever_the_feed_it_is_entries_or_a_sentence(parts):
    try:
        found = parse_feed("".join(parts), "feed.rss")
    except SourceError as error:
        found = None
        sentence = str(error)
    assert found is not None or sentence.startswith("feed.rss: ")


# -- read again and again


@pytest.fixture
def subscribed(web, store):
    """A feed of one entry, noted, with a host that knows what it sent."""
    web.page("/1", PAGE.format("둑", "쌓겠다"))
    url = web.page("/feed", rss(item("/1")), "text/xml", ETag='"a"', Last_Modified="yesterday")
    feeds.add(store, url, None, follow=True)
    return url


def run_all(store, fetcher):
    return run_feeds(store, feeds.subscriptions(store), Reading(fetcher=fetcher))


def test_a_feed_that_has_not_changed_costs_one_question(web, store, rows, fetcher, subscribed):
    assert run_all(store, fetcher).articles == 1
    runs = rows("select * from ingests")
    web.asked.clear()
    web.routes["/feed"] = (304, {}, b"")
    result = run_all(store, fetcher)
    assert (result.articles, result.known, result.failures) == (0, 0, [])
    ((path, headers),) = web.asked
    assert (path, headers["if-none-match"], headers["if-modified-since"]) == (
        "/feed", '"a"', "yesterday"
    )  # fmt: skip
    assert rows("select * from ingests") == runs


def test_only_new_and_changed_entries_are_followed(web, store, rows, fetcher, subscribed):
    run_all(store, fetcher)
    web.asked.clear()
    web.page("/2", PAGE.format("길", "넓힌다"))
    web.page("/feed", rss(item("/2"), item("/1")), "text/xml")
    assert run_all(store, fetcher).articles == 1
    assert web.paths == ["/feed", "/2"]
    web.asked.clear()
    web.page("/1", PAGE.format("둑", "세우겠다"))
    web.page("/feed", rss(item("/2"), item("/1", updated=18)), "text/xml")
    assert run_all(store, fetcher).articles == 1
    assert web.paths == ["/feed", "/1"]
    assert rows("select id, supersedes_id from articles") == [
        {"id": 1, "supersedes_id": None},
        {"id": 2, "supersedes_id": None},
        {"id": 3, "supersedes_id": 1},
    ]


def test_an_entry_that_failed_is_tried_again(web, store, rows, fetcher, subscribed):
    web.routes["/1"] = (503, {}, b"")
    assert run_all(store, fetcher).failures == [
        f"{web.url}/1: its host answers 503 Service Unavailable"
    ]
    assert rows("select etag, modified from feeds") == [{"etag": None, "modified": None}]
    web.page("/1", PAGE.format("둑", "쌓겠다"))
    assert run_all(store, fetcher).articles == 1
    assert rows("select source, articles, failures from ingests") == [
        {"source": subscribed, "articles": 0, "failures": 1},
        {"source": subscribed, "articles": 1, "failures": 0},
    ]


def test_a_feed_that_can_not_be_read_keeps_no_other_out(web, store, rows, fetcher, subscribed):
    feeds.add(store, web.url + "/gone", None, follow=True)
    web.page("/more", rss(item("/1")), "text/xml")
    feeds.add(store, web.url + "/more", "새벽신문", follow=False)
    result = run_all(store, fetcher)
    assert result.failures == [f"{web.url}/gone: its host answers 404 Not Found"]
    assert rows("select url, title, read_at is null as unread from feeds") == [
        {"url": subscribed, "title": "한빛일보 사회", "unread": 0},
        {"url": web.url + "/gone", "title": None, "unread": 1},
        {"url": web.url + "/more", "title": "한빛일보 사회", "unread": 0},
    ]
    assert rows(
        "select text, outlets.name as outlet from articles "
        "left join outlets on outlets.id = outlet_id"
    ) == [{"text": SAYS.format("쌓겠다"), "outlet": None}, {"text": "요약.", "outlet": "새벽신문"}]


def test_a_feed_noted_twice_takes_over_what_is_said_now(store, rows):
    assert feeds.add(store, "https://hanbit.example/feed", "한빛일보", follow=True)
    assert not feeds.add(store, "https://hanbit.example/feed", None, follow=False)
    assert rows("select url, outlet, follow from feeds") == [
        {"url": "https://hanbit.example/feed", "outlet": "한빛일보", "follow": 0}
    ]


def test_a_feed_that_is_not_there(store):
    for action in (feeds.remove, lambda store, url: feeds.subscriptions(store, (url,))):
        with pytest.raises(ClaimsError, match=r"^https://a\.example: there is no such feed"):
            action(store, "https://a.example")


# -- on the command line


def test_feeds_on_the_command_line(web, run, rows, monkeypatch):
    monkeypatch.setattr("claims.sources.fetching.time.sleep", lambda _: None)
    web.page("/1", PAGE.format("둑", "쌓겠다"))
    url = web.page("/feed", rss(item("/1")), "text/xml")
    added = run("feeds", "add", url, "--outlet", "한빛일보")
    assert (added.exit_code, added.output) == (
        0,
        f"Added {url}; read it with `claims feeds run`.\n",
    )
    assert run("feeds", "list").stdout == f"{url}\t\tnever read\n"
    ran = run("feeds", "run", "--allow-private")
    assert ran.exit_code == 0
    assert "쌓겠다" in ran.stdout
    assert ran.stdout.endswith("1 new article with 1 new claim.\n")
    assert run("feeds", "list").stdout.startswith(f"{url}\t한빛일보 사회\t20")
    assert run("feeds", "remove", url).output == f"Removed {url}.\n"
    assert rows("select * from feeds union all select *, 0, 0, 0, 0, 0 from feed_entries") == []
    assert len(rows("select * from articles")) == 1


def test_feeds_that_can_not_be_read_end_with_1(web, run, monkeypatch):
    url = web.page("/feed", RSS, "text/xml")
    run("feeds", "add", url)
    ran = run("feeds", "run")
    assert ran.exit_code == 1
    assert "127.0.0.1 is not an address of the public internet" in ran.stderr
    assert run("feeds", "run", "https://a.example").exit_code == 1
    assert run("feeds", "add", "file:///etc/passwd").stderr == (
        "claims: file:///etc/passwd: only addresses with http and https are read\n"
    )


def test_a_feed_s_own_texts_on_the_command_line(run, rows, article):
    assert run("ingest", article(RSS, "feed.rss"), "--no-follow", "-q").exit_code == 0
    assert rows("select text, url from articles") == [
        {"text": OWN, "url": "https://hanbit.example/1"}
    ]
