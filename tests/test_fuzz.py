"""Some hundred of the generated inputs that `make fuzz` takes 20,000 of."""

from __future__ import annotations

import random

import pytest
from fuzzing import PACKED, PLAIN, fuzz, made


def test_generated_inputs_are_articles_or_sentences():
    wrong, counts = fuzz(seed=7, numbers=range(200))
    assert wrong == []
    assert counts["inputs"] == 200
    assert counts["articles"] > 0
    assert counts["failures"] > 0


def test_an_input_is_made_from_its_number_alone():
    assert made(3, 14) == made(3, 14)
    assert made(3, 14) != made(3, 15)


@pytest.mark.parametrize("make", [make for _, make in [*PLAIN, *PACKED]])
def test_every_kind_of_input_can_be_made(make):
    assert isinstance(make(random.Random(1)), bytes)
