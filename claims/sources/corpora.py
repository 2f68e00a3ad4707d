"""Articles as records: JSON lines, JSON, and the rows of a table.

The names that usual corpora give to their fields are recognised: news-please and CC-News (Hamborg
et al. 2017), RealNews (Zellers et al. 2019), BIGKinds (Korea Press Foundation), and our own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from claims.errors import SourceError
from claims.models import Document, Facts
from claims.sources.claim_reviews import REVIEW, has_reviews, reviews_of
from claims.sources.decoding import decode
from claims.sources.looks import is_html, is_markup
from claims.sources.page_facts import address_of, day_in, language_code, name_of
from claims.sources.reading import LARGEST, Page, RawItem, Row

NAMES: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "maintext", "article_text", "articlebody", "full_text",
             "fulltext", "article", "story", "본문", "내용"),
    "title": ("title", "headline", "article_title", "제목"),
    "byline": ("byline", "author", "authors", "creator", "reporter", "기고자", "기자"),
    "outlet": ("outlet", "publisher", "publication", "newspaper", "media", "site_name", "source",
               "source_domain", "domain", "언론사", "매체"),
    "published_on": ("published_on", "date", "published", "publish_date", "published_at",
                     "date_publish", "publication_date", "date_published", "datepublished",
                     "pub_date", "pubdate", "일자", "날짜"),
    "modified_on": ("modified_on", "date_modify", "date_modified", "datemodified", "modified",
                    "updated_at", "lastmod"),
    "url": ("url", "link", "article_url", "canonical_url", "web_url", "uri"),
    "language": ("language", "lang"),
}  # fmt: skip


def read_lines(
    stream: BinaryIO, name: str, fields: Mapping[str, str], first: int = 1
) -> Iterator[RawItem]:
    """The articles, or recorded claims, of JSON lines; a bad line comes as a SourceError.

    ``first`` is the number of the stream's first line in its file.
    """
    number = first - 1
    while line := stream.readline(LARGEST + 1):
        number += 1
        place = f"{name}, line {number}"
        if len(line) > LARGEST:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LARGEST)
            yield SourceError(f"{place}: this line is longer than {LARGEST // 1024**2} MB")
        elif line.strip():
            try:
                text = decode(line, place)
                yield from items_of(_parsed(text, place), name, number, fields, REVIEW in text)
            except SourceError as error:
                yield error


def read_json(text: str, name: str, fields: Mapping[str, str]) -> Iterator[RawItem]:
    """The article of a JSON file, or all of a list of them; positions count from 1."""
    value = _parsed(text, name)
    for number, record in enumerate(value if isinstance(value, list) else [value], 1):
        try:
            yield from items_of(record, name, number, fields, REVIEW in text)
        except SourceError as error:
            yield error


def items_of(
    record: object, name: str, line: int, fields: Mapping[str, str], may_be_review: bool
) -> Iterator[RawItem]:
    """The fact-checks in a record where it has any, else its article or claim."""
    if may_be_review and not fields and has_reviews(record):
        yield from reviews_of(record, name, line)
    else:
        yield item_of(record, name, line, fields)


def item_of(
    record: object, name: str, line: int, fields: Mapping[str, str]
) -> Document | Page | Row:
    """The article in a record; a claim where it has a speaker. Raises SourceError for neither."""
    place = f"{name}, line {line}"
    if not isinstance(record, dict):
        raise SourceError(f"{place}: there is no object with an article here")
    if not fields and record.get("speaker") and record.get("text"):
        cells = {str(key): str(value) for key, value in record.items() if value is not None}
        return Row(name, line, cells)
    found = _chosen(record, place, fields)
    text = found.pop("text", None)
    if not isinstance(text, str) or not any(map(str.isalnum, text)):
        raise SourceError(
            f"{place}: there is no text here; the fields are {_listed(record)} "
            "(--map text=FIELD tells which has it)"
        )
    facts = Facts(
        title=name_of(found.get("title")),
        byline=name_of(found.get("byline")),
        outlet=name_of(found.get("outlet")),
        published_on=day_in(found.get("published_on")),
        url=address_of(found.get("url")),
        language=language_code(found.get("language")),
        modified_on=day_in(found.get("modified_on")),
    )
    if not is_html(text) and not is_markup(text):
        return Document(name, text, facts, line)
    return Page(name, text, facts=facts, line=line)


def has_articles(columns: list[str], fields: Mapping[str, str]) -> bool:
    """Whether a table with these columns, in lower case, is one of articles."""
    if "text" in fields:
        return True
    is_named = any(name in columns for part in ("title", "url", "byline") for name in NAMES[part])
    return is_named and any(name in columns for name in NAMES["text"])


def _chosen(
    record: Mapping[object, object], place: str, fields: Mapping[str, str]
) -> dict[str, object]:
    """The values of a record by our names: from the field that is told, else the usual ones."""
    values = {str(key).strip().casefold(): value for key, value in record.items()}
    found: dict[str, object] = {}
    for ours, usual in NAMES.items():
        if ours in fields:
            if fields[ours].casefold() not in values:
                raise SourceError(
                    f"{place}: there is no field {fields[ours]!r}; the fields are {_listed(record)}"
                )
            found[ours] = values[fields[ours].casefold()]
        else:
            found[ours] = next((values[name] for name in usual if values.get(name)), None)
    return found


def _parsed(text: str, place: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{place}: this is not JSON ({error})") from error


def _listed(record: Mapping[object, object]) -> str:
    return ", ".join(str(key)[:40] for key in list(record)[:12]) or "none"
