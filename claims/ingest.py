"""Sources in, claims in the database: the parts of the pipeline put together.

One transaction an article: whatever stops an ingest, the database holds whole articles. What can't
be used is noted in ``failures``, and everything else still goes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from claims.articles import language_of, read_article
from claims.errors import ClaimsError, DatabaseError, SourceError
from claims.extraction import extract
from claims.languages import available
from claims.models import Document, Extraction, Stated, storable
from claims.records import place_of, record
from claims.sources import Page, RawItem, Reading, Row, fetch_feed, raw_source, read_entry
from claims.store import Saved, Store, feeds

BY_HAND = "by hand"  # the source of a claim that somebody typed


@dataclass(slots=True)
class Ingested:
    """What an ingest brought.

    ``articles`` and ``claims`` count what is new, ``known`` the articles that were there already;
    ``article_ids`` are those of all articles read, ``claim_ids`` those of new claims; ``unread``
    are languages of articles without rules; ``failures`` are sentences for the person.
    """

    articles: int = 0
    known: int = 0
    article_ids: list[int] = field(default_factory=list)
    claim_ids: list[int] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)

    @property
    def claims(self) -> int:
        """How many claims are new."""
        return len(self.claim_ids)

    def count(self, saved: Saved) -> None:
        """Add what one article or record brought."""
        self.articles += saved.new
        self.known += not saved.new
        self.claim_ids += saved.claim_ids
        if saved.article_id not in self.article_ids:
            self.article_ids.append(saved.article_id)


def ingest(
    store: Store,
    sources: Iterable[str],
    stated: Stated | None = None,
    reading: Reading | None = None,
) -> Ingested:
    """Read sources (files, folders, addresses, ``-``), find their claims, save them.

    ``stated`` holds for every article and wins over what pages say. ``reading`` says how
    sources are read. Raises DatabaseError when the
    database can't be written; a source that can't be read raises nothing, and is told of in
    ``failures``.
    """
    stated = _storable(stated or Stated())
    reading = reading or Reading()
    result = Ingested()
    for source in sources:
        before = result.articles, result.claims
        ingest_id = store.start_ingest(storable(source))
        for item in raw_source(source, reading):
            _take(store, item, stated, ingest_id, result)
        store.finish_ingest(ingest_id, result.articles - before[0], result.claims - before[1])
    return result


def run_feeds(
    store: Store, subscribed: Iterable[feeds.Subscription], reading: Reading | None = None
) -> Ingested:
    """Read feeds again: what is new or changed in them goes in, and nothing else is asked for.

    An entry that fails is tried again the next time. Raises DatabaseError.
    """
    reading = reading or Reading()
    result = Ingested()
    for feed in subscribed:
        _run_feed(store, feed, replace(reading, follow=bool(feed.follow)), result)
    return result


def _run_feed(store: Store, feed: feeds.Subscription, reading: Reading, result: Ingested) -> None:
    failed = len(result.failures)
    before = result.articles, result.claims
    try:
        answer, found = fetch_feed(feed.url, reading.fetcher, feed.etag, feed.modified)
    except SourceError as error:
        ingest_id = store.start_ingest(feed.url)
        _note(store, error, str(error), ingest_id, result)
        store.finish_ingest(ingest_id, 0, 0)
        return
    if found is None:
        feeds.note_reading(store, feed.id, None, feed.etag, feed.modified)
        return
    ingest_id = store.start_ingest(feed.url)
    known = feeds.entries(store, feed.id)
    stated = _storable(Stated(outlet=feed.outlet))
    for entry in found.entries:
        key, updated = storable(entry.key), entry.updated and storable(entry.updated)
        if key in known and known[key] == updated:
            continue
        entry_failed = len(result.failures)
        for item in read_entry(entry, feed.url, reading):
            _take(store, item, stated, ingest_id, result)
        if len(result.failures) == entry_failed:
            feeds.note_entry(store, feed.id, key, updated)
    whole = len(result.failures) == failed
    etag, modified = (answer.etag, answer.modified) if whole else (None, None)
    title = storable(found.title) if found.title else None
    feeds.note_reading(store, feed.id, title, etag, modified)
    store.finish_ingest(ingest_id, result.articles - before[0], result.claims - before[1])


def add_claim(store: Store, cells: Mapping[str, str | None]) -> Ingested:
    """Record one claim by hand; ``cells`` are named as the export's columns.

    Raises RowError, with a sentence, for cells that can't be used; nothing is saved then.
    """
    extraction = _recorded(store, cells, "hand")
    result = Ingested()
    ingest_id = store.start_ingest(BY_HAND)
    result.count(store.save_record(extraction, ingest_id))
    store.finish_ingest(ingest_id, result.articles, result.claims)
    return result


def _take(store: Store, item: RawItem, stated: Stated, ingest_id: int, result: Ingested) -> None:
    """Save one document or row; note one that can't be used."""
    try:
        if isinstance(item, SourceError):
            raise item
        if isinstance(item, Document | Page):
            _take_document(store, item, stated, ingest_id, result)
        else:
            extraction = _recorded(store, _with_stated(item, stated), "table")
            result.count(store.save_record(extraction, ingest_id, place_of(item.cells)))
    except DatabaseError:
        raise
    except SourceError as error:  # tells its place itself
        _note(store, error, str(error), ingest_id, result)
    except ClaimsError as error:
        _note(store, item, str(error), ingest_id, result)
    except Exception as error:  # a mistake of ours must not keep the other articles out
        sentence = f"a mistake in claims itself, please report it ({type(error).__name__}: {error})"
        _note(store, item, sentence, ingest_id, result)


def _note(store: Store, item: RawItem, sentence: str, ingest_id: int, result: Ingested) -> None:
    """Note what can't be used; a source that can't be read tells its own name."""
    source, position = "", None
    if isinstance(item, Row | Document | Page):
        source, position = item.source, str(item.line) if item.line else None
        sentence = f"{source}{f', line {position}' if position else ''}: {sentence}"
    reason = storable(sentence)
    result.failures.append(reason)
    store.fail(ingest_id, storable(source) or reason.partition(": ")[0], position, reason)


def _take_document(
    store: Store, found: Document | Page, stated: Stated, ingest_id: int, result: Ingested
) -> None:
    document = found.document() if isinstance(found, Page) else found
    article = read_article(document, stated)
    if article.language not in available():
        result.unread.add(article.language)
    result.count(store.save(Extraction(article, extract(article)), ingest_id, stated))


def _recorded(store: Store, cells: Mapping[str, str | None], extractor: str) -> Extraction:
    """A recorded claim, with its language and its speaker's kind where the cells leave them out."""
    text, speaker = storable(cells.get("text") or ""), storable(cells.get("speaker") or "").strip()
    return record(
        {
            **cells,
            "language": cells.get("language") or language_of(text),
            "speaker_kind": cells.get("speaker_kind") or store.speaker_kind(speaker),
        },
        extractor,
    )


def _with_stated(row: Row, stated: Stated) -> dict[str, str | None]:
    """A row's cells; what the person states holds for every row."""
    said = {
        "outlet": stated.outlet,
        "published_on": stated.published_on,
        "article_url": stated.url,
        "article_title": stated.title,
        "language": stated.language,
        "via": stated.via,
    }
    return {**row.cells, **{column: value for column, value in said.items() if value}}


def _storable(stated: Stated) -> Stated:
    texts = {name: getattr(stated, name) for name in Stated.__slots__}
    return replace(stated, **{name: storable(text) for name, text in texts.items() if text})
