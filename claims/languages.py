"""What the engine knows of a language: ``lang/CODE.toml``, loaded, checked and compiled.

A data file has layers, each built on the one before:

``[lists]`` and ``[patterns]``
    Words and named regular expressions; a pattern names others by ``<name>``, and a list stands
    for any one of its words.
``[[words]]``, ``[[endings]]`` and ``[[tails]]``
    How a word is *tagged* with one character: by what it is, by the ending that is cut off it, or
    by what it is behind a quotation (see `claims.tokens`).
``[[contexts]]`` and ``[[chunks]]``
    What the neighbours of a word change of its tag, and which stretches of tags stand together for
    one thing: in the *outline* of a sentence they are the chunk's tag and ``_`` for every further
    token.
``[[quotations]]``, ``[[reports]]``, ``[[phrases]]`` and ``[tagged]``
    Patterns over the outline of a sentence: ways to hang a statement on a speaker; and over its
    tags: the shapes of speaker phrases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

from claims import necessary, notation
from claims.errors import LanguageError
from claims.kept import Compiler, kept
from claims.models import SpeakerKind
from claims.necessary import Masks, lacks, masks, needed
from claims.notation import Endings, Expander, Words, any_of

FOLDER = Path(__file__).parent / "lang"
_Rewrite = tuple[re.Pattern[str], str, Masks]  # what becomes which tag, and what it needs
_BACK = ("previous", "ahead")  # where `before` looks into another sentence
_CODE = (__file__, notation.__file__, necessary.__file__)


@dataclass(frozen=True, slots=True)
class Frame:
    """One way in which a language hangs a statement on a speaker: patterns over tags.

    A frame for quotations has ``before`` (searched in what precedes the quotation in its clause)
    and ``after`` (matched right behind it); a frame for reported speech has ``pattern`` with a
    group ``content``. Groups: ``speaker``, ``cue``, ``via``, each also with a digit behind it where
    a pattern has alternatives. ``carries`` says that the speaker is the one of the statement
    before; ``previous`` and ``next`` that ``before`` (``after``) looks into the sentence before
    (behind) the quotation's. ``nearest`` tries the speaker phrases from the quotation backwards,
    ``inside`` wants a clause of the same sentence before, ``opening`` the beginning of a
    paragraph, ``introduces`` lets names that the page says nothing of be speakers, ``paragraph``
    wants the paragraph to go on, ``paused`` a comma, or a mark that stands for one, at the
    quotation's end, ``needs`` one of these tags somewhere in the clause, ``cues`` a list that
    holds the cue; with ``relayed`` the phrase ``via`` must name an outlet. ``confidence`` is 0 to
    1.
    """

    name: str
    confidence: float
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    pattern: re.Pattern[str] | None = None
    carries: bool = False
    reach: str = "clause"
    needs: frozenset[str] = frozenset()
    nearest: bool = False
    inside: bool = False
    opening: bool = False
    introduces: bool = False
    paragraph: bool = False
    cues: frozenset[str] = frozenset()
    relayed: bool = False
    paused: bool = False
    before_needs: Masks = ()  # what `claims.necessary` tells of the patterns
    after_needs: Masks = ()
    pattern_needs: Masks = ()

    def may_fit(self, front: int, behind: int) -> bool:
        """Whether it may fit a quotation in a clause with these tags (as bits) around it."""
        if self.reach in _BACK:
            return not lacks(behind, self.after_needs)
        if self.reach != "clause":
            return not lacks(front, self.before_needs)
        return not (lacks(behind, self.after_needs) or lacks(front, self.before_needs))


@dataclass(frozen=True, slots=True)
class Rejoin:
    """A word seen in the light of what follows: ``Carlo`` before his office lost no ending.

    The word, with its ending if one was cut off, fits ``word``; its tags fit ``tags``, which may
    look ahead. It then gets ``tag``. With two tags it is cut anew: the second is for the group
    ``second`` at its end.
    """

    word: re.Pattern[str]
    tags: re.Pattern[str]
    tag: str
    needs: tuple[int, int] = (-1, -1)  # of each of these bits, a sentence's tags have one


@dataclass(frozen=True, slots=True)
class NotedName:
    """What a note in brackets says of the word before: that it is the end of somebody's name.

    A note that fits ``note`` turns words tagged with one of ``tags`` into ``tag``: as many as the
    note itself has.
    """

    note: re.Pattern[str]
    tags: str
    tag: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """One shape of a speaker phrase: a pattern over its words' tags (see `claims.phrases`).

    ``confidence`` lowers that of the frames it stands in; ``whole`` names the pattern
    of ``[tagged]`` for the token before it, where it mustn't be the end of something longer;
    ``otherwise`` that for a bare name which nobody has: then it is somebody unnamed.
    """

    name: str
    pattern: re.Pattern[str]
    kind: str
    confidence: float = 1.0
    whole: str = ""
    otherwise: str = ""
    needs: Masks = ()  # what `claims.necessary` tells of the pattern


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A word that stands for a speaker named before.

    ``names``, where it is given, fits the names that the word can stand for; with ``subjects``
    only those count that a sentence is about.
    """

    gender: str | None
    plural: bool
    kinds: tuple[SpeakerKind, ...]
    names: re.Pattern[str] | None = None
    subjects: bool = False


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """Everything the engine knows of one language.

    ``patterns`` are over text (``[find]``), ``tagged`` over tags; ``countries`` has the country for
    each word that says where somebody is from (the pattern ``demonym``). ``needs`` are sets of
    characters of each of which a text has one, where the pattern over text fits in it.
    ``contracts`` says that names of organizations are shortened to single syllables of theirs.
    """

    code: str
    name: str
    script: re.Pattern[str]
    quote_pairs: dict[str, str]
    inner_quote_pairs: dict[str, str]
    marks: re.Pattern[str]
    lists: dict[str, frozenset[str]]
    patterns: dict[str, re.Pattern[str]]
    needs: dict[str, tuple[frozenset[str], ...]]
    tagged: dict[str, re.Pattern[str]]
    every_mark: frozenset[str]
    doubled: re.Pattern[str] | None
    capital: str
    whole_words: Words
    stems: Words
    contexts: tuple[_Rewrite, ...]
    chunks: tuple[_Rewrite, ...]
    endings: Endings
    tails: Endings
    compounds: dict[str, tuple[tuple[str, ...], ...]]
    quotations: tuple[Frame, ...]
    reports: tuple[Frame, ...]
    phrases: tuple[Phrase, ...]
    pronouns: dict[str, Pronoun]
    months: dict[str, int]
    weekdays: dict[str, int]
    relative_days: dict[str, int]
    countries: dict[str, str]
    genitive_mark: str
    surname_and_role: str
    contracts: bool
    rejoin: tuple[Rejoin, ...]
    noted_names: tuple[NotedName, ...]

    def may_fit(self, name: str, text: str) -> bool:
        """Whether a text has what a pattern needs: sooner told than whether that fits."""
        for some in self.needs[name]:  # noqa: SIM110 (asked for every word: `any` is slow)
            if some.isdisjoint(text):
                return False
        return True


@cache
def available() -> tuple[str, ...]:
    """The ISO 639-1 codes that have a data file, sorted."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


@cache
def rules_for(code: str) -> LanguageRules:
    """The rules of a language.

    Raises LanguageError when there is no data file for it, or the file breaks its own rules.
    """
    if code not in available():
        known = ", ".join(available())
        raise LanguageError(f"there are no rules for language {code!r}; known are: {known}")
    return kept(FOLDER / f"{code}.toml", _CODE, partial(_read, code))


def _read(code: str, compiler: Compiler) -> LanguageRules:
    import tomllib  # not needed where the rules were read before

    data = tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))
    try:
        return _compile(code, data, compiler)
    except (KeyError, re.error, TypeError, RecursionError) as error:
        raise LanguageError(f"lang/{code}.toml: {error}") from error


def _compile(code: str, data: Mapping[str, Any], compiler: Compiler) -> LanguageRules:
    twice = set(data["patterns"]) & set(data["lists"])
    if twice:
        raise KeyError(f"{min(twice)!r} is the name of both a list and a pattern")
    expand = Expander(_names(data), compiler)
    patterns = {key: expand.compile(value) for key, value in data["find"].items()}
    letters = Expander(_names(data, "NFD"), compiler)
    outer, inner = _pairs(data["quotes"]["outer"]), _pairs(data["quotes"]["inner"])
    around_names = data["quotes"].get("around_names", [])
    every = "".join({*outer, *inner, *"".join((*outer.values(), *inner.values()))})
    return LanguageRules(
        code=code,
        name=data["name"],
        script=compiler.compile(data["script"]),
        quote_pairs=outer,
        inner_quote_pairs=inner,
        marks=compiler.compile(f"[{re.escape(every)}]"),
        lists={key: frozenset(words) for key, words in data["lists"].items()},
        patterns=patterns,
        needs={key: needed(pattern.pattern) for key, pattern in patterns.items()},
        tagged={key: expand.compile(value) for key, value in data["tagged"].items()},
        every_mark=frozenset(every).union(*around_names),
        doubled=expand.compile(data["quotes"]["doubled"]) if "doubled" in data["quotes"] else None,
        capital=data.get("capital", ""),
        contexts=_rewrites(data.get("contexts", []), expand),
        chunks=_rewrites(data.get("chunks", []), expand),
        whole_words=_words(data, expand, letters, whole=True),
        stems=_words(data, expand, letters, whole=False),
        endings=_endings(data.get("endings", []), expand, "$"),
        tails=_endings(data.get("tails", []), expand, ""),
        compounds=_compounds(data),
        quotations=tuple(_frame(entry, expand, data) for entry in data["quotations"]),
        reports=tuple(_frame(entry, expand, data) for entry in data["reports"]),
        phrases=tuple(_phrase(entry, expand) for entry in data["phrases"]),
        pronouns={
            word: Pronoun(
                entry.get("gender"),
                entry.get("plural", False),
                tuple(entry["kinds"]),
                expand.compile(entry["names"]) if "names" in entry else None,
                bool(entry.get("subjects", False)),
            )
            for entry in data["pronouns"]
            for word in entry["words"]
        },
        months=data["dates"].get("months", {}),
        weekdays=data["dates"].get("weekdays", {}),
        relative_days=data["dates"].get("relative_days", {}),
        countries=data.get("countries", {}),
        genitive_mark=data["genitive_mark"],
        surname_and_role=data["surname_and_role"],
        contracts=bool(data.get("contracts", False)),
        rejoin=tuple(_rejoin(entry, expand) for entry in data.get("rejoin", [])),
        noted_names=tuple(
            NotedName(expand.compile(entry["note"]), entry["tags"], entry["tag"])
            for entry in data.get("noted_names", [])
        ),
    )


def _names(data: Mapping[str, Any], form: Literal["NFC", "NFD"] = "NFC") -> dict[str, str]:
    """The named patterns, and for each list one that fits its words, in a normalization form."""
    lists = {
        key: any_of([normalize(form, word) if form == "NFD" else word for word in words])
        for key, words in data["lists"].items()
    }
    return dict(data["patterns"]) | lists | {"demonym": any_of(list(data.get("countries", {})))}


def _words(data: Mapping[str, Any], expand: Expander, letters: Expander, whole: bool) -> Words:
    """The classes of words: those taken whole before endings are cut off, or the others."""
    classes = Words()
    for entry in data["words"]:
        if bool(entry.get("whole", False)) is whole:
            classes.add(
                entry["tag"],
                [word for name in entry.get("lists", []) for word in data["lists"][name]],
                _word_pattern(entry, expand, letters),
                bool(entry.get("fold", False)),
                bool(entry.get("letters", False)),
            )
    return classes


def _word_pattern(
    entry: Mapping[str, Any], expand: Expander, letters: Expander
) -> re.Pattern[str] | None:
    if "pattern" not in entry:
        return None
    if entry.get("letters", False):
        return letters.compile_letters(entry["pattern"])
    return expand.compile(entry["pattern"])


def _endings(entries: list[Mapping[str, str]], expand: Expander, anchor: str) -> Endings:
    return Endings(
        (entry["tag"], expand.compile(f"(?:{entry['pattern']}){anchor}")) for entry in entries
    )


def _rewrites(entries: list[Mapping[str, str]], expand: Expander) -> tuple[_Rewrite, ...]:
    compiled = ((expand.compile(entry["pattern"]), entry["tag"]) for entry in entries)
    return tuple((pattern, tag, masks(pattern)) for pattern, tag in compiled)


def _compounds(data: Mapping[str, Any]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Entries of several words, by their first word, longest first; all in lower case."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for entry in data["words"]:
        for name in entry.get("lists", []):
            for words in data["lists"][name]:
                first, *more = words.casefold().split()
                if more:
                    found.setdefault(first, []).append(tuple(more))
    return {first: tuple(sorted(more, key=len, reverse=True)) for first, more in found.items()}


def _phrase(entry: Mapping[str, Any], expand: Expander) -> Phrase:
    pattern = expand.compile(entry["pattern"])
    return Phrase(
        entry["name"],
        pattern,
        entry.get("kind", "person"),
        float(entry.get("confidence", 1)),
        entry.get("whole", ""),
        entry.get("otherwise", ""),
        masks(pattern),
    )


def _rejoin(entry: Mapping[str, str], expand: Expander) -> Rejoin:
    tags = expand.compile(entry["tags"])
    first, second, *_ = *masks(tags), -1, -1
    return Rejoin(expand.compile(entry["word"]), tags, entry["tag"], (first, second))


def _frame(entry: Mapping[str, Any], expand: Expander, data: Mapping[str, Any]) -> Frame:
    def compiled(key: str) -> re.Pattern[str] | None:
        return expand.compile(entry[key]) if key in entry else None

    before, after, pattern = compiled("before"), compiled("after"), compiled("pattern")
    return Frame(
        name=entry["name"],
        confidence=float(entry["confidence"]),
        before=before,
        after=after,
        pattern=pattern,
        before_needs=masks(before),
        after_needs=masks(after),
        pattern_needs=masks(pattern),
        carries=bool(entry.get("carries", False)),
        reach=entry.get("reach", "clause"),
        needs=frozenset(entry.get("needs", "")),
        nearest=bool(entry.get("nearest", False)),
        inside=bool(entry.get("inside", False)),
        opening=bool(entry.get("opening", False)),
        introduces=bool(entry.get("introduces", False)),
        paragraph=bool(entry.get("paragraph", False)),
        relayed=bool(entry.get("relayed", False)),
        paused=bool(entry.get("paused", False)),
        cues=frozenset(data["lists"][entry["cues"]] if "cues" in entry else ()),
    )


def _pairs(marks: list[str]) -> dict[str, str]:
    """``["“”", "«»"]`` -> opening mark: closing marks (several where an opening one is shared)."""
    pairs: dict[str, str] = {}
    for entry in marks:
        pairs[entry[0]] = pairs.get(entry[0], "") + entry[1:]
    return pairs
