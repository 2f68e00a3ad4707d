"""A page read with the rules of its language: its tokens, sentence by sentence.

What several steps need of a page is worked out once here.
"""

from __future__ import annotations

import re
from functools import cache, partial

from claims.languages import LanguageRules, rules_for
from claims.necessary import bits, lacks
from claims.phrases import PhraseBook, Who
from claims.segments import Page, Quotation, read_page
from claims.tokens import QUOTATION, Tagger, Tokens

_MOST_TOKENS = 300  # no sentence of prose has more; patterns may look at it from every token


class Reading:
    """One page with the tokens of its sentences.

    ``candidates`` are the numbers of the sentences that hold a quotation or a word of attribution.
    A "sentence" of more than 300 tokens is a list or a table, and is left alone: so the time that a
    page takes grows with its length and no faster.
    """

    def __init__(self, text: str, language: str) -> None:
        """Read a text; raises LanguageError when the language has no rules."""
        self.rules: LanguageRules = rules_for(language)
        self.page: Page = read_page(text, self.rules)
        self._tagger, self._book = _tools(language)
        self._outlines: dict[int, str] = {}
        self.tokens: list[Tokens] = [
            self._tagger.read(self.page, sentence.span) for sentence in self.page.sentences
        ]
        for number, tokens in enumerate(self.tokens):
            if len(tokens.tags) > _MOST_TOKENS:
                self.tokens[number] = Tokens(text)
        worth_a_look = self.rules.tagged["worth_a_look"]
        self.candidates = [
            number for number, tokens in enumerate(self.tokens) if worth_a_look.search(tokens.tags)
        ]

    @property
    def has_captions(self) -> bool:
        """Whether a line may be one that says who speaks, with a colon."""
        caption = self.rules.patterns.get("caption")
        return caption is not None and caption.search(self.page.text) is not None

    def outline(self, number: int) -> str:
        """The tags of a sentence as its neighbours make them, with chunks for what stands together.

        As long as the sentence has tokens: a chunk is its own tag and then ``_``.
        """
        if number not in self._outlines:
            tokens = self.tokens[number]
            has = bits(tokens.tags)
            for pattern, tag, needs in self.rules.contexts:
                if not lacks(has, needs):
                    tokens.tags = pattern.sub(tag, tokens.tags)
                    has = bits(tokens.tags)
            outline = tokens.tags
            for pattern, tag, needs in self.rules.chunks:
                if not lacks(has, needs):
                    outline = pattern.sub(partial(_chunk, tag), outline)
                    has = bits(outline)
            self._outlines[number] = outline
        return self._outlines[number]

    def understand(self, tokens: Tokens, first: int, last: int) -> Who | None:
        """Who the tokens from ``first`` to before ``last`` name; None when they have no shape."""
        return self._book.understand(self.page, tokens, first, last)

    def quotation(self, sentence: int, at: int) -> Quotation:
        """The quotation at a token of a sentence."""
        before = self.tokens[sentence].tags.count(QUOTATION, 0, at)
        return self.page.sentences[sentence].quotations[before]


def _chunk(tag: str, found: re.Match[str]) -> str:
    return tag + "_" * (found.end() - found.start() - 1)


@cache
def _tools(language: str) -> tuple[Tagger, PhraseBook]:
    rules = rules_for(language)
    return Tagger(rules), PhraseBook(rules)
