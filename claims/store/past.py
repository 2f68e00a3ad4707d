"""What happened to a claim: every change with who made it and when, the oldest first."""

from __future__ import annotations

import json
from typing import Any

from claims.store import Store
from claims.store.acting import rows

_LIMIT = 1_000


def history(store: Store, claim_id: int | None = None, limit: int = _LIMIT) -> list[dict[str, Any]]:
    """Rows of ``history``: of a claim with its reviews, evidence and opinions; or the latest.

    ``changes`` has what each changed, by column: (before, after). At the most ``limit`` rows, the
    latest of them, in the order in which they happened.
    """
    found = rows(
        store.db,
        "select id, at, actor, action, table_name, row_id, before, after from history "  # noqa: S608
        f"where {_OF_A_CLAIM if claim_id is not None else 'true'} order by id desc limit :limit",
        {"claim": claim_id, "limit": limit},
    )
    return [_with_changes(row) for row in reversed(found)]


_OF_A_CLAIM = """(
    (table_name = 'claims' and row_id = :claim)
    or (table_name = 'review_claims' and row_id = :claim)
    or (table_name = 'reviews' and row_id in (
        select review_id from review_claims where claim_id = :claim))
    or (table_name = 'evidence' and row_id in (
        select evidence.id from evidence join review_claims using (review_id)
        where claim_id = :claim))
    or (table_name = 'opinions' and row_id in (
        select opinions.id from opinions join review_claims using (review_id)
        where claim_id = :claim))
)"""


def review_history(store: Store, review_id: int) -> list[dict[str, Any]]:
    """Rows of ``history`` about one review, with its evidence and opinions; as `history`."""
    found = rows(
        store.db,
        "select id, at, actor, action, table_name, row_id, before, after from history where "
        "(table_name = 'reviews' and row_id = :review) or (table_name in ('evidence', 'opinions') "
        "and coalesce(after, before) ->> 'review_id' = :review) order by id desc limit :limit",
        {"review": review_id, "limit": _LIMIT},
    )
    return [_with_changes(row) for row in reversed(found)]


def _with_changes(row: dict[str, Any]) -> dict[str, Any]:
    before = json.loads(row.pop("before") or "{}")
    after = json.loads(row.pop("after") or "{}")
    changes = {
        key: (before.get(key), after.get(key))
        for key in {**before, **after}
        if before.get(key) != after.get(key) and key != "id"
    }
    return {**row, "changes": changes}


def logged(store: Store, claim_id: int) -> list[dict[str, Any]]:
    """What people did at the desk about a claim, the oldest first; private."""
    return rows(
        store.db,
        "select at, actor, action, review_id, draft_id, document, undone from desk_log "
        "where claim_id = ? order by id limit ?",
        (claim_id, _LIMIT),
    )
