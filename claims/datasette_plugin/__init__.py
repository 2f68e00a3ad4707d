"""The Datasette plugin: pages on which people read and check claims in their articles.

The only package here that knows Datasette. What Datasette itself shows is read on connections that
can't write, nor read what is private; without it, plain Datasette shows the same data by
``metadata.yml`` alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from markupsafe import Markup

from claims.claimreview import web_address
from claims.datasette_plugin import (
    cells,
    counted,
    filtering,
    machines,
    pages,
    readers,
    security,
    site,
    versions,
)
from claims.datasette_plugin.desk import entrance, gate
from claims.datasette_plugin.desk.routes import ROUTES as DESK
from claims.search import match_terms
from claims.store.private import guard

STYLESHEET = "/-/static-plugins/claims/claims.css"


@hookimpl
def startup(datasette: Any) -> Callable[[], Awaitable[None]]:
    """Claims databases know their counts, and list what is public; unknown pages are pages.

    Where rich is installed (it is, for us), Datasette prints the stack of every error page with
    it, and fails with one that has no stack. The import has to wait: Datasette loads its plugins
    when this module of its own is first imported.
    """
    from datasette import handle_exception

    handle_exception.rich = None
    entrance.hide_private_tables(datasette)

    async def count_ahead() -> None:
        for database in datasette.databases.values():
            await counted.count_ahead(database)

    return count_ahead


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:
    """Nobody reads drafts, comments and local paths, or writes, on a connection of Datasette's.

    With ``--crossdb``, Datasette attaches all databases to ``_memory`` after this.

    What a person searches for is asked for as our index has it: in place of Datasette's own
    function for it, which is why this comes last.
    """
    conn.create_function("escape_fts", 1, lambda query: match_terms(str(query)), deterministic=True)
    guard(conn, attaching=database == "_memory" and datasette.crossdb)


@hookimpl
def permission_allowed(datasette: Any, action: str, resource: Any) -> Any:
    """Nobody sees the desk's tables, or downloads the file that they are in (Datasette 0.65)."""
    return entrance.refused(datasette, action, resource)


@hookimpl
def permission_resources_sql(datasette: Any, action: str) -> Any:
    """Nobody sees the desk's tables, or downloads the file that they are in (Datasette 1.0)."""
    return entrance.refusals(datasette, action)


@hookimpl
def register_routes() -> list[site.Route]:
    """Our pages; Datasette asks these routes before its own."""
    return [
        site.LANGUAGE_ROUTE,
        *versions.METADATA_ROUTES,
        *readers.ROUTES,
        *machines.ROUTES,
        *DESK,
    ]


@hookimpl
def register_output_renderer() -> dict[str, Any]:
    """Selections of claims as Atom feeds."""
    return machines.atom_renderer()


@hookimpl
def filters_from_request(
    request: Any, database: str, table: str, datasette: Any
) -> Callable[[], Awaitable[Any]]:
    """``?_verdict=supported``, refuted or disputed, on tables of claims."""

    async def chosen() -> Any:
        standing = request.args.get("_verdict")
        if standing and table in filtering.TABLES and await site.is_claims(datasette, database):
            return filtering.verdict_filter(standing)
        return None

    return chosen


@hookimpl
def handle_exception(
    datasette: Any, request: Any, exception: Exception
) -> Callable[[], Awaitable[Any]]:
    """A page that is missing says so in the reader's language."""

    async def page() -> Any:
        return await site.error_page(datasette, request, exception)

    return page


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[..., Any]:
    """Security headers on every answer, bounded forms, and a site for its readers, if it has some.

    Those who may not read are turned away before their forms are read.
    """
    entrance.hide_private_tables(datasette)
    return lambda app: security.protected(gate.closed(datasette, gate.bounded(datasette, app)))


@hookimpl
def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any
) -> Markup | None:
    """Show a claim's text in full with a link, names for ids, and changes as changes."""
    return cells.render(datasette, cells.Cell(row, value, column, table, database))


@hookimpl
def extra_template_vars(
    database: str | None, table: str | None, request: Any, datasette: Any
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """The reader's language and the nonce, and what the page of a table or row shows of ours."""

    async def variables() -> dict[str, Any]:
        common: dict[str, Any] = {"claims_nonce": security.nonce(request)}
        if not await site.is_ours(datasette, database):
            return common
        common |= entrance.desk_vars(datasette, request)
        common |= site.common_vars(datasette, request, await site.claims_database(datasette) or "")
        return common | await pages.template_vars(datasette, request, database, table)

    return variables


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Our templates, the filters that they use, and nonces for everybody's."""
    env.add_extension(security.NoncedTemplates)
    pages.put_first(env, datasette.template_dir)
    env.filters["claims_rows"] = cells.table_rows
    env.filters["claims_found"] = pages.found
    env.filters["claims_excerpt"] = pages.excerpt
    env.filters["claims_steady"] = pages.steady
    env.filters["claims_web_address"] = web_address


@hookimpl
def extra_css_urls(database: str | None, datasette: Any) -> Callable[[], Awaitable[list[str]]]:
    """One stylesheet, on pages of a claims database."""

    async def urls() -> list[str]:
        ours = await site.is_ours(datasette, database)
        return [datasette.urls.path(STYLESHEET)] if ours else []

    return urls
