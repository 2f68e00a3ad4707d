"""A figure of the benchmarks: a ratio against a peer in the same run, and its bar."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio; without one, ``note`` says why it was left out."""

    work: str
    ratio: float | None
    bar: float
    at_least: bool = False  # whether more is better
    note: str = ""

    @property
    def passed(self) -> bool | None:
        """Whether the bar is met; None when the work was left out."""
        if self.ratio is None:
            return None
        return self.ratio >= self.bar if self.at_least else self.ratio <= self.bar


def left_out(work: str, bar: float, why: str, at_least: bool = False) -> Figure:
    """A figure that could not be taken here."""
    return Figure(work, None, bar, at_least, why)


def in_turns(
    work: dict[str, Callable[[], object]], rounds: int = 5, clock: Callable[[], float] | None = None
) -> dict[str, float]:
    """The least time of each, taken in turns, so that other programs disturb all alike."""
    clock = clock or time.process_time
    least: dict[str, float] = {}
    for _ in range(rounds):
        for name, run in work.items():
            started = clock()
            run()
            took = clock() - started
            least[name] = min(took, least.get(name, took))
    return least
