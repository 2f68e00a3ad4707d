"""Which claims have which value, as compressed bitmaps of their ids.

``claim_sets`` has the claims of each frequent value of a column, and of each day, in pieces of
131,072 ids; what many claims have in common is then found by intersecting a few of them (Roaring
bitmaps: Lemire and others, Software: Practice and Experience 46, 2016). Like the counts beside
which they are kept (claims/store/counts.py), they hold up to a claim's id; claims that came or
changed since are in ``claims_uncounted``.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from pyroaring import BitMap

LARGEST = (1 << 32) - 1  # the last id that a set can have; with later ones there are no sets
_PIECE = 17  # bits of an id that tell its place in a piece
# Days have sets however few claims they have: periods are made of them.
_ALL_VALUES = "published_on"

Value = str | int
_Row = tuple[str, Value, int, bytes | None]


def has_all(dimension: str) -> bool:
    """Whether each value of a column has a set, frequent or not."""
    return dimension == _ALL_VALUES


def has_set(connection: sqlite3.Connection, dimension: str, value: Value) -> bool:
    """Whether the claims of a value have a set."""
    found = connection.execute(
        "select 1 from claim_sets where dimension = ? and value = ? limit 1", (dimension, value)
    )
    return has_all(dimension) or found.fetchone() is not None


def of_values(connection: sqlite3.Connection, dimension: str, values: Iterable[Value]) -> BitMap:
    """The claims that have one of these values; none for a value that has no set."""
    pieces: list[BitMap] = []
    for value in values:
        rows = connection.execute(
            "select ids from claim_sets where dimension = ? and value = ?", (dimension, value)
        )
        pieces += [BitMap.deserialize(row[0]) for row in rows]
    return _together(pieces)


def of_days(connection: sqlite3.Connection, first: str, end: str) -> BitMap:
    """The claims published from the day ``first`` up to, and without, ``end``."""
    rows = connection.execute(
        "select ids from claim_sets where dimension = ? and value >= ? and value < ?",
        (_ALL_VALUES, first, end),
    )
    return _together([BitMap.deserialize(row[0]) for row in rows])


def shared(
    connection: sqlite3.Connection, dimension: str, value: Value, claims: BitMap
) -> int | None:
    """How many of some claims have a value; None where it has no set."""
    if not claims:
        return 0
    rows = connection.execute(
        "select ids from claim_sets where dimension = ? and value = ? and piece between ? and ?",
        (dimension, value, claims[0] >> _PIECE, claims[-1] >> _PIECE),
    ).fetchall()
    if rows or has_all(dimension):
        return sum(BitMap.deserialize(row[0]).intersection_cardinality(claims) for row in rows)
    return 0 if has_set(connection, dimension, value) else None


def all_shared(connection: sqlite3.Connection, dimension: str, claims: BitMap) -> Counter[Value]:
    """How many of some claims have each value of a column of which all have sets."""
    found: Counter[Value] = Counter()
    if claims:
        for value, ids in connection.execute(
            "select value, ids from claim_sets where dimension = ? and piece between ? and ?",
            (dimension, claims[0] >> _PIECE, claims[-1] >> _PIECE),
        ):
            found[value] += BitMap.deserialize(ids).intersection_cardinality(claims)
    return found


def add_changes(connection: sqlite3.Connection, dimension: str) -> None:
    """Bring the sets of a column up to date with what is in ``temp.uncounted``."""
    kept = "" if has_all(dimension) else (
        "and exists (select 1 from claim_sets as kept "  # noqa: S608 (names of our own)
        f"where kept.dimension = :dimension and kept.value = +temp.uncounted.{dimension})"
    )  # fmt: skip
    changes = connection.execute(
        f"select {dimension} as value, claim_id >> {_PIECE} as piece, claim_id, sum(n) "  # noqa: S608
        f"from temp.uncounted where value is not null {kept} "
        "group by value, claim_id having sum(n) <> 0 order by value, claim_id",
        {"dimension": dimension},
    )
    written: list[_Row] = []
    for (value, piece), rows in groupby(changes, key=itemgetter(0, 1)):
        found = connection.execute(
            "select ids from claim_sets where dimension = ? and value = ? and piece = ?",
            (dimension, value, piece),
        ).fetchone()
        ids = BitMap.deserialize(found[0]) if found else BitMap()
        came: list[int] = []
        went: list[int] = []
        for *_, claim_id, n in rows:
            (came if n > 0 else went).append(claim_id)
        ids.update(came)
        ids.difference_update(BitMap(went))
        ids.run_optimize()  # claims of one day have ids in a row
        written.append((dimension, value, piece, ids.serialize() if ids else None))
    _write(connection, written)


def add_value(
    connection: sqlite3.Connection, dimension: str, value: Value, ids: Iterable[int]
) -> None:
    """Make the set of a value that has become frequent; ``ids`` are in order."""
    written: list[_Row] = [
        (dimension, value, piece, BitMap(list(some)).serialize())
        for piece, some in groupby(ids, key=lambda claim_id: claim_id >> _PIECE)
    ]
    _write(connection, written)


def _write(connection: sqlite3.Connection, rows: list[_Row]) -> None:
    connection.executemany(
        "insert or replace into claim_sets (dimension, value, piece, ids) values (?, ?, ?, ?)",
        [row for row in rows if row[3] is not None],
    )
    connection.executemany(
        "delete from claim_sets where dimension = ? and value = ? and piece = ?",
        [row[:3] for row in rows if row[3] is None],
    )


def _together(pieces: list[BitMap]) -> BitMap:
    return BitMap.union(*pieces) if pieces else BitMap()
