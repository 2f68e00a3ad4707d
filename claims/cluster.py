"""Extraction on many machines: parts of an ingest on a Dask cluster (https://docs.dask.org).

A part is some files, or a stretch of a long one, worked on as a whole by one worker, as
`claims.tasks` does it anywhere. Where a worker dies, Dask gives its parts to another. Parts come
back in the order of the sources, so that a database filled from them is the same as one that a
single machine fills.
"""

from __future__ import annotations

import io
import logging
import os
import tempfile
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

from claims import __version__
from claims.errors import ClaimsError, MissingExtraError, SourceError
from claims.models import Stated
from claims.parts import About, Brought, about_part, write_part
from claims.sources import Form, Reading, files_of, is_remote, opened, raw_source
from claims.sources.fetching import NoFetcher
from claims.sources.stretches import Stretch, read_stretch, stretches_of
from claims.tasks import Found, Task, digest_of, understand

LOCAL = "local"  # the address of a cluster that is made here, for this one ingest
PART_SIZE = 32 * 1024 * 1024  # bytes of files, packed as they are, in one part
_MOST_FILES = 2_000  # in one part
_IN_HAND = 2  # parts for each thread of the cluster: one to work on, one to go on with
_PATIENCE = 60  # seconds for the first worker to come


@dataclass(frozen=True, slots=True)
class Unit:
    """One file of a part, or a stretch of one; ``named`` is its source, as the person named it."""

    named: str
    name: str
    is_last: bool
    stretch: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What one part is made from; all that a worker needs to know. ``size`` is in bytes."""

    about: About
    units: tuple[Unit, ...]
    stated: Stated
    form: Form | None
    fields: dict[str, str]
    folder: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is done: what it holds, and its bytes where it isn't a file of the folder.

    ``size`` is that of the files it was made from, in bytes.
    """

    about: About
    brought: Brought
    size: int
    content: bytes | None = None


def plan(
    names: Sequence[str], stated: Stated, reading: Reading, options: str, folder: str | None = None
) -> list[Work]:
    """The parts of an ingest, in the order of its sources.

    With a ``folder`` (a path that all workers have, or an address that fsspec knows) they are to be
    written there. Raises ClaimsError for sources that many machines can't read.
    """
    units: list[list[Unit]] = [[]]
    sizes = [0]
    for name in names:
        if name == "-" or ("://" in name and not is_remote(name)):
            raise ClaimsError(
                f"{name}: a cluster reads files; standard input and addresses on the web are for "
                "one machine: leave out --dask"
            )
        found = list(_pieces(name, reading))
        for number, (unit, size) in enumerate(found, 1):
            is_full = sizes[-1] + size > PART_SIZE or len(units[-1]) >= _MOST_FILES
            if units[-1] and is_full:
                units.append([])
                sizes.append(0)
            sizes[-1] += size
            units[-1].append(replace(unit, is_last=number == len(found)))
    return [
        Work(
            About(tuple(names), options, number, len(units)),
            tuple(some),
            stated,
            reading.form,
            dict(reading.fields),
            folder,
            size,
        )
        for number, (some, size) in enumerate(zip(units, sizes, strict=True), 1)
    ]


def _pieces(name: str, reading: Reading) -> Iterator[tuple[Unit, int]]:
    """The files of a source, long ones in stretches, and their sizes in bytes."""
    for file in files_of(name):
        stretches = stretches_of(file, reading, PART_SIZE)
        for stretch in stretches:
            yield Unit(name, file.name, False, stretch), stretch.size
        if not stretches:
            yield Unit(name, file.name, False), file.size


def worked_parts(address: str, works: Sequence[Work]) -> Generator[Part]:
    """The parts in their order, made on the cluster at an address, or on a local one.

    Raises ClaimsError, with a sentence, when it can't be reached or can't do it, and
    MissingExtraError without Dask.
    """
    with _client(address) as client:
        pending: deque[Any] = deque()
        waiting = iter(works)
        while True:
            most = max(_IN_HAND, _IN_HAND * sum(client.nthreads().values()))
            while len(pending) < most and (work := next(waiting, None)) is not None:
                pending.append((work, client.submit(make_part, work, pure=False)))
            if not pending:
                return
            work, future = pending.popleft()
            yield _result(work, future)


def make_part(work: Work) -> Part:
    """What a worker does: read some files, find their articles and claims, write a part.

    One that is in the folder already is left as it is. Raises ClaimsError where the folder can't be
    written to, or has parts of another ingest.
    """
    if work.folder is None:
        output = io.BytesIO()
        brought = write_part(output, work.about, _tasks(work))
        return Part(work.about, brought, work.size, output.getvalue())
    name = f"{work.folder.rstrip('/')}/{work.about.name}"
    there = _there(name, work.about)
    if there is not None:
        return Part(work.about, there, work.size)
    with _written(name) as file:
        return Part(work.about, write_part(file, work.about, _tasks(work)), work.size)


def _tasks(work: Work) -> Iterator[Task]:
    reading = Reading(work.form, work.fields, fetcher=NoFetcher())
    for unit in work.units:
        read = raw_source(unit.name, reading)
        if unit.stretch is not None:
            read = read_stretch(unit.name, unit.stretch, reading)
        for item in read:
            task = Task(unit.named, item)
            if not isinstance(item, SourceError):
                task.digest = digest_of(item, work.stated)
            if isinstance(item, Found):
                task.outcome = understand(item, work.stated)
            yield task
        if unit.is_last:
            yield Task(unit.named, None)


def _there(name: str, about: About) -> Brought | None:
    """What a part holds that is there already; None for none, and for one that isn't whole."""
    try:
        with open_part(name) as stream:
            found, brought = about_part(stream, name)
    except (SourceError, OSError):
        return None
    if found != about:
        raise ClaimsError(f"{name}: this is a part of another ingest; name an empty folder")
    return brought


def whole_ingest(names: Sequence[str]) -> tuple[About, list[str]]:
    """The parts of one ingest in their order, from names of files and folders.

    Raises SourceError for what is no part, for parts of several ingests, and where one is missing.
    """
    found: dict[int, str] = {}
    first: About | None = None
    for name in chain.from_iterable(map(_part_names, names)):
        try:
            with open_part(name) as stream:
                about, _ = about_part(stream, name)
        except OSError as error:
            raise SourceError(f"{name}: can't be read ({error.strerror or error})") from error
        first = first or about
        if not about.is_with(first) or found.setdefault(about.number, name) != name:
            raise SourceError(f"{name}: this is a part of another ingest; load each by itself")
    if first is None:
        raise SourceError(f"{', '.join(names)}: there are no parts of an ingest here")
    missing = set(range(1, first.parts + 1)) - set(found)
    if missing:
        raise SourceError(
            f"of the {first.parts} parts of this ingest, {len(missing)} are not here, the first is "
            f"number {min(missing)}; the same `claims ingest --dask` writes what is missing"
        )
    if first.version != __version__:
        raise SourceError(
            f"these parts were written by claims {first.version}, and this is {__version__}; "
            "load them with that version"
        )
    return first, [found[number] for number in sorted(found)]


def _part_names(name: str) -> list[str]:
    """The parts that a name means: of a folder, those that are in it."""
    names = [file.name for file in files_of(name)]
    return [one for one in names if one.endswith(".parquet")] if names != [name] else names


@contextmanager
def open_part(name: str) -> Iterator[BinaryIO]:
    """A part by the name of its file, open for reading. Raises SourceError or OSError."""
    if is_remote(name):
        with opened(name) as stream:
            yield stream
    else:
        with Path(name).open("rb") as file:
            yield file


@contextmanager
def _written(name: str) -> Iterator[BinaryIO]:
    """A file that is there when it is whole: object stores do so by themselves."""
    if is_remote(name):
        with opened(name, "wb") as stream:
            yield stream
        return
    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            try:
                yield cast(BinaryIO, file)
                file.close()
                os.replace(file.name, path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise ClaimsError(f"{name}: can't be written ({error.strerror})") from error


def _result(work: Work, future: Any) -> Part:
    from distributed.scheduler import KilledWorker

    try:
        return cast(Part, future.result())
    except ClaimsError:
        raise
    except KilledWorker as error:
        raise ClaimsError(
            f"part {work.about.number} of {work.about.parts} ({work.units[0].name} …): every "
            "worker that tried it died; is there enough memory?"
        ) from error
    except Exception as error:  # whatever went wrong on a machine of the user's cluster
        raise ClaimsError(
            f"part {work.about.number} of {work.about.parts}: the cluster could not do it "
            f"({type(error).__name__}: {error})"
        ) from error


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """A client of the cluster, whose workers have this version of claims."""
    distributed = _distributed()
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is told here
    cluster = None
    try:
        if address == LOCAL:
            cluster = distributed.LocalCluster(threads_per_worker=1, dashboard_address=None)
        client = distributed.Client(cluster or address, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise ClaimsError(
            f"{address}: no Dask scheduler answers there; addresses are like tcp://host:8786, or "
            f"local ({error})"
        ) from error
    try:
        _check(client, address)
        yield client
    finally:
        client.close()
        if cluster is not None:
            cluster.close()


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise MissingExtraError.of("Clusters", "dask", error) from error
    return distributed


def _check(client: Any, address: str) -> None:
    """Raise ClaimsError unless there are workers, and all with this version."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
        versions = set(client.run(_version).values())
    except TimeoutError as error:
        raise ClaimsError(f"{address}: this cluster has no workers") from error
    except Exception as error:  # whatever importing claims raises on a worker
        raise ClaimsError(
            f"{address}: its workers can't run claims ({type(error).__name__}: {error}); install "
            f"'claims[dask]=={__version__}' there"
        ) from error
    if versions != {__version__}:
        raise ClaimsError(
            f"{address}: its workers have claims {', '.join(sorted(versions))}, and this is "
            f"{__version__}; install the same everywhere"
        )


def _version() -> str:
    return __version__
