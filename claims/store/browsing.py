"""What readers' pages show, read at once however large the database is.

Every question here goes by an index and has a limit; numbers come from the counts that are kept
(claims/store/counts.py). Functions take a plain connection, so that Datasette can lend its own.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from claims.search import match_terms
from claims.store import counts
from claims.store.counts import ALL, Selection

Row = dict[str, Any]
Standing = Literal["supported", "refuted", "between", "disputed", "open"]

_LATEST = 10
_TOP = 10
_FOUND = 20  # claims of one search on one page
_LOOKED_AT = 200  # claims whose speakers are looked at in a search
_SUPPORTED, _REFUTED = 4, 2  # ratings from, and up to; verdicts rate from 1 (false) to 5 (true)
_LAST = chr(0x10FFFF)

CLAIMS = """
select claims.id, claims.text, claims.kind, claims.language, claims.status, claims.role,
    claims.organization, claims.speaker_id, speakers.name as speaker, claims.outlet_id,
    outlets.name as outlet, claims.via_outlet_id, vias.name as via, claims.said_on,
    claims.published_on, claims.article_id, articles.title as article_title,
    articles.url as article_url
from claims
left join speakers on speakers.id = claims.speaker_id
left join articles on articles.id = claims.article_id
left join outlets on outlets.id = claims.outlet_id
left join outlets as vias on vias.id = claims.via_outlet_id
"""

# Reviews that readers see: withdrawn ones no longer say anything of a claim.
_REVIEWED = """
select review_claims.claim_id, reviews.id as review_id, verdicts.name as verdict,
    verdicts.rating as rating,
    exists (
        select 1 from opinions where review_id = reviews.id and opinion = 'disputes'
    ) as disputed
from review_claims
join reviews on reviews.id = review_claims.review_id
join verdicts on verdicts.id = reviews.verdict_id
where reviews.state = 'published'
"""
_JUDGED = """id in (
    select claim_id from (
        select review_claims.claim_id, verdicts.rating,
            exists (
                select 1 from opinions where review_id = reviews.id and opinion = 'disputes'
            ) as disputed,
            row_number() over (
                partition by review_claims.claim_id
                order by reviews.reviewed_on desc, reviews.id desc
            ) as place
        from review_claims
        join reviews on reviews.id = review_claims.review_id and reviews.state = 'published'
        join verdicts on verdicts.id = reviews.verdict_id
    )
    group by claim_id having {test}
)"""
_LATEST_RATING = "max(iif(place = 1, rating, null))"
_DISPUTED = f"""(
    max(disputed) or (
        max(coalesce(rating, {_REFUTED})) >= {_SUPPORTED}
        and min(coalesce(rating, {_SUPPORTED})) <= {_REFUTED}
    )
)"""
# Conditions on a table with the claims' id, by what reviews found: the rule of `verdicts_of`.
STANDING_TESTS = {
    "supported": _JUDGED.format(test=f"{_LATEST_RATING} >= {_SUPPORTED} and not {_DISPUTED}"),
    "refuted": _JUDGED.format(test=f"{_LATEST_RATING} <= {_REFUTED} and not {_DISPUTED}"),
    "disputed": _JUDGED.format(test=_DISPUTED),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about one claim: the latest verdict's name, and what it amounts to."""

    name: str
    standing: Standing
    review_id: int


@dataclass(frozen=True, slots=True)
class Front:
    """The front page: ``totals`` by table, the first and last date, claims by status and month."""

    totals: dict[str, int]
    first: str | None
    last: str | None
    status: dict[str, int]
    months: list[tuple[str, int]]
    speakers: list[Row]
    outlets: list[Row]
    latest: list[Row]
    reviews: list[Row]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: at the most a page of each; ``more`` says whether there are more."""

    claims: list[Row]
    more: bool
    speakers: list[Row] = field(default_factory=list)
    articles: list[Row] = field(default_factory=list)


def rows(connection: sqlite3.Connection, sql: str, parameters: Any = ()) -> list[Row]:
    """The rows of a question as dictionaries."""
    cursor = connection.execute(sql, parameters)
    names: Sequence[str] = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def front(connection: sqlite3.Connection) -> Front:
    """What the front page shows."""
    (first,) = connection.execute("select min(published_on) from claims").fetchone()
    (last,) = connection.execute("select max(published_on) from claims").fetchone()
    totals = {
        table: int(connection.execute(f"select count(*) from {table}").fetchone()[0])  # noqa: S608 (names of our own)
        for table in ("speakers", "outlets", "articles")
    }
    return Front(
        {"claims": counts.total(connection), **totals},
        first,
        last,
        {str(status): number for status, number in counts.top(connection, "status")},
        months(connection),
        top_named(connection, "speaker_id"),
        top_named(connection, "outlet_id"),
        latest(connection),
        latest_reviews(connection),
    )


def months(connection: sqlite3.Connection, selection: Selection = ALL) -> list[tuple[str, int]]:
    """Claims by month of publication, the earliest first; months without any are left out."""
    found = counts.top(connection, "month", selection)
    return sorted((str(month), number) for month, number in found)


def top_named(
    connection: sqlite3.Connection, by: str, selection: Selection = ALL, limit: int = _TOP
) -> list[Row]:
    """The speakers or outlets with most claims of a selection: id, name, claims."""
    table = "speakers" if by == "speaker_id" else "outlets"
    most = counts.top(connection, by, selection, limit)
    known = names(connection, table, [int(key) for key, _ in most])
    return [{"id": key, "name": known.get(int(key), ""), "claims": number} for key, number in most]


def names(connection: sqlite3.Connection, table: str, ids: Iterable[int]) -> dict[int, str]:
    """The names of speakers or outlets by their ids."""
    found = connection.execute(
        f"select id, name from {table} where id in (select value from json_each(?))",  # noqa: S608
        [json.dumps(list(ids))],
    )
    return {row[0]: row[1] for row in found}


def latest(
    connection: sqlite3.Connection, column: str | None = None, value: int = 0, limit: int = _LATEST
) -> list[Row]:
    """The newest claims, of all or of those with a value in an indexed column; with verdicts."""
    test = f"where claims.{column} = :value" if column else ""
    # The rows first, by the index on dates; then the names of those few.
    found = rows(
        connection,
        f"{CLAIMS} where claims.id in (select id from claims {test} "  # noqa: S608 (names of our own)
        "order by published_on desc limit :limit) "
        "order by claims.published_on desc, claims.id",
        {"value": value, "limit": limit},
    )
    return with_verdicts(connection, found)


def latest_reviews(connection: sqlite3.Connection, limit: int = 6) -> list[Row]:
    """The newest published reviews, each with one of its claims."""
    found = rows(
        connection,
        "select reviews.id as review_id, reviews.summary, reviews.reviewer, reviews.reviewed_on, "
        "min(review_claims.claim_id) as claim_id from ("
        "select * from reviews where state = 'published' order by reviewed_on desc, id desc limit ?"
        ") as reviews join review_claims on review_claims.review_id = reviews.id "
        "group by reviews.id order by reviews.reviewed_on desc, reviews.id desc",
        [limit],
    )
    named = {claim["id"]: claim for claim in claims(connection, [r["claim_id"] for r in found])}
    return [{**review, "claim": named[review["claim_id"]]} for review in found]


def claims(connection: sqlite3.Connection, ids: Iterable[int]) -> list[Row]:
    """Claims by their ids, in the order of these, with names and verdicts."""
    wanted = list(ids)
    found = rows(
        connection,
        f"{CLAIMS} where claims.id in (select value from json_each(?))",  # noqa: S608 (as above)
        [json.dumps(wanted)],
    )
    by_id = {claim["id"]: claim for claim in found}
    return with_verdicts(connection, [by_id[key] for key in wanted if key in by_id])


def with_verdicts(connection: sqlite3.Connection, found: list[Row]) -> list[Row]:
    """The same rows with ``verdict``: a Verdict or None."""
    verdicts = verdicts_of(connection, [claim["id"] for claim in found])
    return [{**claim, "verdict": verdicts.get(claim["id"])} for claim in found]


def verdicts_of(connection: sqlite3.Connection, claim_ids: Iterable[int]) -> dict[int, Verdict]:
    """What was found about each of some claims; those without a published review are left out."""
    reviewed: dict[int, list[Row]] = {}
    for row in rows(
        connection,
        f"{_REVIEWED} and review_claims.claim_id in (select value from json_each(?)) "  # noqa: S608
        "order by reviews.reviewed_on, reviews.id",
        [json.dumps(list(claim_ids))],
    ):
        reviewed.setdefault(row["claim_id"], []).append(row)
    return {
        claim_id: Verdict(found[-1]["verdict"], _together(found), found[-1]["review_id"])
        for claim_id, found in reviewed.items()
    }


def standing(rating: int | None) -> Standing:
    """What a verdict's rating amounts to."""
    if rating is None:
        return "open"
    return "supported" if rating >= _SUPPORTED else "refuted" if rating <= _REFUTED else "between"


def _together(reviews: list[Row]) -> Standing:
    """What several reviews of one claim, the latest last, amount to.

    Disputed where one supports and another refutes it, or where a checker disputes one of them;
    else what the latest says.
    """
    found = {standing(review["rating"]) for review in reviews}
    if {"supported", "refuted"} <= found or any(review["disputed"] for review in reviews):
        return "disputed"
    return standing(reviews[-1]["rating"])


def search(connection: sqlite3.Connection, query: str) -> Found:
    """Claims, speakers and articles with the words of a query, the newest first."""
    if not query.strip():
        return Found([], False)
    asked = match_terms(query)
    hits = [
        row[0]
        for row in connection.execute(
            "select rowid from claims_fts where claims_fts match ? order by rowid desc limit ?",
            [asked, _LOOKED_AT],
        )
    ]
    found = claims(connection, hits[: _FOUND + 1])  # a deleted claim's words stay in the index
    titles = rows(
        connection,
        "select articles.id, articles.title, articles.published_on, articles.language, "
        "outlets.name as outlet, substr(articles.text, 1, 160) as beginning from ("
        "select rowid from articles_fts where articles_fts match ? "
        "order by rowid desc limit 10) as hit join articles on articles.id = hit.rowid "
        "left join outlets on outlets.id = articles.outlet_id",
        [asked],
    )
    return Found(found[:_FOUND], len(hits) > _FOUND, _speakers(connection, query, hits), titles)


def _speakers(connection: sqlite3.Connection, query: str, claim_ids: list[int]) -> list[Row]:
    """Speakers whose name begins with the query, or has it and is among those of some claims."""
    wanted = query.strip()
    return rows(
        connection,
        """
        select speakers.id, speakers.name, speakers.kind, speaker_counts.claims from (
            select id from (
                select id from speakers where name between :q and :q || :last limit 10
            )
            union
            select speaker_id from (
                select speaker_id from speaker_aliases
                where alias between :q and :q || :last limit 10
            )
            union
            select distinct speaker_id from claims join speakers on speakers.id = speaker_id
            where claims.id in (select value from json_each(:ids))
                and instr(lower(speakers.name), lower(:q)) > 0
        ) as hit
        join speakers on speakers.id = hit.id
        left join speaker_counts on speaker_counts.speaker_id = speakers.id
        order by speaker_counts.claims desc, speakers.name limit 10
        """,
        {"q": wanted, "last": _LAST, "ids": json.dumps(claim_ids)},
    )


def last_ids(connection: sqlite3.Connection, tables: Iterable[str]) -> dict[str, int]:
    """The largest id of each of some tables of ours; 0 for an empty one."""
    return {
        table: int(
            connection.execute(f"select coalesce(max(id), 0) from {table}").fetchone()[0]  # noqa: S608
        )
        for table in tables
    }


def ids_between(connection: sqlite3.Connection, table: str, first: int, last: int) -> list[int]:
    """The ids of a table of ours from ``first`` up to, and without, ``last``."""
    seen = "and state = 'published'" if table == "reviews" else ""
    found = connection.execute(
        f"select id from {table} where id >= ? and id < ? {seen} order by id",  # noqa: S608
        [first, last],
    )
    return [row[0] for row in found]
