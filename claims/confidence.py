"""How sure a claim is: measured on annotated articles, not felt.

What speaks for or against a claim are *signs*: the frame that found it, how its speaker was found,
the shape of the speaker phrase, where its content could as well have ended. What each sign is worth
was measured: a logistic regression with a quadratic penalty (Hoerl and Kennard 1970; le Cessie and
van Houwelingen 1992), so that a sign seldom seen says little. The confidence is then the share of
claims with these signs that were right, span and speaker both. The weights of a language are data,
``lang/measured/CODE.toml``, written by ``python benchmarks/calibrate.py``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from claims.kept import kept

_FOLDER = Path(__file__).parent / "lang" / "measured"

_PENALTY = 4.0  # as many claims must a sign be seen with before it is half believed
_FEWEST = 8  # claims with a sign, else it is left out
_ROUNDS = 30
_LONGEST_STEP = 2.0  # log odds

Signs = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What signs are worth, in log odds; ``base`` is that of a claim without any."""

    base: float
    weights: Mapping[str, float] = field(default_factory=dict)

    def confidence(self, signs: Iterable[str]) -> float:
        """The share of claims with these signs that are right, 0 to 1."""
        odds = self.base + sum(self.weights.get(sign, 0.0) for sign in signs)
        return 1 / (1 + math.exp(-odds))

    def toml(self) -> str:
        """The weights as a data file."""
        lines = [f"base = {self.base:.3f}", "", "[weights]"]
        lines += [f'"{sign}" = {weight:.3f}' for sign, weight in sorted(self.weights.items())]
        return "\n".join(lines) + "\n"


@cache
def measured(code: str) -> Measured | None:
    """The weights of a language; None when nobody measured them."""
    path = _FOLDER / f"{code}.toml"
    return kept(path, (__file__,), lambda _: _read(path)) if path.is_file() else None


def _read(path: Path) -> Measured:
    import tomllib  # not needed where the weights were read before

    data = tomllib.loads(path.read_text("utf-8"))
    return Measured(float(data["base"]), {key: float(w) for key, w in data["weights"].items()})


def fit(rows: Sequence[tuple[Signs, bool, float]]) -> Measured:
    """The weights that explain best which claims were right.

    ``rows`` are claims: their signs, whether each was right, and how much it counts. One weight
    after the other takes a Newton step (cyclic coordinate descent); the objective is convex.
    """
    rows_of: dict[str, list[int]] = defaultdict(list)
    for number, (signs, _, _) in enumerate(rows):
        for sign in dict.fromkeys(("", *signs)):
            rows_of[sign].append(number)
    rows_of = {sign: numbers for sign, numbers in rows_of.items() if len(numbers) >= _FEWEST}
    weights = dict.fromkeys(rows_of, 0.0)
    odds = [0.0] * len(rows)
    for _ in range(_ROUNDS):
        for sign, numbers in rows_of.items():
            penalty = _PENALTY if sign else 0.0
            slope, bend = -penalty * weights[sign], penalty
            for number in numbers:
                _, right, counts = rows[number]
                share = 1 / (1 + math.exp(-odds[number]))
                slope += counts * (right - share)
                bend += counts * share * (1 - share)
            step = max(-_LONGEST_STEP, min(_LONGEST_STEP, slope / max(bend, 1e-9)))
            weights[sign] += step
            for number in numbers:
                odds[number] += step
    base = weights.pop("", 0.0)
    return Measured(base, weights)
