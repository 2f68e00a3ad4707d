"""HTML -> the article's own text and what the page says of itself.

The main text is found by trafilatura (Barbaresi 2021). Each block of the page, be it a paragraph, a
heading, a quotation or an item of a list, comes as a paragraph of its own with an empty line
between, so that a heading never runs into prose. Captions are left out: they are no prose of the
article. The extracted text is what is stored, and what offsets point into.
"""

from __future__ import annotations

import re
from typing import Any

from claims.errors import SourceError
from claims.models import Document, storable

LARGEST_PAGE = 10 * 1024 * 1024  # code points; parsing takes many times the memory
MOST_ELEMENTS = 50_000  # no article has more; beyond, finding the text takes ever longer
MOST_ATTRIBUTES = 500  # of one tag; adding each takes as long as there are others before it

_ATTRIBUTE = (
    r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+"""
)
# Each part takes what it can and never gives back, and any end may be missing: linear in any text.
_NO_TAGS = r"<!--(?:-?>|.*?(?:--!?>|\Z))|<script\b.*?(?:</script|\Z)|<style\b.*?(?:</style|\Z)"
_CROWDED = re.compile(
    rf"(?:{_NO_TAGS})|(<[a-z][^\s/>]*+(?:{_ATTRIBUTE}){{{MOST_ATTRIBUTES}}}+)(?:{_ATTRIBUTE})++"
    rf"|<[a-z][^\s/>]*+(?:{_ATTRIBUTE})*+",
    re.IGNORECASE | re.DOTALL,
)
# Where pages put captions and credits that are no <figcaption>: names seen in the content systems
# of Korean and English newspapers. Whole words of a class, so that "captioned" is none.
_CAPTION_CLASSES = (
    "caption", "img_desc", "img-desc", "imgdesc", "img-caption", "img_caption", "image-caption",
    "image_caption", "photo-caption", "photo_caption", "wp-caption-text", "credit", "photo-credit",
    "image-credit", "end_photo_org", "txt_caption",
)  # fmt: skip
# With captions go the menus, which trafilatura leaves in where it finds little text and dumps it.
_NO_PROSE = " | ".join(
    ["//figcaption", "//caption", "//nav", "//menu", "//*[@role='navigation']"]
    + [
        f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
        for name in _CAPTION_CLASSES
    ]
)
_BLOCKS = (
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "figure", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "ol", "p", "pre", "section", "table",
    "td", "th", "tr", "ul",
)  # fmt: skip
_INLINE = ("b", "strong", "i", "em", "u", "s", "font", "mark", "small", "big", "ins", "q", "cite")
# Signs put where a block and where a line begins. Whatever of trafilatura's ways finds the text
# (some of them only dump it), they come through; printable, for it drops what is not.
_BLOCK, _LINE = "\u241e", "\u2424"
_SIGNS = {ord(_BLOCK): " ", ord(_LINE): " "}
_TAGGED_BLOCKS = {"p", "head", "quote", "item", "row", "code", "ab", "list", "table"}


def read_html(html: str, source: str, url: str | None = None) -> Document:
    """The document in a page of HTML; ``url`` is where it was fetched from.

    Raises SourceError for a page that holds no article or is too large.
    """
    from lxml.etree import LxmlError

    from claims.sources.page_facts import body_of, facts_of

    if len(html) > LARGEST_PAGE:
        raise SourceError(f"{source}: this page is larger than {LARGEST_PAGE // 1024**2} MB")
    try:
        tree = _parsed(html)
        if tree is not None:
            if sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
                raise SourceError(
                    f"{source}: this page has more than {MOST_ELEMENTS:,} elements; "
                    "save its text and give that file"
                )
            facts = facts_of(tree, url)
            described = body_of(tree)
            text = _main_text(tree) or described
            if text:
                return Document(source, text, facts)
    except (LxmlError, ValueError, RecursionError) as error:
        raise SourceError(f"{source}: this page can't be read as HTML ({error})") from error
    raise SourceError(
        f"{source}: no article is found on this page; save its text and give that file"
    )


def _parsed(html: str) -> Any:
    """The tree of a page, without what the parser would stop at; None for an empty page."""
    from lxml.html import HTMLParser, document_fromstring

    html = _CROWDED.sub(lambda found: found[1] or found[0], html)  # attributes up to the most
    data = storable(html).translate(_SIGNS).encode()
    return document_fromstring(data, parser=HTMLParser(encoding="utf-8", remove_pis=True))


def _main_text(tree: Any) -> str:
    from lxml.etree import strip_tags
    from trafilatura import bare_extraction

    for found in tree.xpath(_NO_PROSE):
        if found.getparent() is not None and found.tag not in ("body", "main", "article"):
            found.drop_tree()
    for inside in tree.xpath("//p//time | //p//span"):  # a day named in a sentence is part of it
        inside.tag = _INLINE[0]
    for data in tree.xpath("//script"):  # a dump would take its text, without any paragraphs
        data.text = None
    strip_tags(tree, *_INLINE)  # else a dump puts blanks around their words, and in Korean words
    _sign(tree)
    extracted: Any = bare_extraction(tree, include_comments=False)
    if extracted is None:
        return ""
    blocks = (_lines(block) for block in _dumped(extracted.body).split(_BLOCK))
    return "\n\n".join(block for block in blocks if block)


def _sign(tree: Any) -> None:
    """Put a sign where each block begins and where text goes on after it, and after each break."""
    for element in tree.iter(*_BLOCKS):
        if element.text or len(element):
            element.text = _BLOCK + (element.text or "")
        if element.tail and element.tail.strip():
            element.tail = _BLOCK + element.tail
    for element in tree.iter("br"):
        element.tail = _LINE + (element.tail or "")


def _dumped(body: Any) -> str:
    """All text of an extracted body, a sign before and after each of its blocks."""
    from lxml.etree import iterwalk

    parts: list[str] = []
    for event, element in iterwalk(body, events=("start", "end")):
        starts = event == "start"
        if element.tag in _TAGGED_BLOCKS or (element.tag == "cell" and starts):
            parts.append(_BLOCK)
        parts.append((element.text if starts else element.tail) or "")
    return "".join(parts)


def _lines(block: str) -> str:
    """A block with its forced line ends; an empty line stays where two breaks stand together."""
    lines = (" ".join(line.split()) for line in block.split(_LINE))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines).strip("\n"))
