"""Which files a name means, and how large they are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from claims.errors import SourceError
from claims.sources.reading import File, is_readable
from claims.sources.remote import is_remote, remote_files


def size_of(names: Iterable[str]) -> int | None:
    """How many bytes the files and folders of these names hold; None where that can't be told."""
    total = 0
    for name in names:
        try:
            path = Path(name)
            if "://" in name or not path.exists():
                return None
            files = path.rglob("*") if path.is_dir() else (path,)
            total += sum(file.stat().st_size for file in files if file.is_file())
        except (OSError, ValueError):
            return None
    return total


def files_of(name: str) -> list[File]:
    """The files that a source is read from, in its order; each is a source by itself.

    A source that can't be read is its own only file, since reading it tells what is wrong.
    """
    try:
        if is_remote(name):
            return remote_files(name)
        path = Path(name)
        found = readable_in(path) if path.is_dir() else [path]
        return [File(str(file), file.stat().st_size) for file in found] or [File(name, 0)]
    except (SourceError, OSError, ValueError):
        return [File(name, 0)]


def readable_in(path: Path) -> list[Path]:
    """The files in a folder and its folders that are read, by name; hidden ones are left alone."""
    return [
        file
        for file in sorted(path.rglob("*"))
        if is_readable(file.name) and file.is_file() and not is_hidden(file.relative_to(path).parts)
    ]


def is_hidden(parts: tuple[str, ...]) -> bool:
    """Whether a file is hidden, by the parts of its path."""
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts)
