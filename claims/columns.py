"""The columns of the table of claims and of an export, and a claim as a row."""

from __future__ import annotations

from operator import attrgetter

from claims.models import Claim

# The columns of an export, in their order: a contract that other tools read.
EXPORT_COLUMNS = (
    "id", "text", "kind", "speaker", "role", "organization", "outlet", "via", "said_on",
    "said_on_text", "published_on", "article_url", "article_title", "start", "end", "cue",
    "status", "confidence", "rule", "speaker_kind", "language", "modified_on",
)  # fmt: skip

# Those that are numbers, with the schema's word for them; all others are text.
EXPORT_NUMBERS = {"id": "integer", "start": "integer", "end": "integer", "confidence": "real"}

CLAIM_COLUMNS = (
    "id", "article_id", "speaker_id", "outlet_id", "via_outlet_id", "published_on", "text", "kind",
    "role", "organization", "said_on", "said_on_text", "cue", "start", "end", "speaker_start",
    "speaker_end", "language", "extractor", "rule", "confidence", "status",
)  # fmt: skip
_of_the_claim = attrgetter(*CLAIM_COLUMNS[6:])  # what a Claim has under the same name


def claim_row(
    claim: Claim, ids: tuple[int, int, int, int | None, int | None], published_on: str | None
) -> tuple[object, ...]:
    """The values of `CLAIM_COLUMNS`; ``ids`` of the claim, article, speaker, outlet and via."""
    return (*ids, published_on, *_of_the_claim(claim))
