"""Claims and reviews as schema.org has them: Claim, ClaimReview, DataFeed, as JSON-LD.

Fields follow https://schema.org/ClaimReview and what Google requires of it
(https://developers.google.com/search/docs/appearance/structured-data/factcheck): ``claimReviewed``,
``reviewRating`` and ``url``. Nothing here reads a database or a network: rows come in as
`claims.store.one_claim` gives them, addresses by a function.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

Row = Mapping[str, Any]
Address = Callable[[str, int], str]  # of the page of a row: table and id in, full address out
CONTEXT = "https://schema.org"
_BEST, _WORST = 5, 1  # what verdicts are rated by
_TYPES = {"person": "Person", "organization": "Organization", "outlet": "NewsMediaOrganization"}


def web_address(url: str | None) -> str | None:
    """The URL if a browser may follow it: http or https, with a host; None for anything else."""
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return None
    return parts.geturl() if parts.scheme in {"http", "https"} and parts.netloc else None


def claim(row: Row, others: Iterable[Row], address: Address) -> dict[str, Any]:
    """A Claim with the article that it appeared in; ``others`` are its other appearances."""
    appearances = [appearance(one) for one in (row, *others)]
    return _without_nothing(
        {
            "@type": "Claim",
            "@id": address("claims", row["id"]),
            "text": row["text"],
            "inLanguage": row["language"],
            "author": _speaker(row),
            "datePublished": row["said_on"] or row["published_on"],
            "appearance": appearances if len(appearances) > 1 else appearances[0],
        }
    )


def appearance(row: Row) -> dict[str, Any]:
    """The article of a claim, with the outlet that it relays, if any."""
    return _without_nothing(
        {
            "@type": "NewsArticle",
            "url": web_address(row["article_url"]),
            "headline": row["article_title"],
            "datePublished": row["published_on"],
            "publisher": _organization(row["outlet"]),
            "sourceOrganization": _organization(row["via"]),
        }
    )


def claim_reviews(review: Row, address: Address) -> list[dict[str, Any]]:
    """One ClaimReview for each claim that a review settles: Google wants one claim in each."""
    return [_claim_review(review, one, address) for one in review["claims"]]


def document(things: list[dict[str, Any]]) -> dict[str, Any]:
    """One JSON-LD document of some things."""
    if len(things) == 1:
        return {"@context": CONTEXT, **things[0]}
    return {"@context": CONTEXT, "@graph": things}


def data_feed(name: str, reviews: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """ClaimReviews as a DataFeed, the form in which aggregators take them."""
    return {
        "@context": CONTEXT,
        "@type": "DataFeed",
        "name": name,
        "dataFeedElement": [
            _without_nothing(
                {
                    "@type": "DataFeedItem",
                    "dateCreated": review.get("datePublished"),
                    "item": review,
                }
            )
            for review in reviews
        ],
    }


def missing(review: Row) -> list[str]:
    """What Google requires of a ClaimReview and this one lacks, as names of its fields.

    A rating is told by its words (``alternateName``), or by a number between the best and worst.
    """
    rating = review.get("reviewRating") or {}
    wanted = {
        "@type": review.get("@type") == "ClaimReview",
        "claimReviewed": bool(review.get("claimReviewed")),
        "url": web_address(review.get("url")) is not None,
        "reviewRating": rating.get("@type") == "Rating",
        "reviewRating.alternateName": bool(rating.get("alternateName")),
        "reviewRating.ratingValue": "ratingValue" not in rating
        or rating.get("worstRating", 1) <= rating["ratingValue"] <= rating.get("bestRating", 5),
        "itemReviewed.author": "itemReviewed" not in review
        or bool((review["itemReviewed"].get("author") or {}).get("name")),
    }
    return [name for name, there in wanted.items() if not there]


def json_ld(thing: Mapping[str, Any]) -> str:
    """JSON that stays JSON inside a page: nothing in it ends a script or opens a comment."""
    text = json.dumps(thing, ensure_ascii=False, indent=1)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _claim_review(review: Row, of: Row, address: Address) -> dict[str, Any]:
    page = address("reviews", review["id"])
    original = web_address(review["url"])
    rating = {"@type": "Rating", "alternateName": review["verdict"]}
    if review["rating"] is not None:
        rating |= {"ratingValue": review["rating"], "bestRating": _BEST, "worstRating": _WORST}
    many = len(review["claims"]) > 1
    return _without_nothing(
        {
            "@type": "ClaimReview",
            "@id": f"{page}#claim-{of['id']}" if many else page,
            "url": original or page,
            "claimReviewed": of.get("fragment") or of["text"],
            "reviewRating": rating,
            "author": _reviewer(review, original),
            "datePublished": review["reviewed_on"],
            "reviewBody": "\n\n".join(filter(None, (review["summary"], review["context"]))),
            "itemReviewed": claim(of, (), address),
            "citation": [*map(_cited, review["evidence"]), *_background(review)],
        }
    )


def _reviewer(review: Row, original: str | None) -> dict[str, Any] | None:
    """Whoever published it elsewhere is an organization; a checker of ours is a person."""
    if not review["reviewer"]:
        return None
    if original is None:
        return {"@type": "Person", "name": review["reviewer"]}
    parts = urlsplit(original)
    site = f"{parts.scheme}://{parts.netloc}/"
    return {"@type": "Organization", "name": review["reviewer"], "url": site}


def _speaker(row: Row) -> dict[str, Any]:
    kind = _TYPES.get(row.get("speaker_kind") or "person", "Person")
    person = kind == "Person"
    return _without_nothing(
        {
            "@type": kind,
            "name": row["speaker"],
            "jobTitle": row["role"] if person else None,
            "affiliation": _organization(row["organization"]) if person else None,
            "sameAs": _wikidata(row.get("speaker_wikidata")),
        }
    )


def _wikidata(entity: str | None) -> str | None:
    return f"https://www.wikidata.org/wiki/{entity}" if entity and entity.isalnum() else None


def _organization(name: str | None) -> dict[str, Any] | None:
    return {"@type": "Organization", "name": name} if name else None


def _cited(evidence: Row) -> dict[str, Any]:
    return _without_nothing(
        {
            "@type": "CreativeWork",
            "url": web_address(evidence["url"]),
            "name": evidence["title"],
            "text": evidence["excerpt"],
        }
    )


def _background(review: Row) -> list[dict[str, Any]]:
    url = web_address(review["context_url"])
    return [{"@type": "CreativeWork", "url": url}] if url else []


def _without_nothing(thing: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in thing.items() if value not in (None, "", [])}
