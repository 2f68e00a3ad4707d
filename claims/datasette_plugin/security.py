"""Headers that keep a page from running, loading or framing what isn't ours.

Scripts run only from this server, or inline with the nonce of the request. The nonce is written
into Datasette's own templates when they are compiled, so words that come from data never get one.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from jinja2.ext import Extension

from claims.datasette_plugin.versions import INLINE_HANDLERS, INLINE_STYLES

_SCOPE_KEY = "claims_nonce"
_TAGS = re.compile(r"<(script|style)(?=[\s>{])")
# Fields of Datasette's filter form, which have no label: what a screen reader is to say.
_FIELDS = re.compile(r'<(select|input)(?= (?:type="text" )?name="_(filter_\w+?|sort)(?:_\{|"))')
_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"strict-origin-when-cross-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# Pages speak the browser's language, unless the reader's cookie names another.
_VARIES = ((b"vary", b"Accept-Language, Cookie"),)


class NoncedTemplates(Extension):
    """Gives each ``<script>`` and ``<style>`` of a template's source the nonce of the request.

    And the page its language, which Datasette 0.65 doesn't name, and fields their names.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 (Jinja's own signature)
        """The source of a template, before it is compiled."""
        source = re.sub(
            r'<html(?: lang="en")?>',
            """<html lang="{{ claims_page_language or 'en' }}">""",
            source,
        )
        source = _FIELDS.sub(r'<\1 aria-label="\2"', source)
        return _TAGS.sub(r'<\1 nonce="{{ claims_nonce }}"', source)


def nonce(request: Any) -> str:
    """The nonce of a request; a useless one where the request came in another way."""
    return str(request.scope.get(_SCOPE_KEY, "none")) if request else "none"


def policy(nonce: str) -> str:
    """The Content-Security-Policy of a page.

    Style attributes stay allowed: Datasette's own templates colour by them, and they run nothing.
    """
    handlers = "".join(f" 'sha256-{_digest(handler)}'" for handler in INLINE_HANDLERS)
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' 'nonce-{nonce}'",
        "script-src-attr": f"'unsafe-hashes'{handlers}" if handlers else "'none'",
        "style-src": " ".join(
            ["'self'", f"'nonce-{nonce}'", *(f"'{one}'" for one in INLINE_STYLES)]
        ),
        "style-src-attr": "'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def protected(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """An ASGI application whose every answer carries these headers."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        fresh = secrets.token_urlsafe(16)

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                wanted = {b"content-security-policy": policy(fresh).encode(), **_HEADERS}
                given = message.get("headers") or []
                have = {name.lower() for name, _ in given}
                missing = [(name, value) for name, value in wanted.items() if name not in have]
                message = {**message, "headers": [*given, *missing, *_VARIES]}
            await send(message)

        await app({**scope, _SCOPE_KEY: fresh}, receive, send_with_headers)

    return answer


def _digest(words: str) -> str:
    return base64.b64encode(hashlib.sha256(words.encode()).digest()).decode()
