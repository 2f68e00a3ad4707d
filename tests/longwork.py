"""A corpus for long ingests, made from a seed: all kinds of things that come in one."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

_FAMILY = ["김", "이", "박", "최", "정", "강", "조", "윤", "장", "임"]
_GIVEN = ["서연", "도현", "하늘", "민준", "지우", "서준", "은채", "시우", "예린", "건우"]
_ROLES = ["시장", "교수", "대표", "위원장", "연구원", "총재"]
_OUTLETS = ["한빛일보", "새벽신문", "누리봄일보", "Harbour Times", "Daily Herald"]
_THINGS = ["둑을", "길을", "다리를", "학교를", "시장을", "숲을"]
_FIRST = ["Ann", "Bela", "Cora", "Dan", "Eva", "Finn", "Gus", "Hana"]
_LAST = ["Poe", "Reed", "Stone", "Tully", "Underhill", "Vance", "Wolfe", "Yarrow"]


_TIMES = {"at", "started_at", "finished_at", "applied_at"}


def korean(dice: random.Random, number: int) -> str:
    name = dice.choice(_FAMILY) + dice.choice(_GIVEN)
    role, thing = dice.choice(_ROLES), dice.choice(_THINGS)
    return (
        f"{name} {role}은 {dice.randint(1, 28)}일 기자회견에서 “{thing} {number}번 "
        f"다시 고치겠다”고 말했다. 그는 “{dice.randint(2, 90)}명이 함께 일한다”고 덧붙였다.\n\n"
        f"주민들은 오래 기다렸다. {name} {role}은 공사가 곧 끝날 것이라고 밝혔다."
    )


def english(dice: random.Random, number: int) -> str:
    first, last = dice.choice(_FIRST), dice.choice(_LAST)
    return (
        f"“We will repair bridge {number} in {dice.randint(2, 90)} days,” said {first} {last}, the "
        f"mayor of Greenford. {last} said that the work would begin soon.\n\n"
        f"The town waited for years. “Nobody was hurt,” {last} added."
    )


def write_corpus(path: Path, articles: int, seed: int = 1) -> Path:
    """Write JSON lines: articles in two languages, the same ones again, changed pages, HTML, claims
    that somebody recorded, and lines that can't be read."""
    dice = random.Random(seed)
    lines: list[str] = []
    for number in range(articles):
        is_korean = dice.random() < 0.5
        text = (korean if is_korean else english)(dice, number)
        record: dict[str, object] = {
            "text": text,
            "title": f"{'소식' if is_korean else 'News'} {number}",
            "outlet": dice.choice(_OUTLETS),
            "date": f"2025-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
            "url": f"https://news.example/{number if dice.random() < 0.9 else number // 2}",
        }
        kind = dice.random()
        if kind < 0.05:
            record["text"] = "".join(f"<p>{part}</p>" for part in text.split("\n\n") * 2)
        elif kind < 0.1 and lines:
            lines.append(dice.choice(lines))
            continue
        elif kind < 0.15:
            lines.append(dice.choice(["{", '{"title": "no text"}', "[]", "\udcff"]))
            continue
        elif kind < 0.18:
            record = {"text": f"말 {number}", "speaker": dice.choice(_LAST), "outlet": "한빛일보"}
        lines.append(json.dumps(record, ensure_ascii=False))
    path.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
    return path


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table of a claims database, row by row, without the times at which things happened."""
    connection = sqlite3.connect(path)
    try:
        tables = [
            name
            for (name,) in connection.execute(
                "select name from sqlite_master where type = 'table' order by name"
            )
        ]
        found: dict[str, list[tuple[object, ...]]] = {}
        for table in tables:
            columns = [row[1] for row in connection.execute(f"pragma table_info([{table}])")]
            kept = [name for name in columns if name not in _TIMES]
            if table == "counted":
                # The stamp of the last count is a time and a random number.
                kept.remove("state")
            rows = connection.execute(f"select {', '.join(f'[{c}]' for c in kept)} from [{table}]")
            found[table] = sorted(rows.fetchall(), key=repr)
        return found
    finally:
        connection.close()


def kill_and_go_on(folder: Path, articles: int, kills: int, jobs: int, seed: int) -> int:
    """Ingest a corpus, killed again and again at random moments; how often it came to its end.

    Each time it does, the database must be as one that was never killed; otherwise AssertionError.
    """
    dice = random.Random(seed)
    corpus = write_corpus(folder / "corpus.jsonl", articles, seed)
    began = time.monotonic()
    whole = folder / "whole.db"
    start(whole, corpus, "--jobs", jobs).wait()
    longest = max(0.5, (time.monotonic() - began) / 4)
    expected = contents(whole)
    ended, killed, number = 0, 0, 0
    path = folder / "killed-0.db"
    while killed < kills or not ended:
        process = start(path, corpus, "--jobs", jobs)
        try:
            # Beyond the kills that were asked for it may come to its end.
            process.wait(dice.uniform(0, longest) if killed < kills else None)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
            continue
        assert process.returncode == 0
        found = contents(path)
        for table, rows in expected.items():
            assert found[table] == rows, f"seed {seed}, {path}: {table} is not as in {whole}"
        ended, number = ended + 1, number + 1
        path = folder / f"killed-{number}.db"
    return ended


def start(path: Path, *words: object) -> subprocess.Popen[bytes]:
    """Start an ingest into a database."""
    command = [sys.executable, "-m", "claims", "ingest", "--quiet", "--db", path, *words]
    return subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL)


def main() -> None:
    """The full kill test: `make torture`."""
    import tempfile

    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    for jobs in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            ended = kill_and_go_on(Path(folder), articles=2_000, kills=50, jobs=jobs, seed=seed)
        print(f"seed {seed}, {jobs} jobs: 50 kills, {ended} ends, each as never killed", flush=True)


if __name__ == "__main__":
    main()
