"""Counts of claims that are kept ahead: how pages answer at once however large a table is.

``claim_counts`` holds how many claims have each value of a column, among all claims and among those
of one frequent value of another (a *selection*: the claims of one speaker, one month …). They hold
up to a claim's id; what came or changed since is the view ``claims_uncounted``, and every reading
here adds it. So counts are right whoever wrote to the database; refreshing only makes them cheaper.

Functions that read take a plain connection, so that Datasette can lend its own.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from claims.store import sets

# Columns with counts, and what they are in SQL on the table claims.
DIMENSIONS = {
    "speaker_id": "speaker_id",
    "outlet_id": "outlet_id",
    "via_outlet_id": "via_outlet_id",
    "kind": "kind",
    "status": "status",
    "published_on": "published_on",
    "month": "substr(published_on, 1, 7)",
}
FREQUENT = 1000  # claims with one value, from which on the counts among them are kept
HAS_SET = 100  # claims with one value, from which on they have a set
ALWAYS_KEPT = {"kind", "status"}  # columns of few values and without an index of their own
REFRESH_AFTER = 2000  # claims that readers may have to add up themselves during an ingest
NO_LIMIT = 1_000_000
_LAST = chr(0x10FFFF)
_NEVER_BOTH = {"published_on", "month"}

Value = str | int


@dataclass(frozen=True, slots=True)
class Selection:
    """Claims whose ``dimension`` has one of some values; without a dimension, all claims."""

    dimension: str = ""
    values: tuple[Value, ...] = ("",)

    def test(self, column: str | None = None) -> str:
        """The same as a condition on a column, with parameters in the values' order."""
        if not self.dimension:
            return "? = ''"
        return f"{column or self.dimension} in ({', '.join('?' * len(self.values))})"


ALL = Selection()


def total(connection: sqlite3.Connection, selection: Selection = ALL) -> int:
    """How many claims a selection has."""
    if not selection.dimension:
        return sum(number for _, number in top(connection, "kind", selection, 3))
    return sum(_numbers(connection, ALL, selection.dimension, selection.values).values())


def top(
    connection: sqlite3.Connection, by: str, selection: Selection = ALL, limit: int = 1000
) -> list[tuple[Value, int]]:
    """The values of a column with most claims of a selection, and how many: as ``group by`` has it.

    Most first, equal ones by value; claims without a value aren't counted. Selections of several
    values beside which counts aren't kept are for `claims.store.narrowed`: they are counted now.
    """
    if by == selection.dimension:
        return ordered(_numbers(connection, ALL, by, selection.values), limit)
    if len(set(selection.values)) > 1 and is_kept(connection, selection, by):
        return _together(connection, by, selection, limit)
    if len(selection.values) > 1 or not is_kept(connection, selection, by):
        return _counted_now(connection, by, selection, limit)
    since = _later(connection, by, selection)
    (value,) = selection.values
    found = _kept_most(connection, (selection.dimension, value, by), limit + len(since))
    others = [value for value in since if value not in found]
    found.update(_kept_numbers(connection, selection, by, others))
    for value, number in since.items():
        found[value] += number
    return ordered(found, limit)


def _together(
    connection: sqlite3.Connection, by: str, selection: Selection, limit: int
) -> list[tuple[Value, int]]:
    """`top` among several values: what has most there has much with one of them.

    What is not among the first of any has at the most as many as the last of these together
    (Fagin's threshold algorithm).
    """
    parts = [Selection(selection.dimension, (value,)) for value in set(selection.values)]
    wanted = limit
    while True:
        wanted *= 2
        firsts = [top(connection, by, part, wanted) for part in parts]
        numbers: Counter[Value] = Counter()
        for part, first in zip(parts, firsts, strict=True):
            numbers.update(dict(first))
            others = {value for one in firsts for value, _ in one} - dict(first).keys()
            if len(first) == wanted and others:
                since = _later(connection, by, part)
                numbers.update(_kept_numbers(connection, part, by, others))
                numbers.update({value: since[value] for value in others})
        bound = sum(first[-1][1] for first in firsts if len(first) == wanted)
        found = ordered(numbers, limit)
        if not bound or (len(found) == limit and found[-1][1] > bound):
            return found


def _kept_most(
    connection: sqlite3.Connection, cells: tuple[str, Value, str], limit: int
) -> Counter[Value]:
    """The kept counts that are largest; those of one claim come by value, as the key has them."""
    found: Counter[Value] = Counter()
    for number in ("claims > 1 order by claims desc, by_value", "claims = 1 order by by_value"):
        rows = connection.execute(
            "select by_value, claims from claim_counts "  # noqa: S608 (words of our own)
            f"where (dimension, value, by) = (?, ?, ?) and {number} limit ?",
            (*cells, limit - len(found)),
        )
        found.update({row[0]: row[1] for row in rows})
    return found


def refresh(connection: sqlite3.Connection) -> None:
    """Bring the counts up to date; inside a transaction of the caller's."""
    connection.execute("drop table if exists temp.uncounted")
    connection.execute("create temp table uncounted as select * from claims_uncounted")
    if connection.execute("select 1 from temp.uncounted limit 1").fetchone():
        _count_speakers(connection)
        for kept in connection.execute("select distinct dimension, by from kept_counts").fetchall():
            connection.execute(_adding(*kept))
        _keep_more(connection)
        _keep_sets(connection)
        if connection.execute("select 1 from temp.uncounted where n < 0 limit 1").fetchone():
            connection.execute("delete from kept_numbers where claims = 0")
    connection.execute("delete from counted_changes")
    connection.execute(
        "update counted set "
        "state = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') || ' ' || hex(randomblob(8)), "
        "claim_id = max(claim_id, (select coalesce(max(id), 0) from claims))"
    )
    connection.execute("drop table temp.uncounted")


def rebuild(connection: sqlite3.Connection) -> None:
    """Count everything anew; inside a transaction of the caller's."""
    for table in (
        "kept_numbers", "kept_counts", "claim_sets", "speaker_counts", "counted_changes"
    ):  # fmt: skip
        connection.execute(f"delete from {table}")  # noqa: S608 (names of our own)
    _keep(connection, "", "select '' as value", DIMENSIONS)
    connection.execute("update counted set claim_id = 0")
    refresh(connection)


def waiting(connection: sqlite3.Connection) -> int:
    """How many claims and changes readers have to add up themselves."""
    return int(connection.execute("select count(*) from claims_uncounted").fetchone()[0])


def is_kept(connection: sqlite3.Connection, selection: Selection, by: str) -> bool:
    """Whether counts by a column among the selection are kept, for each of its values."""
    found = connection.execute(
        "select count(*) from kept_counts where (dimension, by) = (?, ?) "  # noqa: S608 (marks only)
        f"and value in ({', '.join('?' * len(selection.values))})",
        (selection.dimension, by, *selection.values),
    ).fetchone()[0]
    return bool(found == len(set(selection.values)))


def _counted_now(
    connection: sqlite3.Connection, by: str, selection: Selection, limit: int
) -> list[tuple[Value, int]]:
    """Without kept counts: the few claims of a value that is not frequent."""
    if not _numbers(connection, ALL, selection.dimension, selection.values):
        return []
    test, values = selection.test(DIMENSIONS[selection.dimension]), list(selection.values)
    if selection.dimension == "month":  # days have an index, months have none
        test += " and published_on between ? and ?"
        values += [min(selection.values), f"{max(selection.values)}~"]
    return [
        (row[0], row[1])
        for row in connection.execute(
            f"select {DIMENSIONS[by]} as value, count(*) as number from claims "  # noqa: S608
            f"where {test} and value is not null group by value "
            "order by number desc, value limit ?",
            (*values, limit),
        )
    ]


def _later(connection: sqlite3.Connection, by: str, selection: Selection) -> Counter[Value]:
    """What is to be added to the kept counts of a selection."""
    rows = connection.execute(
        f"select {by} as value, sum(n) from claims_uncounted "  # noqa: S608 (names of our own)
        f"where {selection.test()} and value is not null group by value",
        selection.values,
    )
    return Counter({row[0]: row[1] for row in rows})


def _numbers(
    connection: sqlite3.Connection, selection: Selection, by: str, values: Iterable[Value]
) -> Counter[Value]:
    """How many claims of a selection have each of these values; those without any left out."""
    numbers = _kept_numbers(connection, selection, by, values)
    since = _later(connection, by, Selection(by, tuple(values)))
    for value, number in since.items():
        numbers[value] += number
    return Counter({value: number for value, number in numbers.items() if number})


def _kept_numbers(
    connection: sqlite3.Connection, selection: Selection, by: str, values: Iterable[Value]
) -> Counter[Value]:
    numbers: Counter[Value] = Counter()
    for value in values:
        row = connection.execute(
            "select claims from claim_counts where (dimension, value, by, by_value) = (?, ?, ?, ?)",
            (selection.dimension, selection.values[0], by, value),
        ).fetchone()
        if row:
            numbers[value] = row[0]
    return numbers


def ordered(numbers: Counter[Any], limit: int) -> list[tuple[Value, int]]:
    """The values with most claims first, equal ones by value."""
    found = [(value, number) for value, number in numbers.items() if number > 0]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]


def _columns_beside(dimension: str) -> list[str]:
    return [by for by in DIMENSIONS if by != dimension and {by, dimension} != _NEVER_BOTH]


def _count_speakers(connection: sqlite3.Connection) -> None:
    connection.execute(
        "insert or replace into speaker_counts "
        "(speaker_id, claims, outlets, checked, first_said, last_said) "
        "select id, claims, outlets, checked, first_said, last_said from speakers_summary "
        "where id in (select speaker_id from temp.uncounted)"
    )
    connection.execute(
        "delete from speaker_counts where speaker_id in (select speaker_id from temp.uncounted) "
        "and not exists (select 1 from claims where claims.speaker_id = speaker_counts.speaker_id)"
    )


def _adding(dimension: str, by: str) -> str:
    """Add what came and went since to the kept counts of one column among another's values."""
    return (
        "insert into kept_numbers (counts_id, by_value, claims) "  # noqa: S608
        f"select kept.id, later.{by}, sum(n) from temp.uncounted as later "
        f"join kept_counts as kept on kept.dimension = '{dimension}' "
        f"and kept.value = {f'+later.{dimension}' if dimension else repr('')} and kept.by = '{by}' "
        f"where later.{by} is not null group by kept.id, later.{by} having sum(n) <> 0 "
        "on conflict do update set claims = claims + excluded.claims"
    )


def _keep_more(connection: sqlite3.Connection) -> None:
    """Keep the counts among values that have become frequent."""
    for dimension, column in DIMENSIONS.items():
        connection.execute("drop table if exists temp.risen")
        enough = "> 0" if dimension in ALWAYS_KEPT else f"> 1 and claims >= {FREQUENT}"
        connection.execute(
            "create temp table risen as select by_value as value from claim_counts "  # noqa: S608
            f"where (dimension, value, by) = ('', '', ?) and claims {enough} and by_value not in "
            "(select value from kept_counts where dimension = ?)",
            (dimension, dimension),
        )
        if not connection.execute("select 1 from temp.risen").fetchone():
            continue
        beside = _columns_beside(dimension)
        _keep(connection, dimension, "select value from temp.risen", beside)
        for by in beside:
            connection.execute(_counting_anew(dimension, column, by))
    connection.execute("drop table if exists temp.risen")


def _keep(
    connection: sqlite3.Connection, dimension: str, values: str, columns: Iterable[str]
) -> None:
    """Note that the counts by some columns are kept among some values of another (a query)."""
    connection.executemany(
        f"insert into kept_counts (dimension, value, by) select ?, value, ? from ({values})",  # noqa: S608
        [(dimension, by) for by in columns],
    )


def _keep_sets(connection: sqlite3.Connection) -> None:
    """Bring the sets up to date, and make those of values that have become frequent enough."""
    (last,) = connection.execute("select max(claim_id) from temp.uncounted").fetchone()
    if last > sets.LARGEST:
        connection.execute("delete from claim_sets")
        return
    for dimension, column in DIMENSIONS.items():
        sets.add_changes(connection, dimension)
        if sets.has_all(dimension):
            continue
        risen = connection.execute(
            "select by_value from claim_counts as most "
            "where (dimension, value, by) = ('', '', :dimension) and claims >= :claims "
            "and not exists (select 1 from claim_sets "
            "where dimension = :dimension and value = by_value)",
            {
                "dimension": dimension,
                "claims": 1 if dimension in ALWAYS_KEPT else HAS_SET,
            },
        ).fetchall()
        test = f"{column} = :value"
        if dimension == "month":  # days have an index, months have none
            test += " and published_on >= :value and published_on < :value || :last"
        for (value,) in risen:
            rows = connection.execute(
                f"select id from claims where {test} order by id",  # noqa: S608 (names of our own)
                {"value": value, "last": _LAST},
            )
            sets.add_value(connection, dimension, value, (row[0] for row in rows))


def _counting_anew(dimension: str, column: str, by: str) -> str:
    """Count one column among the values that have become frequent in another."""
    claims = f"temp.risen cross join claims on {column} = risen.value"
    if dimension == "month":  # days have an index, months have none
        claims += f" and published_on >= risen.value and published_on < risen.value || '{_LAST}'"
    return (
        "insert into kept_numbers (counts_id, by_value, claims) "  # noqa: S608
        f"select (select id from kept_counts where dimension = '{dimension}' "
        f"and value = risen.value and by = '{by}'), {DIMENSIONS[by]} as counted, count(*) "
        f"from {claims} where counted is not null group by risen.value, counted"
    )
