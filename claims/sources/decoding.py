"""Bytes -> text: by the byte order mark, what the page declares, UTF-8, then by detection.

Korean pages in EUC-KR or its superset CP949 are common; a page that declares EUC-KR is read as
CP949, as browsers do (WHATWG Encoding Standard, section 4.2).
"""

from __future__ import annotations

import codecs
import re

from claims.errors import SourceError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
_DECLARED_WITHIN = 1024  # bytes; the HTML standard looks that far
_SUPERSETS = {"euc-kr": "cp949", "euc_kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949",
              "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "gb2312": "gb18030",
              "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "utf-8"}  # fmt: skip
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROLS = 0.002
_DETECT_WITHIN = 200_000  # bytes looked at to find the encoding


def decode(data: bytes, source: str) -> str:
    r"""The text of some bytes, with ``\n`` at the ends of lines and without NUL.

    Raises SourceError for binary data and for text in no encoding that can be told.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _clean(_try(data, encoding), source)
    if b"\x00" in data:
        raise SourceError(f"{source}: this is a binary file; claims reads text")
    declared = _DECLARED.search(data[:_DECLARED_WITHIN])
    for encoding in ([declared.group(1).decode("ascii").casefold()] if declared else []) + ["utf-8"]:
        text = _try(data, _SUPERSETS.get(encoding, encoding))
        if text is not None:
            return _clean(text, source)
    return _clean(_detected(data), source)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _detected(data: bytes) -> str | None:
    """Korean first: its encodings leave few bytes undecodable, and detection confuses them."""
    korean = _try(data, "cp949")
    if korean is not None and _share_of_hangul(korean) > 0.2:
        return korean
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_DETECT_WITHIN]).best()
    return _try(data, best.encoding) if best is not None else None


def _share_of_hangul(text: str) -> float:
    foreign = [char for char in text if not char.isascii()]
    return sum("가" <= char <= "힣" for char in foreign) / len(foreign) if foreign else 0.0


def _clean(text: str | None, source: str) -> str:
    if text is None:
        raise SourceError(f"{source}: this is neither UTF-8 nor any other encoding of text")
    if len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise SourceError(f"{source}: this is a binary file; claims reads text")
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return _CONTROLS.sub("", text)
