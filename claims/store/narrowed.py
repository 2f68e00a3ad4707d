"""Counts of claims that pass several tests at once: by speaker and status, by outlet and year …

What the tests have in common is found by intersecting sets of claims (claims/store/sets.py), as far
as claims are counted; those that came or changed since are looked at one by one. The values with
most claims are then looked for among those that have most by one of the tests alone, or among all:
no value can have more claims than it has there (Fagin's threshold algorithm).
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappush, heappushpop

from pyroaring import BitMap

from claims.store import counts, sets
from claims.store.counts import ALL, DIMENSIONS, NO_LIMIT, Selection, Value
from claims.store.periods import Period, of_month
from claims.store.scanned import Given, Scanned

_FEW = 10_000  # claims that are counted one by one
_MANY = 300_000  # claims that are counted so where nothing else helps
_A_TRY = 25  # claims that are counted one by one in the time in which one value is looked at
_TRIES = 500  # values that are looked at before all sets of a column that has all
_MOST_CHANGES = 50_000
_MOST_OF_A_VALUE = 200_000

_REMEMBERED = 16
_BATCH = 10_000

Test = Selection | Period | Scanned | Given


class NotKept(Exception):
    """There are no counts for this, and no quick way to count."""


@dataclass(slots=True)
class Settled:
    """Claims that pass some tests as they were counted; their rows by id, and what was found
    in them, once that was asked for.
    """

    claims: BitMap
    rows: dict[int, tuple[Value | None, ...]] | None = None
    found: dict[tuple[str, int], list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Claims that pass all tests: as they were counted (``settled``), and what came after ``upto``
    or ``changed`` since then.

    A test has one value of a column, or several, is a period, or looks at rows. ``claims`` are the
    settled ones that haven't changed.
    """

    tests: tuple[Test, ...]
    settled: Settled
    claims: BitMap
    upto: int
    changed: tuple[int, ...]


# What was found lately, by the state of the counts: what changes later is in counted_changes.
_recent: dict[tuple[str, tuple[Test, ...]], Settled] = {}


def narrowed(connection: sqlite3.Connection, tests: Sequence[Test]) -> Narrowed:
    """The claims that pass all of some tests. Raises NotKept where too many changed of late, or
    ids are too large for sets.
    """
    upto, state = connection.execute("select claim_id, state from counted").fetchone()
    changed = tuple(
        row[0]
        for row in connection.execute(
            "select distinct claim_id from counted_changes limit ?", (_MOST_CHANGES,)
        )
    )
    if len(changed) == _MOST_CHANGES or upto > sets.LARGEST:
        raise NotKept
    together = tuple(of_month(test) for test in tests)
    if any(isinstance(test, Scanned) for test in tests):
        state += _changes(connection)
    settled = _recent.get((state, together))
    # One that writes may see what is then rolled back: nothing of that is to be remembered.
    if settled is None or connection.total_changes:
        settled = Settled(_intersection(connection, together, upto))
        if not connection.total_changes:
            _remember((state, together), settled)
    claims = settled.claims - BitMap(changed) if changed else settled.claims
    return Narrowed(together, settled, claims, upto, changed)


def _changes(connection: sqlite3.Connection) -> str:
    """What is another after each change of what claims and their articles say."""
    changes, articles = connection.execute(
        "select (select max(id) from history), (select max(id) from articles)"
    ).fetchone()
    return f" {changes} {articles}"


def _remember(key: tuple[str, tuple[Test, ...]], settled: Settled) -> None:
    """Keep it for the next questions, of which one page has several, and forget the oldest."""
    _recent[key] = settled
    for oldest in list(_recent)[:-_REMEMBERED]:
        _recent.pop(oldest, None)


def _intersection(connection: sqlite3.Connection, tests: tuple[Test, ...], upto: int) -> BitMap:
    found: BitMap | None = None
    for test in sorted(tests, key=lambda test: isinstance(test, Scanned)):
        if isinstance(test, Period):
            claims = test.claims(connection)
        elif isinstance(test, Scanned | Given):
            claims = test.claims(connection, found)
        else:
            claims = _claims(connection, test, upto)
        found = claims if found is None else found & claims
    return found or BitMap()


def size(connection: sqlite3.Connection, chosen: Narrowed) -> int:
    """How many claims pass all tests."""
    return len(chosen.claims) + sum(_later(connection, chosen, "id").values())


def ids(connection: sqlite3.Connection, chosen: Narrowed) -> list[int]:
    """The claims that pass all tests, by id."""
    return sorted({*chosen.claims, *map(int, _later(connection, chosen, "id"))})


def most(
    connection: sqlite3.Connection, chosen: Narrowed, by: str, limit: int = 1000
) -> list[tuple[Value, int]]:
    """The values of a column with most of the chosen claims: as ``counts.top`` has them.

    Raises NotKept where that would take long.
    """
    later = _later(connection, chosen, DIMENSIONS[by])
    if len(chosen.claims) <= _FEW:
        return counts.ordered(_one_by_one(connection, chosen, by) + later, limit)
    found: Counter[Value] = Counter()
    best: list[int] = []
    for tried, (value, bound) in enumerate(_candidates(connection, chosen, by)):
        if len(best) == limit and (
            best[0] > bound or (best[0] == bound and counts.ordered(found, limit)[-1][0] < value)  # type: ignore[operator]
        ):
            break
        if tried == _TRIES and sets.has_all(by):
            return counts.ordered(sets.all_shared(connection, by, chosen.claims) + later, limit)
        if tried * _A_TRY > len(chosen.claims):
            if len(chosen.claims) > _MANY:
                raise NotKept
            return counts.ordered(_one_by_one(connection, chosen, by) + later, limit)
        number = _number(connection, chosen, by, value) + later[value]
        if number:
            found[value] = number
            heappush(best, number) if len(best) < limit else heappushpop(best, number)
    return counts.ordered(found, limit)


def found(connection: sqlite3.Connection, chosen: Narrowed, terms: str, limit: int) -> list[int]:
    """The chosen claims with terms of the index (`match_terms`), the latest ids first."""
    known = chosen.settled.found.get((terms, limit))
    if known is None:
        known = []
        settled = chosen.settled.claims
        matches = connection.execute(
            "select rowid from claims_fts where claims_fts match ? and rowid between ? and ? "
            "order by rowid desc",
            (terms, settled[0], settled[-1]) if settled else (terms, 1, 0),
        )
        while len(known) < limit + len(chosen.changed) and (some := matches.fetchmany(_BATCH)):
            known += reversed(BitMap([row[0] for row in some]) & settled)
        chosen.settled.found[terms, limit] = known
    later = _later(connection, chosen, "id")
    since = connection.execute(
        "select rowid from claims_fts where claims_fts match ? "
        "and rowid in (select value from json_each(?))",
        (terms, json.dumps(list(later))),
    )
    matching = [row[0] for row in since] if later else []
    matching += [claim_id for claim_id in known if claim_id in chosen.claims]
    return sorted(matching, reverse=True)[:limit]


def number(connection: sqlite3.Connection, chosen: Narrowed, by: str, value: Value) -> int:
    """How many of the chosen claims have a value in a column."""
    later = _later(connection, chosen, DIMENSIONS[by])
    return _number(connection, chosen, by, value) + later[value]


def _claims(connection: sqlite3.Connection, test: Selection, upto: int) -> BitMap:
    """The claims of a selection, as far as claims are counted."""
    found = sets.of_values(connection, test.dimension, test.values)
    for value in set(test.values):
        if sets.has_set(connection, test.dimension, value):
            continue
        ids = _ids(connection, test.dimension, value)
        found |= BitMap([claim_id for claim_id in ids if claim_id <= upto])
    return found


def _ids(connection: sqlite3.Connection, dimension: str, value: Value) -> list[int]:
    """The claims of a value without a set, by an index: it is not frequent."""
    if dimension in counts.ALWAYS_KEPT:
        return []  # nobody has it: any that somebody has is kept
    test, values = f"{DIMENSIONS[dimension]} = ?", [value]
    if dimension == "month":
        test += " and published_on >= ? and published_on < ?"
        values += [value, f"{value}\U0010ffff"]
    rows = connection.execute(
        f"select id from claims where {test} limit {_MOST_OF_A_VALUE}",  # noqa: S608 (names of ours)
        values,
    ).fetchall()
    if len(rows) == _MOST_OF_A_VALUE:
        raise NotKept
    return [row[0] for row in rows]


def _later(connection: sqlite3.Connection, chosen: Narrowed, column: str) -> Counter[Value]:
    """What came or changed since the counts, one by one."""
    tests = " and ".join(
        test.test(f"+{DIMENSIONS[test.dimension]}")
        if isinstance(test, Selection)
        else test.test("+published_on")
        for test in chosen.tests
    )
    values = [value for test in chosen.tests for value in test.values]
    found: Counter[Value] = Counter()
    for ids, given in (
        ("id > ?", chosen.upto),
        ("id in (select value from json_each(?))", json.dumps(chosen.changed)),
    ):
        if ids.startswith("id in") and not chosen.changed:
            continue
        within = "" if ids.startswith("id >") else f"and id <= {chosen.upto}"
        for value, number in connection.execute(
            f"select {column} as value, count(*) from claims not indexed "  # noqa: S608
            f"where {ids} {within} and {tests} and value is not null group by value",
            (given, *values),
        ):
            found[value] += number
    return found


def _one_by_one(connection: sqlite3.Connection, chosen: Narrowed, by: str) -> Counter[Value]:
    """Rows that are few are read once for all columns."""
    if len(chosen.claims) > _FEW:
        rows = connection.execute(
            f"select {DIMENSIONS[by]} as value, count(*) from claims "  # noqa: S608 (names of ours)
            "where id in (select value from json_each(?)) and value is not null group by value",
            (_json(chosen.claims),),
        )
        return Counter({row[0]: row[1] for row in rows})
    known = chosen.settled.rows
    if known is None:
        known = chosen.settled.rows = {
            row[0]: row[1:]
            for row in connection.execute(
                f"select id, {', '.join(DIMENSIONS.values())} from claims "  # noqa: S608 (as above)
                "where id in (select value from json_each(?))",
                (_json(chosen.claims),),
            )
        }
    column = list(DIMENSIONS).index(by)
    found = Counter(known[claim_id][column] for claim_id in chosen.claims)
    return Counter({value: number for value, number in found.items() if value is not None})


def _json(claims: BitMap) -> str:
    return json.dumps(list(claims))


def _number(connection: sqlite3.Connection, chosen: Narrowed, by: str, value: Value) -> int:
    """How many of the settled claims have a value."""
    found = sets.shared(connection, by, value, chosen.claims)
    if found is None:
        ids = _ids(connection, by, value)
        return sum(1 for claim_id in ids if claim_id in chosen.claims)
    return found


def _candidates(
    connection: sqlite3.Connection, chosen: Narrowed, by: str
) -> Iterator[tuple[Value, int]]:
    """Values with a number of claims that they can't exceed, by falling numbers."""
    for test in chosen.tests:
        if isinstance(test, Selection) and test.dimension == by:
            yield from ((value, NO_LIMIT) for value in sorted(set(test.values), key=str))
            return
    bound = _tightest(connection, chosen, by)
    seen: set[Value] = set()
    for limit in (64, 1024, 16 * 1024, NO_LIMIT):
        some = counts.top(connection, by, bound, limit)
        for value, number in some:
            if value not in seen and _is_possible(chosen, by, value):
                yield value, number
        seen.update(value for value, _ in some)
        if len(some) < limit:
            return


def _is_possible(chosen: Narrowed, by: str, value: Value) -> bool:
    """Whether claims of a day can be among the chosen ones."""
    return by != "published_on" or all(
        test.first <= str(value) < test.end for test in chosen.tests if isinstance(test, Period)
    )


def _tightest(connection: sqlite3.Connection, chosen: Narrowed, by: str) -> Selection:
    """The test that leaves the fewest claims, of those beside which counts by a column are kept."""
    kept = [
        test
        for test in chosen.tests
        if isinstance(test, Selection)
        and len(test.values) == 1
        and counts.is_kept(connection, test, by)
    ]
    return min(kept, key=lambda test: counts.total(connection, test), default=ALL)
