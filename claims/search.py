"""Words for the full-text index, so that Korean, Japanese and Chinese are found by any word.

SQLite's tokenizers know words by the blanks between them. Korean writes particles on to its words
(``국민은행이``), Chinese and Japanese write no blanks at all. So each run of such characters is
indexed with all its parts of two to eight characters: what a person types is then one of the
terms, and plain Datasette, which quotes each word of a search, finds it without any plugin.

The index keeps which row has a term and not where in it (half the size, and frequent words are
found faster), so it knows no phrases. Its tokenizer takes punctuation for letters: a word with
punctuation in it (``U.S.``, ``follow-up``) is then one term and no phrase; it is indexed whole and
by its parts.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Hangul, kana, Han with their extensions and compatibility forms.
_CJK = "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(rf"([{_CJK}]+)|[^\W{_CJK}]+")
_EDGES = re.compile(r"^\W+|\W+$")
_LONGEST = 8
_OFTEN = 40  # characters; what is longer hardly ever comes again


def index_terms(text: str) -> str:
    """The terms of a text, each once, with blanks between them.

    Of a run of Korean, Japanese or Chinese all parts, two to eight characters long (a single
    character stands for itself); of what is written together otherwise, each word and the whole.
    """
    chunks = set(text.split())
    short = [chunk for chunk in chunks if len(chunk) <= _OFTEN]
    terms: set[str] = set().union(*map(_terms_of, short), *map(_terms, chunks.difference(short)))
    return " ".join(terms)


def match_terms(query: str) -> str:
    """What to ask the index for, so that it finds the rows with all words that a person typed.

    Every string is fine, and one without any word finds nothing.
    """
    terms: dict[str, None] = {}
    for found in _WORD.finditer(query):
        word, run = found.group(), found.group(1)
        if run and len(run) > _LONGEST:
            last = len(run) - _LONGEST
            terms.update({run[at : at + _LONGEST]: None for at in {*range(0, last, 4), last}})
        else:
            terms[word] = None
    return " ".join(f'"{term}"' for term in terms) or '""'


def _terms(chunk: str) -> tuple[str, ...]:
    """The terms of what is written together."""
    words = [(found.group(), found.group(1)) for found in _WORD.finditer(chunk)]
    terms = {part for word, run in words for part in (_parts(run) if run else (word,))}
    if len(words) > 1:
        terms.add(_EDGES.sub("", chunk))
    return tuple(terms)


# Most of what a text holds is in others as well.
_terms_of = lru_cache(maxsize=20_000)(_terms)


def _parts(run: str) -> set[str]:
    if len(run) == 1:
        return {run}
    parts = {
        run[start : start + length]
        for length in range(2, min(_LONGEST, len(run)) + 1)
        for start in range(len(run) - length + 1)
    }
    return parts | {run} if len(run) > _LONGEST else parts
