"""What signs of claims are worth, measured on annotated articles: ``lang/measured/CODE.toml``.

    python benchmarks/calibrate.py en benchmarks/gold/en-dev.jsonl … [--out FILE]

Files of other collections may follow the project's own; only development sets, never what is held
out. A pronoun whose name nobody annotated says nothing about the speaker and is left out.
"""

import argparse
from pathlib import Path

import claims.confidence as confidence
from claims.evaluation import judge
from claims.extraction import resolved
from claims.gold import read_gold


def rows(path: Path) -> list[tuple[confidence.Signs, bool, float]]:
    """Every claim found in an annotated file: its signs, whether it is right, what it counts."""
    found = []
    for annotated in read_gold(path):
        claims, signs = resolved(annotated.article)
        of_claim = {id(claim): one for claim, one in zip(claims, signs, strict=True)}
        for judged in judge(annotated, claims):
            quote = judged.quote
            unknown = quote is not None and quote.pronoun and not quote.alternatives
            if judged.claim is not None and judged.counts and not (unknown and not judged.joint):
                found.append((of_claim[id(judged.claim)], judged.joint, 1.0))
    return found


def main() -> None:
    """Measure, and write the data file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("code")
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    folder = Path(confidence.__file__).parent / "lang" / "measured"
    out = given.out or folder / f"{given.code}.toml"
    measured = confidence.fit([row for path in given.sets for row in rows(path)])
    out.parent.mkdir(exist_ok=True)
    out.write_text(measured.toml(), "utf-8")
    print(f"{out}: {len(measured.weights)} signs")


if __name__ == "__main__":
    main()
