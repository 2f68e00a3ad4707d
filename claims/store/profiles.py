"""Who a speaker is and what an outlet does, from their claims: what their pages show.

Like `claims.store.browsing`: by indexes and limits, on a connection that somebody lends.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from typing import Any

from claims.store import counts
from claims.store.browsing import Row, latest, months, rows, top_named, verdicts_of
from claims.store.counts import Selection

_ENDS = 300  # claims from either end of a long life that roles are taken from
_NEAR = 200  # articles in which others are looked for
_SHOWN = 20
_JUDGED = 2_000  # checked claims whose verdicts are counted


@dataclass(frozen=True, slots=True)
class Profile:
    """A speaker or outlet: its row, its numbers, its latest claims.

    ``numbers`` are by column of claims, the values with names and most claims first.
    """

    row: Row
    claims: int
    months: list[tuple[str, int]]
    numbers: dict[str, list[Row]]
    latest: list[Row]


@dataclass(frozen=True, slots=True)
class Speaker(Profile):
    """``roles`` are (role, organization) with first and last date; ``partial`` where they are
    taken from the first and last claims only. ``beside`` are those quoted in the same articles.
    """

    aliases: list[str]
    roles: list[Row]
    partial: bool
    beside: list[Row]
    verdicts: Counter[str]
    outlet_id: int | None


@dataclass(frozen=True, slots=True)
class Outlet(Profile):
    """``relayed_by`` are outlets that take claims from this one; ``speaker_id`` is the outlet as
    one who speaks.
    """

    articles: list[Row]
    relayed_by: list[Row]
    speaker_id: int | None


def speaker(connection: sqlite3.Connection, speaker_id: int) -> Speaker | None:
    """A speaker by id; None when there is none."""
    found = rows(connection, "select * from speakers where id = ?", [speaker_id])
    if not found:
        return None
    selection = Selection("speaker_id", (speaker_id,))
    number = counts.total(connection, selection)
    aliases = connection.execute(
        "select alias from speaker_aliases where speaker_id = ? limit 100", [speaker_id]
    )
    return Speaker(
        **_profile(connection, found[0], selection, ["outlet_id", "via_outlet_id"], number),
        aliases=[row[0] for row in aliases],
        roles=_roles(connection, speaker_id),
        partial=number > 2 * _ENDS,
        beside=_beside(connection, speaker_id),
        verdicts=_verdicts(connection, speaker_id),
        outlet_id=_namesake(connection, "outlets", found[0]["name"])
        if found[0]["kind"] == "outlet"
        else None,
    )


def outlet(connection: sqlite3.Connection, outlet_id: int) -> Outlet | None:
    """An outlet by id; None when there is none."""
    found = rows(connection, "select * from outlets where id = ?", [outlet_id])
    if not found:
        return None
    selection = Selection("outlet_id", (outlet_id,))
    number = counts.total(connection, selection)
    relaying = Selection("via_outlet_id", (outlet_id,))
    return Outlet(
        **_profile(connection, found[0], selection, ["speaker_id", "via_outlet_id"], number),
        articles=rows(
            connection,
            "select id, title, published_on, language from articles where outlet_id = ? "
            "order by published_on desc limit 10",
            [outlet_id],
        ),
        relayed_by=top_named(connection, "outlet_id", relaying),
        speaker_id=_namesake(connection, "speakers", found[0]["name"], "and kind = 'outlet'"),
    )


def _profile(
    connection: sqlite3.Connection, row: Row, selection: Selection, named: list[str], number: int
) -> dict[str, Any]:
    plain = {
        by: [{"name": str(value), "claims": n} for value, n in found]
        for by in ("kind", "status")
        for found in [counts.top(connection, by, selection)]
    }
    names = {by: top_named(connection, by, selection) for by in named}
    return {
        "row": row,
        "claims": number,
        "months": months(connection, selection),
        "numbers": {**plain, **names},
        "latest": latest(connection, selection.dimension, row["id"], _SHOWN),
    }


def _namesake(connection: sqlite3.Connection, table: str, name: str, more: str = "") -> int | None:
    row = connection.execute(
        f"select id from {table} where name = ? {more}",  # noqa: S608 (words of our own)
        [name],
    ).fetchone()
    return int(row[0]) if row else None


def _roles(connection: sqlite3.Connection, speaker_id: int) -> list[Row]:
    """Roles and organizations as printed, the latest first."""
    ends = " union ".join(
        "select * from (select id, role, organization, published_on, language from claims "  # noqa: S608
        f"where speaker_id = :id order by published_on {way} limit :ends)"
        for way in ("desc", "asc")
    )
    return rows(
        connection,
        "select role, organization, language, min(published_on) as first, "  # noqa: S608 (as above)
        f"max(published_on) as last, count(*) as claims from ({ends}) "
        "where role is not null or organization is not null "
        "group by role, organization order by last desc, claims desc limit 30",
        {"id": speaker_id, "ends": _ENDS},
    )


def _beside(connection: sqlite3.Connection, speaker_id: int) -> list[Row]:
    """Speakers of the same articles, those of most articles first."""
    return rows(
        connection,
        "select speakers.id, speakers.name, count(distinct claims.article_id) as articles "
        "from (select distinct article_id from (select article_id from claims "
        "where speaker_id = :id order by published_on desc limit :near)) as near "
        "cross join claims on claims.article_id = near.article_id "
        "join speakers on speakers.id = claims.speaker_id "
        "where claims.speaker_id <> :id group by speakers.id order by articles desc, speakers.name "
        "limit 12",
        {"id": speaker_id, "near": _NEAR},
    )


def _verdicts(connection: sqlite3.Connection, speaker_id: int) -> Counter[str]:
    """How many of the speaker's checked claims stand how."""
    checked = connection.execute(
        "select id from claims where speaker_id = ? and status = 'checked' limit ?",
        [speaker_id, _JUDGED],
    )
    found = verdicts_of(connection, [row[0] for row in checked])
    return Counter(verdict.standing for verdict in found.values())
