"""One suggested claim after the other: accept, reject, mend, or leave for later."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette import Response

from claims.datasette_plugin.desk.context import nearest, surroundings
from claims.datasette_plugin.desk.gate import Visit, for_role
from claims.datasette_plugin.desk.roles import Role
from claims.errors import ReviewError
from claims.models import Span
from claims.store import Store, queue, triage
from claims.store.acting import undo
from claims.store.desk import article_of, claim_with_names, neighbours, speakers_of_article
from claims.store.triage import claim_row

_NARROWING = ("article_id", "speaker_id", "outlet_id", "language")


@for_role(Role.CHECKER, writes=True)
async def begin(visit: Visit) -> Response:
    """Take the next claim, and show it."""
    form = await visit.form()
    return await _next(visit, form, number(form, "after") or 0)


@for_role(Role.CHECKER)
async def show(visit: Visit) -> Response:
    """One claim in its article, with all that can be done to it."""
    claim_id = visit.number()

    def read(store: Store) -> dict[str, Any]:
        claim = claim_with_names(store, claim_id)
        article = article_of(store, claim["article_id"])
        others = neighbours(store, claim)
        return {
            "claim": claim,
            "article": article,
            "paragraphs": surroundings(article["text"], claim, others),
            "others": [other for other in others if other["status"] in {"suggested", "accepted"}],
            "speakers": speakers_of_article(store, claim["article_id"]),
            "progress": queue.progress(store, visit.actor),
            "comments": queue.comments(store, claim_id),
            "holder": queue.holder(store, claim_id),
        }

    found = await visit.store(read)
    return await visit.page("triage", **found, narrowed=_narrowed(dict(visit.request.args)))


@for_role(Role.CHECKER, writes=True)
async def change(visit: Visit) -> Response:
    """Do to a claim what the button says, then show the next one, or the same again."""
    form = await visit.form()
    claim_id, deed = visit.number(), form.get("do", "")
    if deed in {"accept", "reject"}:
        decision: triage.Decision = "accept" if deed == "accept" else "reject"
        await visit.store(lambda store: triage.decide(store, visit.actor, [claim_id], decision))
        return await _next(visit, form, claim_id, f"did_{deed}")
    if deed == "skip":
        return await _next(visit, form, claim_id)
    if deed == "undo":
        done = await visit.store(lambda store: undo(store, visit.actor))
        again = done["claim_id"] or claim_id
        return visit.go(_claim_path(again, form), "undone")
    mend = _MENDS.get(deed)
    if mend is None:
        raise ReviewError("{deed!r} is nothing that can be done to a claim", deed=deed)
    await visit.store(lambda store: mend(store, visit.actor, claim_id, form))
    return visit.go(_claim_path(claim_id, form), f"did_{deed}")


def _mend_speaker(store: Store, actor: str, claim_id: int, form: dict[str, str]) -> None:
    described = (form.get("role"), form.get("organization"))
    triage.fix_speaker(store, actor, claim_id, form.get("speaker", ""), kind_of(form), described)


def kind_of(form: dict[str, str]) -> Any:
    """The kind of speaker that a form names; the store refuses what is none."""
    return form.get("kind", "person")


def _mend_span(store: Store, actor: str, claim_id: int, form: dict[str, str]) -> None:
    claim = claim_row(store.db, claim_id)
    words = form.get("words", "").strip()
    start, end = number(form, "start"), number(form, "end")
    text = article_of(store, claim["article_id"])["text"]
    if start is None or end is None or text[start:end].strip() != words:
        at = nearest(text, words, claim["start"])
        if at is None:
            raise ReviewError("these words are not in the article; copy them from it")
        start, end = at, at + len(words)
    triage.fix_span(store, actor, claim_id, Span(start, end))


def _mend_split(store: Store, actor: str, claim_id: int, form: dict[str, str]) -> None:
    claim = claim_row(store.db, claim_id)
    at = number(form, "at")
    if at is None:
        words = form.get("second", "").strip()
        if not words or claim["text"].count(words) != 1:
            raise ReviewError("write how the second claim begins, in words that it has once")
        at = claim["start"] + claim["text"].index(words)
    triage.split(store, actor, claim_id, at)


def _mend_merge(store: Store, actor: str, claim_id: int, form: dict[str, str]) -> None:
    other = number(form, "other")
    if other is None:
        raise ReviewError("choose the claim that it is to be merged with")
    triage.merge(store, actor, claim_id, other)


_MENDS = {
    "speaker": _mend_speaker,
    "span": _mend_span,
    "split": _mend_split,
    "merge": _mend_merge,
}


async def _next(
    visit: Visit, form: dict[str, str], after: int, message: str | None = None
) -> Response:
    narrowed = queue.Narrowed(
        number(form, "article_id"),
        number(form, "speaker_id"),
        number(form, "outlet_id"),
        form.get("language") or None,
    )
    taken = await visit.store(lambda store: queue.take_next(store, visit.actor, after, narrowed))
    if taken is None:
        return visit.go("", "none_left")
    return visit.go(_claim_path(taken, form), message)


def _claim_path(claim_id: int, form: dict[str, str]) -> str:
    query = urlencode(_narrowed(form))
    return f"/triage/{claim_id}" + (f"?{query}" if query else "")


def _narrowed(form: dict[str, str]) -> dict[str, str]:
    """What narrows the queue, of a form or an address; anything else is left out."""
    return {
        key: form[key]
        for key in _NARROWING
        if form.get(key) and (key == "language" or number(form, key) is not None)
    }


def number(form: dict[str, str], key: str) -> int | None:
    """A number in a form; None for anything else."""
    value = form.get(key, "").strip()
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None
