"""The desk's own front page, a claim's and a review's pages for checkers, and speakers to merge."""

from __future__ import annotations

from typing import Any

from datasette import Response

from claims.datasette_plugin.desk.gate import Visit, for_role
from claims.datasette_plugin.desk.roles import Role
from claims.datasette_plugin.desk.triage import number
from claims.errors import ReviewError
from claims.reviews import Opinion
from claims.store import Store, drafts, past, queue, reviewing, triage
from claims.store import desk as reading


@for_role(Role.CHECKER)
async def home(visit: Visit) -> Response:
    """My queue: what I was given, my drafts, what is disputed; and the way into triage."""

    def read(store: Store) -> dict[str, Any]:
        return {
            "progress": queue.progress(store, visit.actor),
            "assigned": queue.assigned(store, visit.actor),
            "drafts": drafts.drafts(store, author=visit.actor),
            "disputed": reading.disputed(store),
            "latest": reading.latest_reviews(store),
        }

    return await visit.page("home", **await visit.store(read))


@for_role(Role.CHECKER)
async def claim(visit: Visit) -> Response:
    """All that the desk knows of a claim: reviews, drafts, comments, who has it, its history."""
    claim_id = visit.number()

    def read(store: Store) -> dict[str, Any]:
        return {
            "claim": reading.claim_with_names(store, claim_id),
            "reviews": reviewing.reviews_of(store, claim_id),
            "drafts": drafts.drafts(store, claim_id=claim_id),
            "comments": queue.comments(store, claim_id),
            "assignee": queue.assignee(store, claim_id),
            "holder": queue.holder(store, claim_id),
            "history": past.history(store, claim_id),
            "log": past.logged(store, claim_id),
        }

    found = await visit.store(read)
    return await visit.page("claim", **found, people=visit.desk.people)


@for_role(Role.CHECKER, writes=True)
async def comment(visit: Visit) -> Response:
    """Say something to the other checkers."""
    form, claim_id = await visit.form(), visit.number()
    await visit.store(
        lambda store: queue.comment(store, visit.actor, claim_id, form.get("text", ""))
    )
    back = "triage" if form.get("back") == "triage" else "claims"
    return visit.go(f"/{back}/{claim_id}", "commented")


@for_role(Role.CHECKER, writes=True)
async def assign(visit: Visit) -> Response:
    """Take a claim oneself, give it back; editors give it to anybody."""
    form, claim_id = await visit.form(), visit.number()
    assignee = form.get("assignee") or None
    if visit.role < Role.EDITOR and assignee not in {None, visit.actor}:
        raise ReviewError("only an editor gives a claim to somebody else")
    if assignee and assignee != visit.actor and assignee not in visit.desk.people:
        raise ReviewError("{assignee!r} is neither a checker nor an editor here", assignee=assignee)

    def act(store: Store) -> None:
        holder = queue.assignee(store, claim_id)
        if visit.role < Role.EDITOR and holder not in {None, visit.actor}:
            raise ReviewError(
                "claim {claim_id} is {holder}'s; only an editor takes it from them",
                claim_id=claim_id,
                holder=holder,
            )
        queue.assign(store, visit.actor, claim_id, assignee)

    await visit.store(act)
    return visit.go(f"/claims/{claim_id}", "assigned" if assignee else "unassigned")


@for_role(Role.CHECKER)
async def review(visit: Visit) -> Response:
    """A published or withdrawn review, its versions, and what others say of it."""
    review_id = visit.number()

    def read(store: Store) -> dict[str, Any]:
        return {
            "review": reviewing.review(store, review_id),
            "history": past.review_history(store, review_id),
        }

    found = await visit.store(read)
    mine = found["review"]["published_by"] == visit.actor
    return await visit.page(
        "review", **found, mine=mine, may_change=may_change(visit, found["review"])
    )


def may_change(visit: Visit, review: dict[str, Any]) -> bool:
    """Whether a review is the visitor's own, or the visitor an editor."""
    return visit.role >= Role.EDITOR or review["published_by"] == visit.actor


@for_role(Role.CHECKER, writes=True)
async def opinion(visit: Visit) -> Response:
    """Confirm or dispute somebody else's review."""
    form, review_id = await visit.form(), visit.number()
    said: Opinion = "confirms" if form.get("opinion") == "confirms" else "disputes"
    if form.get("opinion") not in {"confirms", "disputes"}:
        raise ReviewError("choose whether you confirm the review or dispute it")
    await visit.store(
        lambda store: reviewing.give_opinion(store, visit.actor, review_id, said, form.get("note"))
    )
    return visit.go(f"/reviews/{review_id}", f"did_{said}")


@for_role(Role.CHECKER, writes=True)
async def withdraw(visit: Visit) -> Response:
    """Take back a review; one's own, or as an editor anybody's."""
    review_id = visit.number()

    def act(store: Store) -> None:
        if not may_change(visit, reviewing.review(store, review_id)):
            raise ReviewError("only who published a review, or an editor, withdraws it")
        reviewing.withdraw(store, visit.actor, review_id)

    await visit.store(act)
    return visit.go(f"/reviews/{review_id}", "withdrawn")


@for_role(Role.EDITOR)
async def speaker(visit: Visit) -> Response:
    """A speaker, and the form that makes one of two."""
    speaker_id = visit.number()
    other_id = number(dict(visit.request.args), "other")

    def read(store: Store) -> dict[str, Any]:
        other = reading.speaker(store, other_id) if other_id else None
        return {"speaker": reading.speaker(store, speaker_id), "other": other}

    return await visit.page("speaker", **await visit.store(read))


@for_role(Role.EDITOR, writes=True)
async def merge_speakers(visit: Visit) -> Response:
    """Make one speaker of two, for good."""
    form, speaker_id = await visit.form(), visit.number()
    other = number(form, "other")
    if other is None:
        raise ReviewError("give the number of the other speaker")
    moved = await visit.store(
        lambda store: triage.merge_speakers(store, visit.actor, speaker_id, other)
    )
    return visit.go(f"/speakers/{speaker_id}", "merged_speakers", moved=moved)
