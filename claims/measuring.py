"""An evaluation for people: tables of figures, the errors with their sentences, and floors."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from claims.errors import SourceError
from claims.evaluation import Judged, Score, at_thresholds, calibration, interval, judge, score
from claims.gold import AnnotatedArticle, read_gold
from claims.models import Article, Claim, Kind, Span

_AROUND = 60  # code points of the article shown on either side of an error
_LONGEST = 160  # code points shown of a content


@dataclass(frozen=True, slots=True)
class Table:
    """Figures to be shown: the first column of each row says what they are of."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One annotated article and what was judged in it."""

    annotated: AnnotatedArticle
    judged: list[Judged]


def evaluate(path: Path, extractor: Callable[[Article], Sequence[Claim]]) -> list[Evaluated]:
    """Run an extractor over the annotated articles of a file.

    Raises SourceError for a file that isn't annotated articles.
    """
    return [
        Evaluated(annotated, judge(annotated, extractor(annotated.article)))
        for annotated in read_gold(path)
    ]


def tables(results: Sequence[Evaluated]) -> list[Table]:
    """The figures by language, kind and rule, with intervals, and confidence against truth."""
    rows = [row for result in results for row in result.judged]
    return [
        _by_language(results),
        _by_kind(rows),
        _by_rule(rows),
        Table(
            "Confidence against truth",
            ("confidence", "claims", "joint precision"),
            tuple(
                (f"{low:.2f}–{high:.2f}", str(band.claims), f"{band.joint_precision:.3f}")
                for low, high, band in calibration(rows)
            ),
        ),
        Table(
            "What a threshold would keep",
            ("at least", "claims", "joint precision", "joint recall", "joint F1"),
            tuple(
                (
                    f"{threshold:.2f}", str(one.claims), f"{one.joint_precision:.3f}",
                    f"{one.joint_recall:.3f}", f"{one.joint_f1:.3f}",
                )
                for threshold, one in at_thresholds(rows)
            ),
        ),
    ]  # fmt: skip


def figures(results: Sequence[Evaluated]) -> dict[str, Any]:
    """The main figures by name, for other programs: counts, and shares from 0 to 1."""
    total = score(row for result in results for row in result.judged)
    names = (
        "precision", "recall", "f1", "joint_precision", "joint_recall", "joint_f1", "resolved_f1",
        "named_accuracy",
    )  # fmt: skip
    counts = {"articles": len(results), "quotes": total.quotes, "claims": total.claims}
    return counts | {name: round(getattr(total, name), 4) for name in names}


def below_floors(path: Path, results: Sequence[Evaluated], floors_path: Path) -> list[str]:
    """Sentences for every figure of an annotated set that fell below its floor.

    The floors are JSON: the set's file name -> its ``sha256`` and the least of each figure. A set
    that changed, or has no floors, is told of as well. Raises SourceError for a file of floors that
    can't be read.
    """
    try:
        floors = json.loads(floors_path.read_text("utf-8")).get(path.name)
    except (OSError, ValueError, AttributeError) as error:
        raise SourceError(f"{floors_path}: can't be read as floors ({error})") from error
    if floors is None:
        return [f"{floors_path}: there are no floors for {path.name}"]
    if hashlib.sha256(path.read_bytes()).hexdigest() != floors.get("sha256"):
        return [f"{path}: the set changed since its floors were measured; measure them anew"]
    found = figures(results)
    least = {name: figure for name, figure in floors.items() if name != "sha256"}
    return [
        f"{path}: {name} is {found[name]:.3f}, below its floor of {figure:.3f}"
        if name in found
        else f"{floors_path}: no figure is called {name}"
        for name, figure in least.items()
        if name not in found or found[name] < figure
    ]


def errors(results: Iterable[Evaluated]) -> Iterator[str]:
    """A line for everything that is not as annotated, with its place in the article."""
    for result in results:
        for row in result.judged:
            problem = _problem(row)
            if problem:
                where = _context(result.annotated.article.text, row)
                yield f"{row.article_id}  {problem}\n    {where}"


def errors_page(results: Iterable[Evaluated]) -> str:
    """The same as a page of HTML: annotated content underlined, claims coloured."""
    pieces = [_PAGE_HEAD]
    for result in results:
        problems = [
            (row, problem) for row in result.judged if (problem := _problem(row)) is not None
        ]
        name = html.escape(result.annotated.id)
        pieces.append(f"<section><h2>{name}</h2><p class=text>{_marked(result)}</p><ul>")
        text = result.annotated.article.text
        for row, problem in problems:
            where = html.escape(_context(text, row))
            pieces.append(f"<li><b>{html.escape(problem)}</b><br>{where}</li>")
        pieces.append("</ul></section>")
    return "".join([*pieces, "</html>\n"])


_PAGE_HEAD = """<!doctype html><html lang=en><meta charset=utf-8><title>Errors</title><style>
:root{color-scheme:light dark}
body{font:16px/1.6 "Noto Sans","Noto Sans KR","Noto Sans CJK KR",sans-serif;margin:2rem auto;
max-width:50rem;padding:0 1rem}
.text{white-space:pre-wrap}.gold{border-bottom:3px solid #2a7}.claim{background:#f9c74f66}
</style><h1>Errors</h1>
<p><span class=gold>annotated</span> <span class=claim>found</span></p>
"""


def _marked(result: Evaluated) -> str:
    """The article with every annotated content underlined and every claim coloured."""
    text = result.annotated.article.text
    gold = [span for row in result.judged if row.quote for span in row.quote.spans]
    found = [Span(row.claim.start, row.claim.end) for row in result.judged if row.claim]
    cuts = sorted({0, len(text), *(end for s in [*gold, *found] for end in (s.start, s.end))})
    pieces = []
    for start, end in pairwise(cuts):
        piece = Span(start, end)
        classes = [
            name
            for name, spans in (("gold", gold), ("claim", found))
            if any(span.covers(piece) for span in spans)
        ]
        words = html.escape(piece.of(text))
        pieces.append(f'<span class="{" ".join(classes)}">{words}</span>' if classes else words)
    return "".join(pieces)


def _problem(row: Judged) -> str | None:
    """What is wrong, in words; None where nothing is, or where readers could differ."""
    if not row.counts:
        return None
    if row.claim is None:
        return f"not found: {row.quote.speaker if row.quote else ''}"
    if row.quote is None:
        return f"no such quote: {row.claim.speaker.name} [{row.claim.rule}]"
    if not row.speaker:
        return (
            f"wrong speaker: {row.claim.speaker.name} instead of {row.quote.speaker} "
            f"[{row.claim.rule}]"
        )
    said = {
        "role": row.claim.role,
        "organization": row.claim.organization,
        "via": row.claim.via,
    }
    wrong = [
        f"{key} is {said[key]}, not {row.quote.named[key]}"
        for key, right in row.named.items()
        if not right
    ]
    if row.claim.kind != row.quote.kind:
        wrong.append(f"kind is {row.claim.kind}, not {row.quote.kind}")
    return f"{row.claim.speaker.name}: {'; '.join(wrong)} [{row.claim.rule}]" if wrong else None


def _context(text: str, row: Judged) -> str:
    """The words around, with the content in marks."""
    if row.claim is not None:
        span = Span(row.claim.start, row.claim.end)
    else:
        span = row.quote.envelope if row.quote else Span(0, 0)
    content = span.of(text)
    if len(content) > _LONGEST:
        content = f"{content[: _LONGEST // 2]} … {content[-_LONGEST // 2 :]}"
    before = text[max(0, span.start - _AROUND) : span.start]
    after = text[span.end : span.end + _AROUND]
    return " ".join(f"…{before}⟦{content}⟧{after}…".split())


def _by_language(results: Sequence[Evaluated]) -> Table:
    groups: dict[str, list[list[Judged]]] = {}
    for result in results:
        groups.setdefault(result.annotated.article.language, []).append(result.judged)
    rows = []
    for language, by_article in sorted(groups.items()):
        one = score(row for judged in by_article for row in judged)
        low, high = interval(by_article, lambda s: s.joint_f1)
        rows.append((*_cells(language, one), f"{low:.3f}–{high:.3f}", f"{one.named_accuracy:.3f}"))
    return Table("By language", (*_COLUMNS, "joint F1, 95 %", "role, org., via"), tuple(rows))


_COLUMNS = (
    "", "quotes", "claims", "precision", "recall", "F1", "joint precision", "joint recall",
    "joint F1", "resolved F1",
)  # fmt: skip


def _by_rule(judged: Sequence[Judged]) -> Table:
    groups: dict[str, list[Judged]] = {}
    for row in judged:
        if row.claim is not None:
            groups.setdefault(row.claim.rule, []).append(row)
    scores = ((rule, score(rows)) for rule, rows in sorted(groups.items()))
    return Table(
        "By rule",
        ("", "claims", "precision", "joint precision"),
        tuple(
            (rule, str(one.claims), f"{one.precision:.3f}", f"{one.joint_precision:.3f}")
            for rule, one in scores
        ),
    )


def _by_kind(judged: Sequence[Judged]) -> Table:
    """Of claims said to be of a kind, those right; of quotes of a kind, those found."""
    rows = []
    for kind in get_args(Kind):
        said = score(row for row in judged if row.claim is not None and row.claim.kind == kind)
        true = score(row for row in judged if row.quote is not None and row.quote.kind == kind)
        rows.append(
            (
                kind, str(said.claims), f"{said.precision:.3f}", f"{said.joint_precision:.3f}",
                str(true.quotes), f"{true.recall:.3f}", f"{true.joint_recall:.3f}",
            )
        )  # fmt: skip
    return Table(
        "By kind",
        ("", "claims", "precision", "joint precision", "quotes", "recall", "joint recall"),
        tuple(rows),
    )


def _cells(name: str, one: Score) -> tuple[str, ...]:
    shares = (
        one.precision, one.recall, one.f1, one.joint_precision, one.joint_recall, one.joint_f1,
        one.resolved_f1,
    )  # fmt: skip
    return (name, str(one.quotes), str(one.claims), *(f"{share:.3f}" for share in shares))
