"""A plugin of Datasette for tests: compiled templates are kept for the next one.

Hundreds of Datasettes are made from the same templates, and compiling is most of what each costs.
"""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from datasette import hookimpl
from jinja2 import FileSystemBytecodeCache

_folder = TemporaryDirectory(prefix="claims-templates-")
atexit.register(_folder.cleanup)


@cache
def _compiled_by(extensions: frozenset[str]) -> FileSystemBytecodeCache:
    """Extensions rewrite templates before they are compiled, and not every Datasette has ours."""
    folder = Path(_folder.name) / str(_compiled_by.cache_info().misses)
    folder.mkdir()
    return FileSystemBytecodeCache(str(folder))


@hookimpl(trylast=True)  # after the plugins that add extensions
def prepare_jinja2_environment(env):
    env.bytecode_cache = _compiled_by(frozenset(env.extensions))
