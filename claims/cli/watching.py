"""A long ingest on a terminal: a bar with rate and time left, and Ctrl-C that stops cleanly."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from claims.cli.shared import complain, plain
from claims.outcome import Ingested, Item, Watch

if TYPE_CHECKING:
    from rich.progress import Progress

_STOPPING = "stopping after the articles in hand; Ctrl-C again stops at once"


class TerminalWatch(Watch):
    """Shows how far an ingest is, tells failures at once, and stops it when Ctrl-C is pressed.

    While the ingest waits for a source it stops at once; while articles are in hand, these are
    finished first. ``total`` is how many bytes of files are to be read, where that is known.
    """

    def __init__(self, total: int | None = None, *, quiet: bool = False) -> None:
        self.is_stopped = False
        self._total = total
        self._is_shown = not quiet and sys.stderr.isatty()
        self._bar: Progress | None = None
        self._task: Any = None
        self._is_waiting = False
        self._read = 0  # bytes
        self._items = 0  # that came from the sources
        self._done = 0  # that are saved, or failed

    @contextmanager
    def watching(self) -> Iterator[None]:
        """What is done inside is shown, and may be stopped."""
        before = signal.signal(signal.SIGINT, self._interrupted)
        try:
            if self._is_shown:
                self._show()
            yield
        finally:
            signal.signal(signal.SIGINT, before)
            if self._bar is not None:
                self._bar.stop()

    def next_of(self, items: Iterator[Item]) -> Item | None:
        """The next item of a source; None also where Ctrl-C was pressed while waiting for it."""
        if self.is_stopped:
            return None
        try:
            self._is_waiting = True
            item = next(items, None)
            self._is_waiting = False
        except KeyboardInterrupt:
            self._is_waiting = False
            self.is_stopped = True
            return None
        self._items += item is not None
        return item

    def read(self, size: int) -> None:
        """Some bytes were read: ahead of the articles in hand, so the bar doesn't move yet."""
        self._read += size

    def took(self, result: Ingested) -> None:
        """Count one more article, and move the bar on: as much of what was read as is done."""
        self._done += 1
        if self._bar is not None:
            share = min(self._done / self._items, 1) if self._items else 1
            done = max(self._read * share, self._bar.tasks[0].completed)
            read = result.articles + result.known + result.failed
            self._bar.update(self._task, completed=done, read=read)

    def failed(self, sentence: str) -> None:
        """Tell what can't be used, above the bar."""
        self._tell(sentence)

    def _interrupted(self, *_signal: object) -> None:
        if self._is_waiting or self.is_stopped:
            raise KeyboardInterrupt
        self.is_stopped = True
        self._tell(_STOPPING)

    def _tell(self, sentence: str) -> None:
        """Say something above the bar, which is drawn anew below."""
        if self._bar is None:
            complain(sentence)
            return
        from rich.text import Text

        self._bar.console.print(Text(f"claims: {plain(sentence)}"), soft_wrap=True)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            SpinnerColumn,
            TaskProgressColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )  # fmt: skip

        known = (BarColumn(), TaskProgressColumn()) if self._total else (SpinnerColumn(),)
        left = (TimeRemainingColumn(), TextColumn("left"))
        columns = (*known, _rate_column(), *(left if self._total else (TimeElapsedColumn(),)))
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("", total=self._total, read=0)
        self._bar.start()


def _rate_column() -> Any:
    from rich.progress import ProgressColumn
    from rich.text import Text

    class RateColumn(ProgressColumn):
        """``1,234 articles, 56 a second``."""

        def render(self, task: Any) -> Text:
            read, seconds = task.fields["read"], task.elapsed or 0
            rate = f", {read / seconds:,.0f} a second" if seconds > 1 else ""
            return Text(f"{read:,} article{'' if read == 1 else 's'}{rate}")

    return RateColumn()
