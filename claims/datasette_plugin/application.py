"""Datasette on one claims database, with the packaged metadata and settings that suit it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from datasette.app import Datasette

from claims.datasette_plugin.counted import CountedDatabase
from claims.datasette_plugin.desk.roles import desk_of
from claims.datasette_plugin.site import DATABASE
from claims.datasette_plugin.versions import options
from claims.errors import SourceError
from claims.shipped import shipped
from claims.store.snapshots import inspect_data

SETTINGS = {
    "default_page_size": 50,
    "default_facet_size": 15,
    "facet_time_limit_ms": 1000,  # for what isn't counted ahead: one column of a million rows
    "sql_time_limit_ms": 3000,
    "suggest_facets": False,  # metadata.yml names the useful ones; guessing costs a query each
    "allow_download": False,
    "truncate_cells_html": 280,
}

_SAFE = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # libyaml's, ten times as fast, if it is there


def datasette_for(
    path: Path,
    own_metadata: Path | None = None,
    secret: str | None = None,
    *,
    immutable: bool = False,
) -> Datasette:
    """A Datasette on a claims database, read only, and taken for unchanging only when told so.

    ``path`` is a database in any state of being written to: pages show what is committed. An
    ``immutable`` one is a snapshot; what was counted ahead is taken from beside it.
    ``own_metadata`` is laid over the packaged one; ``secret`` signs cookies, and keeps people
    signed in when it is the same the next time. Raises SourceError for metadata that is
    none, ReviewError for settings of the desk that are none, DatabaseError for a snapshot that is
    none.
    """
    metadata = _parsed(shipped("metadata.yml")) or {}
    if own_metadata is not None:
        metadata = _laid_over(metadata, _read(own_metadata))
    told = inspect_data(path) if immutable else None
    datasette = Datasette(
        [],
        settings=SETTINGS,
        secret=secret,
        inspect_data={DATABASE: told} if told else None,
        **options(metadata),
    )
    desk_of(datasette)  # settings of the wrong form are told now, not to each reader
    datasette.remove_database("_memory")
    database = CountedDatabase(datasette, path=str(path), is_mutable=not immutable)
    datasette.add_database(database, name=DATABASE)
    return datasette


def root_path(datasette: Datasette) -> str:
    """The path that signs in as ``root``, who may do everything; it works once."""
    datasette.root_enabled = True  # asked by Datasette 1.0 only
    return str(datasette.urls.path(f"/-/auth-token?token={datasette._root_token}"))


def _read(path: Path) -> dict[str, Any]:
    try:
        metadata = _parsed(path)
    except OSError as error:
        raise SourceError(f"{path}: can't be read ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: this is not YAML: {error}") from error
    if not isinstance(metadata, dict):
        raise SourceError(f"{path}: metadata has names and values, like title: …")
    return metadata


def _parsed(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), _SAFE)  # noqa: S506 (both are safe ones)


def _laid_over(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Tables are merged, anything else is replaced."""
    merged = dict(under)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(under.get(key), dict)
        merged[key] = _laid_over(under[key], value) if both else value
    return merged
