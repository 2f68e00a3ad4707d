"""The only place that writes SQL to a claims database.

One transaction an article: a crash at any moment leaves whole articles or none. Migrations go
through sqlite-utils; rows are saved by ``executemany``, which is four to five times as fast as its
``insert_all`` (see ``benchmarks/``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from claims import __version__
from claims.columns import CLAIM_COLUMNS, EXPORT_COLUMNS, claim_row
from claims.errors import DatabaseError, RefusedError
from claims.models import Article, Claim, Extraction, Speaker, SpeakerKind, Stated
from claims.opening import open_database, sentence_of
from claims.search import index_terms
from claims.store import counts, known

_INSERT_CLAIM = (
    f"insert into claims ({', '.join(CLAIM_COLUMNS)}) "  # noqa: S608 (names of our own)
    f"values ({', '.join('?' * len(CLAIM_COLUMNS))})"
)

_REMEMBERED = 20_000  # names with their ids
_MERGED_AT_ONCE = (
    300  # pages of the full-text index in one transaction: some hundredths of a second
)


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: ``new`` when the article was not known, and the claims that were added.

    ``changed`` when the article is a new version of one that was known by its URL.
    """

    article_id: int
    new: bool
    claim_ids: tuple[int, ...]
    changed: bool = False


class Store:
    """A claims database, open for reading and writing."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._ids: dict[tuple[str, ...], int] = {}
        self._uncounted = 0

    @classmethod
    def open(cls, path: str | Path, *, create: bool = True) -> Store:
        """Open a database file, migrated as needed; made too, unless not to ``create``.

        Raises DatabaseError when it can't be opened, isn't there or holds something else.
        """
        if not create and not Path(path).is_file():
            raise DatabaseError(
                f"{path}: there is no database yet; make one with `claims ingest --db {path} …`"
            )
        return cls(open_database(path))

    def close(self) -> None:
        """Close the connection."""
        self.db.close()

    def forget(self) -> None:
        """Forget which names have which ids: rows were deleted or merged."""
        self._ids.clear()

    def start_ingest(self, source: str, options: str = "{}", command: str | None = None) -> int:
        """Begin a run; its id goes with the articles and failures it brings."""
        with self.transaction() as connection:
            return _last_id(
                connection.execute(
                    "insert into ingests (started_at, source, version, options, command) "
                    "values (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?, ?, ?, ?)",
                    (source, __version__, options, command),
                )
            )

    def finish_ingest(self, ingest_id: int, articles: int = 0, claims: int = 0) -> None:
        """Note that a run is done, and what it brought that wasn't counted yet."""
        with self.transaction() as connection:
            connection.execute("delete from fetched where ingest_id = ?", (ingest_id,))
            connection.execute(
                "update ingests set finished_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), "
                "articles = articles + ?, claims = claims + ?, failures = "
                "(select count(*) from failures where ingest_id = ingests.id) where id = ?",
                (articles, claims, ingest_id),
            )
        self.refresh_counts()
        self.tidy_search()

    def tidy_search(self) -> None:
        """Put the pieces of the full-text index together, in many short transactions.

        Each article adds a piece with terms that others have as well. Those of a like size are
        joined, so that a small ingest into a large database has little to do; in a Korean one that
        was filled at once, the index is then half as large.
        """
        connection = self.db
        for table in _INDEXED:
            is_busy = not connection.in_transaction
            while is_busy:
                with self.transaction():
                    before = connection.total_changes
                    connection.execute(
                        f"insert into {table}_fts ({table}_fts, rank) values ('merge', ?)",  # noqa: S608
                        (_MERGED_AT_ONCE,),
                    )
                    is_busy = connection.total_changes - before > 1  # so FTS5 says it was the last

    def refresh_counts(self) -> None:
        """Bring the counts that pages read up to date, in a short transaction of its own."""
        with self.transaction() as connection:
            counts.refresh(connection)
        self._uncounted = 0

    def save(self, extraction: Extraction, ingest_id: int, stated: Stated | None = None) -> Saved:
        """Save an article with its claims; once more changes nothing.

        An article is known by its text, with the same URL and outlet, or where one side doesn't
        say. What was empty is filled in; what the person ``stated`` replaces what was found.
        """
        saved = self._save(extraction, ingest_id, stated or Stated())
        self._uncounted += len(saved.claim_ids)
        self.keep_counts()
        return saved

    def keep_counts(self) -> None:
        """Refresh the counts where much came since, unless inside a transaction."""
        if self._uncounted >= counts.REFRESH_AFTER and not self.db.in_transaction:
            self.refresh_counts()

    def _save(self, extraction: Extraction, ingest_id: int, stated: Stated) -> Saved:
        with self.transaction() as connection:
            article = extraction.article
            outlet_id = self._named_id("outlets", article.outlet)
            here = known.find(self, article, outlet_id)
            earlier_id = None
            if here is None:
                earlier_id = self._earlier(article)
                article_id = self._insert_article(article, outlet_id, ingest_id, earlier_id)
                fresh = extraction.claims
                if earlier_id is not None:
                    from claims.store import versions

                    going = versions.going(self, earlier_id, article, extraction.claims)
                    versions.move(self, going, article_id, article.published_on)
                    fresh = going.fresh
                added = self._insert_claims(fresh, article_id, article, outlet_id)
            else:
                article_id = int(here["id"])
                connection.execute("update acting set actor = 'ingest'")
                known.complete(self, here, article, outlet_id, stated)
                known.date_claims(self, article_id, extraction.claims)
                known.relay_claims(self, article_id, self._named_id("outlets", stated.via))
                fresh = known.unknown_claims(self, article_id, extraction.claims)
                added = self._insert_claims(fresh, article_id, article, outlet_id)
                connection.execute("update acting set actor = 'sql'")
            return Saved(article_id, here is None, added, earlier_id is not None)

    def save_record(
        self, extraction: Extraction, ingest_id: int, place: int | None = None
    ) -> Saved:
        """Save a claim somebody recorded; in its article, where that is here and holds the words.

        Otherwise in an article of its own words (``excerpt``). ``place`` is where the words are
        said to stand (code points). Once more changes nothing.
        """
        article, (claim,) = extraction.article, extraction.claims
        home = known.home(self, article, claim.text, place)
        if home is None:
            return self.save(extraction, ingest_id)
        article_id, start, outlet_id, published_on = home
        with self.transaction():
            speaker_id = self._speaker_id(claim.speaker)
            if self.db.execute(
                "select 1 from claims where (article_id, start, end, speaker_id) = (?, ?, ?, ?)",
                (article_id, start, start + len(claim.text), speaker_id),
            ).fetchone():
                return Saved(article_id, False, ())
            moved = replace(claim, start=start, end=start + len(claim.text))
            dated = replace(article, published_on=published_on or article.published_on)
            added = self._insert_claims((moved,), article_id, dated, outlet_id)
            return Saved(article_id, False, added)

    def speaker_kind(self, name: str) -> str | None:
        """The kind of the one speaker of this name; None for none, or several."""
        kinds = self.db.execute("select kind from speakers where name = ?", (name,)).fetchall()
        return str(kinds[0][0]) if len(kinds) == 1 else None

    def claims(
        self,
        article_ids: list[int] | None = None,
        claim_ids: list[int] | None = None,
        articles: list[tuple[int, int]] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Rows with the export's columns, by id: all, or those of some articles, or some.

        ``articles`` are first and last of ranges of ids.
        """
        wanted = {"article_id": article_ids, "id": claim_ids}
        chosen = [column for column, ids in wanted.items() if ids is not None]
        tests = [f"{column} in (select value from json_each(?))" for column in chosen]  # noqa: S608
        values = [str(wanted[column]) for column in chosen]
        for first, last in articles if articles is not None else [(None, None)]:
            within = [] if first is None else [f"article_id between {first} and {last}"]
            found = self.db.execute(
                f"select {', '.join(EXPORT_COLUMNS)} from claims_browse "  # noqa: S608
                f"where {' and '.join([*tests, *within, 'true'])} order by id",
                values,
            )
            for row in found:
                yield dict(zip(EXPORT_COLUMNS, row, strict=True))

    def undated(self, articles: list[tuple[int, int]]) -> int:
        """How many claims of articles (ranges of ids) say when, while the article has no date."""
        return sum(
            self.db.execute(
                "select count(*) from claims where article_id between ? and ? "
                "and said_on_text is not null and said_on is null and published_on is null",
                ids,
            ).fetchone()[0]
            for ids in articles
        )

    def reindex(self) -> None:
        """Write the full-text index anew."""
        with self.transaction() as connection:
            for table, words in _INDEXED.items():
                connection.execute(f"insert into {table}_fts ({table}_fts) values ('delete-all')")  # noqa: S608
                rows = connection.execute(words)
                connection.executemany(
                    f"insert into {table}_fts (rowid, terms) values (?, ?)",  # noqa: S608
                    ((row[0], index_terms(" ".join(filter(None, row[1:])))) for row in rows),
                )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of what is done inside, or nothing; inside another, a part of that.

        Raises RefusedError and DatabaseError.
        """
        connection = self.db
        if connection.in_transaction:
            yield connection
            return
        try:
            connection.execute("begin immediate")
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                self._ids.clear()
                if connection.in_transaction:  # a full disk ends it by itself
                    connection.execute("rollback")
                raise
        except sqlite3.IntegrityError as error:
            raise RefusedError(f"the database refused it: {error}") from error
        except sqlite3.Error as error:
            raise DatabaseError(f"the database: {sentence_of(error)}") from error

    def _earlier(self, article: Article) -> int | None:
        """The version that an article supersedes: the last one under its URL."""
        if not article.url or article.excerpt:
            return None
        (earlier,) = self.db.execute(
            "select max(id) from articles where url = ? and excerpt = 0", (article.url,)
        ).fetchone()
        return None if earlier is None else int(earlier)

    def _insert_article(
        self, article: Article, outlet_id: int | None, ingest_id: int, earlier: int | None
    ) -> int:
        article_id = _last_id(
            self.db.execute(
                "insert into articles (outlet_id, url, title, byline, published_on, modified_on, "
                "language, text, sha256, excerpt, ingest_id, supersedes_id) "
                "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    outlet_id, article.url, article.title, article.byline, article.published_on,
                    article.modified_on, article.language, article.text, article.sha256,
                    int(article.excerpt), ingest_id, earlier,
                ),
            )
        )  # fmt: skip
        terms = index_terms(f"{article.title or ''} {article.text}")
        self.db.execute(
            "insert into articles_fts (rowid, terms) values (?, ?)", (article_id, terms)
        )
        return article_id

    def _insert_claims(
        self, claims: tuple[Claim, ...], article_id: int, article: Article, outlet_id: int | None
    ) -> tuple[int, ...]:
        first = self.db.execute(
            "select coalesce((select seq from sqlite_sequence where name = 'claims'), 0) + 1"
        ).fetchone()[0]
        rows: list[tuple[object, ...]] = []
        terms: list[tuple[int, str]] = []
        places: set[tuple[int, int, int]] = set()
        for claim in claims:
            speaker_id = self._speaker_id(claim.speaker)
            place = (claim.start, claim.end, speaker_id)
            if place in places:  # two rules found the same
                continue
            places.add(place)
            if claim.organization and claim.organization_aliases:
                named = Speaker(claim.organization, "organization", claim.organization_aliases)
                self._speaker_id(named)
            via_id = self._named_id("outlets", claim.via)
            claim_id = first + len(rows)
            ids = (claim_id, article_id, speaker_id, outlet_id, via_id)
            rows.append(claim_row(claim, ids, article.published_on))
            words = (claim.text, claim.speaker.name, claim.role, claim.organization)
            terms.append((claim_id, index_terms(" ".join(filter(None, words)))))
        self.db.executemany(_INSERT_CLAIM, rows)
        self.db.executemany("insert into claims_fts (rowid, terms) values (?, ?)", terms)
        return tuple(claim_id for claim_id, _ in terms)

    def _speaker_id(self, speaker: Speaker) -> int:
        speaker_id = self._kind_id(speaker.name, speaker.kind)
        if speaker.aliases:
            self.db.executemany(
                "insert or ignore into speaker_aliases (alias, speaker_id) values (?, ?)",
                [(alias, speaker_id) for alias in speaker.aliases],
            )
        return speaker_id

    def _kind_id(self, name: str, kind: SpeakerKind) -> int:
        key = ("speakers", name, kind)
        if key not in self._ids:
            self.db.execute(
                "insert or ignore into speakers (name, kind) values (?, ?)", (name, kind)
            )
            row = self.db.execute(
                "select id from speakers where name = ? and kind = ?", (name, kind)
            ).fetchone()
            self._remember(key, row[0])
        return self._ids[key]

    def _named_id(self, table: str, name: str | None) -> int | None:
        """The id of an outlet by its name, new or known."""
        if not name:
            return None
        key = (table, name)
        if key not in self._ids:
            self.db.execute(f"insert or ignore into {table} (name) values (?)", (name,))  # noqa: S608
            row = self.db.execute(f"select id from {table} where name = ?", (name,)).fetchone()  # noqa: S608
            self._remember(key, row[0])
        return self._ids[key]

    def _remember(self, key: tuple[str, ...], row_id: int) -> None:
        """Keep the ids of names that come again and again, and no more than so many."""
        if len(self._ids) >= _REMEMBERED:
            self._ids.clear()
        self._ids[key] = row_id


# What the full-text tables index: the words of each row.
_INDEXED = {
    "articles": "select id, title, text from articles",
    "claims": "select claims.id, text, name, role, organization "
    "from claims join speakers on speakers.id = speaker_id",
}


def _last_id(cursor: sqlite3.Cursor) -> int:
    if cursor.lastrowid is None:  # pragma: no cover (an insert always has one)
        raise DatabaseError("the database gave no id for a new row")
    return cursor.lastrowid
