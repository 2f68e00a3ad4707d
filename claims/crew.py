"""Worker processes that find articles and claims in what a source gave.

The parent reads sources and writes the database. It deals out what it reads in small lots, and gets
back what was found in the order of the source, so that what is written is the same however many
work. What is on its way is bounded, and so is memory. An article on which a worker dies or gets
stuck is a failure; another worker takes over the rest. With one job, the parent does the work and a
worker only what is so long that it might get stuck: finding articles and claims takes time linear
in length (benchmarks/doubling.py), so that the others end in seconds.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claims.errors import ClaimsError
from claims.models import Stated
from claims.tasks import Found, Task, understand

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_LOT = 24  # articles dealt out at once
_LOT_SIZE = 60_000  # code points of them, unless one alone is longer
_LOTS_IN_HAND = 2  # that a worker has: one to work on, one to go on with
_ON_THE_WAY = 512  # items between reading and writing
_ON_THE_WAY_SIZE = 8_000_000  # code points of them
_PATIENCE = 60.0  # seconds for one article
_PACE = 10_000  # code points a second that a worker manages at the very least
_LONG = 500_000  # code points from which an article gets a process with a time limit
_STARTING = 120.0  # seconds in which a worker has to begin
_DEATHS = 2  # of workers on one article, after which it is given up
_DIED = "the process that read it died; is there enough memory?"
_STUCK = "reading it took too long"


def worked(
    tasks: Iterator[Task],
    stated: Stated,
    jobs: int = 1,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Task]:
    """The tasks in their order, each with its outcome; what is in hand when stopped still comes.

    One job is done here but for long articles, more by as many worker processes. Raises ClaimsError
    where these can't be started.
    """
    crew = _Crew(jobs if jobs > 1 else 0, stated)
    try:
        if jobs > 1:
            yield from crew.worked(tasks, is_stopped)
            return
        for task in tasks:
            if task.size >= _LONG and task.needs_work:
                yield from crew.worked_apart(task, is_stopped)
            else:
                if task.needs_work and isinstance(task.item, Found):
                    task.outcome = understand(task.item, stated)
                yield task
            if is_stopped():
                return
    finally:
        crew.close()


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Crew:
    """Worker processes, and what is between them and the database."""

    def __init__(self, jobs: int, stated: Stated) -> None:
        self._stated = stated
        self._workers = [_Worker(stated) for _ in range(jobs)]
        self._pending: deque[Task] = deque()  # in the order of the source
        self._size = 0  # of what is pending
        self._lot: list[Task] = []  # being put together
        self._lots: deque[list[Task]] = deque()  # to be dealt out

    def worked(self, tasks: Iterator[Task], is_stopped: Callable[[], bool]) -> Iterator[Task]:
        """The tasks in their order, each with its outcome."""
        is_over = False
        while not is_over or self._pending:
            while not is_over and self._has_room():
                task = next(tasks, None)
                if task is None:
                    is_over = True
                else:
                    self._take(task)
                self._deal()
                self._collect(0)
                if self._pending and self._is_done(self._pending[0]):
                    break
            if is_stopped():
                is_over = True
                self._drop_what_nobody_has()
            self._deal()
            while self._pending and self._is_done(self._pending[0]):
                done = self._pending.popleft()
                self._size -= done.size
                yield done
            if self._pending and (is_over or not self._has_room()):
                self._collect(1.0)

    def worked_apart(self, task: Task, is_stopped: Callable[[], bool]) -> list[Task]:
        """One task done by a worker, or here without a limit where none can be started."""
        if not self._workers:
            self._workers.append(_Worker(self._stated))
        try:
            return list(self.worked(iter([task]), is_stopped))
        except ClaimsError:
            self._pending.clear()
            self._workers.clear()
            assert isinstance(task.item, Found)  # noqa: S101 (for the type)
            task.outcome = understand(task.item, self._stated)
            return [task]

    def close(self) -> None:
        """Let all processes end."""
        for worker in self._workers:
            worker.stop()

    def _has_room(self) -> bool:
        return len(self._pending) < _ON_THE_WAY and self._size < _ON_THE_WAY_SIZE

    def _is_done(self, task: Task) -> bool:
        return task.is_ready or not task.needs_work

    def _take(self, task: Task) -> None:
        self._pending.append(task)
        self._size += task.size
        if task.needs_work:
            self._lot.append(task)
            if len(self._lot) >= _LOT or sum(one.size for one in self._lot) >= _LOT_SIZE:
                self._lots.append(self._lot)
                self._lot = []

    def _deal(self) -> None:
        """Give lots to workers; a worker without any gets one that isn't full yet."""
        for worker in sorted(self._workers, key=lambda worker: len(worker.lots)):
            if len(worker.lots) < _LOTS_IN_HAND and self._lots:
                worker.give(self._lots.popleft())
            elif not worker.lots and self._lot:
                lot, self._lot = self._lot, []
                worker.give(lot)

    def _collect(self, seconds: float) -> None:
        """Take what workers found, waiting for some time where there is nothing yet."""
        from multiprocessing.connection import wait

        busy = [worker for worker in self._workers if worker.lots]
        ready = wait([worker.connection for worker in busy], seconds)
        for worker in [worker for worker in busy if worker.connection in ready]:
            try:
                worker.take()
                while worker.lots and worker.connection.poll():
                    worker.take()
            except (EOFError, OSError):
                self._replace(worker, has_died=True)
        for worker in self._workers:
            if worker.lots and time.monotonic() > worker.deadline:
                self._replace(worker, has_died=False)

    def _replace(self, worker: _Worker, *, has_died: bool) -> None:
        """Another worker instead of one that died or is stuck, to go on with what that one had.

        The article that it was on is a failure; one that it died on gets a second chance, since
        the system may have ended the process for other reasons.
        """
        worker.kill()
        if not worker.has_begun:
            raise ClaimsError("worker processes can't be started here; go on with --jobs 1")
        first, *lots = worker.lots
        culprit, *rest = first
        culprit.deaths += has_died
        if has_died and culprit.deaths < _DEATHS:
            lots[:0] = [[culprit], rest]
        else:
            culprit.outcome = f"{culprit.place}: {_DIED if has_died else _STUCK}"
            culprit.is_ready = True
            lots.insert(0, rest)
        self._lots.extendleft(reversed([lot for lot in lots if lot]))
        self._workers[self._workers.index(worker)] = _Worker(self._stated)

    def _drop_what_nobody_has(self) -> None:
        """Forget tasks that no worker has yet, and all after the first of them."""
        waiting = {id(task) for lot in [*self._lots, self._lot] for task in lot}
        kept: deque[Task] = deque()
        for task in self._pending:
            if id(task) in waiting:
                break
            kept.append(task)
        self._pending = kept
        self._lots.clear()
        self._lot = []


@dataclass(slots=True, eq=False)
class _Worker:
    """One process, and the tasks it has in hand: those of its lots that it hasn't given back."""

    stated: Stated
    lots: deque[list[Task]] = field(default_factory=deque)
    deadline: float = 0.0
    has_begun: bool = False
    connection: Connection[Any, Any] = field(init=False)
    process: Any = field(init=False)

    def __post_init__(self) -> None:
        from multiprocessing import get_context

        context = get_context("spawn")  # a fork would take locks of other threads with it
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, self.stated), daemon=True)
        with _deaf_to_interrupts():
            self.process.start()
        theirs.close()

    def give(self, lot: list[Task]) -> None:
        """Hand out a lot."""
        self.lots.append(lot)
        if len(self.lots) == 1:
            self._be_patient()
        with suppress(OSError):  # it died: taking what it found tells
            self.connection.send([task.item for task in lot])

    def take(self) -> None:
        """Take what was found in the next article, or word that the process has begun.

        Raises EOFError or OSError when the process is gone.
        """
        outcome = self.connection.recv()
        if outcome is None:
            self.has_begun = True
        else:
            task = self.lots[0].pop(0)
            task.outcome, task.is_ready = outcome, True
            if not self.lots[0]:
                self.lots.popleft()
        self._be_patient()

    def _be_patient(self) -> None:
        if self.lots:
            seconds = _PATIENCE + self.lots[0][0].size / _PACE if self.has_begun else _STARTING
            self.deadline = time.monotonic() + seconds

    def stop(self) -> None:
        """Let the process end: it does when nobody is at the other end of its connection."""
        self.connection.close()
        self.process.join(5)
        self.kill()

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.join()
        self.connection.close()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """What is started inside never hears of Ctrl-C: that is for the parent to deal with."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection[Any, Any], stated: Stated) -> None:
    """What a worker process does: find the articles in the lots that come, one by one.

    Lots are received by a thread of their own, so that the parent never waits to hand one out
    while this waits for it to take what was found.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lots: queue.SimpleQueue[list[Found]] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, lots), daemon=True).start()
    try:
        connection.send(None)
        while True:
            for found in lots.get():
                connection.send(understand(found, stated))
    except OSError:  # the parent is gone
        return


def _receive(connection: Connection[Any, Any], lots: queue.SimpleQueue[list[Found]]) -> None:
    while True:
        try:
            lots.put(connection.recv())
        except (EOFError, OSError):
            os._exit(0)  # the parent is done or gone: no article is worth going on with
