"""Where Datasette 0.65 and 1.0 differ, and nothing else."""

from __future__ import annotations

from typing import Any

from datasette.version import __version_info__

STABLE = __version_info__[0] == "0"  # 0.65, and not the alphas of 1.0
# An attribute that Datasette 1.0 writes into its table page; the policy allows exactly these words.
INLINE_HANDLERS = () if STABLE else ("openColumnChooser()",)

# What the SQL editor of 0.65 (cm-resize 1.0.1) puts into a style element, empty at first.
INLINE_STYLES = (
    (
        "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "sha256-38xqj8N9cygggde3AvM+xVgS15DUXTOhM9fjk0hLOS0=",
    )
    if STABLE
    else ()
)


def options(metadata: dict[str, Any]) -> dict[str, Any]:
    """What ``Datasette`` is made with: 1.0 reads queries and plugins' settings from its config."""
    if STABLE:
        return {"metadata": metadata}
    queries = {
        name: {"queries": database["queries"]}
        for name, database in metadata.get("databases", {}).items()
        if "queries" in database
    }
    return {"metadata": metadata, "config": {"databases": queries}}


async def ensure_may_view(datasette: Any, actor: Any, database: str, table: str) -> None:
    """Raise Datasette's Forbidden unless the actor may see a table."""
    if STABLE:
        from datasette.utils.asgi import Forbidden

        visible, _ = await datasette.check_visibility(
            actor,
            permissions=[
                ("view-table", (database, table)), ("view-database", database), "view-instance",
            ],
        )  # fmt: skip
        if not visible:
            raise Forbidden("You do not have permission to view this table")
        return
    from datasette.resources import TableResource

    resource = TableResource(database=database, table=table)
    await datasette.ensure_permission(action="view-table", resource=resource, actor=actor)


async def row_page(datasette: Any, request: Any) -> Any:
    """Datasette's own page of a row; the request's ``url_vars`` say which."""
    from datasette.views.row import RowView

    return await _datasettes_own(RowView, datasette, request)


async def index_page(datasette: Any, request: Any) -> Any:
    """Datasette's own front page."""
    from datasette.views.index import IndexView

    return await _datasettes_own(IndexView, datasette, request)


async def metadata_page(datasette: Any, request: Any) -> Any:
    """The metadata, without the settings of plugins: hashes of passwords are among them in 0.65.

    1.0 has them in its config, and blots out what sounds secret when it shows that.
    """
    from datasette.views.special import JsonDataView

    def public() -> Any:
        return _without_plugins(datasette.metadata())

    return await JsonDataView(datasette, "metadata.json", public).get(request)


def _without_plugins(metadata: Any) -> Any:
    if not isinstance(metadata, dict):
        return metadata
    return {key: _without_plugins(value) for key, value in metadata.items() if key != "plugins"}


METADATA_ROUTES: list[Any] = (
    [(r"^/-/metadata(\.(?P<format>json))?$", metadata_page)] if STABLE else []
)


async def _datasettes_own(view: Any, datasette: Any, request: Any) -> Any:
    """The answer of a view that a route of ours stands before."""
    variables = {"format": None, **request.url_vars}
    request.scope = {**request.scope, "url_route": {"kwargs": variables}}
    return await view.as_view(datasette)(request, None)
