"""The command line: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from claims import __version__
from claims.cli import main
from claims.serving import Desk

PAGE = """둑 보강 내년 봄 착공

김하늘 한빛일보 기자

최도현 교수는 16일 기자회견에서 “둑을 다시 쌓겠다”고 말했다.
"""


def test_ingest_prints_a_table_and_a_summary(run, article):
    result = run("ingest", article(PAGE), "--date", "2024-12-17")
    assert result.exit_code == 0
    for words in ("최도현, 교수", "둑을 다시 쌓겠다", "direct", "2024-12-16"):
        assert words in result.stdout
    assert result.stdout.endswith("1 new article with 1 new claim.\n")
    assert result.stderr == ""


def test_ingest_again_adds_nothing_and_says_so(run, article):
    run("ingest", article(PAGE))
    result = run("ingest", article(PAGE), "--date", "2024-12-17")
    assert result.exit_code == 0
    assert "둑을 다시 쌓겠다" in result.stdout
    assert result.stdout.endswith("0 new articles with 0 new claims; 1 article known before.\n")


def test_without_a_date_the_summary_says_how_to_give_it(run, article):
    result = run("ingest", article(PAGE))
    assert result.stdout.endswith(
        "1 new article with 1 new claim.\n"
        "1 claim could be dated if the article's own date were known: "
        "ingest it again with --date, like --date 2024-12-17.\n"
    )


def test_json_prints_the_export_on_standard_output_and_the_summary_on_standard_error(run, article):
    result = run("ingest", article(PAGE), "--date", "2024-12-17", "--json")
    (line,) = result.stdout.splitlines()
    assert line == run("export").stdout.rstrip("\n")
    assert json.loads(line)["speaker"] == "최도현"
    assert result.stderr == "1 new article with 1 new claim.\n"


def test_quiet_prints_nothing_but_what_went_wrong(run, article, tmp_path):
    assert run("ingest", article(PAGE), "--quiet").output == ""
    result = run("ingest", tmp_path / "nowhere.txt", "--quiet")
    assert result.output == f"claims: {tmp_path}/nowhere.txt: there is no such file\n"


def test_options_win_over_the_page(run, article):
    result = run(
        "ingest", article(PAGE), "--outlet", "누리봄일보", "--date", "2025-01", "--title", "새 둑",
        "--url", "https://nuribom.example/1", "--via", "새벽경제", "--lang", "KO", "--json",
    )  # fmt: skip
    claim = json.loads(result.stdout)
    assert {
        key: claim[key]
        for key in ("outlet", "published_on", "article_title", "article_url", "via", "language")
    } == {
        "outlet": "누리봄일보",
        "published_on": "2025-01",
        "article_title": "새 둑",
        "article_url": "https://nuribom.example/1",
        "via": "새벽경제",
        "language": "ko",
    }


def test_standard_input(run):
    result = run("ingest", "-", "--json", stdin=PAGE)
    assert json.loads(result.stdout)["outlet"] == "한빛일보"
    assert run("ingest", "-", stdin="").stderr == "claims: standard input: this is empty\n"
    legacy = PAGE.replace("둑 보강", "길 보강").encode("cp949")
    assert "1 new article" in run("ingest", "-", stdin=legacy).stdout


def test_bad_sources_are_told_and_the_others_ingested(run, article, tmp_path):
    binary = article(b"\x00\x01\x02", "binary.txt")
    result = run("ingest", tmp_path / "nowhere.txt", binary, article(PAGE))
    assert result.exit_code == 1
    assert result.stderr == (
        f"claims: {tmp_path}/nowhere.txt: there is no such file\n"
        f"claims: {binary}: this is a binary file; claims reads text\n"
    )
    assert result.stdout.endswith("1 new article with 1 new claim; 2 failures.\n") or (
        "1 new article with 1 new claim; 2 failures.\n" in result.stdout
    )


def test_a_table_of_claims_and_its_bad_row(run, article):
    path = article("text,speaker\n둑은 안전하다,윤서연\n길은 넓다,\n", "claims.csv")
    result = run("ingest", path)
    assert result.exit_code == 1
    assert result.stderr == f"claims: {path}, line 3: a claim needs its speaker\n"
    assert "1 new article with 1 new claim; 1 failure.\n" in result.stdout


@pytest.mark.parametrize("date", ["tomorrow", "2024-13-01", ""])
def test_a_date_that_is_none_is_bad_input(run, article, date, db_path):
    result = run("ingest", article(PAGE), "--date", date)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"claims: --date: {date!r} is not a date; write it like 2024-12-17, 2024-12 or 2024\n"
    )
    assert not db_path.exists()


def test_a_language_without_rules(run, article):
    text = "Le conseil municipal a décidé mardi de réparer la digue avant l'hiver."
    assert run("ingest", article(text)).stdout == (
        "1 new article with 0 new claims.\n"
        "Articles in language 'fr' were saved without claims: no rules for it.\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("ingest",),
        ("ingest", "x", "--colour"),
        ("ingest", "x", "--lang", "K0"),
        ("add", "둑은 안전하다"),
        ("add", "둑", "--speaker", "a", "--outlet", "b", "--date", "2024", "--kind", "quoted"),
        ("export", "--format", "xml"),
        ("serve", "--port", "high"),
        ("frobnicate",),
    ],
)
def test_wrong_usage_ends_with_2(run, words):
    result = run(*words)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr


def test_nothing_from_an_article_can_command_the_terminal_or_the_table(run, article):
    page = "최도현 교수는 “\x1b[31m[bold]둑을[/bold]\u202e \x9b다시 쌓겠다”고 말했다.\n"
    result = run("ingest", article(page, "a\x1b[2Jb.txt"))
    assert not set("\x1b\x9b\u202e") & set(result.output)
    assert "\\x1b[31m[bold]둑을[/bold]\\u202e \\x9b다시 쌓겠다" in result.stdout
    failed = run("ingest", "no\x1b[2J\u202e\nsuch.txt")
    assert failed.stderr == "claims: no\\x1b[2J\\u202e\\nsuch.txt: there is no such file\n"
    as_json = run("ingest", article(page), "--json")
    assert not set("\x1b\x9b\u202e") & set(as_json.output)
    assert json.loads(as_json.stdout)["text"] == "\x1b[31m[bold]둑을[/bold]\u202e \x9b다시 쌓겠다"


def test_add(run):
    words = (
        "add", "둑은 안전하다", "--speaker", "윤서연", "--outlet", "한빛일보",
        "--date", "2024-12-17", "--kind", "direct",
        "--url", "https://hanbit.example/1", "--role", "시장", "--organization", "청림시",
        "--title", "둑 다시 쌓는다", "--via", "노던타임스", "--said-on", "2024-12",
    )  # fmt: skip
    first = run(*words)
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.startswith("Recorded as claim 1 in ")
    assert run(*words).stdout == "This claim was recorded before; nothing was added.\n"
    assert [json.loads(line) for line in run("export").stdout.splitlines()] == [
        {
            "id": 1,
            "text": "둑은 안전하다",
            "kind": "direct",
            "speaker": "윤서연",
            "role": "시장",
            "organization": "청림시",
            "outlet": "한빛일보",
            "via": "노던타임스",
            "said_on": "2024-12",
            "said_on_text": None,
            "published_on": "2024-12-17",
            "article_url": "https://hanbit.example/1",
            "article_title": "둑 다시 쌓는다",
            "start": 0,
            "end": 7,
            "cue": None,
            "status": "accepted",
            "confidence": 1.0,
            "rule": "hand",
            "speaker_kind": "person",
            "language": "ko",
            "modified_on": None,
        }
    ]


def test_add_prints_json_when_asked(run):
    result = run("add", "둑", "--speaker", "a", "--outlet", "b", "--date", "2024", "--json")
    assert json.loads(result.stdout) == json.loads(run("export").stdout)


def test_add_with_what_can_not_be_used(run):
    result = run("add", " ", "--speaker", "a", "--outlet", "b", "--date", "2024")
    assert (result.exit_code, result.stderr) == (1, "claims: a claim needs its words\n")
    result = run("add", "둑", "--speaker", "a", "--outlet", "b", "--date", "2024-02-30")
    assert result.exit_code == 1
    assert result.stderr.startswith("claims: '2024-02-30' is not a date; write it like")


def test_an_export_goes_back_in_as_it_came_out(run, article, tmp_path):
    run("ingest", article(PAGE), "--date", "2024-12-17")
    run("add", "=1+1, “둑”\n은", "--speaker", "윤서연", "--outlet", "한빛일보", "--date", "2024")
    before = run("export").stdout
    table = tmp_path / "claims.csv"
    result = run("export", "--format", "csv", "-o", table)
    assert (result.stdout, result.stderr) == ("", f"Wrote 2 claims to {table}.\n")
    assert run("export", "--format", "csv").stdout_bytes == table.read_bytes()
    assert run("ingest", table, "--quiet").exit_code == 0
    assert run("export").stdout == before
    other = tmp_path / "other.db"
    assert run("ingest", "--db", other, table, "--quiet").exit_code == 0
    place = ("id", "start", "end")
    copied = [json.loads(line) for line in run("export", "--db", other).stdout.splitlines()]
    assert [{k: v for k, v in claim.items() if k not in place} for claim in copied] == [
        {k: v for k, v in json.loads(line).items() if k not in place}
        for line in before.splitlines()
    ]


def test_an_export_never_overwrites_the_database(run, db_path):
    run("add", "둑", "--speaker", "a", "--outlet", "b", "--date", "2024")
    result = run("export", "-o", db_path)
    assert result.exit_code == 1
    assert result.stderr == f"claims: {db_path}: this is the database itself; name another file\n"
    assert json.loads(run("export").stdout)["text"] == "둑"


def test_an_export_that_can_not_be_written(run, tmp_path):
    run("add", "둑", "--speaker", "a", "--outlet", "b", "--date", "2024")
    output = tmp_path / "nowhere" / "claims.csv"
    result = run("export", "-o", output)
    assert result.exit_code == 1
    assert result.stderr == f"claims: {output}: can't be written (No such file or directory)\n"


@pytest.mark.parametrize("command", ["export", "reindex", "serve"])
def test_commands_that_need_a_database_say_how_to_make_one(run, command, db_path):
    result = run(command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"claims: {db_path}: there is no database yet; "
        f"make one with `claims ingest --db {db_path} …`\n"
    )
    assert not db_path.exists()


def test_a_file_that_is_no_database(run, article):
    path = article(PAGE * 20)
    result = run("ingest", path, "--db", path)
    assert result.exit_code == 1
    assert (
        result.stderr
        == f"claims: {path}: this file is not a SQLite database; name another with --db\n"
    )


def test_reindex(run, rows, db_path):
    run("add", "둑은 안전하다", "--speaker", "윤서연", "--outlet", "한빛일보", "--date", "2024")
    assert run("reindex").stdout == f"The full-text index of {db_path} is up to date.\n"
    query = "select rowid from claims_fts where claims_fts match ?"
    assert rows(query, '"안전"') == [{"rowid": 1}]


def test_serve_passes_on_what_was_asked_for(run, monkeypatch, db_path):
    asked: list[object] = []
    monkeypatch.setattr("claims.serving.serve", lambda *a, **k: asked.append((a, k)))
    assert run("serve", "--port", 8123, "--host", "::1", "--open").exit_code == 0
    ((positional, named),) = asked
    assert callable(named.pop("announce"))
    assert (positional, named) == (
        (str(db_path),),
        {"host": "::1", "port": 8123, "open_browser": True, "desk": Desk(), "immutable": False},
    )


def test_help_and_version():
    runner = CliRunner()
    assert runner.invoke(main, ["--version"]).stdout == f"claims, version {__version__}\n"
    commands = {name: main.get_command(None, name) for name in main.list_commands(None)}
    for command in (*commands, None):
        result = runner.invoke(main, [command, "-h"] if command else ["--help"])
        assert result.exit_code == 0
        assert result.stdout.startswith("Usage: ")
    for name, command in commands.items():
        assert command.name == name
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert parameter.help, f"claims {name} {parameter.name}"


# -- a real process

CLAIMS = [sys.executable, "-m", "claims"]


def test_help_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['claims', '--help']\n"
        "import runpy, contextlib\n"
        "with contextlib.suppress(SystemExit): runpy.run_module('claims', run_name='__main__')\n"
        "heavy = {'sqlite_utils', 'datasette', 'kiwipiepy', 'rich', 'dateparser', 'py3langid',"
        " 'charset_normalizer', 'numpy', 'sqlite3', 'uvicorn', 'yaml'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert process.stderr == "[]\n"


def test_a_reader_that_goes_away_is_no_traceback(run, db_path, tmp_path):
    table = tmp_path / "claims.csv"
    lines = (f"둑 {number}은 안전하다,윤서연\n" for number in range(3000))
    table.write_text("text,speaker\n" + "".join(lines))
    assert run("ingest", table, "--quiet").exit_code == 0
    process = subprocess.Popen([*CLAIMS, "export", "--db", str(db_path)],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b'{"id": 1,')
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr as stream:
        assert stream.read() == b""
    process.wait()


def test_interrupted_it_says_so_and_keeps_what_was_saved(db_path, article):
    path = article(PAGE)
    process = subprocess.Popen([*CLAIMS, "ingest", "--db", str(db_path), "--json", str(path), "-"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE,
                               preexec_fn=_listen_to_interrupts)  # fmt: skip
    assert process.stdin is not None
    while not db_path.exists() or not _articles(db_path):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert errors.decode().splitlines() == [
        "1 new article with 1 new claim.",
        "1 claim could be dated if the article's own date were known: ingest it again with --date, "
        "like --date 2024-12-17.",
        "claims: stopped; the same command goes on from here",
    ]
    assert _articles(db_path) == 1


def _listen_to_interrupts() -> None:
    """A shell starts what it puts in the background deaf to them, and children inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _articles(db_path) -> int:
    import sqlite3

    connection = sqlite3.connect(db_path, timeout=30)
    try:
        return int(connection.execute("select count(*) from articles").fetchone()[0])
    except sqlite3.OperationalError:  # not made yet
        return 0
    finally:
        connection.close()


@pytest.mark.parametrize("encoding", ["ascii", "euc-kr", "utf-8"])
def test_a_terminal_that_lacks_letters_is_no_traceback(db_path, article, encoding):
    page = PAGE.replace("둑을", "뷁 ☃ 둑을")
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [*CLAIMS, "ingest", "--db", str(db_path), str(article(page))]
    process = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert process.stderr == b""
    assert b"1 new article with 1 new claim.\n" in process.stdout
    export = [*CLAIMS, "export", "--db", str(db_path)]
    exported = subprocess.run(export, capture_output=True, env=environment, check=True)
    assert json.loads(exported.stdout)["text"] == "뷁 ☃ 둑을 다시 쌓겠다"
