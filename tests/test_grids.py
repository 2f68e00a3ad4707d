"""Tables on a terminal: as wide as they may be, whatever letters are in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from claims.grids import columns, grid

cells = st.text(st.sampled_from("ab 가나の、é\u0301"), max_size=40)


def test_a_table_is_drawn_with_wide_letters():
    rows = [("윤서연, 시장", "둑을 다시 쌓겠다"), ("Mara Lindqvist", "Yes")]
    assert grid(("Speaker", "Claim"), rows, 34, (9, None)).splitlines() == [
        "┌──────────────┬─────────────────┐",
        "│ Speaker      │ Claim           │",
        "├──────────────┼─────────────────┤",
        "│ 윤서연, 시장 │ 둑을 다시       │",
        "│              │ 쌓겠다          │",
        "├──────────────┼─────────────────┤",
        "│ Mara         │ Yes             │",
        "│ Lindqvist    │                 │",
        "└──────────────┴─────────────────┘",
    ]


@pytest.mark.parametrize("text", ["plain", "한국어 12", "「の」", "e\u0301", "—“”…"])
def test_a_text_takes_the_columns_that_rich_counts(text):
    assert columns(text) == cell_len(text)


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=4), st.integers(60, 120))
def test_lines_are_alike_in_width_and_nothing_is_lost(rows, width):
    drawn = grid(("A", "B", "C"), rows, width, (20, None, 12)).splitlines()
    assert len({columns(line) for line in drawn}) == 1
    assert columns(drawn[0]) <= width
    letters = "".join(sorted("".join(drawn)))
    kept = "".join(sorted("".join(part for row in rows for cell in row for part in cell.split())))
    for letter in set(kept):
        assert letters.count(letter) == kept.count(letter)
