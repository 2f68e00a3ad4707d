"""The addresses of the desk, all under ``/-/desk``."""

from __future__ import annotations

from typing import Any

from claims.datasette_plugin.desk import reviews, rooms, triage

_ID = r"(?P<id>[0-9]{1,18})"
_PAGES = {
    "": rooms.home,
    "/triage": triage.begin,
    f"/triage/{_ID}": triage.show,
    f"/triage/{_ID}/change": triage.change,
    f"/claims/{_ID}": rooms.claim,
    f"/claims/{_ID}/comment": rooms.comment,
    f"/claims/{_ID}/assign": rooms.assign,
    f"/reviews/{_ID}": rooms.review,
    f"/reviews/{_ID}/edit": reviews.edit,
    f"/reviews/{_ID}/opinion": rooms.opinion,
    f"/reviews/{_ID}/withdraw": rooms.withdraw,
    "/reviews/new": reviews.new,
    "/reviews/save": reviews.save,
    f"/drafts/{_ID}": reviews.draft,
    f"/speakers/{_ID}": rooms.speaker,
    f"/speakers/{_ID}/merge": rooms.merge_speakers,
}
ROUTES: list[tuple[str, Any]] = [(rf"^/-/desk{path}$", page) for path, page in _PAGES.items()]
