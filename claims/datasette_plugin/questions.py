"""The questions that Datasette's table pages ask of a database, and how to ask them so that an
index answers.

Their text is the same in 0.65 and 1.0: a facet, a count, and the rows of a page, each of a part of
a table that is named by tests on columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claims.store.tables import BEGINNING, IDS, NAMES, Part

_WORD = r"""["\[]?(\w+)["\]]?"""
_WHERE = r"(?: where (.*?))?\s*"
_FACET = re.compile(
    rf"select {_WORD} as value, count\(\*\) as count from \(\s*"  # noqa: S608 (a pattern)
    rf"select [^()]*? from {_WORD}{_WHERE}\)\s*where {_WORD} is not null\s+"
    rf"group by {_WORD} order by count desc, value limit (\d+)",
    re.S,
)
_COUNT = re.compile(
    rf"select count\(\*\) from (?:\(select \* from )?{_WORD}{_WHERE}(?:limit (\d+)\))?",  # noqa: S608 (a pattern)
    re.S,
)
_TEST = re.compile(rf"{_WORD} (=|!=|>=|<=|>|<|like|not like|glob|in) \(?((?::\w+(?:, )?)+)\)?")
_EMPTY = re.compile(rf"{_WORD} (is null|is not null)")
# What page two and on add to the selection; facets are those of the whole selection on each page.
_AFTER = re.compile(
    r"(?:^| and )(?:"
    r"\((\w+) [<>] :p\d+(?: or \1 is null)? or \(\1 = :p\d+ and \(*\w+ > :p\d+\)*\)\)"
    r"|\((\w+) is not null or \(\2 is null and \(*\w+ > :p\d+\)*\)\)"
    r"|\(\w+ is null and \(*\w+ > :p\d+\)*\)"
    r"|\(+\w+ > :p\d+\)+)\s*$"
)
_SEARCH = re.compile(
    r"(\w+ in \(select rowid from \w+_fts where \w+_fts match escape_fts\(:search\))\)"
)
_TABLES = r"claims|claims_browse|unchecked_claims"
# The part of a table that any of Datasette's questions is about, with its search and without.
_PART = re.compile(
    rf"from ({_TABLES}) where (.*?)(?= order by | limit |\s*\)\s*where |\)?\s*$)",
    re.S,
)
_SORTED = re.compile(
    rf"select [^()]*? from ({_TABLES}) where (.*) "  # noqa: S608 (a pattern)
    r"order by (confidence|said_on|id|published_on)(?: desc)?(?:, id)? "
    r"limit \d+(?: offset \d+)?",
    re.S,
)
_BY_SAID = re.compile(
    r"(select [^()]*? from claims)(?: where ((?:(?!json_each|_fts\b).)*))? "
    r"order by said_on, id limit (\d+)",
    re.S,
)
_NEXT = re.compile(r"\bid > :p\d+")
# Columns that have an index for each value by days.
_DATED = {*IDS, "status", "published_on", "month", *NAMES}


@dataclass(frozen=True, slots=True)
class Question:
    """How many rows each value of a ``column`` has, or all of a part; at the most ``limit``."""

    part: Part
    column: str | None
    limit: int


def counting(sql: str, params: Mapping[str, Any]) -> Question | None:
    """A facet or a count of Datasette's; None for any other question."""
    sql = _SEARCH.sub(":search", sql.strip())
    if facet := _FACET.fullmatch(sql):
        column, table, where, *again, limit = facet.groups()
        part = _part(table, _AFTER.sub("", where or ""), params)
        if part is None or set(again) != {column}:
            return None
        return Question(part, column, int(limit))
    if count := _COUNT.fullmatch(sql):
        table, where, limit = count.groups()
        part = _part(table, where or "", params)
        return None if part is None else Question(part, None, int(limit or 0))
    return None


def searched(sql: str, params: Mapping[str, Any]) -> Part | None:
    """The part of a table of claims that is searched; None for a question without a search."""
    if len(_SEARCH.findall(sql)) != 1:
        return None
    found = _PART.search(_SEARCH.sub(":search", sql))
    if found is None:
        return None
    table, where = found.groups()
    return _part(table, _AFTER.sub("", where), params)


def among(sql: str, mark: str) -> str:
    """The same question of claims found already, whose ids are the JSON of a parameter.

    They pass the other tests; SQLite would look for an index for these, and go through all that
    it leads to.
    """
    found = _PART.search(_SEARCH.sub(":search", sql))
    if found is None:
        return sql
    after = _AFTER.search(found.group(2))
    test = f"id in (select value from json_each(:{mark}))"  # noqa: S608 (a name of ours)
    start, end = found.span(2)
    whole = _SEARCH.sub(":search", sql)
    following = after.group() if after else ""
    return f"{whole[:start]}{test}{following}{whole[end:]}"


def bounded(sql: str, most: int) -> str:
    """A query with a search and no other test, over the matches that were recorded last."""
    found = _SEARCH.search(sql)
    if found is None or " and " in sql.replace(found.group(), ""):
        return sql
    limit = f"{found.group(1)} order by rowid desc limit {most})"
    return sql[: found.start()] + limit + sql[found.end() :]


def sorted_rows(sql: str, params: Mapping[str, Any]) -> Part | None:
    """The part of a table of claims whose rows are asked for in an order that has an index of its
    own, where none for the test has it too; None for other questions.

    That of one value in a column of ids, or of one status, has the order of days.
    """
    found = _SORTED.fullmatch(sql.strip())
    if found is None:
        return None
    table, where, order = found.groups()
    part = _part(table, _AFTER.sub("", where), params)
    if part is None or not part.tests:
        return None
    if order == "published_on" and len(part.tests) == 1:
        ((column, sign, _),) = part.tests
        return None if column in _DATED and sign not in {"in", "!="} else part
    return part


def by_order(sql: str, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The same question, answered by going along an index of the order: by none for the tests."""
    given = dict(params)

    def bare(test: re.Match[str]) -> str:
        column, _, marks = test.groups()
        names = re.findall(r":(\w+)", marks)
        if column in IDS:  # without its index, a column has no affinity either
            given.update({name: int(given[name]) for name in names})
        elif column not in _DATED and any(isinstance(given[name], str) for name in names):
            return test.group()
        return test.group() if column == "published_on" else f"+{test.group()}"

    sql = sql.strip()
    start, end = _SORTED.fullmatch(sql).span(2)  # type: ignore[union-attr]
    if after := _AFTER.search(sql[start:end]):
        end = start + after.start()
    return sql[:start] + _TEST.sub(bare, sql[start:end]) + sql[end:], given


def steady(sql: str) -> str:
    """The same rows of claims, of those alike in what they are sorted by the lower ids first.

    Datasette supposes so on the second page, and doesn't say so on the first: where an index hands
    them out the other way round, rows would be left out between the two.
    """
    if not _is_of_claims(sql) or "from claims " not in sql:
        return sql
    return re.sub(r"( order by (?!id\b)\w+(?: desc)?) limit (\d+)", r"\1, id limit \2", sql)


def unsaid_first(sql: str) -> str:
    """The same rows, the earliest said first: those that have no such day, then the others.

    They are two questions: an index has both in that order, but not one behind the other.
    """
    found = _BY_SAID.fullmatch(sql.strip())
    if found is None:
        return sql
    rows, where, limit = found.groups()
    where = where or ""
    after = _AFTER.search(where)
    kept = where[: after.start()] if after else where
    behind = after.group().removeprefix(" and ") if after else ""
    kept = f"{kept} and " if kept else ""
    said = f"{rows} where {kept}said_on is not null"
    if behind and "said_on is not null or " not in behind:
        return f"{said} and {behind} order by said_on, id limit {limit}"
    following = f" and {_NEXT.search(behind).group()}" if behind else ""  # type: ignore[union-attr]
    unsaid = f"{rows} where {kept}said_on is null{following}"
    return (
        f"select * from ({unsaid} order by id limit {limit}) "  # noqa: S608 (as above)
        f"union all select * from ({said} order by said_on, id limit {limit}) limit {limit}"
    )


def names(sql: str, params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The names that a question about a view of claims asks for, each with its column."""
    return [
        (column, str(params[mark]))
        for column, mark in re.findall(rf"{_WORD} = :(p\d+)", sql)
        if column in NAMES and mark in params and _is_of_a_view(sql)
    ]


def by_index(
    sql: str, params: Mapping[str, Any], known: Mapping[tuple[str, str], list[int]]
) -> tuple[str, dict[str, Any]]:
    """The same question, of ids in place of names and of days in place of their beginnings.

    ``known`` are the ids of `names`. An index leads from an id, or a day, to its newest claims.
    """
    given = dict(params)

    def named(test: re.Match[str]) -> str:
        column, mark = test.groups()
        ids = known.get((column, str(params.get(mark))))
        if column in NAMES and ids:
            dimension = NAMES[column][0]
            if len(ids) == 1:
                return f"{dimension} = {ids[0]}"
            return f"{dimension} in ({', '.join(map(str, ids))})"
        return test.group()

    def begun(test: re.Match[str]) -> str:
        column, sign, mark = test.groups()
        beginning = f"{params.get(mark, '')}{'%' if sign == '=' else ''}"
        if (column, sign) not in {("month", "="), ("published_on", "like")} or not (
            BEGINNING.fullmatch(beginning)
        ):
            return test.group()
        given[f"{mark}_first"], last = beginning[:-1], beginning[-2]
        given[f"{mark}_end"] = beginning[:-2] + chr(ord(last) + 1)
        bounds = f"published_on >= :{mark}_first and published_on < :{mark}_end"
        return f"{test.group()} and {bounds}"

    if _is_of_a_view(sql):
        sql = re.sub(rf"{_WORD} = :(p\d+)", named, sql)
    if _is_of_claims(sql):
        sql = re.sub(rf"{_WORD} (=|like) :(p\d+)", begun, sql)
    return sql, given


def _is_of_a_view(sql: str) -> bool:
    return (_is_of_claims(sql) and "claims_browse" in sql) or "unchecked_claims" in sql


def _is_of_claims(sql: str) -> bool:
    """Whether it is a question of Datasette's about one table of claims."""
    tables = set(re.findall(r"\bfrom\s+(\w+)", sql)) - {"claims_fts", "json_each"}
    return len(tables) == 1 and re.fullmatch(_TABLES, tables.pop()) is not None


def _part(table: str, where: str, params: Mapping[str, Any]) -> Part | None:
    """The part of a table that Datasette asks about; None where there are other tests."""
    tests: list[tuple[str, str, tuple[str, ...]]] = []
    search = None
    for test in where.split(" and ") if where.strip() else []:
        if test.strip() == ":search" and search is None and "search" in params:
            search = str(params["search"])
            continue
        if empty := _EMPTY.fullmatch(test.strip()):
            tests.append((empty[1], empty[2], ()))
            continue
        found = _TEST.fullmatch(test.strip())
        if found is None:
            return None
        column, sign, marks = found.groups()
        marked = [mark.removeprefix(":") for mark in marks.split(", ")]
        if not params.keys() >= set(marked):
            return None
        tests.append((column, sign, tuple(str(params[mark]) for mark in marked)))
    return Part(table, tuple(tests), search)
