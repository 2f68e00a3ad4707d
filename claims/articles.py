"""Raw document -> Article: what the page says of itself, and what the person stated.

A pasted page comes with its furniture: menus, sharing buttons, captions, copyright. Title, byline,
outlet and date are taken from it only where a line says so by its shape; when in doubt they stay
empty, since the person can state them. The shapes are each language's own (``[find]`` in
``lang/*.toml``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from claims.dates import date_of, groups_of
from claims.languages import LanguageRules, available, rules_for
from claims.models import Article, Document, Facts, Stated, storable

UNKNOWN_LANGUAGE = "und"  # ISO 639-2: undetermined

# Scripts that one language is written in. Shares are of all letters; a Hangul syllable counts as
# much as a Latin letter, so Korean with many foreign names still has more than this.
_SCRIPTS = {
    "ko": re.compile("[\uac00-\ud7a3]"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
}
_SCRIPT_SHARE = 0.2
_LETTER = re.compile(r"[^\W\d_]")
# Words that are every seventh of an English text, and in no other language anything like as many:
# they tell sooner than a model, which takes a third of a second to load.
_ENGLISH = re.compile(r"\b(?:the|of|and|to)\b", re.IGNORECASE)
_ENGLISH_SHARE = 0.1
_FEWEST_WORDS = 50  # to go by their share
_LOOK_WITHIN = 20_000  # code points looked at to tell the language
_SURE = 0.5  # least probability of a language that the script doesn't tell

_SENTENCE_END = re.compile(r"[.?!。？！…][\"'”’)\]」』»›）]*$")
_LINE_PARTS = re.compile(
    r"\s*[|ㅣ│‖•/]\s*|\s+[-–—]\s+|\t+|\s{2,}|[<(\[]?[\w.+-]+@[\w-]+\.[\w.-]+[>)\]]?"
)
_TITLE_PARTS = re.compile(r"\s+[-–—|:]+\s+|\s*[|ㅣ│]\s*")
_STOPS = re.compile(r"[.?!…][\"”’']?\s*[/(\[]?\s*")
_AROUND = " \t<>[]()【】◆■▲|"
_LONGEST_LINE = 200  # code points; a headline or a byline is shorter, and so is furniture
_LONGEST_HEAD = 500  # lines above an article's prose, menus and all
_LAST_LINES = 5  # how far from the end of a text's prose a signature may stand


def read_article(document: Document, stated: Stated) -> Article:
    """Make an article of a document.

    What is ``stated`` wins over the document's facts, and those over what its text shows; only the
    language is the text's own where it can be told, since pages often declare that of a template.
    ``text`` is the document's content; what SQLite can't keep as text (NUL, lone surrogates) stands
    in it as U+FFFD, so that offsets hold.
    """
    text = storable(document.content)
    facts = document.facts
    language = stated.language or language_of(text)
    if language == UNKNOWN_LANGUAGE:
        language = facts.language or UNKNOWN_LANGUAGE
    found = _PageReader(text, rules_for(language)).read() if language in available() else Facts()
    return Article(
        text=text,
        language=language,
        title=stated.title or facts.title or found.title,
        byline=_name_in(facts.byline, language) or found.byline,
        outlet=stated.outlet or facts.outlet or found.outlet,
        published_on=stated.published_on
        or facts.published_on
        or found.published_on
        or document.otherwise.published_on,
        url=stated.url or facts.url,
        via=stated.via,
        modified_on=facts.modified_on,
    )


def _name_in(byline: str | None, language: str) -> str | None:
    """The reporter's name in a byline as its language writes them, else the byline."""
    if not byline or len(byline) > _LONGEST_LINE or language not in available():
        return byline
    found = rules_for(language).patterns["byline"].fullmatch(byline)
    return groups_of(found)["name"] if found else byline


def language_of(text: str) -> str:
    """ISO 639-1 code of the language a text is in, ``und`` where nothing tells.

    By script first (Unicode 15 blocks); English by its commonest words; by py3langid (Lui and
    Baldwin 2012) where several languages share the script.
    """
    letters = _LETTER.findall(text[:_LOOK_WITHIN])
    if not letters:
        return UNKNOWN_LANGUAGE
    for language, script in _SCRIPTS.items():
        if sum(bool(script.match(letter)) for letter in letters) > _SCRIPT_SHARE * len(letters):
            return language
    words = len(text[:_LOOK_WITHIN].split())
    common = sum(1 for _ in _ENGLISH.finditer(text[:_LOOK_WITHIN]))
    if words >= _FEWEST_WORDS and common > _ENGLISH_SHARE * words:
        return "en"
    code, probability = _identifier().classify(text[:_LOOK_WITHIN])
    return str(code) if probability >= _SURE else UNKNOWN_LANGUAGE


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


class _PageReader:
    """Reads one page's lines: the head before its prose, the prose, and what stands after."""

    def __init__(self, text: str, rules: LanguageRules) -> None:
        self._rules = rules
        self._patterns = rules.patterns
        lines = (line.strip() for line in text.split("\n"))
        self._lines = [
            line for line in lines if 0 < len(line) <= _LONGEST_LINE or self._is_prose(line)
        ]
        prose = [at for at, line in enumerate(self._lines) if self._is_prose(line)]
        self._has_prose = bool(prose)
        self._first = prose[0] if prose else 0
        self._last = prose[-1] if prose else 0

    def read(self) -> Facts:
        """Title, byline, outlet and date of publication, each ``None`` where nothing tells."""
        if not self._has_prose:
            return Facts(title=self._labelled_title())
        byline, outlet = self._byline()
        outlet = outlet or self._outlet_in_copyright() or self._outlet_in_dateline()
        title, site = self._title(outlet)
        return Facts(title, byline, outlet or site, self._published())

    def _is_prose(self, line: str) -> bool:
        """Whether a line ends as a sentence does, and is no furniture; long lines never are."""
        return bool(_SENTENCE_END.search(line[-_LONGEST_LINE:])) and (
            len(line) > _LONGEST_LINE or not self._patterns["furniture"].search(line)
        )

    @property
    def _head(self) -> list[str]:
        return self._lines[: min(self._first, _LONGEST_HEAD)]

    @property
    def _opening(self) -> str:
        return self._lines[self._first][:_LONGEST_LINE]

    def _other_lines(self) -> Iterator[str]:
        """Lines that are no prose, the head first."""
        yield from self._head
        yield from (
            line
            for line in self._lines[self._first :]
            if len(line) <= _LONGEST_LINE and not self._is_prose(line)
        )

    # -- title

    def _labelled_title(self) -> str | None:
        for line in self._head or self._lines[:1]:
            found = self._patterns["title"].match(line)
            if found:
                return found["title"].strip()
        return None

    def _title(self, outlet: str | None) -> tuple[str | None, str | None]:
        """The headline, and the site's name where the page's title line ends with it."""
        labelled = self._labelled_title()
        if labelled:
            return labelled, None
        candidates = [
            line
            for line in self._head
            if self._may_be_title(line) and not (outlet and _names_only(line, outlet))
        ]
        printed = Counter(candidates)
        for line in candidates:
            parts = _TITLE_PARTS.split(line)
            whole = next(
                (other for other in printed if other != line and line.startswith(other)), None
            )
            if whole and len(parts) > 1 and line[len(whole) :].lstrip()[:1] in "-–—|:ㅣ│":
                return whole, parts[-1].strip() or None
        repeated = next((line for line in candidates if printed[line] > 1), None)
        first = repeated or next(iter(candidates), None) or self._asking_title()
        return first, None

    def _may_be_title(self, line: str) -> bool:
        words = line.split()
        hangul = sum("가" <= char <= "힣" for char in line)
        return (
            (len(words) > 2 or (len(words) == 2 and hangul > 7))
            and len(line) <= _LONGEST_LINE
            and not self._patterns["furniture"].search(line)
            and not self._patterns["not_a_title"].search(line)
            and not self._patterns["outlet"].fullmatch(line)
            and not any(self._says_who_or_when(part) for part in _parts(line))
        )

    def _asking_title(self) -> str | None:
        """A headline that ends like a sentence, where who wrote it or when stands right below."""
        if self._first or len(self._lines) < 3 or len(self._lines[0]) > _LONGEST_LINE / 2:
            return None
        title, below = self._lines[:2]
        if title.endswith(".") or not any(self._says_who_or_when(part) for part in _parts(below)):
            return None
        return title

    def _says_who_or_when(self, part: str) -> bool:
        return bool(
            self._patterns["byline"].fullmatch(part)
            or self._patterns["published"].search(part)
            or self._patterns["published_alone"].fullmatch(part)
            or self._patterns["outlet_in_copyright"].search(part)
        )

    # -- byline and outlet

    def _byline(self) -> tuple[str | None, str | None]:
        for part in self._signed_parts():
            found = self._patterns["byline"].fullmatch(part)
            if found:
                groups = groups_of(found)
                outlet = groups.get("outlet")
                return groups["name"], self._outlet(outlet) if outlet else None
        return None, None

    def _signed_parts(self) -> Iterator[str]:
        """Where a byline may stand: lines of their own, the first words, the last ones."""
        for line in self._other_lines():
            yield from self._undated(_parts(line))
        yield from self._undated(_dateline_parts(self._opening))
        for line in self._lines[self._last : self._last + _LAST_LINES]:
            tail = line[-_LONGEST_LINE:]
            for stop in _STOPS.finditer(tail):
                yield from self._undated(_parts(tail[stop.end() :]))

    def _undated(self, parts: Iterable[str]) -> Iterator[str]:
        """The parts, each up to the words that say when it was published."""
        for part in parts:
            when = self._patterns["published"].search(part)
            yield part[: when.start()].strip(_AROUND) if when else part

    def _outlet_in_copyright(self) -> str | None:
        for line in self._other_lines():
            found = self._patterns["outlet_in_copyright"].search(line.strip(_AROUND))
            if found and (outlet := self._outlet(groups_of(found)["outlet"])):
                return outlet
        return None

    def _outlet_in_dateline(self) -> str | None:
        found = self._patterns["outlet_in_dateline"].search(self._opening)
        return self._outlet(groups_of(found)["outlet"]) if found else None

    def _outlet(self, words: str) -> str | None:
        """The words as an outlet's name, ``None`` where they are a place, a desk or a person."""
        words = words.strip().removeprefix("the ")
        if self._patterns["outlet"].fullmatch(words):
            return words
        return None if self._patterns["not_an_outlet"].search(words) else words

    # -- date

    def _published(self) -> str | None:
        for line in self._other_lines():
            for part in [line, *_parts(line)]:
                found = self._patterns["published"].search(part)
                date = date_of(groups_of(found), self._rules) if found else None
                if date:
                    return date
        for line in self._head:
            for part in _parts(line):
                found = self._patterns["published_alone"].fullmatch(part)
                date = date_of(groups_of(found), self._rules) if found else None
                if date:
                    return date
        found = self._patterns["published_in_dateline"].search(self._opening)
        return date_of(groups_of(found), self._rules) if found else None


def _names_only(line: str, outlet: str) -> bool:
    """Whether a line only names the outlet, perhaps with an article or a section."""
    return outlet in line and len(line.replace(outlet, "").split()) < 2


def _parts(line: str) -> list[str]:
    """What stands side by side on a line, without e-mail addresses and brackets around."""
    parts = (part.strip(_AROUND) for part in _LINE_PARTS.split(line))
    return [part for part in parts if part]


def _dateline_parts(line: str) -> list[str]:
    """``[outlet name]``, ``(place=outlet) name = …``: what may name the writer before the prose."""
    parts: list[str] = []
    bracket = re.match(r"[\[【(]([^\]】)\n]{2,40})[\]】)]\s*", line)
    if bracket:
        parts.append(bracket[1].strip())
    before, equals, _ = line[:80].rpartition("=")
    if equals:
        parts.append(before.strip())
        if bracket:
            parts.append(before[bracket.end() :].strip())
    return [part for part in parts if part]
