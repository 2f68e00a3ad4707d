"""What a long ingest draws on a real terminal, and that it draws nothing anywhere else."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from longwork import write_corpus

pty = pytest.importorskip("pty")

_COMMANDS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_terminal(arguments, until=None, keys=b""):
    """What a command draws on a terminal of 100 columns, line by line, and its exit code.

    ``keys`` are pressed as soon as what it draws fits the pattern ``until``.
    """
    child, terminal = pty.fork()
    if not child:
        os.environ.update(TERM="xterm", COLUMNS="100", LINES="24")
        os.execv(sys.executable, [sys.executable, "-m", "claims", *map(str, arguments)])
    drawn = b""
    with os.fdopen(terminal, "r+b", buffering=0) as screen:
        while True:
            try:
                more = screen.read(4096)
            except OSError:  # Linux says so at the end
                break
            if not more:
                break
            drawn += more
            if until and re.search(until, _COMMANDS.sub("", drawn.decode(errors="replace"))):
                screen.write(keys)
                until = None
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return re.split(r"[\r\n]+", _COMMANDS.sub("", drawn.decode())), code


@pytest.fixture
def corpus(tmp_path):
    return write_corpus(tmp_path / "corpus.jsonl", 400, seed=8)


def test_a_terminal_shows_how_far_it_is_how_fast_and_what_is_left(tmp_path, corpus):
    lines, code = on_terminal(["ingest", "--db", tmp_path / "a.db", corpus])
    assert code == 0
    failures = [line for line in lines if "this is not JSON" in line]
    assert failures
    assert all(line.startswith("claims: ") for line in failures)
    bars = [line.strip() for line in lines if line.rstrip().endswith("left")]
    shape = r"\S+ +\d+% [\d,]+ articles?(, \d+ a second)? (\d+:\d\d:\d\d|-:--:--) left"
    assert [bar for bar in bars if not re.fullmatch(shape, bar)] == []
    shares = [int(re.search(r"(\d+)%", bar)[1]) for bar in bars]
    assert (shares[0], shares[-1]) == (0, 100)
    assert shares == sorted(shares)
    assert any(re.search(r", [1-9]\d* a second", bar) for bar in bars)


def test_ctrl_c_on_a_terminal_stops_it_cleanly(tmp_path, corpus):
    arguments = ["ingest", "--db", tmp_path / "a.db", corpus]
    lines, code = on_terminal(arguments, until=r"[1-9]\d* articles", keys=b"\x03")
    told = "\n".join(lines)
    assert code == 130
    assert told.rstrip().endswith("claims: stopped; the same command goes on from here")
    assert "Traceback" not in told


def test_nothing_is_drawn_where_nobody_looks(tmp_path, corpus):
    arguments = ["ingest", "--db", tmp_path / "a.db", corpus]
    done = subprocess.run(
        [sys.executable, "-m", "claims", *map(str, arguments)], capture_output=True, text=True
    )
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if not line.startswith("claims: ")] == []
    assert "\x1b" not in done.stdout + done.stderr
    assert "left" not in done.stderr
