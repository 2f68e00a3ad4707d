"""One ingest under way: what it reads, and how each piece of it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from claims.articles import language_of
from claims.errors import ClaimsError, DatabaseError, SourceError
from claims.languages import available
from claims.models import Extraction, PublishedReview, Stated, storable
from claims.outcome import Ingested, Watch
from claims.records import place_of, record
from claims.sources import RawItem, Reading, Row, raw_source
from claims.store import Saved, Store, runs
from claims.store.imported_reviews import save_published
from claims.tasks import Found, Recorded, Task, digest_of, mistake, place_in, position_of


@dataclass(slots=True)
class Run:
    """One ingest under way: what it reads, and how it is saved."""

    store: Store
    stated: Stated
    ingest_id: int
    result: Ingested
    watch: Watch

    def tasks(self, sources: Iterable[str], reading: Reading) -> Iterator[Task]:
        """What the sources hold, in their order, and after each its end; until told to stop."""
        reading = replace(reading, meter=self.watch.read)
        for name in sources:
            yield from self.prepared(name, raw_source(name, reading))
            if self.watch.is_stopped:
                return
            yield Task(name, None)

    def prepared(self, name: str, items: Iterator[RawItem]) -> Iterator[Task]:
        """Tasks for what a source holds; what was read before is known."""
        while True:
            item = self.watch.next_of(items)
            if item is None:
                return
            if isinstance(item, SourceError):
                yield Task(name, item)
            else:
                digest = digest_of(item, self.stated)
                yield Task(name, item, digest, runs.article_of(self.store, digest))

    def finish(self, task: Task) -> None:
        """Save what was found, or note why it can't be used."""
        if task.item is None:
            self._end(task.named)
            return
        sentence = self.save(task)
        if sentence is not None:
            source, position = place_of_task(task) or ("", None)
            runs.fail(self.store, self.ingest_id, source, position, storable(sentence))
            is_row = isinstance(task.item, Row)
            self.tell(storable(sentence), task.named, is_bad_input=is_row)
        else:
            self.result.usable.add(task.named)
        self.watch.took(self.result)

    def tell(self, sentence: str, named: str = "", *, is_bad_input: bool = False) -> None:
        """Count a failure, and tell of it."""
        self.result.fail(sentence, named, is_bad_input=is_bad_input)
        self.watch.failed(sentence)

    def save(self, task: Task) -> str | None:
        """Save an article or a recorded claim; a sentence where that can't be."""
        item = task.item
        try:
            if isinstance(item, SourceError):
                return str(item)
            if isinstance(task.outcome, str):
                return task.outcome
            if isinstance(item, Found | Recorded):
                self.result.count(self._saved(task, item))
        except DatabaseError:
            raise
        except ClaimsError as error:
            return f"{task.place}: {error}"
        except Exception as error:  # a mistake of ours must not keep the other articles out
            return f"{task.place}: {mistake(error)}"
        return None

    def _saved(self, task: Task, item: Found | Recorded) -> Saved:
        """One transaction: the article with its claims, and that it was read."""
        url = None
        if "://" in item.source and item.line is None:
            url = storable(item.source)
        if task.article_id is not None:
            if url:
                runs.note_fetched(self.store, self.ingest_id, url)
            return Saved(task.article_id, False, ())
        with self.store.transaction():
            saved, *others = self._written(task, item)
            for one in (saved, *others):
                runs.count(self.store, self.ingest_id, one)
            if task.digest is not None:
                says = self.stated.title or self.stated.published_on or self.stated.via
                states = bool(says) and not isinstance(item, Recorded)
                runs.note_document(self.store, task.digest, saved.article_id, states=states)
            if url:
                runs.note_fetched(self.store, self.ingest_id, url)
        self.store.keep_counts()
        for one in others:
            self.result.count(one)
        return saved

    def _written(self, task: Task, item: Found | Recorded) -> list[Saved]:
        """What an item is in the database: one article, or those of a review's claims."""
        if isinstance(item, PublishedReview):
            found = [recorded(self.store, cells, "claimreview") for cells in item.claims]
            return save_published(self.store, item, found, self.ingest_id)
        if isinstance(item, Row):
            extraction = recorded(self.store, _with_stated(item, self.stated), "table")
            return [self.store.save_record(extraction, self.ingest_id, place_of(item.cells))]
        assert isinstance(task.outcome, Extraction)  # noqa: S101 (for the type)
        language = task.outcome.article.language
        if language not in available():
            self.result.unread.add(language)
        return [self.store.save(task.outcome, self.ingest_id, self.stated)]

    def _end(self, name: str) -> None:
        """The end of a source: an address that was read without failures isn't asked again."""
        if "://" in name and name not in self.result.troubled:
            runs.note_fetched(self.store, self.ingest_id, storable(name))


def place_of_task(task: Task) -> tuple[str, str | None] | None:
    """The source and the position in it of a task, as ``failures`` has them."""
    item = task.item
    if item is None:
        return None
    if isinstance(item, SourceError):
        source, position = place_in(str(item), task.named)
    else:
        source, position = position_of(item)
    return storable(source), position


def recorded(store: Store, cells: Mapping[str, str | None], extractor: str) -> Extraction:
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
