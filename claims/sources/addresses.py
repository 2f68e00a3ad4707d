"""Which addresses may be fetched from: those of the public internet, and no others.

A link in a feed, a redirect or a name under somebody else's control must not lead a newsroom's
machine into its own network (server-side request forgery, CWE-918). Names are judged by what they
resolve to, so that every odd notation of an address is seen for what it is.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from claims.errors import SourceError

if TYPE_CHECKING:
    import httpx

_LONGEST_URL = 2000  # characters
# Not for the public, though the registries list them as global or older Pythons do: IETF protocol
# assignments with a cloud's metadata, relays of 6to4, and Azure's host of each virtual machine.
_CLOSED_V4 = [ip_network(n) for n in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")]
_UNICAST_V6 = ip_network("2000::/3")  # RFC 4291, 2.4: all that is assigned so far
_TRANSLATED_V6 = ip_network("64:ff9b::/96")  # RFC 6052: the last four bytes are an IPv4 address
_CLOSED_V6 = [ip_network(n) for n in ("2001::/23", "2001:db8::/32", "3fff::/20", "3ffe::/16")]


def checked_url(url: str) -> httpx.URL:
    """The parsed address, without its fragment.

    Raises SourceError for what is no http or https address, or carries a name and password.
    """
    import httpx

    try:
        parsed = httpx.URL(url[: _LONGEST_URL + 1]).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise SourceError(f"{url[:200]}: this is not an address ({error})") from error
    if len(url) > _LONGEST_URL:
        raise SourceError(f"{url[:200]}…: this address is longer than {_LONGEST_URL} characters")
    if parsed.scheme not in ("http", "https"):
        raise SourceError(f"{url}: only addresses with http and https are read")
    if not parsed.host:
        raise SourceError(f"{url}: this address names no host")
    if parsed.userinfo:
        raise SourceError(f"{url}: addresses with a name or password in them are not read")
    return parsed


def resolved(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The IP addresses of a host, all of them public unless ``allow_private``.

    Raises SourceError where a single one is not, or there is none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceError(f"the host {host} is not found") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not allow_private:
            refuse_private(address)
    return addresses


def refuse_private(address: str) -> None:
    """Raise SourceError for an IP address that is not of the public internet."""
    if not is_public(address):
        raise SourceError(
            f"{address} is not an address of the public internet; "
            "give --allow-private if you mean to read from your own network"
        )


def is_public(address: str) -> bool:
    """Whether an IP address is of the public internet; what is no IP address is not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_v4(parsed) if isinstance(parsed, IPv4Address) else _is_public_v6(parsed)


def _is_public_v4(address: IPv4Address) -> bool:
    closed = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not closed and not any(address in net for net in _CLOSED_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    """By the IPv4 address inside, where one is: RFC 4291 mapped, RFC 6052, RFC 3056 (6to4)."""
    if address.scope_id:
        return False
    inside = address.ipv4_mapped or address.sixtofour
    if address in _TRANSLATED_V6:
        inside = IPv4Address(int(address) & 0xFFFFFFFF)
    if inside is not None:
        return _is_public_v4(inside)
    return (
        address in _UNICAST_V6
        and address.is_global
        and not any(address in net for net in _CLOSED_V6)
    )
