"""Every error that this package raises on purpose.

::

    ClaimsError                 anything below; its text is a sentence for the person
    ├── SourceError             a source that can't be read (missing, empty, binary, …)
    ├── RowError                one row of a table of claims that can't be used
    ├── DateError               words that are not a date
    ├── LanguageError           a language that has no data file, or a data file that is wrong
    ├── ReviewError             a decision about a claim, or a review, that can't be taken as asked
    │   └── ClashError          … because somebody else is at it, or changed it meanwhile
    ├── MissingExtraError       a library that comes with an extra is not installed
    ├── RefusedError            an article that would break the database's own rules
    └── DatabaseError           a database that can't be opened, or isn't one of ours

The text says what is wrong, where (file, line or offset), and what to do.
"""

from __future__ import annotations


class ClaimsError(Exception):
    """The base of every error of this package; ``str(error)`` is a sentence for the person."""


class SourceError(ClaimsError):
    """A source can't be read as an article or a table of claims."""


class RowError(ClaimsError):
    """A row of a table of claims can't be used; the other rows still are."""


class DateError(ClaimsError):
    """Words given as a date are not one."""


class LanguageError(ClaimsError):
    """No data file for a language, or a data file that breaks its own rules."""


class ReviewError(ClaimsError):
    """What a checker asked for can't be done: a decision about a claim, a review, a comment.

    ``sentence`` has the names of ``values`` in braces, as ``str.format`` takes them, so that pages
    can say it in the reader's language.
    """

    def __init__(self, sentence: str, /, **values: object) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence, self.values = sentence, values


class ClashError(ReviewError):
    """Somebody else is at this claim right now, or changed it meanwhile."""


class RefusedError(ClaimsError):
    """The database refused an article or a claim, and nothing of it was saved; it still works."""


class DatabaseError(ClaimsError):
    """A database file can't be opened, read or written, or is not a claims database."""


class MissingExtraError(ClaimsError):
    """Something needs a library that is only installed with an extra (``claims[parquet]``)."""

    @classmethod
    def of(cls, things: str, extra: str, cause: ImportError) -> MissingExtraError:
        """The error for things that need a library which could not be imported."""
        return cls(
            f"{things} need a library that is not installed ({cause}); get it with: "
            f"pip install 'claims[{extra}]'"
        )
