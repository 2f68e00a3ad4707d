"""Sources in, claims in the database: the parts of the pipeline put together.

One transaction an article: whatever stops an ingest, the database holds whole articles, and the
same command goes on where it stopped. What can't be used is noted in ``failures``, and everything
else still goes in.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from claims import __version__
from claims.crew import worked
from claims.errors import SourceError
from claims.models import Stated, storable
from claims.outcome import Ingested, Watch
from claims.run import Run, place_of_task, recorded
from claims.sources import Reading, fetch_feed, read_entry
from claims.store import Store, feeds, runs
from claims.tasks import Task

if TYPE_CHECKING:
    from claims.cluster import Work
    from claims.parts import Brought

__all__ = [
    "Ingested",
    "Watch",
    "add_claim",
    "ingest",
    "ingest_on_cluster",
    "load",
    "retry",
    "run_feeds",
    "write_parts",
]

BY_HAND = "by hand"  # the source of a claim that somebody typed
_NAMED = 3  # sources of an ingest that are named in its row


def ingest(
    store: Store,
    sources: Sequence[str],
    stated: Stated | None = None,
    reading: Reading | None = None,
    *,
    jobs: int = 1,
    watch: Watch | None = None,
) -> Ingested:
    """Read sources (files, folders, addresses, ``-``), find their claims, save them.

    ``stated`` holds for every article and wins over what pages say. ``reading`` says how sources
    are read, ``jobs`` how many processes find articles and claims; what is saved is the same with
    any number. An ingest that was stopped or killed is gone on with by the same call; what was
    saved then is not done again. Raises DatabaseError when the database can't be written; a source
    that can't be read raises nothing, and is told of in ``failures``.
    """
    stated = _storable(stated or Stated())
    reading = reading or Reading()
    watch = watch or Watch()
    names = [storable(name) for name in sources]
    run, fetched = _begin(store, names, _options(stated, reading), stated, watch)
    tasks = run.tasks(sources, replace(reading, fetched=fetched))
    for task in worked(tasks, stated, jobs, lambda: watch.is_stopped):
        run.finish(task)
    return _ended(run)


def _begin(
    store: Store, names: Sequence[str], options: str, stated: Stated, watch: Watch
) -> tuple[Run, frozenset[str]]:
    """A run begun or gone on with, and the addresses that it has read already."""
    ingest_id, fetched = runs.begin(store, _described(names), options, _command(names, options))
    return Run(store, stated, ingest_id, Ingested(), watch), fetched


def _ended(run: Run) -> Ingested:
    if run.watch.is_stopped:
        run.result.is_stopped = True
    else:
        run.store.finish_ingest(run.ingest_id)
    return run.result


def ingest_on_cluster(
    store: Store,
    sources: Sequence[str],
    stated: Stated | None,
    reading: Reading | None,
    address: str,
    watch: Watch | None = None,
) -> Ingested:
    """As `ingest`, but claims are found by the Dask cluster at an address; ``local`` makes one.

    What is saved is the same. Raises DatabaseError, ClaimsError where the cluster can't do it, and
    MissingExtraError without Dask.
    """
    from claims.cluster import worked_parts
    from claims.parts import read_part

    works = _works(sources, stated, reading)
    about, watch = works[0].about, watch or Watch()
    run, _ = _begin(store, about.names, about.options, works[0].stated, watch)
    with closing(worked_parts(address, works)) as parts:
        while (part := watch.next_of(parts)) is not None:
            watch.read(part.size)
            if not _load_part(run, read_part(io.BytesIO(part.content or b""), part.about.name)):
                break
    return _ended(run)


def write_parts(
    sources: Sequence[str],
    stated: Stated | None,
    reading: Reading | None,
    address: str,
    folder: str,
) -> Brought:
    """Let a cluster write the parts of an ingest to a folder, for `load`; what they hold.

    Those that are there already are left as they are, so the same call goes on where one broke off.
    Raises as `ingest_on_cluster` does.
    """
    from claims.cluster import worked_parts
    from claims.parts import Brought

    brought = Brought()
    for part in worked_parts(address, _works(sources, stated, reading, folder)):
        brought = brought.and_also(part.brought)
    return brought


def load(store: Store, names: Sequence[str], watch: Watch | None = None) -> Ingested:
    """Save the parts of an ingest (files or their folder), in their order.

    The database is then as if this machine had done it all; doing it twice changes nothing. Raises
    SourceError, before anything is saved, for what is no part, and where one is missing.
    """
    from claims.cluster import open_part, whole_ingest
    from claims.parts import read_part

    about, files = whole_ingest(names)
    stated, _ = _asked(about.options, Reading())
    run, _ = _begin(store, about.names, about.options, stated, watch or Watch())
    for file in files:
        with open_part(file) as stream:
            if not _load_part(run, read_part(stream, file)):
                break
    return _ended(run)


def _works(
    sources: Sequence[str],
    stated: Stated | None,
    reading: Reading | None,
    folder: str | None = None,
) -> list[Work]:
    from claims.cluster import plan

    stated, reading = _storable(stated or Stated()), reading or Reading()
    return plan(sources, stated, reading, _options(stated, reading), folder)


def _load_part(run: Run, tasks: Iterable[Task]) -> bool:
    """Save what is in a part; False where the person stopped it."""
    for task in tasks:
        if task.digest is not None:
            task.article_id = runs.article_of(run.store, task.digest)
        run.finish(task)
        if run.watch.is_stopped:
            return False
    return True


def retry(
    store: Store,
    reading: Reading | None = None,
    ingest_id: int | None = None,
    watch: Watch | None = None,
) -> Ingested:
    """Try again what failed, in one ingest or in all, as it was asked for then.

    Failures that now work are dropped; of the others, the reason is noted anew. Raises
    DatabaseError.
    """
    reading = reading or Reading()
    watch = watch or Watch()
    result = Ingested()
    for (run_id, name, options), wanted in _failed(store, ingest_id).items():
        stated, asked = _asked(options, reading)
        run = Run(store, stated, run_id, result, watch)
        tasks = (task for task in run.tasks([name], asked) if place_of_task(task) in wanted)
        for task in worked(tasks, stated):
            sentence = run.save(task)
            if sentence is not None:
                run.tell(sentence)
            for failure in wanted.pop(place_of_task(task), ()):
                runs.settle(store, failure, sentence)
        for failure in chain.from_iterable(wanted.values()):  # no longer there to be tried
            run.tell(failure.reason)
        if watch.is_stopped:
            result.is_stopped = True
            break
    return result


_Places = dict[tuple[str, str | None] | None, list[runs.Failure]]


def _failed(store: Store, ingest_id: int | None) -> dict[tuple[int, str, str], _Places]:
    """What failed, by its place; by the ingest that it failed in, what is to be read, and how."""
    groups: dict[tuple[int, str, str], _Places] = {}
    for failure in runs.failures(store, ingest_id):
        key = (failure.ingest_id, _readable(failure.source), failure.options)
        place = (failure.source, failure.position)
        groups.setdefault(key, {}).setdefault(place, []).append(failure)
    return groups


def run_feeds(
    store: Store,
    subscribed: Iterable[feeds.Subscription],
    reading: Reading | None = None,
    watch: Watch | None = None,
) -> Ingested:
    """Read feeds again: what is new or changed in them goes in, and nothing else is asked for.

    An entry that fails is tried again the next time. Raises DatabaseError.
    """
    reading = reading or Reading()
    watch = watch or Watch()
    result = Ingested()
    for feed in subscribed:
        _run_feed(store, feed, replace(reading, follow=bool(feed.follow)), result, watch)
        if watch.is_stopped:
            result.is_stopped = True
            break
    return result


def _run_feed(
    store: Store, feed: feeds.Subscription, reading: Reading, result: Ingested, watch: Watch
) -> None:
    stated = _storable(Stated(outlet=feed.outlet))
    try:
        answer, found = fetch_feed(feed.url, reading.fetcher, feed.etag, feed.modified)
    except SourceError as error:
        ingest_id = store.start_ingest(feed.url, _options(stated, reading))
        run = Run(store, stated, ingest_id, result, watch)
        run.finish(Task(feed.url, error))
        store.finish_ingest(run.ingest_id)
        return
    if found is None:
        feeds.note_reading(store, feed.id, None, feed.etag, feed.modified)
        return
    failed = result.failed
    ingest_id = store.start_ingest(feed.url, _options(stated, reading))
    run = Run(store, stated, ingest_id, result, watch)
    known = feeds.entries(store, feed.id)
    for entry in found.entries:
        key, updated = storable(entry.key), entry.updated and storable(entry.updated)
        if key in known and known[key] == updated:
            continue
        entry_failed = result.failed
        for task in worked(run.prepared(feed.url, read_entry(entry, feed.url, reading)), stated):
            run.finish(task)
        if watch.is_stopped:
            break
        if result.failed == entry_failed:
            feeds.note_entry(store, feed.id, key, updated)
    is_whole = result.failed == failed and not watch.is_stopped
    etag, modified = (answer.etag, answer.modified) if is_whole else (None, None)
    title = storable(found.title) if found.title else None
    feeds.note_reading(store, feed.id, title, etag, modified)
    store.finish_ingest(run.ingest_id)


def add_claim(store: Store, cells: Mapping[str, str | None]) -> Ingested:
    """Record one claim by hand; ``cells`` are named as the export's columns.

    Raises RowError, with a sentence, for cells that can't be used; nothing is saved then.
    """
    extraction = recorded(store, cells, "hand")
    result = Ingested()
    with store.transaction():
        ingest_id = store.start_ingest(BY_HAND)
        saved = store.save_record(extraction, ingest_id)
        runs.count(store, ingest_id, saved)
        store.finish_ingest(ingest_id)
    result.count(saved)
    return result


def _readable(source: str) -> str:
    """What is to be read to come to a source of a failure: itself, or the archive it is in."""
    if "://" not in source:
        path = Path(source)
        for parent in path.parents:
            try:
                if parent.is_file():
                    return str(parent)
            except (OSError, ValueError):
                break
    return source


def _options(stated: Stated, reading: Reading) -> str:
    """What an ingest was asked, so that what failed can be tried again as it was asked for."""
    asked = {
        "stated": {key: value for key, value in asdict(stated).items() if value},
        "format": reading.form,
        "map": dict(reading.fields),
        "follow": reading.follow,
    }
    return json.dumps({key: value for key, value in asked.items() if value not in (None, {})})


def _asked(options: str, reading: Reading) -> tuple[Stated, Reading]:
    """The reverse of `_options`; from the web as ``reading`` says."""
    said = json.loads(options)
    asked = replace(
        reading,
        form=said.get("format"),
        fields=said.get("map", {}),
        follow=said.get("follow", True),
    )
    return Stated(**said.get("stated", {})), asked


def _command(names: Sequence[str], options: str) -> str:
    """What tells a command from others: all that it was asked, by this version."""
    told = json.dumps([__version__, names, options])
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _described(names: Sequence[str]) -> str:
    """The sources of an ingest, the first of them by name."""
    named = ", ".join(names[:_NAMED])
    return named if len(names) <= _NAMED else f"{named} and {len(names) - _NAMED:,} more"


def _storable(stated: Stated) -> Stated:
    texts = {name: getattr(stated, name) for name in Stated.__slots__}
    return replace(stated, **{name: storable(text) for name, text in texts.items() if text})
