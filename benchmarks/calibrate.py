"""What signs of claims are worth, measured on annotated articles: ``lang/measured/CODE.toml``.

    python benchmarks/calibrate.py en benchmarks/gold/en-dev.jsonl … [--own 5] [--out FILE]

Files of other collections may follow the project's own; only development sets, never what is held
out. A pronoun or a description whose name nobody annotated says nothing about the speaker and is
left out.

Rules written from a set are better on it than on the next one. So what they found in articles at
first sight is worth noting, before anybody mends them: `--note FILE` writes signs and truth of each
claim as JSON and measures nothing; such a file may stand among the sets later.
"""

import argparse
import json
import re
from pathlib import Path

import claims.confidence as confidence
from claims.evaluation import judge
from claims.extraction import resolved
from claims.gold import Quote, read_gold

_GOLD = Path(__file__).resolve().parent / "gold"
_OWN = 5.0  # what a claim of the project's own sets counts: they are annotated twice


def rows(path: Path, own: float = _OWN) -> list[tuple[confidence.Signs, bool, float]]:
    """Every claim found in an annotated file: its signs, whether it is right, what it counts.

    ``own`` is what those of the project's own sets count, where others count 1. What was noted
    before (a file of JSON) is taken as it is.
    """
    if path.suffix == ".json":
        return [(tuple(signs), right, 1.0) for signs, right, *_ in json.loads(path.read_text())]
    found = []
    counts = own if path.resolve().parent == _GOLD else 1.0
    for annotated in read_gold(path):
        claims, signs = resolved(annotated.article)
        of_claim = {id(claim): one for claim, one in zip(claims, signs, strict=True)}
        for judged in judge(annotated, claims):
            quote = judged.quote
            unknown = quote is not None and not quote.alternatives and _refers(quote)
            if judged.claim is not None and judged.counts and not (unknown and not judged.joint):
                found.append((of_claim[id(judged.claim)], judged.joint, counts))
    return found


def _refers(quote: Quote) -> bool:
    """Whether a quote's speaker phrase stands for somebody: ``she``, ``the company``."""
    return quote.pronoun or bool(re.match("[Tt]he [a-z]", quote.speaker or ""))


def main() -> None:
    """Measure, and write the data file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("code")
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--own", type=float, default=_OWN, help="what a claim of our sets counts")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--note", type=Path, help="only write down signs and truth of each claim")
    given = parser.parse_args()
    found = [row for path in given.sets for row in rows(path, given.own)]
    if given.note:
        given.note.write_text(json.dumps(found, ensure_ascii=False))
        return
    folder = Path(confidence.__file__).parent / "lang" / "measured"
    out = given.out or folder / f"{given.code}.toml"
    measured = confidence.fit(found)
    out.parent.mkdir(exist_ok=True)
    out.write_text(measured.toml(), "utf-8")
    print(f"{out}: {len(measured.weights)} signs")


if __name__ == "__main__":
    main()
