"""Addresses on the web -> bytes, within bounds and with manners.

One request at a time, a pause between two to the same host, ``robots.txt`` kept (RFC 9309), an
honest name. Bounded are the time and size of an answer, what it unpacks to, and redirects, each of
which is checked as the first address was.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from claims import __version__
from claims.errors import SourceError

if TYPE_CHECKING:
    import httpx

    from claims.sources.robots import Robots

AGENT = f"claims/{__version__} (reads news articles for fact-checking, one at a time)"
_ACCEPT = "text/html, application/xhtml+xml, application/feed+json, text/plain, */*;q=0.5"
_REDIRECTS = {301, 302, 303, 307, 308}
_NOT_MODIFIED = 304
_ROBOTS_SIZE = 500 * 1024  # bytes; RFC 9309, 2.5
_AT_ONCE = 1024 * 1024  # bytes unpacked at a time
_LONGEST_PAUSE = 30.0  # seconds that a site may ask for between two requests


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one fetch: bytes unpacked, seconds, redirects, seconds between requests."""

    size: int = 50 * 1024 * 1024
    seconds: float = 60.0
    silence: float = 20.0
    redirects: int = 5
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: where it came from in the end, its bytes, and what its header says of them.

    ``content`` is None where nothing changed since the last time (304). ``kind`` is the media type
    in lower case, without parameters; ``charset`` the encoding declared for it.
    """

    url: str
    content: bytes | None
    kind: str = ""
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None


class Fetcher:
    """Fetches from the web; ``sleep`` and ``clock`` are for tests."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        limits: Limits | None = None,
        sleep: Callable[[float], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allow_private = allow_private
        self._limits = limits or Limits()
        self._sleep = sleep or time.sleep
        self._clock = clock
        self._robots: dict[str, Robots] = {}
        self._last: dict[str, float] = {}

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Fetched:
        """Fetch an address, redirects followed.

        ``headers`` may make the request conditional. Raises SourceError, with a sentence, for
        whatever can't, may not or should not be fetched.
        """
        try:
            return self._followed(url, dict(headers or {}))
        except SourceError as error:
            sentence = str(error)
            raise SourceError(sentence if url in sentence else f"{url}: {sentence}") from error

    def _followed(self, url: str, headers: dict[str, str]) -> Fetched:
        address = _checked(url)
        for _ in range(self._limits.redirects + 1):
            if not self._robots_of(address).allows(str(address)):
                raise SourceError("its site asks not to be read by programs (robots.txt)")
            answer = self._ask(address, headers)
            if isinstance(answer, Fetched):
                return answer
            address = answer
        raise SourceError(f"this leads on more than {self._limits.redirects} times")

    def _robots_of(self, address: httpx.URL) -> Robots:
        """The rules of a site, asked for once; none that it has means all is open."""
        site = _site(address)
        if site not in self._robots:
            self._robots[site] = self._read_robots(_checked(f"{site}/robots.txt"))
        return self._robots[site]

    def _read_robots(self, address: httpx.URL) -> Robots:
        from claims.sources.robots import ALL_CLOSED, ALL_OPEN, Robots

        try:
            for _ in range(self._limits.redirects + 1):
                answer = self._ask(address, {}, _ROBOTS_SIZE)
                if isinstance(answer, Fetched):
                    return Robots((answer.content or b"").decode("utf-8", "replace"))
                address = answer
        except _AnswerError as error:
            return ALL_CLOSED if error.status >= 500 else ALL_OPEN  # RFC 9309, 2.3.1
        return ALL_OPEN

    def _ask(
        self, address: httpx.URL, headers: dict[str, str], size: int | None = None
    ) -> Fetched | httpx.URL:
        """One request: the answer, or the address that it leads on to."""
        import httpcore
        import httpx

        self._wait_for(address)
        try:
            with self._client.stream("GET", address, headers=headers) as response:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    target = address.join(response.headers["location"])
                    return _checked(str(target))
                return self._fetched(response, size)
        except (httpx.TimeoutException, httpcore.TimeoutException) as error:
            raise SourceError("its host takes too long to answer") from error
        except (
            httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpcore.NetworkError,
            httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError, ValueError,
        ) as error:  # fmt: skip
            raise SourceError(f"its host can't be read from ({error})") from error
        finally:
            self._client.cookies.clear()
            self._last[address.host] = self._clock()

    @cached_property
    def _client(self) -> httpx.Client:
        import httpx

        from claims.sources.connections import CheckedTransport

        limits = self._limits
        return httpx.Client(
            transport=CheckedTransport(allow_private=self._allow_private, seconds=limits.seconds),
            timeout=limits.silence,
            trust_env=False,  # a proxy would resolve names by itself, unchecked
            headers={
                "user-agent": AGENT,
                "accept": _ACCEPT,
                "accept-encoding": "gzip, deflate",
            },
        )

    def _wait_for(self, address: httpx.URL) -> None:
        """Let a host have its pause since the last request to it."""
        last = self._last.get(address.host)
        if last is None:
            return
        site = self._robots.get(_site(address))
        asked = min(site.pause, _LONGEST_PAUSE) if site else 0
        left = last + max(self._limits.pause, asked) - self._clock()
        if left > 0:
            self._sleep(left)

    def _fetched(self, response: httpx.Response, size: int | None) -> Fetched:
        headers = response.headers
        if response.status_code == _NOT_MODIFIED:
            return Fetched(str(response.url), None)
        if not response.is_success:
            raise _AnswerError(response.status_code, response.reason_phrase)
        kind = headers.get("content-type", "").partition(";")[0].strip().casefold()
        content = b"".join(
            _bounded(
                _unpacked(response.iter_raw(), headers.get("content-encoding", "")),
                size or self._limits.size,
                cut=size is not None,
            )
        )
        return Fetched(
            str(response.url), content, kind, response.charset_encoding,
            headers.get("etag"), headers.get("last-modified"),
        )  # fmt: skip


def _site(address: httpx.URL) -> str:
    return f"{address.scheme}://{address.netloc.decode('ascii')}"


class _AnswerError(SourceError):
    """An answer that is none: its status, and a sentence."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"its host answers {status} {reason}".rstrip())
        self.status = status


def _unpacked(chunks: Iterator[bytes], packing: str) -> Iterator[bytes]:
    """The chunks of a body unpacked, never more than a little at once."""
    packing = packing.strip().casefold()
    if packing in ("", "identity"):
        yield from chunks
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise SourceError(f"its host packs it in a way that was not asked for ({packing[:40]})")
    unpacker = None
    try:
        for chunk in chunks:
            if unpacker is None:
                unpacker = zlib.decompressobj(_window(packing, chunk))
            while chunk and not unpacker.eof:
                yield unpacker.decompress(chunk, _AT_ONCE)
                chunk = unpacker.unconsumed_tail
    except zlib.error as error:
        raise SourceError("it is packed wrongly") from error
    if unpacker is None or not unpacker.eof:
        raise SourceError("it breaks off before its end")


def _window(packing: str, first: bytes) -> int:
    """zlib's number for gzip, for deflate, and for the bare deflate that some servers send."""
    if packing != "deflate":
        return zlib.MAX_WBITS | 16
    is_zlib = len(first) > 1 and first[0] & 0x0F == 8 and int.from_bytes(first[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


def _bounded(chunks: Iterator[bytes], most: int, *, cut: bool) -> Iterator[bytes]:
    """The chunks as long as they are no more than ``most`` bytes; beyond, cut or refused."""
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > most:
            if cut:
                yield chunk[: most - total]
                return
            raise SourceError(f"this is larger than {most // 1024**2} MB")
        yield chunk


class NoFetcher(Fetcher):
    """Fetches nothing: for machines that are many, and would be upon a host all at once."""

    def _followed(self, url: str, headers: dict[str, str]) -> Fetched:  # noqa: ARG002
        raise SourceError(f"{url}: a cluster fetches nothing from the web; leave out --dask")


def _checked(url: str) -> httpx.URL:
    """The parsed address. Raises SourceError for what is none that may be read."""
    from claims.sources.addresses import checked_url

    return checked_url(url)
