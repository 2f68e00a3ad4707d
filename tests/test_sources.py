"""What can be named on the command line, in which encodings, and what is said when it can't be."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from claims.errors import SourceError
from claims.models import Document
from claims.sources import Row, read_source
from claims.sources.decoding import decode

KO = "청림시는 둑을 고치기로 했다고 밝혔다. 윤 시장은 “곧 시작한다”고 말했다.\n"
EN = "The café’s owner said: “We begin soon.”\n"
JA = "市議会は火曜日に堤防の修理を決めた。市長は「すぐに始める」と述べた。\n"
ZH = "市议会星期二决定修理堤坝。市长说：“我们很快就开始。”这项工程将持续三年。\n"


ENCODINGS = {
    "UTF-8": (KO.encode(), KO),
    "UTF-8 with a byte order mark": (b"\xef\xbb\xbf" + KO.encode(), KO),
    "UTF-16, little end first": (b"\xff\xfe" + KO.encode("utf-16-le"), KO),
    "UTF-16, big end first": (b"\xfe\xff" + KO.encode("utf-16-be"), KO),
    "UTF-32": (KO.encode("utf-32"), KO),
    "EUC-KR, undeclared": (KO.encode("euc-kr"), KO),
    "CP949, syllables that EUC-KR lacks": (f"뷁, 똠방. {KO}".encode("cp949"), f"뷁, 똠방. {KO}"),
    "EUC-KR, declared": (
        f'<meta charset="euc-kr">\n뷁. {KO}'.encode("cp949"),
        f'<meta charset="euc-kr">\n뷁. {KO}',
    ),
    "UTF-8 that declares EUC-KR": (f"charset=euc-kr\n{KO}".encode(), f"charset=euc-kr\n{KO}"),
    "text in what is declared but no encoding": (
        f"charset=idna\n{KO}".encode("cp949"), f"charset=idna\n{KO}"
    ),
    "ISO-2022-KR": (KO.replace("“", '"').replace("”", '"').encode("iso2022_kr"),
                    KO.replace("“", '"').replace("”", '"')),
    "Windows-1252, declared as Latin 1": (
        f"charset=iso-8859-1\n{EN}".encode("cp1252"), f"charset=iso-8859-1\n{EN}"
    ),
    "Shift JIS, declared": (
        f"charset=shift_jis\n{JA}".encode("cp932"), f"charset=shift_jis\n{JA}"
    ),
    "GB2312, declared": (f"charset=gb2312\n{ZH}".encode("gb18030"), f"charset=gb2312\n{ZH}"),
    "UTF-8 with one broken letter": (
        (KO * 4).encode() + b"\xff" + KO.encode(), f"{KO * 4}\ufffd{KO}"
    ),
    "UTF-8 with a lone surrogate": (KO.encode() + b"\xed\xa0\x80", f"{KO}\ud800"),
    "line ends of other systems": ("가다.\r\n나다.\r라다.".encode(), "가다.\n나다.\n라다."),
    "Hangul in its parts": (unicodedata.normalize("NFD", KO).encode(), KO),
    "a NUL in a text": (f"{KO}\x00".encode(), f"{KO}\x00"),
    "controls of writing's direction": ("\u202e가다.\u2066".encode(), "\u202e가다.\u2066"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "text"), ENCODINGS.values(), ids=ENCODINGS)
def test_encodings(data, text):
    assert decode(data, "page.txt") == text


@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "gb2312", "shift_jis", "euc-kr"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [(KO, "euc-kr"), (f"뷁. {KO}", "cp949"), (JA, "cp932"), (JA, "euc-jp")],
    ids=["EUC-KR", "CP949", "Shift JIS", "EUC-JP"],
)
def test_what_is_declared_wrongly_or_not_at_all(text, encoding, declared):
    for page in (text, f'<meta charset="{declared}">{text}', "<p class='x'></p>" * 99 + text):
        assert decode(page.encode(encoding), "page.html", declared) == page


def test_what_is_declared_holds_where_the_letters_are_no_other_language():
    few = "Müller, Łódź".encode("cp1250")
    assert decode(few, "page.txt", "windows-1250") == "Müller, Łódź"


def test_chinese_is_not_taken_for_korean():
    assert decode(ZH.encode("gb18030"), "page.txt") == ZH


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)),
        b"\x00" * 100,
        b"%PDF-1.7\n1 0 obj\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"PK\x03\x04\x14\x00",
        b"SQLite format 3\x00",
    ],
)
def test_binary_data_is_refused(data):
    with pytest.raises(SourceError, match=r"^page\.txt: this is (a binary file|neither UTF-8)"):
        decode(data, "page.txt")


def read(name: object) -> list[object]:
    return [str(item) if isinstance(item, SourceError) else item for item in read_source(str(name))]


def test_a_file_is_one_document(article):
    path = article(KO)
    assert read(path) == [Document(str(path), KO)]


def test_a_file_needs_no_suffix(article):
    path = article(KO, "page")
    assert read(path) == [Document(str(path), KO)]


def test_a_folder_gives_its_texts_and_tables_by_name(article, tmp_path):
    first, second = article("가다.", "news/a.txt"), article("나다.", "news/b/c.MD")
    table = article("text,speaker\n둑,김하늘\n", "news/b/d.csv")
    article("다다.", "news/.hidden/e.txt")
    article("라다.", "news/.f.txt")
    article("{}", "news/g.png")
    assert read(tmp_path / "news") == [
        Document(str(first), "가다."),
        Document(str(second), "나다."),
        Row(str(table), 2, {"text": "둑", "speaker": "김하늘"}),
    ]


def test_one_bad_file_of_a_folder_does_not_keep_the_others_back(article, tmp_path):
    bad, good = article(b"", "news/a.txt"), article("나다.", "news/b.txt")
    assert read(tmp_path / "news") == [f"{bad}: this is empty", Document(str(good), "나다.")]


SENTENCES = {
    "nowhere.txt": "there is no such file",
    "empty.txt": "this is empty",
    "blank.txt": "there is no text in it",
    "binary.txt": "this is a binary file; claims reads text",
    "page.docx": "Word files are not read yet; give plain text",
    "folder": "there is nothing in this folder that can be read",
    "pipe": "this is not a file of text",
}


@pytest.mark.parametrize(("name", "reason"), SENTENCES.items(), ids=SENTENCES)
def test_what_can_not_be_read_is_a_sentence_with_its_name(name, reason, tmp_path):
    (tmp_path / "empty.txt").touch()
    (tmp_path / "blank.txt").write_text(" \n\t\u3000\ufeff\n")
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02\x03")
    (tmp_path / "page.docx").write_bytes(b"%PDF-1.7")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert read(tmp_path / name) == [f"{tmp_path / name}: {reason}"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(article):
    path = article(KO)
    path.chmod(0)
    assert read(path) == [f"{path}: you are not permitted to read it"]


def test_a_permission_error_is_a_sentence(article, monkeypatch):
    path = article(KO)

    def refuse(_path: Path, _mode: str) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert read(path) == [f"{path}: you are not permitted to read it"]


def test_a_name_that_no_file_system_takes_is_a_sentence():
    (sentence,) = read("a\x00b")
    assert sentence.startswith("'a\\x00b'") or "no such file" in sentence


def test_a_name_too_long_is_a_sentence():
    (sentence,) = read("a" * 5000)
    assert sentence.endswith("file name too long")


def test_a_file_too_large_is_refused_before_it_is_read(article, monkeypatch):
    monkeypatch.setattr("claims.sources.LARGEST", 10)
    path = article(KO)
    (sentence,) = read(path)
    assert sentence.startswith(f"{path}: this is larger than")


TABLES = {
    "commas": ("text,speaker\n둑,김하늘\n", [(2, {"text": "둑", "speaker": "김하늘"})]),
    "semicolons": ("text;speaker\n둑;김하늘\n", [(2, {"text": "둑", "speaker": "김하늘"})]),
    "tabs": ("Text\tSpeaker\n둑\t김하늘\n", [(2, {"text": "둑", "speaker": "김하늘"})]),
    "cells with commas and line ends": (
        'speaker,text\n김하늘,"가,\n나"\n\n이바다,다\n',
        [(2, {"speaker": "김하늘", "text": "가,\n나"}), (5, {"speaker": "이바다", "text": "다"})],
    ),
    "fewer cells than columns": ("text,speaker,role\n둑,김하늘\n",
                                 [(2, {"text": "둑", "speaker": "김하늘"})]),
}  # fmt: skip


@pytest.mark.parametrize(("table", "rows"), TABLES.values(), ids=TABLES)
def test_rows_of_a_table_know_their_line(article, table, rows):
    path = article(table, "claims.csv")
    assert read(path) == [Row(str(path), line, cells) for line, cells in rows]


def test_a_table_without_the_columns_it_needs(article):
    path = article("text,who\n둑,김하늘\n", "claims.csv")
    assert read(path) == [
        f"{path}, line 1: a table of claims needs the columns text and speaker; here is no speaker "
        "(a table of articles needs text and one of title, url and byline, or --map text=COLUMN)"
    ]


def test_a_row_with_too_many_cells_is_told_and_the_next_one_read(article):
    path = article("text,speaker\n둑, 그리고 길,김하늘\n길,이바다\n", "claims.csv")
    assert read(path) == [
        f"{path}, line 2: there are 3 cells for 2 columns; "
        "put quotation marks around cells that hold commas",
        Row(str(path), 3, {"text": "길", "speaker": "이바다"}),
    ]


def test_a_cell_may_be_long(article):
    path = article(f"text,speaker\n{'가' * 200_000},김하늘\n길,이바다\n", "claims.csv")
    assert read(path) == [
        Row(str(path), 2, {"text": "가" * 200_000, "speaker": "김하늘"}),
        Row(str(path), 3, {"text": "길", "speaker": "이바다"}),
    ]


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows_in_silence(article):
    path = article('text,speaker\n둑,김하늘\n"길,이바다\n산,박나무\n', "claims.csv")
    assert read(path) == [
        Row(str(path), 2, {"text": "둑", "speaker": "김하늘"}),
        f"{path}, line 3: a quotation mark opens here and is never closed, so this row and those "
        "behind it can't be told apart",
    ]
