"""Captions: who speaks, a colon, and a quotation, alone in their line, as broadcasters print them.

``[서아름/학부모 대표 : "…"]``, ``<인터뷰> 맹주현(한길대 교수) : "…"``. Which lines are captions is
the language's ``caption`` pattern, with the groups ``speaker``, ``role`` and ``content``.
"""

from __future__ import annotations

import re

from claims.attributions import Attribution
from claims.cast import Cast
from claims.dates import groups_of
from claims.models import Span
from claims.phrases import Who
from claims.reading import Reading

_CONFIDENCE = 0.9


def captions(reading: Reading, cast: Cast) -> list[Attribution]:
    """The quotations of a page's captions; none where the language has no such pattern."""
    caption = reading.rules.patterns.get("caption")
    if caption is None:
        return []
    found = []
    for line in caption.finditer(reading.page.text):
        part = groups_of(line)
        role = part.get("role") or part.get("note") or ""
        found.append(
            Attribution(
                content=_span(line, "content"),
                kind="direct",
                rule="caption",
                confidence=_CONFIDENCE,
                sentence=0,
                clause=Span(*line.span()),
                speaker=_span(line, "speaker"),
                who=_who(part["speaker"], role, part.get("organization"), reading, cast),
            )
        )
    return found


def _span(line: re.Match[str], group: str) -> Span:
    """Where a group stands that may have a digit behind its name."""
    names = [name for name in line.groupdict() if name.rstrip("0123456789") == group]
    return next(Span(*line.span(name)) for name in names if line.start(name) >= 0)


def _who(name: str, role: str, organization: str | None, reading: Reading, cast: Cast) -> Who:
    """Whom a caption names: a person by name and what stands beside it, or somebody unnamed."""
    title = reading.rules.patterns["caption_role"].fullmatch(role) if role else None
    tail = reading.rules.patterns.get("name_tail")
    name = tail.sub("", name) if tail else name
    member = next((one for one in cast.members if name in {one.name, *one.aliases}), None)
    named = member is not None or reading.rules.patterns["caption_name"].fullmatch(name)
    return Who(
        name,
        member.kind if member else "person" if named else "anonymous",
        "caption",
        role=title["role"] if title and named else None,
        organization=organization or (title["organization"] if title and named else None),
    )
