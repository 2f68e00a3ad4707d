"""A long ingest on a terminal: a bar with rate and time left, and Ctrl-C that stops cleanly."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from claims.cli.shared import complain
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
        self._waiting_failures: list[str] = []

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
        return item

    def read(self, size: int) -> None:
        """Move the bar on."""
        if self._bar is not None:
            self._bar.update(self._task, advance=size)

    def took(self, result: Ingested) -> None:
        """Count one more article."""
        if self._bar is not None:
            self._bar.update(self._task, read=result.articles + result.known + result.failed)

    def failed(self, sentence: str) -> None:
        """Tell what can't be used, above the bar."""
        complain(sentence)

    def _interrupted(self, *_signal: object) -> None:
        if self._is_waiting or self.is_stopped:
            raise KeyboardInterrupt
        self.is_stopped = True
        complain(_STOPPING)

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
            return Text(f"{read:,} articles{rate}")

    return RateColumn()
