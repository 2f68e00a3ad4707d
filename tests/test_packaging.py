"""The package as it is shipped: a wheel that does the main job far from the checkout."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from itertools import chain
from pathlib import Path

import pytest
from conftest import EXAMPLES, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the wheel and the sdist, the wheel made from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """The Python of a new virtual environment, far from here, that has the wheel.

    What the wheel depends on is borrowed from this environment, so that nothing is fetched; a line
    in a .pth file adds the folder without the editable installs in it.
    """
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    (wheel,) = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--quiet", wheel], check=True, capture_output=True)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    here = Path(importlib.metadata.distribution("click").locate_file(""))
    (packages / "borrowed.pth").write_text(f"{here}\n")
    return python


def test_the_wheel_has_what_the_package_needs(built):
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    code = {str(path.relative_to(ROOT)) for path in (ROOT / "claims").rglob("*.py")}
    assert code <= names
    languages = {f"claims/lang/{path.name}" for path in (ROOT / "claims/lang").glob("*.toml")}
    assert languages
    assert {"claims/schema.sql", "claims/metadata.yml", "claims/py.typed", *languages} <= names
    assert not any(name.startswith(("tests/", "examples/", "benchmarks/")) for name in names)


def test_the_sdist_has_what_a_packager_needs(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"schema.sql", "metadata.yml", "README.md", "LICENSE", "CHANGELOG.md"} <= names
    assert {"tests/conftest.py", "examples/hanbit-river-dike.txt", "Makefile"} <= names
    assert not any(name.endswith((".db", ".pyc")) for name in names)


def test_an_installed_wheel_does_the_main_job_far_from_the_checkout(installed, tmp_path):
    def claims(*words: object) -> str:
        command = [installed, "-m", "claims", *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    where = [installed, "-c", "import claims; print(claims.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()).is_relative_to(installed.parent.parent)
    assert "새벽경제" in claims("ingest", EXAMPLES / "saebyeok-rate-decision.txt", "--json")
    rows = [json.loads(line) for line in claims("export").splitlines()]
    assert {row["outlet"] for row in rows} == {"새벽경제"}
    assert (tmp_path / "claims.db").is_file()
    metadata = "from claims.shipped import shipped; print(shipped('metadata.yml'))"
    path = subprocess.run([installed, "-c", metadata], cwd=tmp_path, capture_output=True, text=True)
    assert Path(path.stdout.strip()).parent.name == "claims"


def test_the_command_is_installed(installed):
    command = [installed.parent / "claims", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"claims, version {PROJECT['version']}\n"


def test_the_versions_agree():
    import claims

    assert claims.__version__ == PROJECT["version"]


def test_every_library_that_is_imported_is_declared():
    extras = (ones for name, ones in PROJECT["optional-dependencies"].items() if name != "test")
    requirements = [*PROJECT["dependencies"], *chain.from_iterable(extras)]
    declared = {re.split(r"[\[<>=!~; ]", one)[0].lower() for one in requirements}
    providers = importlib.metadata.packages_distributions()
    imported = {
        name.partition(".")[0]
        for path in (ROOT / "claims").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _imported(node)
    }
    libraries = imported - set(sys.stdlib_module_names) - {"claims"}
    assert libraries
    missing = {
        name
        for name in libraries
        if not declared & {provider.lower() for provider in providers.get(name, [name])}
    }
    assert missing == set()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module or ""]
    return []
