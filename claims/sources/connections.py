"""Connections to checked addresses, each with an end to its time.

The name is resolved once, every address it has is checked, and the connection goes to one of these
very addresses, so that a name can't change its mind between the check and the connection (DNS
rebinding). TLS still checks the certificate against the name.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import httpcore
import httpx

from claims.sources.addresses import refuse_private, resolved


class CheckedTransport(httpx.BaseTransport):
    """What httpx sends requests through; ``seconds`` is for one request with its whole answer."""

    def __init__(self, *, allow_private: bool, seconds: float) -> None:
        self._backend = _CheckedBackend(allow_private, seconds)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=self._backend,
            max_keepalive_connections=0,  # each request is checked anew
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is read as it comes. Raises httpcore's errors."""
        self._backend.begin()
        response = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _CheckedBackend(httpcore.NetworkBackend):
    def __init__(self, allow_private: bool, seconds: float) -> None:
        self._allow_private = allow_private
        self._seconds = seconds
        self._sockets = httpcore.SyncBackend()
        self.begin()

    def begin(self) -> None:
        """Start the time that the next request has."""
        self._ends = time.monotonic() + self._seconds

    def left(self, timeout: float | None) -> float:
        """Seconds that may still pass. Raises httpcore.ReadTimeout when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for this request is over")
        return left if timeout is None else min(left, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first checked address of ``host`` that answers."""
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in resolved(host, port, allow_private=self._allow_private):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            if not self._allow_private:
                refuse_private(str(stream.get_extra_info("server_addr")[0]))
            return _TimedStream(stream, self.left)
        raise failed


class _TimedStream(httpcore.NetworkStream):
    """A stream that never waits beyond the end of its request's time."""

    def __init__(
        self, stream: httpcore.NetworkStream, left: Callable[[float | None], float]
    ) -> None:
        self._stream = stream
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        with suppress(OSError):
            self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _TimedStream(stream, self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
