"""The command line where it needs no database: output, exit codes, help."""

import csv
import io
import json
import os
import pty
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from etl import __version__
from etl.cli.app import app, main
from etl.settings import PROJECT_ROOT

LONG_PHU = next((PROJECT_ROOT / "examples" / "drive").rglob("946_*.docx"))
COLUMNS = ["reform_area", "item", "indicator_code", "label", "unit", "value", "status", "raw_value", "note", "location"]
# Commands that other programs and documents rely on.
PROMISED = """
    extract check ingest ranking status lineage score simulate migrate submission history file explain trend diagnose
    robustness external release review waive replay correct accept reject withdraw misfile assign partial whole reread
    account form reply report database backup restore
"""
PROMISED_IN_GROUPS = {
    "database": "url start stop",
    "release": "create list show verify diff publish",
    "external": "enter withdraw list",
    "form": "propose accept reread",
}


def cchc(*args: str, encoding: str = "utf-8") -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "", "LC_ALL": "C", "PYTHONPATH": str(PROJECT_ROOT)}
    command = [sys.executable, "-m", "etl", *args]
    return subprocess.run(command, capture_output=True, check=False, env=environment, encoding=encoding)


def on_a_terminal(*args: str) -> str:
    """What a command prints to stderr if that is a terminal."""
    controller, terminal = pty.openpty()
    environment = {"PATH": "", "TERM": "xterm", "PYTHONPATH": str(PROJECT_ROOT)}
    command = [sys.executable, "-m", "etl", *args]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=terminal, check=True, env=environment)
    os.close(terminal)
    printed = b""
    try:
        while block := os.read(controller, 65536):
            printed += block
    except OSError:  # Linux reports the end of a closed terminal as an error
        pass
    os.close(controller)
    return printed.decode()


def test_extract_prints_the_promised_columns_for_every_row() -> None:
    process = cchc("extract", str(LONG_PHU), "--format", "csv")
    assert (process.returncode, process.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(process.stdout)))
    assert list(rows[0]) == COLUMNS
    assert Counter(row["status"] for row in rows) == {
        "reported": 100,
        "not_applicable": 1,
        "not_done": 6,
        "heading": 29,
        "blank": 38,
    }


def test_rows_of_several_files_have_a_file_column() -> None:
    process = cchc("extract", str(LONG_PHU), str(LONG_PHU.with_suffix(".xlsx")), "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(process.stdout)))
    assert list(rows[0]) == ["file", *COLUMNS]
    assert Counter(Path(row["file"]).suffix for row in rows) == {".docx": 174, ".xlsx": 174}


def test_json_contains_the_head_of_the_document() -> None:
    (document,) = json.loads(cchc("extract", str(LONG_PHU), "--format", "json").stdout)
    assert set(document) == {"submission", "rows", "findings"}
    submission = document["submission"]
    assert (submission["district_code"], submission["period_code"]) == ("946", "2021-Q1")
    assert (submission["document_no"], submission["signed_on"]) == ("56/BC-UBND", "2021-03-18")
    assert submission["form_code"] == "snv-380-2021"
    assert len(document["rows"]) == 174
    assert {row["value"] for row in document["rows"] if row["status"] == "blank"} == {""}


def test_a_missing_file_is_one_line_and_the_others_are_read() -> None:
    process = cchc("extract", "nowhere.docx", str(LONG_PHU), "--format", "csv")
    assert process.returncode == 2
    assert len(process.stdout.splitlines()) > 174
    assert process.stderr.count("\n") == 1
    assert "nowhere.docx" in process.stderr
    assert "Traceback" not in process.stderr


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a file", b"%PDF-1.7 no more"])
def test_a_file_with_the_wrong_extension_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(content)
    process = cchc("extract", str(path))
    assert process.returncode == 2
    assert process.stderr.count("\n") == 1
    assert "report.docx" in process.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["lineag"], "No such command 'lineag'. Did you mean 'lineage'?"),
        (["release", "lst"], "No such command 'lst'. Did you mean 'list'?"),
        (["ranking", "--perod", "2021-Q1"], "No such option: --perod"),
        (["ranking"], "Missing option '--period'"),
        (["extract"], "Missing argument"),
        (["accept", "eight", "--reason", "x"], "valid integer"),
        (["trend", "--period", "2021-Q1", "--format", "yaml"], "yaml"),
        (["waive", "rule", "--until", "soon", "--reason", "x"], "'soon' is not a valid date"),
    ],
)
def test_a_usage_error_is_one_line_and_exit_code_2(
    args: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(args) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("name", PROMISED.split())
def test_every_promised_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert "Usage: cchc" in capsys.readouterr().out


@pytest.mark.parametrize(("group", "names"), PROMISED_IN_GROUPS.items())
def test_every_promised_command_of_a_group_has_help(group: str, names: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in names.split():
        assert main([group, name, "--help"]) == 0
        assert f"Usage: cchc {group} {name}" in capsys.readouterr().out


def test_the_help_shows_groups_and_fits_80_columns() -> None:
    printed = cchc("--help").stdout
    assert all(group in printed for group in ("submission", "ranking", "release", "form", "database"))
    assert max(len(line) for line in printed.splitlines()) <= 80
    assert "\x1b" not in printed


def test_the_help_in_the_docs_is_up_to_date() -> None:
    page = (PROJECT_ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert cchc("--help").stdout.split() == page.split("$ cchc --help\n")[1].split("```")[0].split()


def test_help_contains_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    main(["ranking", "explain", "--help"])
    assert "Example: cchc ranking explain --period 2021-Q1 --district 946" in capsys.readouterr().out


def test_single_commands_have_the_same_help_inside_and_outside_their_group(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for group, name in (("submission", "accept"), ("value", "lineage"), ("rule", "waive"), ("database", "migrate")):
        main([group, name, "--help"])
        inside = capsys.readouterr().out.split()
        main([name, "--help"])
        assert [word for word in inside if word != group] == [
            word for word in capsys.readouterr().out.split() if word != group
        ]


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"{__version__}\n"


def test_the_shell_completes_commands(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("_CCHC_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "cchc rel")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        app(prog_name="cchc")
    assert capsys.readouterr().out.split() == ["release"]


def test_a_progress_bar_is_shown_on_a_terminal_only() -> None:
    files = [str(LONG_PHU), str(LONG_PHU.with_suffix(".xlsx"))]
    assert "Reading" in on_a_terminal("extract", *files)
    assert cchc("extract", *files).stderr == ""


def test_extract_loads_nothing_heavy() -> None:
    script = (
        "import sys\nfrom etl.cli.app import main\n"
        f"main(['extract', {str(LONG_PHU)!r}, '--format', 'csv'])\n"
        "heavy = {'pandas', 'sqlalchemy', 'great_expectations', 'airflow', 'rich'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    process = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=PROJECT_ROOT
    )
    assert (process.returncode, process.stderr) == (0, "")
