"""Dates as articles and people write them -> ISO 8601, as precise as known."""

from __future__ import annotations

from claims.errors import DateError


def parse_date(words: str) -> str:
    """ISO 8601 (``2024-12-17``, ``2024-12`` or ``2024``) of a date a person typed.

    Raises DateError, with a sentence that shows the form to use.
    """
    import re

    if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", words):
        return words
    raise DateError(f"{words!r} is not a date; write it like 2024-12-17, 2024-12 or 2024")
