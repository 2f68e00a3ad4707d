"""Datasette on a claims database, over HTTP, until the person stops it."""

from __future__ import annotations

import errno
import socket
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.errors import ClaimsError

PORT = 8001
_TRIES = 20
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Desk:
    """Who may check claims: a ``metadata`` file with roles and passwords, ``root``, or nobody.

    ``secret`` signs the cookies of those who are signed in.
    """

    metadata: Path | None = None
    root: bool = False
    secret: str | None = None


def serve(
    db_path: str | Path,
    host: str = "127.0.0.1",
    port: int | None = None,
    open_browser: bool = False,
    announce: Callable[[str], object] = print,
    desk: Desk | None = None,
    *,
    immutable: bool = False,
) -> None:
    """Serve a claims database until Ctrl+C; ``announce`` gets the address once pages come.

    Without a ``port``, 8001 or the next one that is free. The database may be written to
    meanwhile, unless it is ``immutable``. ``desk`` is who may check claims. Raises DatabaseError
    for a missing or foreign file, SourceError for metadata that is none, ClaimsError for an
    address that can't be had.
    """
    path = Path(db_path)
    if not immutable:
        _check(path)
    listener = _listen(host, port)
    address = _address(host, listener.getsockname()[1])

    def started() -> None:
        announce(f"Serving {path} at {address} (stop with Ctrl+C)")
        if root_path:
            announce(f"Sign in as root, once: {address.rstrip('/')}{root_path}")
        if open_browser:
            webbrowser.open(address.rstrip("/") + root_path if root_path else address)

    with listener:
        datasette, root_path = _prepared(path, desk or Desk(), immutable)
        _run(datasette, listener, started)


def _check(path: Path) -> None:
    """Raise DatabaseError unless this is a claims database; an older one is brought up to date."""
    from claims.store import Store

    Store.open(path, create=False).close()


def _listen(host: str, port: int | None) -> socket.socket:
    """A socket that listens; raises ClaimsError when the address can't be had."""
    first, last = (PORT, PORT + _TRIES) if port is None else (port, port)
    if not 0 <= first <= _LAST_PORT:
        raise ClaimsError(f"port {first} does not exist; ports are 0 to {_LAST_PORT}")
    while True:
        try:
            return _bind(host, first)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or first == last:
                raise ClaimsError(_refusal(error, host, first)) from error
        first += 1


def _bind(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    return socket.create_server((address[0], port), family=family)


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use by another program; choose another with --port"
    if error.errno == errno.EACCES:
        return f"port {port} may only be used by the system; choose one above 1023 with --port"
    return f"{host}, port {port}: can't listen there ({error.strerror or error})"


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 (for showing)
    return f"http://{shown}:{port}/"


def _prepared(path: Path, desk: Desk, immutable: bool) -> tuple[Any, str]:
    """A Datasette, and the path that signs in as root where one is to have it."""
    from claims.datasette_plugin.application import datasette_for, root_path

    datasette = datasette_for(path, desk.metadata, desk.secret, immutable=immutable)
    return datasette, root_path(datasette) if desk.root else ""


def _run(datasette: Any, listener: socket.socket, started: Callable[[], None]) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        """Tells when it answers."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                started()

    config = uvicorn.Config(datasette.app(), log_level="warning", lifespan="on")
    try:
        Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        return
