"""Files that travel with the package: beside it in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path


def shipped(name: str) -> Path:
    """The path of ``schema.sql`` or ``metadata.yml``.

    Raises FileNotFoundError when the installation is incomplete.
    """
    here = Path(__file__).parent
    for path in (here / name, here.parent / name):
        if path.is_file():
            return path
    raise FileNotFoundError(f"{name} is missing from this installation of claims")
