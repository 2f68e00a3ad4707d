"""Datasette on one claims database, with the packaged metadata and settings that suit it."""

from __future__ import annotations

from pathlib import Path

import yaml
from datasette.app import Datasette
from datasette.database import Database

from claims.datasette_plugin.site import DATABASE
from claims.datasette_plugin.versions import options
from claims.shipped import shipped

SETTINGS = {
    "default_page_size": 50,
    "default_facet_size": 15,
    "facet_time_limit_ms": 1000,  # of a million claims, one facet takes up to 0.6 s
    "sql_time_limit_ms": 3000,
    "suggest_facets": False,  # metadata.yml names the useful ones; guessing costs a query each
    "allow_download": False,
    "truncate_cells_html": 280,
}


def datasette_for(path: Path) -> Datasette:
    """A Datasette on a claims database, read only but never taken for unchanging.

    ``path`` is a database in any state of being written to: pages show what is committed.
    """
    metadata = yaml.safe_load(shipped("metadata.yml").read_text("utf-8")) or {}
    datasette = Datasette([], settings=SETTINGS, **options(metadata))
    datasette.remove_database("_memory")
    datasette.add_database(Database(datasette, path=str(path), is_mutable=True), name=DATABASE)
    return datasette
