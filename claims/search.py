"""Words for the full-text index, so that Korean, Japanese and Chinese are found by any word.

SQLite's tokenizers know words by the blanks between them. Korean writes particles on to its words
(``국민은행이``), Chinese and Japanese write no blanks at all. So each run of such characters is
indexed with all its parts of two to eight characters: what a person types is then one of the
terms, and plain Datasette, which quotes each word of a search, finds it without any plugin.
"""

from __future__ import annotations

import re

# Hangul, kana, Han with their extensions and compatibility forms.
_RUN = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)
_LONGEST = 8


def index_terms(text: str) -> str:
    """The text with each run of Korean, Japanese or Chinese followed by all its parts.

    Parts are two to eight characters long; a single character stands for itself.
    """
    return _RUN.sub(lambda found: " ".join(_parts(found.group())), text)


def _parts(run: str) -> list[str]:
    if len(run) == 1:
        return [f" {run} "]
    parts = {
        run[start : start + length]: None
        for length in range(2, min(_LONGEST, len(run)) + 1)
        for start in range(len(run) - length + 1)
    }
    return ["", *parts, *([run] if len(run) > _LONGEST else []), ""]
