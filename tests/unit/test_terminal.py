"""What the terminal says and with which exit code, as far as no database is needed."""

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from etl.settings import PROJECT_ROOT

LONG_PHU = next((PROJECT_ROOT / "examples" / "drive").rglob("946_*.docx"))
COLUMNS = ["reform_area", "item", "indicator_code", "label", "unit", "value", "status", "raw_value", "note", "location"]


def etl(*words: str, encoding: str = "utf-8") -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "", "LC_ALL": "C", "PYTHONPATH": str(PROJECT_ROOT)}
    command = [sys.executable, "-m", "etl", *words]
    return subprocess.run(command, capture_output=True, check=False, env=environment, encoding=encoding)


def test_extract_prints_the_columns_of_the_contract_for_every_row() -> None:
    done = etl("extract", str(LONG_PHU), "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == COLUMNS
    assert Counter(row["status"] for row in rows) == {
        "reported": 100,
        "not_applicable": 1,
        "not_done": 6,
        "heading": 29,
        "blank": 38,
    }


def test_several_files_are_told_apart_by_a_first_column() -> None:
    done = etl("extract", str(LONG_PHU), str(LONG_PHU.with_suffix(".xlsx")), "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == ["file", *COLUMNS]
    assert Counter(Path(row["file"]).suffix for row in rows) == {".docx": 174, ".xlsx": 174}


def test_json_says_what_the_document_says_of_itself() -> None:
    (document,) = json.loads(etl("extract", str(LONG_PHU), "--format", "json").stdout)
    assert set(document) == {"submission", "rows", "findings"}
    submission = document["submission"]
    assert (submission["district_code"], submission["period_code"]) == ("946", "2021-Q1")
    assert (submission["document_no"], submission["signed_on"]) == ("56/BC-UBND", "2021-03-18")
    assert submission["form_code"] == "snv-380-2021"
    assert len(document["rows"]) == 174


def test_a_missing_file_is_one_clear_line_and_the_others_are_read() -> None:
    done = etl("extract", "nowhere.docx", str(LONG_PHU), "--format", "csv")
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) > 174
    assert done.stderr.count("\n") == 1
    assert "nowhere.docx" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a file", b"%PDF-1.7 no more"])
def test_a_file_that_is_not_what_its_name_says_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(content)
    done = etl("extract", str(path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "report.docx" in done.stderr


def test_an_unknown_command_is_the_callers_to_mend() -> None:
    assert etl("conjure").returncode == 2


def test_extract_loads_nothing_heavy() -> None:
    words = f"['extract', {str(LONG_PHU)!r}, '--format', 'csv']"
    script = (
        "import sys, etl.__main__ as terminal\n"
        f"terminal.main({words})\n"
        "heavy = {'pandas', 'sqlalchemy', 'psycopg2', 'great_expectations', 'airflow'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=PROJECT_ROOT)
    assert (done.returncode, done.stderr) == (0, "")
