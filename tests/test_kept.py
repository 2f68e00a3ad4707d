"""What was made of a data file is kept for the next run, and only as long as it holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.kept import Compiler, kept

CODE = (__file__,)
PATTERNS = [
    (r"(?P<name>[가-힣]+) (?P<role>총재|의원)", re.MULTILINE),
    (r"(?i:said|says)(?!x)|(\d)\1", 0),
    (r"^.\Z", re.DOTALL | re.IGNORECASE),
]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "ko.toml"
    path.write_text("first", "utf-8")
    return path


def reader(path, made):
    """Makes the words of a file and some patterns, and notes that it did."""

    def make(compiler):
        made.append(path.read_text("utf-8"))
        return made[-1], [compiler.compile(*pattern) for pattern in PATTERNS]

    return make


def test_what_was_made_is_read_the_next_time(source):
    made = []
    first = kept(source, CODE, reader(source, made))
    assert kept(source, CODE, reader(source, made)) == first
    assert made == ["first"]
    assert first[1] == [re.compile(*pattern) for pattern in PATTERNS]


def test_of_other_data_it_is_made_anew(source):
    made = []
    kept(source, CODE, reader(source, made))
    source.write_text("other", "utf-8")
    assert kept(source, CODE, reader(source, made))[0] == "other"
    assert made == ["first", "other"]


def test_by_other_code_it_is_made_anew(source, tmp_path):
    made = []
    code = tmp_path / "code.py"
    for text in ("one", "two", "two"):
        code.write_text(text)
        kept(source, (str(code),), reader(source, made))
    assert made == ["first"] * 2


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-9], lambda data: b"x"])
def test_what_is_damaged_is_made_anew(source, damage):
    made = []
    kept(source, CODE, reader(source, made))
    (file,) = source.parent.glob("__pycache__/*")
    file.write_bytes(damage(file.read_bytes()))
    kept(source, CODE, reader(source, made))
    assert made == ["first"] * 2


def test_where_nothing_can_be_written_it_is_made_each_time(source):
    (source.parent / "__pycache__").write_text("no folder")
    made = []
    for _ in range(2):
        assert kept(source, CODE, reader(source, made))[0] == "first"
    assert made == ["first"] * 2


@given(st.sampled_from(PATTERNS), st.text("aA가 총재의원said1\n", max_size=12))
def test_a_pattern_is_what_python_makes_of_it(pattern, text):
    ours, theirs = Compiler().compile(*pattern), re.compile(*pattern)
    assert ours == theirs
    assert [(f.span(), f.groupdict(), f.lastgroup) for f in ours.finditer(text)] == [
        (f.span(), f.groupdict(), f.lastgroup) for f in theirs.finditer(text)
    ]
    assert ours.groupindex == theirs.groupindex


def test_a_pattern_that_is_none_is_refused():
    with pytest.raises(re.error, match="unterminated"):
        Compiler().compile("(a")
