"""The commands of docs/adding-a-form.md: a report on an unknown form is held, its form proposed, edited and accepted,
and the report parsed again.
"""

from __future__ import annotations

import csv
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from etl import database
from etl.cli.app import main
from etl.settings import PROJECT_ROOT, Settings
from tests.unit.parsing.rendering import Line, long_phu, real_lines, to_txt

_COMMAND = re.compile(r"```sh\npython -m etl (.*?)\n```")
NEW_ROWS = [
    Line("IV", "Chuyển đổi số", "", "", ""),
    Line("1", "Hạ tầng số", "", "", ""),
    *(Line("", f"Số hệ thống thông tin loại {n} đang có hiệu lực", "Văn bản", str(n), "") for n in range(40)),
    Line("2", "Có ban hành kế hoạch chuyển đổi số", "Có =1 Không = 0", "1", ""),
]


def new_report() -> bytes:
    """Long Phú's first three areas, one row renamed, and an area that no form has."""
    lines = list(real_lines()[:75])
    lines[2] = replace(lines[2], label="Số nhiệm vụ được giao trong kế hoạch năm")
    return to_txt(long_phu(lines=(*lines, *NEW_ROWS), breaks=frozenset()))


def edit(folder: Path) -> None:
    """Edit a proposal as a person would."""
    head = folder / "form-2021.yml"
    text = head.read_text(encoding="utf-8")
    for key, value in {
        "issuer": "Sở Nội vụ",
        "document_no": "1/SNV",
        "title_vi": "Thống kê",
        "title_en": "Statistics",
    }.items():
        text = text.replace(f'{key}: ""', f'{key}: "{value}"')
    head.write_text(text.replace("issued_on: null", "issued_on: 2021-01-04"), encoding="utf-8")
    rows_file = folder / "form-2021.csv"
    with rows_file.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    for number, row in enumerate(rows):
        row["confirmed"] = "yes"
        if row["indicator_code"].startswith("new_"):
            row.update(indicator_code=f"digital_{number}", name_en=f"Digital matter {number}")
            row["nature"] = row["nature"] or ("" if row["kind"] == "heading" else "stock")
    with rows_file.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> list[list[str]]:
    """The commands of the page, in a folder with the report and an empty catalogue folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bao-cao.txt").write_bytes(new_report())
    (tmp_path / "catalogue").mkdir()
    monkeypatch.setenv("CCHC_CATALOGUE", str(tmp_path / "catalogue"))
    text = (PROJECT_ROOT / "docs" / "adding-a-form.md").read_text(encoding="utf-8")
    return [shlex.split(command) for command in _COMMAND.findall(text)]


def status(settings: Settings) -> tuple[str, str, str]:
    with database.connect_url(settings.database_url) as connection:
        row = connection.exec_driver_sql(
            "SELECT status, coalesce(form_code, ''), coalesce(trim_scale(form_fit)::text, '') FROM mart.submission"
        ).fetchone()
    assert row is not None
    return row


def test_the_commands_of_the_page_lead_from_a_held_report_to_its_facts(
    commands: list[list[str]], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest, propose, accept, reread = commands
    assert main(ingest) == 1
    held, form_code, fit = status(settings)
    assert (held, form_code) == ("held", "")
    assert 0.5 < float(fit) < 0.7
    assert main(propose) == 0
    assert main(accept) == 2
    assert "is not confirmed" in capsys.readouterr().err
    edit(Path("proposal"))
    assert main(accept) == 0
    assert main(reread) in (0, 1)
    assert status(settings)[1:] == ("form-2021", "1")
    assert status(settings)[0].startswith("accepted")
    with database.connect_url(settings.database_url) as connection:
        values = dict(connection.exec_driver_sql("SELECT indicator_code, value::text FROM mart.observation").fetchall())
        actors = {name for (name,) in connection.exec_driver_sql("SELECT DISTINCT actor FROM raw.submission_event")}
    assert values["plan_tasks_assigned"] == "24"
    assert sum(code.startswith("digital_") for code in values) == 41
    assert "lan" in actors


def test_parsing_again_without_a_form_holds_the_report_again(commands: list[list[str]], settings: Settings) -> None:
    main(commands[0])
    assert main(["form", "reread"]) == 1
    assert status(settings)[0] == "held"
