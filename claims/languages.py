"""What the engine knows of a language: ``lang/CODE.toml``, loaded, checked and compiled.

A data file holds named word lists and named patterns. A pattern names others by ``<name>``; a list
stands for any one of its words. ``<Q>`` is a quotation, ``<T>`` the quotation asked about, ``<B>``
something in brackets, all as `claims.segments` masks them; ``<open>`` and ``<closed>`` are the
Hangul syllables without and with a final consonant (Unicode 15, section 3.12), which decide the
form of a Korean particle.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from claims.errors import LanguageError
from claims.models import SpeakerKind

_REFERENCE = re.compile(r"(?<!\?P)<([A-Za-z_0-9]+)>")
_OPEN_SYLLABLES = "[" + "".join(chr(code) for code in range(0xAC00, 0xD7A4, 28)) + "]"
_BUILT_IN = {
    "Q": "\ue001[\ue000\ue007]*\ue002",
    "T": "\ue005\ue004*\ue006",
    "B": "\ue003+",
    "open": _OPEN_SYLLABLES,
    "closed": f"(?!{_OPEN_SYLLABLES})[가-힣]",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """One way in which a language hangs a statement on a speaker.

    A frame for quotations has ``before`` (searched in what precedes the quotation in its clause,
    the last match first) and ``after`` (matched right behind it); a frame for reported speech has
    ``pattern`` with a group ``content``. Groups: ``speaker``, ``cue``, ``via``, each also with a
    digit behind it where a pattern has alternatives. ``carries`` says that the speaker is the one
    of the statement before; ``previous`` that ``before`` is the sentence before the quotation's.
    ``confidence`` is 0 to 1.
    """

    name: str
    confidence: float
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    pattern: re.Pattern[str] | None = None
    carries: bool = False
    previous: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """One shape of a speaker phrase: a pattern over the tags of its words (see `claims.phrases`)."""

    name: str
    pattern: re.Pattern[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A word that stands for a speaker named before."""

    gender: str | None
    plural: bool
    kinds: tuple[SpeakerKind, ...]


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """Everything the engine knows of one language."""

    code: str
    name: str
    script: re.Pattern[str]
    quote_pairs: dict[str, str]
    inner_quote_pairs: dict[str, str]
    marks: re.Pattern[str]
    lists: dict[str, tuple[str, ...]]
    patterns: dict[str, re.Pattern[str]]
    quotations: tuple[Frame, ...]
    reports: tuple[Frame, ...]
    tags: tuple[tuple[str, re.Pattern[str]], ...]
    phrases: tuple[Phrase, ...]
    pronouns: dict[str, Pronoun]
    months: dict[str, int]
    weekdays: dict[str, int]
    relative_days: dict[str, int]
    genitive_mark: str
    surname_and_role: str

    @property
    def furniture(self) -> re.Pattern[str]:
        """Lines that are no prose: captions, bylines, copyright, links."""
        return self.patterns["furniture"]

    @property
    def dateline(self) -> re.Pattern[str]:
        """What may stand before the first sentence: place, agency, reporter."""
        return self.patterns["dateline"]

    @property
    def abbreviation(self) -> re.Pattern[str]:
        """Full stops that end no sentence; searched at the end of what precedes."""
        return self.patterns["abbreviation"]

    @property
    def goes_on_after_quotation(self) -> re.Pattern[str]:
        """What, behind a quotation that ends with a full stop, still belongs to its sentence."""
        return self.patterns["goes_on_after_quotation"]


def available() -> tuple[str, ...]:
    """The ISO 639-1 codes that have a data file, sorted."""
    folder = files("claims") / "lang"
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))


@cache
def rules_for(code: str) -> LanguageRules:
    """The rules of a language.

    Raises LanguageError when there is no data file for it, or the file breaks its own rules.
    """
    if code not in available():
        known = ", ".join(available())
        raise LanguageError(f"there are no rules for language {code!r}; known are: {known}")
    data = tomllib.loads((files("claims") / "lang" / f"{code}.toml").read_text("utf-8"))
    try:
        return _compile(code, data)
    except (KeyError, re.error, TypeError, RecursionError) as error:
        raise LanguageError(f"lang/{code}.toml: {error}") from error


def _compile(code: str, data: Mapping[str, Any]) -> LanguageRules:
    names = dict(data["patterns"]) | {key: _any_of(words) for key, words in data["lists"].items()}
    expand = _Expander(names)
    outer, inner = _pairs(data["quotes"]["outer"]), _pairs(data["quotes"]["inner"])
    every = "".join({*outer, *inner, *"".join(outer.values()), *"".join(inner.values())})
    return LanguageRules(
        code=code,
        name=data["name"],
        script=re.compile(data["script"]),
        quote_pairs=outer,
        inner_quote_pairs=inner,
        marks=re.compile(f"[{re.escape(every)}]"),
        lists={key: tuple(words) for key, words in data["lists"].items()},
        patterns={key: expand.compile(value) for key, value in data["find"].items()},
        quotations=tuple(_frame(entry, expand) for entry in data["quotations"]),
        reports=tuple(_frame(entry, expand) for entry in data["reports"]),
        tags=tuple((entry["tag"], expand.compile(entry["words"])) for entry in data["tags"]),
        phrases=tuple(
            Phrase(entry["name"], re.compile(entry["pattern"]), entry.get("kind", "person"))
            for entry in data["phrases"]
        ),
        pronouns={
            word: Pronoun(entry.get("gender"), entry.get("plural", False), tuple(entry["kinds"]))
            for entry in data["pronouns"]
            for word in entry["words"]
        },
        months=data["dates"].get("months", {}),
        weekdays=data["dates"].get("weekdays", {}),
        relative_days=data["dates"].get("relative_days", {}),
        genitive_mark=data["genitive_mark"],
        surname_and_role=data["surname_and_role"],
    )


def _frame(entry: Mapping[str, Any], expand: _Expander) -> Frame:
    def compiled(key: str) -> re.Pattern[str] | None:
        return expand.compile(entry[key]) if key in entry else None

    return Frame(
        name=entry["name"],
        confidence=float(entry["confidence"]),
        before=compiled("before"),
        after=compiled("after"),
        pattern=compiled("pattern"),
        carries=bool(entry.get("carries", False)),
        previous=entry.get("reach") == "previous",
    )


def _pairs(marks: list[str]) -> dict[str, str]:
    """``["“”", "«»"]`` -> opening mark: closing marks (several where an opening one is shared)."""
    pairs: dict[str, str] = {}
    for entry in marks:
        pairs[entry[0]] = pairs.get(entry[0], "") + entry[1:]
    return pairs


def _any_of(words: list[str]) -> str:
    """A pattern for any one of the words, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


class _Expander:
    """Replaces ``<name>`` by the named pattern, and compiles."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = {**_BUILT_IN, **names}
        self._done: dict[str, str] = {}

    def expand(self, pattern: str) -> str:
        return _REFERENCE.sub(lambda found: f"(?:{self._named(found.group(1))})", pattern)

    def compile(self, pattern: str) -> re.Pattern[str]:
        return re.compile(self.expand(pattern), re.MULTILINE)

    def _named(self, name: str) -> str:
        if name not in self._done:
            self._done[name] = self.expand(self._names[name])
        return self._done[name]
