"""What an ingest brought, and how somebody watches it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from claims.store import Saved

Item = TypeVar("Item")
_MOST_TOLD = 1_000  # sentences that are kept; failures beyond are counted, and in the database


class Ids:
    """Ids in the order they came, kept as ranges: those of a million articles take no room."""

    def __init__(self) -> None:
        self._ranges: list[list[int]] = []

    def add(self, number: int) -> None:
        """Add one more, unless it is the one that came last."""
        if self._ranges and self._ranges[-1][1] in (number, number - 1):
            self._ranges[-1][1] = number
        else:
            self._ranges.append([number, number])

    def ranges(self) -> list[tuple[int, int]]:
        """First and last of each range, in ascending order, each id in one of them."""
        merged: list[list[int]] = []
        for first, last in sorted(self._ranges):
            if merged and first <= merged[-1][1] + 1:
                merged[-1][1] = max(last, merged[-1][1])
            else:
                merged.append([first, last])
        return [(first, last) for first, last in merged]

    def __iter__(self) -> Iterator[int]:
        """Each id once, ascending."""
        for first, last in self.ranges():
            yield from range(first, last + 1)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._ranges)


@dataclass(slots=True)
class Ingested:
    """What an ingest brought.

    ``articles`` and ``claims`` count what is new, ``changed`` those of the new articles that are
    versions of a known page, ``known`` the articles that were there already. ``articles_read`` and
    ``new_claims`` are ids. ``unread`` are languages of articles without rules. ``failed`` counts
    failures, ``failures`` are the sentences of the first thousand. ``usable`` and ``troubled`` are
    the sources, as named, of which something went in and something failed; ``is_bad_input`` where
    a row of a person's own table failed. ``is_stopped`` where it is to be gone on with.
    """

    articles: int = 0
    changed: int = 0
    known: int = 0
    claims: int = 0
    articles_read: Ids = field(default_factory=Ids)
    new_claims: Ids = field(default_factory=Ids)
    unread: set[str] = field(default_factory=set)
    failed: int = 0
    failures: list[str] = field(default_factory=list)
    usable: set[str] = field(default_factory=set)
    troubled: set[str] = field(default_factory=set)
    is_bad_input: bool = False
    is_stopped: bool = False
    _began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long it took until now."""
        return time.monotonic() - self._began

    @property
    def article_ids(self) -> list[int]:
        """The ids of all articles read, ascending."""
        return list(self.articles_read)

    @property
    def claim_ids(self) -> list[int]:
        """The ids of new claims, ascending."""
        return list(self.new_claims)

    @property
    def is_bad(self) -> bool:
        """Whether a source that was named held nothing that can be used, or a row was wrong."""
        return self.is_bad_input or bool(self.troubled - self.usable)

    def count(self, saved: Saved) -> None:
        """Add what one article or record brought."""
        self.articles += saved.new
        self.changed += saved.changed
        self.known += not saved.new
        self.claims += len(saved.claim_ids)
        self.articles_read.add(saved.article_id)
        for claim_id in saved.claim_ids:
            self.new_claims.add(claim_id)

    def fail(self, sentence: str, named: str, *, is_bad_input: bool) -> None:
        """Add a failure of a source, as it was named."""
        self.failed += 1
        if len(self.failures) < _MOST_TOLD:
            self.failures.append(sentence)
        self.troubled.add(named)
        self.is_bad_input = self.is_bad_input or is_bad_input


class Watch:
    """What an ingest tells of its progress, and what may stop it; this one does neither."""

    is_stopped = False

    def next_of(self, items: Iterator[Item]) -> Item | None:
        """The next item or part: where an ingest waits, and may be stopped at once."""
        return next(items, None)

    def read(self, size: int) -> None:
        """Some bytes of a file were read."""

    def took(self, result: Ingested) -> None:
        """One more article or record was saved, or failed."""

    def failed(self, sentence: str) -> None:
        """Something can't be used."""
