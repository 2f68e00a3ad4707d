"""Long files in stretches: together they give what the whole file gives, in its order."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.sources import Reading, raw_source
from claims.sources.reading import File
from claims.sources.stretches import Stretch, read_stretch, stretches_of

LINES = [
    *(json.dumps({"text": f"둑을 {number}번 고쳤다.", "title": "둑"}) for number in range(4)),
    json.dumps({"text": "The dike\u2028was mended. " * 9, "title": "dike"}),
    "{no json",
    "",
    "[]",
]


def whole(path, reading):
    return [repr(item) for item in raw_source(str(path), reading)]


def in_stretches(path, reading, most):
    found = stretches_of(File(str(path), path.stat().st_size), reading, most)
    items = [repr(item) for stretch in found for item in read_stretch(str(path), stretch, reading)]
    return found, items


@given(
    st.lists(st.sampled_from(LINES), min_size=1, max_size=30),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
    st.booleans(),
    st.integers(1, 600),
)
def test_json_lines(tmp_path_factory, lines, between, is_ended, most):
    path = tmp_path_factory.mktemp("lines") / "corpus.jsonl"
    path.write_bytes((between.join(lines) + between * is_ended).encode())
    found, items = in_stretches(path, Reading(), most)
    size = path.stat().st_size
    if size <= most:
        assert found == []
        return
    assert [one.first for one in found] == [0, *(one.last for one in found[:-1])]
    assert found[-1].last == size == sum(one.size for one in found)
    assert items == whole(path, Reading())


def test_where_json_lines_are_cut(tmp_path):
    path = tmp_path / "corpus.jsonl"
    path.write_bytes(b"12345\n1\n1\n1234567890\n12")
    assert stretches_of(File(str(path), 23), Reading(), 6) == [
        Stretch(0, 6, 6, 1),
        Stretch(6, 21, 15, 2),
        Stretch(21, 23, 2, 5),
    ]


@pytest.mark.parametrize("most", [1, 3_000, 6_000])
def test_groups_of_parquet(tmp_path, most):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = [{"text": f"둑을 {n}번 고쳤다. " * 20 * n, "title": f"{n * 7919}"} for n in range(40)]
    path = tmp_path / "corpus.parquet"
    parquet.write_table(
        pyarrow.Table.from_pylist([*rows, {"text": None, "title": "no text"}]),
        path,
        row_group_size=7,
        compression="none",
        use_dictionary=False,
    )
    found, items = in_stretches(path, Reading(), most)
    assert [one.first for one in found] == [0, *(one.last for one in found[:-1])]
    assert (found[-1].last, len(found) > 1) == (6, True)
    assert len(items) == 41
    assert items == whole(path, Reading())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.txt", b"long " * 100),
        ("corpus.jsonl.gz", b"\x1f\x8b" + b"x" * 100),
        ("broken.parquet", b"PAR1" * 100),
        ("missing.jsonl", None),
    ],
)
def test_what_is_read_as_a_whole(tmp_path, name, content):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert stretches_of(File(str(path), 10_000), Reading(), 50) == []


def test_a_stretch_of_a_file_that_is_gone(tmp_path):
    path = tmp_path / "corpus.jsonl"
    (item,) = read_stretch(str(path), Stretch(0, 10, 10), Reading())
    assert str(item) == f"{path}: no such file or directory"
