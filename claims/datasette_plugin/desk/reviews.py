"""The review form: new, a draft, or the next version of what was published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from datasette import Response

from claims.datasette_plugin.desk.gate import Visit, for_role
from claims.datasette_plugin.desk.roles import Role
from claims.datasette_plugin.desk.rooms import may_change
from claims.datasette_plugin.desk.triage import number
from claims.datasette_plugin.language import language_of
from claims.errors import ReviewError
from claims.models import Span
from claims.reviews import STANCES, Evidence, Review, Reviewed
from claims.store import Store, drafts, reviewing
from claims.store import desk as reading

_EMPTY_ROWS = 3
_MOST_ROWS = 100


@for_role(Role.CHECKER)
async def new(visit: Visit) -> Response:
    """An empty form about the claims in the address (``?claim=1&claim=2``)."""
    listed = " ".join(visit.request.args.getlist("claim"))
    return await _form(visit, Review(_numbered(listed)))


@for_role(Role.CHECKER)
async def draft(visit: Visit) -> Response:
    """A draft; whose it isn't reads it, unless an editor."""
    draft_id = visit.number()
    found = await visit.store(lambda store: drafts.draft(store, draft_id))
    return await _form(visit, found["review"], draft=found)


@for_role(Role.CHECKER)
async def edit(visit: Visit) -> Response:
    """The next version of a published review."""
    review_id = visit.number()

    def read(store: Store) -> Review:
        if not may_change(visit, reviewing.review(store, review_id)):
            raise ReviewError("only who published a review, or an editor, changes it")
        return drafts.edited(store, review_id)

    return await _form(visit, await visit.store(read), review_id=review_id)


async def _form(
    visit: Visit,
    review: Review,
    *,
    draft: dict[str, Any] | None = None,
    review_id: int | None = None,
    wrong: str | None = None,
) -> Response:
    def read(store: Store) -> dict[str, Any]:
        claims = []
        for part in review.claims[:_MOST_ROWS]:
            claim = reading.claim_with_names(store, part.claim_id)
            words = ""
            if part.start is not None and part.end is not None:
                text = reading.article_of(store, claim["article_id"])["text"]
                words = Span(part.start, part.end).of(text)
            claims.append({**claim, "part": words})
        return {
            "claims": claims,
            "sets": reviewing.verdict_sets(store, visit.desk.verdicts),
        }

    pieces = [*review.evidence, *([Evidence()] * _EMPTY_ROWS)]
    return await visit.page(
        "form",
        400 if wrong else 200,
        review=review,
        pieces=pieces,
        stances=STANCES,
        draft=draft,
        review_id=review_id or (draft or {}).get("review_id"),
        mine=draft is None or draft["author"] == visit.actor or visit.role >= Role.EDITOR,
        wrong=wrong,
        **await visit.store(read),
    )


@for_role(Role.CHECKER, writes=True)
async def save(visit: Visit) -> Response:
    """Save the form as a draft, publish it, or throw the draft away."""
    form = await visit.form()
    draft_id, review_id = number(form, "draft"), number(form, "review")
    kept = await visit.store(lambda store: _allowed(visit, store, draft_id, review_id))
    review_id = kept["review_id"] if kept else review_id
    if form.get("do") == "throw" and draft_id is not None:
        await visit.store(lambda store: drafts.throw_away(store, visit.actor, draft_id))
        return visit.go("", "thrown_away")
    written = _plain(form)
    try:
        return await _save(visit, form, written, (draft_id, review_id))
    except ReviewError as error:
        wrong = language_of(visit.request).refusal(error)
        return await _form(visit, written, draft=kept, review_id=review_id, wrong=wrong)


def _allowed(
    visit: Visit, store: Store, draft_id: int | None, review_id: int | None
) -> dict[str, Any] | None:
    """The draft that is saved over; raises ReviewError for what is another checker's."""
    kept = drafts.draft(store, draft_id) if draft_id is not None else None
    if kept and kept["author"] != visit.actor and visit.role < Role.EDITOR:
        raise ReviewError(
            "this draft is {author}'s; only an editor changes it", author=kept["author"]
        )
    over = kept["review_id"] if kept else review_id
    if over is not None and not may_change(visit, reviewing.review(store, over)):
        raise ReviewError("only who published a review, or an editor, changes it")
    return kept


async def _save(
    visit: Visit, form: dict[str, str], written: Review, over: tuple[int | None, int | None]
) -> Response:
    draft_id, review_id = over

    def act(store: Store) -> int:
        review = replace(written, claims=_with_parts(store, written, form))
        if form.get("do") == "publish":
            reviewer = visit.desk.name(visit.actor)
            return reviewing.publish(store, visit.actor, review, draft_id, review_id, reviewer)
        return drafts.save_draft(store, visit.actor, review, draft_id, review_id)

    done = await visit.store(act)
    if form.get("do") == "publish":
        return visit.go(f"/reviews/{done}", "published")
    return visit.go(f"/drafts/{done}", "saved")


def _plain(form: dict[str, str]) -> Review:
    """The review as the form has it; parts of claims are still words."""
    claims = _numbered(form.get("claims", ""))
    kept = tuple(one for one in claims if form.get(f"drop-{one.claim_id}") != "1")
    rows = [key[9:-4] for key in form if key.startswith("evidence-") and key.endswith("-url")]
    evidence = [
        # the stance is checked with the rest, by checked_review
        Evidence(**{field: form.get(f"evidence-{row}-{field}") or None for field in _FIELDS})  # type: ignore[arg-type]
        for row in rows[:_MOST_ROWS]
    ]
    return Review(
        kept,
        evidence=tuple(piece for piece in evidence if piece.url or piece.title or piece.excerpt),
        **{key: form.get(key) or None for key in _TEXTS},
    )


def _numbered(listed: str) -> tuple[Reviewed, ...]:
    """The claims of a list of numbers, each once; what is no number of SQLite's is left out."""
    words = listed.replace(",", " ").split()
    numbers = [int(one) for one in words if one.isascii() and one.isdecimal() and len(one) < 19]
    return tuple(Reviewed(one) for one in dict.fromkeys(numbers))


_FIELDS = ("url", "title", "excerpt", "stance", "retrieved_on")
_TEXTS = ("verdict", "summary", "context", "context_url", "url")


def _with_parts(store: Store, review: Review, form: dict[str, str]) -> tuple[Reviewed, ...]:
    parts = []
    for claim in review.claims:
        words = form.get(f"part-{claim.claim_id}", "").strip()
        parts.append(reviewing.fragment(store, claim.claim_id, words) if words else claim)
    return tuple(parts)
