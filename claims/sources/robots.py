"""What a site asks of programs in its ``robots.txt`` (RFC 9309, read by Protego)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protego import Protego

_NAME = "claims"
_RULE = re.compile(r"\s*(allow|disallow)\s*:", re.IGNORECASE)
_MOST_STARS = 4  # in one rule: each more makes matching slower by the length of an address


class Robots:
    """The rules of one site; ``pause`` is what it asks for between two requests, in seconds."""

    def __init__(self, text: str) -> None:
        from protego import Protego

        lines = text.removeprefix("\ufeff").splitlines()
        self._rules: Protego = Protego.parse("\n".join(map(_tamed, lines)))
        self.pause = float(self._rules.crawl_delay(_NAME) or 0)

    def allows(self, url: str) -> bool:
        """Whether this program may read an address of the site."""
        return bool(self._rules.can_fetch(url, _NAME))


def _tamed(line: str) -> str:
    """A rule without so many stars that matching it never ends; forbidding then forbids more."""
    rule = _RULE.match(line)
    if rule and line.count("*") > _MOST_STARS:
        return "*".join(line.split("*")[:_MOST_STARS]) if rule[1].casefold() == "disallow" else ""
    return line


ALL_OPEN = Robots("")
ALL_CLOSED = Robots("User-agent: *\nDisallow: /")
