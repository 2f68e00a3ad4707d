"""Pages of our own: how a route becomes a page, and what every template is given.

A page is an async function that takes a ``Visit`` and gives a Response; ``page_route`` and
``row_route`` make of it what Datasette's ``register_routes`` wants.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from datasette import NotFound, Response
from datasette.utils.asgi import Base400

from claims.datasette_plugin import versions
from claims.datasette_plugin.charts import meter
from claims.datasette_plugin.language import COOKIE, Language, language_of, languages
from claims.datasette_plugin.security import nonce

# Templates are found by this name, in Datasette's way; `claims serve` gives it to every file.
DATABASE = "claims"
_OURS = {
    "claims": {"article_id", "speaker_id", "canonical_id", "text", "start", "end", "status"},
    "articles": {"id", "outlet_id", "text", "sha256", "supersedes_id"},
}
_INTERNAL = {"_memory", "_internal"}
_YEAR = 365 * 24 * 3600
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
T = TypeVar("T")


@dataclass(frozen=True)
class Visit:
    """A request for a page about one claims database, in a reader's language."""

    datasette: Any
    request: Any
    database: str
    language: Language

    async def read(self, ask: Callable[..., T], *arguments: Any) -> T:
        """What a function of ``claims.store.browsing`` gives; it runs on a reading connection."""
        db = self.datasette.get_database(self.database)
        answer: T = await db.execute_fn(lambda connection: ask(connection, *arguments))
        return answer

    async def page(self, template: str, /, status: int = 200, **context: Any) -> Response:
        """An HTML page from one of our templates."""
        return Response.html(await self.render(template, **context), status=status)

    async def render(self, template: str, /, **context: Any) -> str:
        """The HTML of one of our templates."""
        html: str = await self.datasette.render_template(
            template,
            {"database": self.database, "claims_own_page": True, **context},
            request=self.request,
            view_name="claims",
        )
        return html

    def row(self, table: str, key: Any) -> str:
        """The path of a row's page."""
        return str(self.datasette.urls.row(self.database, table, str(key)))

    def absolute(self, path: str) -> str:
        """The full address of a path."""
        return str(self.datasette.absolute_url(self.request, path))

    @property
    def key(self) -> int:
        """The id in the address of a row. Raises NotFound for what can't be one."""
        key = self.request.url_vars["pks"]
        if not re.fullmatch("[0-9]{1,18}", key):  # SQLite's integers end at 2^63
            raise NotFound("Record not found")
        return int(key)


Page = Callable[[Visit], Awaitable[Response]]
Route = tuple[str, Callable[..., Awaitable[Any]]]


def page_route(pattern: str, page: Page, table: str = "claims") -> Route:
    """A page at a path of its own, about the claims database that is published.

    Who may not see ``table`` may not see the page.
    """

    async def view(datasette: Any, request: Any) -> Any:
        database = await claims_database(datasette)
        if database is None:
            raise NotFound("No claims database is published here")
        await versions.ensure_may_view(datasette, request.actor, database, table)
        return await page(Visit(datasette, request, database, language_of(request)))

    return pattern, view


def row_route(table: str, page: Page, format: str = "") -> Route:
    """A page in the place of Datasette's own page of a row of ``table``.

    The rows of other people's tables of that name stay Datasette's.
    """

    async def view(datasette: Any, request: Any) -> Any:
        database = await _database_at(datasette, request.url_vars["database"])
        if database is None:
            return await versions.row_page(datasette, request)
        await versions.ensure_may_view(datasette, request.actor, database, table)
        return await page(Visit(datasette, request, database, language_of(request)))

    ending = rf"\.{format}" if format else ""
    return rf"^/(?P<database>(?!-/)[^/.]+)/(?P<table>{table})/(?P<pks>[^/.]+){ending}$", view


async def _database_at(datasette: Any, route: str) -> str | None:
    """The claims database at a part of an address; None when what is there isn't one."""
    try:
        name = str(datasette.get_database(route=route).name)
    except KeyError:
        return None
    return name if await is_claims(datasette, name) else None


async def claims_database(datasette: Any) -> str | None:
    """The name of the claims database that is published; None when there is none."""
    names = sorted(set(datasette.databases) - _INTERNAL, key=lambda name: name != DATABASE)
    for name in names:
        if await is_claims(datasette, name):
            return str(name)
    return None


async def only_claims(datasette: Any) -> bool:
    """Whether one claims database is all that is published."""
    names = set(datasette.databases) - _INTERNAL
    return len(names) == 1 and await is_claims(datasette, names.pop())


async def is_claims(datasette: Any, name: str) -> bool:
    """Whether a database has our tables. One that has them is not asked again."""
    known = _known.setdefault(datasette, set())
    if name in known:
        return True
    try:
        db = datasette.get_database(name)
    except KeyError:
        return False
    for table, columns in _OURS.items():
        if not set(await db.table_columns(table)) >= columns:
            return False
    known.add(name)
    return True


async def is_ours(datasette: Any, database: str | None) -> bool:
    """Whether a page, of a database or of none, is to look like ours."""
    return await is_claims(datasette, database) if database else await only_claims(datasette)


def common_vars(datasette: Any, request: Any, database: str) -> dict[str, Any]:
    """What every template of a claims database's pages is given."""
    language = language_of(request)
    return {
        "claims_site": database,
        "claims_nonce": nonce(request),
        "claims_page_language": language.code,
        "language": language,
        "say": language.say,
        "how_many": language.count,
        "claims_meter": meter,
        "claims_languages": languages(),
        "claims_here": _here(datasette, request),
    }


def _here(datasette: Any, request: Any) -> str:
    """The path and query of this page, for the way back."""
    if request is None or request.method != "GET":
        return str(datasette.urls.instance())
    return str(request.path + (f"?{request.query_string}" if request.query_string else ""))


async def error_page(datasette: Any, request: Any, exception: Exception) -> Response | None:
    """An error in the reader's words; None leaves it to Datasette, as for machines."""
    status = getattr(exception, "status", None)
    if not isinstance(exception, Base400) or request is None or not isinstance(status, int):
        return None
    if "." in request.path.rpartition("/")[2] or request.method != "GET":
        return None
    database = await claims_database(datasette)
    if database is None or not await only_claims(datasette):
        return None
    visit = Visit(datasette, request, database, language_of(request))
    words = str(exception.args[0]) if exception.args else ""
    return await visit.page("claims_error.html", status, reason=words, not_found=status == 404)


async def choose_language(datasette: Any, request: Any) -> Response:
    """Remember the language in a cookie and go back to where the reader was."""
    chosen = request.args.get("to") or ""
    response = Response.redirect(_local(datasette, request.args.get("back")))
    if chosen in languages():
        response.set_cookie(
            COOKIE, chosen, max_age=_YEAR, path=datasette.urls.instance(), samesite="lax"
        )
    return response


def _local(datasette: Any, path: str | None) -> str:
    """A path of this server; the front page for anything that leads elsewhere."""
    home = str(datasette.urls.instance())
    if not path or not path.startswith("/") or path.startswith("//"):
        return home
    if "\\" in path or any(ord(character) < 32 for character in path):  # browsers forgive these
        return home
    parts = urlsplit(path)
    return home if parts.scheme or parts.netloc else path


LANGUAGE_ROUTE: Route = (r"^/-/claims/language$", choose_language)
