"""The way in: who asks, whether they may, and whether the request is from a page of ours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from datasette import Response
from datasette.utils import await_me_maybe
from datasette.utils.asgi import Request

from claims.datasette_plugin.desk.roles import Desk, Role, desk_of, sign_in
from claims.datasette_plugin.language import language_of
from claims.datasette_plugin.site import claims_database
from claims.errors import ClashError, ReviewError
from claims.store import Store

T = TypeVar("T")
_OPEN = ("/-/login", "/-/auth-token", "/-/logout", "/-/static", "/-/github-auth")
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who may be here."""

    datasette: Any
    request: Any
    desk: Desk
    role: Role
    actor: str
    database: str
    path: Path

    async def store(self, act: Callable[[Store], T]) -> T:
        """Do something with a Store, in a thread of its own."""

        def work() -> T:
            store = Store.open(self.path, create=False)
            try:
                return act(store)
            finally:
                store.close()

        return await asyncio.to_thread(work)

    def address(self, path: str) -> str:
        """The address of a page of the desk."""
        return str(self.datasette.urls.path(f"/-/desk{path}"))

    def number(self, name: str = "id") -> int:
        """A number in the address."""
        return int(self.request.url_vars[name])

    def go(self, path: str, message: str | None = None, **words: object) -> Response:
        """On to another page of the desk, with something to say there."""
        response = Response.redirect(self.address(path), status=303)
        if message:
            said = language_of(self.request).say(f"desk.{message}", **words)
            self.datasette.add_message(self.request, said.unescape())
        return response

    async def page(self, template: str, status: int = 200, **context: object) -> Response:
        """A page of the desk; never kept by caches, since it is for one person."""
        html = await self.datasette.render_template(
            f"claims_desk_{template}.html",
            {
                "database": self.database or None,
                "claims_own_page": True,
                "visit": self,
                "desk": self.address,
                "is_editor": self.role >= Role.EDITOR,
                **context,
            },
            request=self.request,
            view_name="claims",
        )
        return Response.html(html, status=status, headers={"cache-control": "no-store"})

    async def form(self) -> dict[str, str]:
        """The fields of a form; the last of each name."""
        return dict(await self.request.post_vars())


Page = Callable[[Visit], Awaitable[Response]]


def for_role(least: Role, *, writes: bool = False) -> Callable[[Page], Any]:
    """A page for those who have a role; one that ``writes`` takes POST only, from our own pages."""

    def mark(page: Page) -> Any:
        async def view(datasette: Any, request: Any) -> Response:
            if writes and request.method != "POST":
                return Response.text("This address takes forms only.\n", status=405)
            if not writes and request.method not in {"GET", "HEAD"}:
                return Response.text("This page takes no forms.\n", status=405)
            desk = desk_of(datasette)
            role = desk.role(request.actor)
            database, path = await place(datasette)
            actor = str((request.actor or {}).get("id") or "")
            visit = Visit(datasette, request, desk, role, actor, database, path or Path())
            if path is None:
                return await visit.page("refused", 404, reason="no_database")
            if role < least:
                return await visit.page("refused", 403, reason="sign_in" if not actor else "role")
            if writes and not from_our_pages(request):
                return await visit.page("refused", 403, reason="foreign")
            try:
                return await page(visit)
            except ClashError as error:
                said = language_of(request).refusal(error)
                return await visit.page("refused", 409, reason="clash", sentence=said)
            except ReviewError as error:
                said = language_of(request).refusal(error)
                return await visit.page("refused", 400, reason="error", sentence=said)

        view.__doc__ = page.__doc__  # not functools.wraps: Datasette asks for a view's parameters
        return view

    return mark


async def place(datasette: Any) -> tuple[str, Path | None]:
    """The name and the file of the claims database; no file where it can't be written to."""
    name = await claims_database(datasette)
    if name is None:
        return "", None
    database = datasette.get_database(name)
    writable = database.path and database.is_mutable
    return name, Path(database.path) if writable else None


def from_our_pages(request: Any) -> bool:
    """Whether a POST comes from a page of the same site, by what browsers say of it.

    Beside Datasette's own check: 0.65 lets requests without cookies pass, as HTTP basic
    authentication sends them. As in Go's http.CrossOriginProtection.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def bounded(datasette: Any, app: Any) -> Any:
    """The application, with no form for the desk read that is larger than forms are.

    Before anything else reads it: a chunked form doesn't say how large it is.
    """

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        base = datasette.setting("base_url").rstrip("/")
        path = scope["path"].removeprefix(base) if scope["type"] == "http" else ""
        if not path.startswith("/-/desk") or scope["method"] in {"GET", "HEAD"}:
            await app(scope, receive, send)
            return
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return  # whoever asked is gone
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > _MOST_BYTES:
                await Response.text("This form is too large.\n", status=413).asgi_send(send)
                return
        read = iter([{"type": "http.request", "body": bytes(body), "more_body": False}])

        async def again() -> Any:
            return next(read, None) or await receive()

        await app(scope, again, send)

    return guarded


def closed(datasette: Any, app: Any) -> Any:
    """The application, closed to all but its readers where ``metadata.yml`` lists some."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        desk = desk_of(datasette)
        if scope["type"] == "http" and desk.readers is not None:
            base = datasette.setting("base_url").rstrip("/")
            way_in = scope["path"].removeprefix(base).startswith(_OPEN)
            actor = await _actor(datasette, Request(scope, receive))
            if not way_in and desk.role(actor) < Role.READER:
                await _turn_away(datasette, scope).asgi_send(send)
                return
        await app(scope, receive, send)

    return guarded


def _turn_away(datasette: Any, scope: Any) -> Any:
    if scope["method"] in {"GET", "HEAD"} and _wants_html(scope):
        return Response.redirect(sign_in(datasette) or datasette.urls.path("/-/login"))
    return Response.text("These pages are for their readers only.\n", status=403)


def _wants_html(scope: Any) -> bool:
    return any(key == b"accept" and b"text/html" in value for key, value in scope["headers"])


async def _actor(datasette: Any, request: Any) -> dict[str, Any] | None:
    """Who asks, as Datasette finds it out."""
    from datasette.plugins import pm  # loads all plugins, this one too: not while it is imported

    for found in pm.hook.actor_from_request(datasette=datasette, request=request):
        actor: dict[str, Any] | None = await await_me_maybe(found)
        if actor:
            return actor
    return None
