"""Charts as SVG, drawn here: no script, no inline style, colours from the stylesheet.

A chart is a picture of a table that stands beside it; what a screen reader gets is that table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup

_WIDTH, _HEIGHT, _FOOT, _TOP = 720, 170, 22, 16  # of a chart over time, in SVG units
_MONTH = re.compile("[0-9]{4}-(0[1-9]|1[0-2])")
_MOST_BARS = 60  # months; a longer time is drawn by years
_LABEL_ROOM = 80  # units that a label under a bar takes


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: the period it stands for (``2024-12`` or ``2024``), its number and its name."""

    period: str
    number: int
    label: str


def over_time(months: list[tuple[str, int]], date: Callable[[str], str]) -> list[Bar]:
    """Bars for numbers by month, with empty months between; by year where the months are many.

    ``months`` are (``2024-12``, number) by rising month; ``date`` writes a period for readers.
    """
    known = {month: number for month, number in months if _MONTH.fullmatch(month)}
    if not known:
        return []
    first, last = _month_number(min(known)), _month_number(max(known))
    if last - first < _MOST_BARS:
        periods = [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(first, last + 1)]
        return [Bar(period, known.get(period, 0), date(period)) for period in periods]
    years: dict[str, int] = {}
    for month, number in known.items():
        years[month[:4]] = years.get(month[:4], 0) + number
    begin = max(int(min(years)), int(max(years)) - _MOST_BARS + 1)
    periods = [f"{year:04}" for year in range(begin, int(max(years)) + 1)]
    return [Bar(period, years.get(period, 0), date(period)) for period in periods]


def column_chart(
    bars: list[Bar], name: str, link: Callable[[str], str], number: Callable[[int], str]
) -> Markup:
    """Bars side by side; each leads to what it counts. Empty for fewer than two bars."""
    if len(bars) < 2:
        return Markup("")
    most = max(bar.number for bar in bars) or 1
    step = _WIDTH / len(bars)
    width = max(2.0, min(step * 0.8, 40.0))
    drawn = Markup("").join(
        _column(bar, at * step + (step - width) / 2, width, most, link, number)
        for at, bar in enumerate(bars)
        if bar.number
    )
    every = max(1, round(_LABEL_ROOM / step + 0.5))
    labels = Markup("").join(
        Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
            min(max(at * step + step / 2, 34), _WIDTH - 34), _HEIGHT - 6, bar.label
        )
        for at, bar in enumerate(bars)
        if at % every == 0
    )
    base = _HEIGHT - _FOOT
    return Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" role="group" aria-label="{name}">'
        '<text class="tick" x="0" y="11">{most}</text>'
        '<line class="axis" x1="0" y1="{top}" x2="{w}" y2="{top}"/>'
        '<line class="axis base" x1="0" y1="{base}" x2="{w}" y2="{base}"/>{drawn}{labels}</svg>'
    ).format(
        w=_WIDTH, h=_HEIGHT, name=name, most=number(most), top=_TOP, base=base, drawn=drawn,
        labels=labels,
    )  # fmt: skip


def _column(
    bar: Bar,
    x: float,
    width: float,
    most: int,
    link: Callable[[str], str],
    number: Callable[[int], str],
) -> Markup:
    height = max(2.0, (_HEIGHT - _FOOT - _TOP) * bar.number / most)
    said = f"{bar.label}: {number(bar.number)}"
    return Markup(
        '<a href="{}" aria-label="{}"><title>{}</title>'
        '<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/></a>'
    ).format(link(bar.period), said, said, x, _HEIGHT - _FOOT - height, width, height)


def share_bar(parts: Iterable[tuple[str, int]]) -> Markup:
    """One bar in pieces, each with a class of the stylesheet and its share. For the eye only."""
    pieces = [(name, number) for name, number in parts if number]
    whole = sum(number for _, number in pieces)
    drawn, at = [], 0.0
    for name, number in pieces:
        size = 100 * number / whole
        drawn.append(
            Markup('<rect class="share-{}" x="{:.2f}" width="{:.2f}" height="8"/>').format(
                name, at, size
            )
        )
        at += size
    return Markup(
        '<svg class="shares" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        "{}</svg>"
    ).format(Markup("").join(drawn))


def meter(number: int, most: int) -> Markup:
    """A bar as long as a number's share of the largest one. For the eye only."""
    return share_bar([("bar", number), ("rest", max(most - number, 0))])


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1
