"""Parts of an ingest as Parquet files: articles with their claims, whole, on their way between
machines.

A row is one thing that a source gave, in the source's order: an article with its claims, a recorded
claim (its cells), or a sentence on why there is none; or it says that a source ends. The columns
follow from the dataclasses of `claims.models`, so that other tools can read them too.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from claims import __version__
from claims.errors import MissingExtraError, SourceError
from claims.models import Article, Claim, Document, Extraction, PublishedReview, storable
from claims.sources import Row
from claims.tasks import Task

if TYPE_CHECKING:
    import pyarrow

_ROW_GROUP = 256  # articles in memory at once
_ABOUT, _BROUGHT = b"claims.about", b"claims.brought"  # keys of the file's own metadata
_known_hints: dict[Any, dict[str, Any]] = {}
_END = "end"  # what the column `what` says where a source ends


@dataclass(frozen=True, slots=True)
class About:
    """What a part says of itself: which of how many, of which ingest.

    ``names`` are the sources of the ingest as the person named them, ``options`` what it was asked
    (JSON); ``number`` counts from 1.
    """

    names: tuple[str, ...]
    options: str
    number: int
    parts: int
    version: str = __version__

    @property
    def name(self) -> str:
        """The name of the part's file; names sort as parts do."""
        return f"part-{self.number:06}-of-{self.parts:06}.parquet"

    def is_with(self, other: About) -> bool:
        """Whether both are parts of one ingest."""
        return replace(other, number=self.number) == self


@dataclass(frozen=True, slots=True)
class Brought:
    """How many articles, claims and failures a part holds."""

    articles: int = 0
    claims: int = 0
    failures: int = 0

    def and_also(self, other: Brought) -> Brought:
        """Both together."""
        return Brought(
            self.articles + other.articles,
            self.claims + other.claims,
            self.failures + other.failures,
        )


def write_part(output: BinaryIO, about: About, tasks: Iterable[Task]) -> Brought:
    """Write tasks that were worked on as one file. Raises MissingExtraError without pyarrow."""
    pyarrow, parquet = _arrow()
    schema = _schema()
    brought = Brought()
    waiting = iter(tasks)
    with parquet.ParquetWriter(output, schema, compression="zstd") as writer:
        while group := list(islice(waiting, _ROW_GROUP)):
            rows = [_row(task) for task in group]
            writer.write_table(pyarrow.Table.from_pylist(rows, schema))
            brought = brought.and_also(_brought(rows))
        told = {_ABOUT: asdict(about), _BROUGHT: asdict(brought)}
        writer.add_key_value_metadata({key: json.dumps(value) for key, value in told.items()})
    return brought


def about_part(stream: BinaryIO, name: str) -> tuple[About, Brought]:
    """What a part says of itself, and holds. Raises SourceError for no whole part."""
    _, parquet = _arrow()
    try:
        told = parquet.ParquetFile(stream).metadata.metadata
        said = json.loads(told[_ABOUT])
        about = About(**{**said, "names": tuple(said["names"])})
        return about, Brought(**json.loads(told[_BROUGHT]))
    except Exception as error:
        raise SourceError(
            f"{name}: this is no part of an ingest, or not a whole one; "
            "`claims ingest --dask … --parts FOLDER` writes them"
        ) from error


def read_part(stream: BinaryIO, name: str) -> Iterator[Task]:
    """The tasks of a part, each with its outcome. Raises SourceError where the file is damaged."""
    _, parquet = _arrow()
    try:
        for batch in parquet.ParquetFile(stream).iter_batches(_ROW_GROUP):
            for row in batch.to_pylist():
                yield _task(row)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{name}: this part is damaged ({error}); write it anew") from error


def _row(task: Task) -> dict[str, Any]:
    item, outcome = task.item, task.outcome
    row: dict[str, Any] = {"named": task.named, "digest": task.digest}
    if item is None:
        row |= {"what": _END}
    elif isinstance(item, SourceError):
        row |= {"what": "failure", "failure": str(item), "is_source": True}
    elif isinstance(item, PublishedReview):
        row |= {"what": "review", "source": item.source, "review": asdict(item)}
    elif isinstance(item, Row):
        row |= {"what": "recorded", "source": item.source, "line": item.line, "cells": item.cells}
    elif isinstance(outcome, Extraction):
        claims = [asdict(claim) for claim in outcome.claims]
        row |= {"what": "article", "article": asdict(outcome.article), "claims": claims}
        row |= {"source": item.source, "line": item.line}
    else:
        row |= {"what": "failure", "failure": outcome, "source": item.source, "line": item.line}
    whole: dict[str, Any] = _storable(row)
    return whole


def _storable(value: Any) -> Any:
    """A value with all texts in it as the database takes them, and so does Parquet."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {_storable(key): _storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(inner) for inner in value]
    return value


def _task(row: dict[str, Any]) -> Task:
    named, what = row["named"], row["what"]
    if what == _END:
        return Task(named, None)
    if what == "recorded":
        return Task(named, Row(row["source"], row["line"], dict(row["cells"])), row["digest"])
    if what == "review":
        return Task(named, _made(PublishedReview, row["review"]), row["digest"])
    if row["is_source"]:
        return Task(named, SourceError(row["failure"]))
    found = Document(row["source"], "", line=row["line"])  # its text is in what became of it
    task = Task(named, found, row["digest"])
    if what == "article":
        claims = tuple(_made(Claim, claim) for claim in row["claims"])
        task.outcome = Extraction(_made(Article, row["article"]), claims)
    else:
        task.outcome = row["failure"]
    return task


def _brought(rows: list[dict[str, Any]]) -> Brought:
    return Brought(
        sum(row["what"] == "article" for row in rows),
        sum(len(row.get("claims", ())) + (row["what"] == "recorded") for row in rows),
        sum(row["what"] == "failure" for row in rows),
    )


def _schema() -> pyarrow.Schema:
    pyarrow, _ = _arrow()
    text = pyarrow.string()
    return pyarrow.schema(
        {
            "named": text,
            "what": text,
            "source": text,
            "line": pyarrow.int64(),
            "digest": pyarrow.binary(),
            "article": _type_of(Article),
            "claims": pyarrow.list_(_type_of(Claim)),
            "cells": pyarrow.map_(text, text),
            "review": _type_of(PublishedReview),
            "failure": text,
            "is_source": pyarrow.bool_(),
        }
    )


def _type_of(hint: Any) -> pyarrow.DataType:
    """The Arrow type of a type as the dataclasses have it."""
    pyarrow, _ = _arrow()
    if is_dataclass(hint):
        hints = _hints(hint)
        return pyarrow.struct({field.name: _type_of(hints[field.name]) for field in fields(hint)})
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _type_of(next(one for one in inner if one is not type(None)))
    if origin is tuple:
        return pyarrow.list_(_type_of(inner[0]))
    if origin is dict:
        return pyarrow.map_(_type_of(inner[0]), _type_of(inner[1]))
    if origin is typing.Literal:
        return pyarrow.string()
    plain: dict[Any, Any] = {
        str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()
    }  # fmt: skip
    return plain[hint]


def _hints(kind: Any) -> dict[str, Any]:
    """The types of a dataclass's fields; working them out takes longer than saving a claim."""
    if kind not in _known_hints:
        _known_hints[kind] = typing.get_type_hints(kind)
    return _known_hints[kind]


def _made(hint: Any, value: Any) -> Any:
    """What ``asdict`` took apart, by its type."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if value is None:
        return None
    if is_dataclass(hint):
        hints = _hints(hint)
        parts = {name: _made(hints[name], part) for name, part in value.items()}
        return hint(**parts)  # type: ignore[operator]
    if origin is tuple:
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_made(kind, part) for kind, part in zip(kinds, value, strict=True))
    return dict(value) if origin is dict else value


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtraError.of("Parts of an ingest", "dask", error) from error
    return pyarrow, parquet
