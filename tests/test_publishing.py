"""What deploy/ and the Dockerfile promise, as far as this machine has the programs for it."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from conftest import EXAMPLES, ROOT


def program(name: str) -> str:
    """The path of a program; skips the test where it isn't installed."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def dump(path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_litestream_copies_an_ingest_and_gives_it_back(db_path, tmp_path):
    litestream = program("litestream")
    config = ["-config", str(ROOT / "deploy" / "litestream.yml")]
    environment = {
        **os.environ,
        "CLAIMS_DB": str(db_path),
        "CLAIMS_REPLICA": f"file://{tmp_path / 'replica'}",
    }
    ingest = shlex.join([sys.executable, "-m", "claims", "ingest", "--quiet", str(EXAMPLES)])
    for command in (
        [litestream, "replicate", *config, "-exec", ingest],
        [litestream, "restore", *config, "-o", tmp_path / "restored.db", db_path],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
    restored = [line for line in dump(tmp_path / "restored.db") if "_litestream" not in line]
    assert restored == [line for line in dump(db_path) if "_litestream" not in line]
    assert sum(line.startswith('INSERT INTO "claims" ') for line in restored) > 20


def test_the_unit_is_one_that_systemd_takes():
    verify = program("systemd-analyze")
    command = [verify, "verify", "--man=no", str(ROOT / "deploy" / "claims.service")]
    done = subprocess.run(command, capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "claims.service" in line]
    assert [line for line in ours if "is not executable" not in line] == []  # not installed here


def test_the_image_has_what_the_package_is_built_from(tmp_path):
    """A wheel is built from nothing but what .dockerignore lets through; that needs no daemon."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert lines[0] == "*"
    for name in (line[1:] for line in lines if line.startswith("!")):
        source, target = ROOT / name, tmp_path / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list((tmp_path / "dist").glob("claims-*.whl"))) == 1


def test_the_image_runs_as_nobody_in_particular():
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    last = [line.split()[1] for line in lines if line.startswith("USER ")][-1]
    assert last == "claims"
    assert any(line.startswith("RUN useradd") and last in line.split() for line in lines)
