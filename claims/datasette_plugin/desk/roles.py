"""Who may do what: readers, checkers, editors, by the ids of actors in ``metadata.yml``.

::

    plugins:
      claims:
        checkers: [kim, lee]      # decide, review, comment; change what they published themselves
        editors: [park]           # also change, withdraw and assign what is others', merge speakers
        readers: [choi]           # where given, nobody else may read at all, but these two kinds
        names: {kim: 김서준}       # what readers see in place of an id
        verdicts: [plain]         # the sets of verdicts that the review form offers; all by default
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from claims.errors import ReviewError


class Role(IntEnum):
    """Each may do all that the ones before may."""

    NOBODY = 0
    READER = 1
    CHECKER = 2
    EDITOR = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk as ``metadata.yml`` describes it."""

    readers: frozenset[str] | None
    checkers: frozenset[str]
    editors: frozenset[str]
    names: dict[str, str]
    verdicts: tuple[str, ...]

    def role(self, actor: dict[str, Any] | None) -> Role:
        """What an actor may do; ``root``, as ``--root`` signs one in, may do everything."""
        actor_id = str((actor or {}).get("id") or "")
        if actor_id == "root" or (actor_id and actor_id in self.editors):
            return Role.EDITOR
        if actor_id and actor_id in self.checkers:
            return Role.CHECKER
        if self.readers is None or (actor_id and actor_id in self.readers):
            return Role.READER
        return Role.NOBODY

    def name(self, actor_id: str) -> str:
        """What readers see of an actor."""
        return self.names.get(actor_id, actor_id)

    @property
    def people(self) -> list[str]:
        """Everybody who may decide, for assigning."""
        return sorted(self.checkers | self.editors)


def desk_of(datasette: Any) -> Desk:
    """The desk of a Datasette. Raises ReviewError for settings of the wrong form."""
    config = datasette.plugin_config("claims") or {}
    readers = config.get("readers")
    names = config.get("names") or {}
    if not isinstance(names, dict):
        raise ReviewError("plugins: claims: names: is a table of ids and names in metadata.yml")
    return Desk(
        None if readers is None else frozenset(_ids(config, "readers")),
        frozenset(_ids(config, "checkers")),
        frozenset(_ids(config, "editors")),
        {str(key): str(value) for key, value in names.items()},
        tuple(_ids(config, "verdicts")),
    )


def sign_in(datasette: Any) -> str | None:
    """The page of the sign-in plugin that is set up here; None where there is none."""
    passwords = datasette.plugin_config("datasette-auth-passwords") or {}
    if any(key.endswith("_password_hash") for key in passwords):
        return str(datasette.urls.path("/-/login"))
    if datasette.plugin_config("datasette-auth-github"):
        return str(datasette.urls.path("/-/github-auth-start"))
    return None


def _ids(config: dict[str, Any], key: str) -> list[str]:
    ids = config.get(key) or []
    if not isinstance(ids, list) or not all(isinstance(one, str | int) for one in ids):
        raise ReviewError(
            "plugins: claims: {key}: is a list of ids in metadata.yml, like [kim]", key=key
        )
    return [str(one) for one in ids]
