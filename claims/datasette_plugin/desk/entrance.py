"""What pages outside the desk need of it: the way in, and what nobody may download."""

from __future__ import annotations

import json
from typing import Any

from claims.datasette_plugin.desk.roles import Role, desk_of, sign_in
from claims.datasette_plugin.site import is_claims
from claims.store.private import PRIVATE_TABLES

DOWNLOAD = "view-database-download"
VIEW = "view-table"


def hide_private_tables(datasette: Any) -> None:
    """Let Datasette list no table that it may not read.

    It would count the rows of each, and write to standard error that it can't: Datasette 1.0 does
    so before it tells plugins that it starts, where a database is immutable.
    """
    for database in datasette.databases.values():
        if "table_names" not in vars(database):
            database.table_names = _public_names(datasette, database)


def _public_names(datasette: Any, database: Any) -> Any:
    all_names = database.table_names

    async def names() -> list[str]:
        found: list[str] = await all_names()
        hidden = PRIVATE_TABLES if await is_claims(datasette, database.name) else frozenset()
        return [name for name in found if name not in hidden]

    return names


def desk_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """The desk's address for those who work there, where one signs in, and names for ids."""
    actor = request.actor if request else None
    desk = desk_of(datasette)
    works_here = desk.role(actor) >= Role.CHECKER
    return {
        "claims_names": desk.names,
        "claims_desk": str(datasette.urls.path("/-/desk")) if works_here else None,
        "claims_sign_in": sign_in(datasette),
    }


async def _refused_of(datasette: Any, database: str) -> bool | None:
    return False if await is_claims(datasette, database) else None


def refused(datasette: Any, action: str, resource: Any) -> Any:
    """False for what nobody may see, as Datasette 0.65 asks; None leaves it to others."""
    if action == DOWNLOAD:
        return _refused_of(datasette, str(resource))
    if action == VIEW and isinstance(resource, tuple) and resource[1] in PRIVATE_TABLES:
        return _refused_of(datasette, str(resource[0]))
    return None


def refusals(datasette: Any, action: str) -> Any:
    """The same as Datasette 1.0 asks, but no database that is served beside ours is downloaded."""
    from datasette.permissions import PermissionSQL

    if action == DOWNLOAD:
        return PermissionSQL.deny(reason="drafts are in the file of a claims database")
    return _hidden(datasette, PermissionSQL) if action == VIEW else None


async def _hidden(datasette: Any, rule: Any) -> Any:
    ours = [name for name in datasette.databases if await is_claims(datasette, name)]
    return rule(
        sql="select databases.value as parent, tables.value as child, 0 as allow, "
        "'private to the desk' as reason "
        "from json_each(:claims_ours) as databases, json_each(:claims_private) as tables",
        params={"claims_ours": json.dumps(ours), "claims_private": json.dumps([*PRIVATE_TABLES])},
    )
