"""Bytes -> text: by the byte order mark, as UTF-8, by what is declared, then by detection.

What the host declares comes before what the page does. Many hosts declare ISO 8859-1 for whatever
they send, and pages keep the declaration of a template, so a declaration is only followed where the
text doesn't show by its syllables that it is Korean or Japanese in another encoding.

UTF-8 comes before the declaration, since text in another encoding is hardly ever valid UTF-8 by
chance, while a page saved anew keeps the declaration it had. Korean pages in EUC-KR or its superset
CP949 are common; what declares EUC-KR is read as CP949, as browsers do (WHATWG Encoding Standard,
section 4.2).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable

from claims.errors import SourceError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"\x1f\x8b",
    b"SQLite format 3\x00", b"\xd0\xcf\x11\xe0",
)  # fmt: skip
_SEVEN_BITS = {b"\x1b$)C": "iso2022_kr", b"\x1b$": "iso2022_jp"}  # by their escape sequences
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
_DECLARED_WITHIN = 1024  # bytes; the HTML standard looks that far
_SUPERSETS = {"euc-kr": "cp949", "euc_kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949",
              "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "gb2312": "gb18030",
              "euc-jp": "euc_jp", "x-euc-jp": "euc_jp", "ms_kanji": "cp932",
              "windows-31j": "cp932", "windows-949": "cp949",
              "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "utf-8"}  # fmt: skip
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROLS = 0.05  # share of control characters that text may have
_MOST_DAMAGE = 0.02  # share of characters that may be broken in what is otherwise UTF-8
_MOST_ACCENTED = 0.15  # of the characters of a text in a Western European language
_WESTERN_MARKS = frozenset("‘’“”‚„…–—•™€£©®°«»·§\xa0¿¡½¼¾²³×±ªº")
_DETECT_WITHIN = 200_000  # bytes looked at to find the encoding
_LOOK_WITHIN = 1_000_000  # code points looked at to tell whether it is what was declared
_DECOMPOSED = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")

# The syllables that Korean particles and endings are made of: real Korean has many. Chinese bytes
# read as CP949 give Hangul too, but not these.
_COMMON_SYLLABLES = set("이다는을를의가에고은로한지하")
_COMMON_SHARE = 0.1  # of the Hangul in a text; running Korean has three times as many
_MOST = 0.5  # share of Hangul among a Korean text's letters that aren't ASCII
_HIRAGANA_SHARE = 0.2  # least share among a Japanese text's letters; running Japanese has half


def decode(data: bytes, source: str, declared: str | None = None) -> str:
    r"""The text of some bytes, with ``\n`` at the ends of lines and Hangul composed.

    ``declared`` is the encoding that came with the data from elsewhere, an HTTP header for one.
    Raises SourceError for binary data and for text in no encoding that can be told.
    """
    if data.startswith(_BINARY):
        raise SourceError(f"{source}: this is a binary file; claims reads text")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _clean(_try(data, encoding), source)
    for encoding in [*_seven_bits(data), "utf-8"]:
        text = _try(data, encoding)
        if text is not None:
            return _clean(text, source)
    named = _named(data, declared)
    eastern = [name for name in named if name in _EASTERN]
    for encoding in [*eastern, *_EASTERN]:
        text = _try(data, encoding)
        if text is not None and _EASTERN[encoding](text):
            return _clean(text, source)
    for encoding in named:
        text = _try(data, encoding)
        if text is not None:
            return _clean(text, source)
    return _clean(_detected(data), source)


def _seven_bits(data: bytes) -> list[str]:
    return [name for escape, name in _SEVEN_BITS.items() if escape in data][:1]


def _named(data: bytes, declared: str | None) -> list[str]:
    """The encodings that are declared, the host's before the page's."""
    on_page = _DECLARED.search(data[:_DECLARED_WITHIN])
    names = [declared or "", on_page.group(1).decode("ascii") if on_page else ""]
    return [
        _SUPERSETS.get(name, name)
        for name in map(str.casefold, names)
        if name and not name.startswith(("utf", "ucs"))
    ]


def _try(data: bytes, encoding: str, errors: str = "strict") -> str | None:
    try:
        return data.decode(encoding, errors)
    except (UnicodeError, LookupError):
        return None


def _detected(data: bytes) -> str | None:
    """Damaged UTF-8, a few words of Korean, Western Europe, then what statistics tell."""
    with_surrogates = _try(data, "utf-8", "surrogatepass")
    damaged = with_surrogates or data.decode("utf-8", "replace")
    foreign = sum(not char.isascii() for char in damaged)
    if with_surrogates or damaged.count("\ufffd") <= _MOST_DAMAGE * foreign:
        return damaged
    korean = _try(data, "euc_kr")  # its syllables are those in use; CP949 has all there could be
    if korean is not None and not any(_is_foreign(char) for char in korean if not _is_hangul(char)):
        return korean
    western = _try(data, "cp1252")
    if western is not None and _is_western(western):
        return western
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_DETECT_WITHIN]).best()
    return _try(data, best.encoding) if best is not None else None


def _is_western(text: str) -> bool:
    """Whether it is ASCII with some letters of Western Europe (windows-1252, as browsers guess)."""
    foreign = [char for char in text if not char.isascii()]
    return len(foreign) < _MOST_ACCENTED * len(text) and all(
        char in _WESTERN_MARKS or (char.isalpha() and char <= "\u017f") for char in foreign
    )


def _is_korean(text: str) -> bool:
    """Whether most of what isn't ASCII is Hangul, and has the syllables that Korean can't lack."""
    foreign = [char for char in text[:_LOOK_WITHIN] if _is_foreign(char)]
    hangul = [char for char in foreign if _is_hangul(char)]
    common = sum(char in _COMMON_SYLLABLES for char in hangul)
    return len(hangul) > _MOST * len(foreign) and common > _COMMON_SHARE * len(hangul)


def _is_japanese(text: str) -> bool:
    """Whether there is Hiragana, and hardly the narrow Katakana that other encodings look like."""
    foreign = [char for char in text[:_LOOK_WITHIN] if _is_foreign(char)]
    hiragana = sum("\u3041" <= char <= "\u3096" for char in foreign)
    narrow = sum("\uff61" <= char <= "\uff9f" for char in foreign)
    return hiragana > _HIRAGANA_SHARE * len(foreign) and narrow < _HIRAGANA_SHARE * len(foreign)


def _is_foreign(char: str) -> bool:
    return not char.isascii() and char.isalpha()


def _is_hangul(char: str) -> bool:
    return "가" <= char <= "힣"


# What declares EUC-KR is read as CP949, so the plain one need not be tried.
_EASTERN: dict[str, Callable[[str], bool]] = {
    "cp949": _is_korean, "cp932": _is_japanese, "euc_jp": _is_japanese,
}  # fmt: skip


def _clean(text: str | None, source: str) -> str:
    if text is None:
        raise SourceError(f"{source}: this is neither UTF-8 nor any other encoding of text")
    if len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise SourceError(f"{source}: this is a binary file; claims reads text")
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return _DECOMPOSED.sub(lambda found: unicodedata.normalize("NFC", found.group()), text)
