"""A corpus without end: how much memory an ingest holds, sampled while it streams in.

``python benchmarks/memory.py --megabytes 1000`` feeds generated JSON lines to ``claims ingest -``
and prints, for the process that writes and for its workers, the most that each held in every tenth
of the corpus. Each article comes ``--times`` times, as in crawls, with the others in between: all
are read, and claims are looked for in the first. Linux only: what a process holds (its resident
set) is read from ``/proc``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from figures import Figure, left_out

_MOST = 600  # MB that a process may hold
_EVERY = 0.5  # seconds between samples
_PARTS = 10
_BATCH = 100  # articles that come before the first of them comes again
_GROWTH = "memory while a corpus streams in: last tenth beside the third"
_SHARE = f"memory of the process that holds most: share of {_MOST} MB"


def figures(megabytes: int = 200, times: int = 40) -> Iterator[Figure]:
    """The two rows about memory, for a corpus of some size."""
    if not Path("/proc/self/statm").exists():
        yield left_out(_GROWTH, 1.15, "needs Linux")
        yield left_out(_SHARE, 1, "needs Linux")
        return
    held = streamed(megabytes, times)
    # The first fifth warms up: models are loaded, caches and SQLite's pages fill to their bounds.
    pairs = [(tenths[2], tenths[-1]) for tenths in held.values() if tenths[2] and tenths[-1]]
    if not pairs:
        yield left_out(_GROWTH, 1.15, "the corpus was read before anything could be sampled")
        return
    note = f"{megabytes} MB; the most held: " + ", ".join(
        f"{name} {max(tenths):.0f} MB" for name, tenths in held.items()
    )
    yield Figure(_GROWTH, max(last / third for third, last in pairs), 1.15, note=note)
    yield Figure(_SHARE, max(max(tenths) for tenths in held.values()) / _MOST, 1)


def streamed(megabytes: int, times: int, jobs: int = 2) -> dict[str, list[float]]:
    """The most that each process held, in MB, in each tenth of a corpus of some megabytes."""
    held: dict[str, list[float]] = {"parent": [0.0] * _PARTS}
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "streamed.db"
        command = ["ingest", "--db", str(database), "-j", str(jobs), "--format", "jsonl", "-"]
        with subprocess.Popen(
            [sys.executable, "-m", "claims", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        ) as process:
            assert process.stdin is not None
            sampled = 0.0
            for share, line in _lines(megabytes * 1_000_000, times):
                process.stdin.write(line)
                if time.monotonic() - sampled > _EVERY:
                    sampled = time.monotonic()
                    _sample(process.pid, held, min(int(share * _PARTS), _PARTS - 1))
            process.stdin.close()
            while process.poll() is None:
                _sample(process.pid, held, _PARTS - 1)
                time.sleep(_EVERY)  # between two samples
        if process.returncode:
            raise SystemExit(f"the ingest ended in exit code {process.returncode}")
    return held


def _lines(size: int, times: int) -> Iterator[tuple[float, bytes]]:
    """JSON lines, each with the share of the corpus that came before it."""
    from writing import texts

    written, batch = 0, []
    for article in texts(sys.maxsize):
        row = {"text": article.text, "url": article.url, "title": article.title,
               "outlet": article.outlet, "date": article.published_on}  # fmt: skip
        batch.append((json.dumps(row, ensure_ascii=False) + "\n").encode())
        if len(batch) < _BATCH:
            continue
        for line in batch * times:
            yield written / size, line
            written += len(line)
            if written >= size:
                return
        batch.clear()


def _sample(parent: int, held: dict[str, list[float]], part: int) -> None:
    for name, pid in [("parent", parent), *_workers(parent)]:
        megabytes = _resident(pid)
        tenths = held.setdefault(name, [0.0] * _PARTS)
        tenths[part] = max(tenths[part], megabytes)


def _workers(parent: int) -> list[tuple[str, int]]:
    """The processes that a process began, in the order in which it did."""
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:
        return []
    workers = [pid for pid in map(int, children) if b"spawn_main" in _command_of(pid)]
    return [(f"worker {number}", pid) for number, pid in enumerate(sorted(workers), 1)]


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _resident(pid: int) -> float:
    """What a process holds, in MB; 0 where it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def main() -> None:
    """Stream, and print the most held in each tenth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--times", type=int, default=40, help="that each article comes")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    began = time.monotonic()
    for name, tenths in streamed(given.megabytes, given.times, given.jobs).items():
        print(f"{name:10}", *(f"{megabytes:5.0f}" for megabytes in tenths), "MB")
    print(f"{given.megabytes} MB in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
