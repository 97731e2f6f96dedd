"""The page of a period, built from a real mart by the role that can only read mart."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from etl import database, reports
from etl.errors import UsageError
from etl.findings import Finding, RenderedFinding, Severity
from etl.settings import Settings
from etl.warehouse import load_accepted, load_reference, stage_findings
from tests import world
from tests.needs import needs
from tests.programs import browse
from tests.sql_errors import assert_denied

ORDER = (("reading", "head"), ("types",), ("appendix",), ("narrative",), ("history",), ("districts",))
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=alert(1)>\"'&"


def finding(rule_code: str, severity: Severity, found: str = "1", location: str = "table[1]/row[2]/col[4]") -> Any:
    return RenderedFinding(Finding(rule_code, location, "done", found, "2"), severity, f"Sửa {found}", f"Fix {found}")


@pytest.fixture
def warehouse(settings: Settings) -> Settings:
    """Four districts: A accepted with a warning, B rejected, C missing, D late and simulated; and a misfiled report."""
    districts: dict[str, Any] = {
        "A": {"name_vi": f"Huyện {HOSTILE}"},
        "B": {},
        "C": {},
        "D": {"valid_from": date(2020, 1, 1)},
    }
    with database.connect(settings) as connection:
        load_reference(connection, world.catalogue(districts=districts))
        accepted = world.submit(connection, "A", values={"done": 1}, status="accepted_with_warnings")
        stage_findings(connection, accepted, [finding("rate_out_of_range", "info"), _note(), _misprint()])
        load_accepted(connection, [accepted])
        rejected = world.submit(connection, "B", status="rejected")
        stage_findings(connection, rejected, [finding("count_not_whole", "critical", HOSTILE), _misprint()])
        late = world.submit(connection, "D", values={"done": 1}, received_at="2021-03-21 10:00+07", is_simulated=True)
        load_accepted(connection, [late])
        misfiled = world.submit(connection, None, None, status="misfiled")
        stage_findings(connection, misfiled, [finding("district_unknown", "critical", location="")])
        world.submit(connection, "A", status="duplicate")
    return settings


def _note() -> Any:
    return finding("rate_against_note", "warning", "96,5")


def _misprint() -> Any:
    return finding("unit_misprinted", "info", "Có =1 Không = 1")


@pytest.fixture
def text(warehouse: Settings) -> str:
    with database.connect(warehouse, role=reports.ROLE) as connection:
        return reports.page(connection, "2021-Q1", ORDER)


@pytest.fixture
def page(text: str) -> Any:
    return html.document_fromstring(text)


def text_of(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_each_district_has_a_row_with_a_mark_for_each_validation_stage(page: Any) -> None:
    rows = page.xpath("//table[@class='matrix']/tbody/tr")
    assert [len(row) for row in rows] == [9, 9, 3, 9, 9]
    marks = {text_of(row[0])[:7]: [text_of(cell)[:1] for cell in row[1:]] for row in rows}
    assert marks["Huyện B"] == ["✓", "✓", "✕", "–", "–", "–", "–", "B"]
    assert marks["Huyện D"] == ["✓", "✓", "✓", "✓", "✓", "✓", "✓", "C"]
    assert marks["Huyện C"] == ["c", "C"], "districts without a report are listed"
    assert marks["Chưa rõ"] == ["✓", "✕", "–", "–", "–", "–", "–", "K"], "and so are misfiled reports"


def test_marks_have_a_text_too(page: Any) -> None:
    marks = [text_of(cell) for cell in page.xpath("//table[@class='matrix']/tbody/tr[1]/td")]
    assert marks[0] == "✓ đạt"
    assert marks[2] == "✓ 1 lưu ý"
    assert marks[4] == "⚠ 1 cảnh báo"


def test_every_finding_is_one_click_from_its_cell(page: Any) -> None:
    links = page.xpath("//table[@class='matrix']//td/a/@href")
    targets = [page.get_element_by_id(link[1:]) for link in links]
    listed = [row for target in targets for row in target.xpath(".//tbody/tr")]
    assert len(listed) == len(page.xpath("//section[@id='findings']//tbody/tr")) == 4
    findings = [[text_of(cell) for cell in row] for row in listed]
    cell = "bảng 1, dòng 2, cột 4 table[1]/row[2]/col[4]"
    assert ["⚠ Cảnh báo", cell, "96,5", "2", "Sửa 96,5 Fix 96,5"] in findings
    assert ["✕ Lỗi nghiêm trọng", "Toàn tệp", "1", "2", "Sửa 1 Fix 1"] in findings


def test_a_misprint_of_the_form_is_listed_once_and_not_in_every_file(page: Any) -> None:
    (row,) = page.xpath("//section[@id='form']//tbody/tr")
    printed, meaning, files = map(text_of, row)
    assert (printed, files) == ("Có =1 Không = 1", "2")
    assert meaning.startswith("Ô trên biểu mẫu: đơn vị tính")
    assert "Cell on the form:" in meaning


def test_a_report_accepted_by_manual_decision_shows_the_reason(warehouse: Settings) -> None:
    with database.connect(warehouse) as connection:
        accepted = world.submit(connection, "C", status="accepted_with_warnings")
        stage_findings(connection, accepted, [finding("count_not_whole", "critical")])
        connection.exec_driver_sql(
            "SELECT raw.set_status(%s, 'accepted_with_warnings', 'đã gọi điện', 'lan')", (accepted,)
        )
    with database.connect(warehouse, role=reports.ROLE) as connection:
        page = html.document_fromstring(reports.page(connection, "2021-Q1", ORDER))
    (row,) = [row for row in page.xpath("//table[@class='matrix']/tbody/tr") if text_of(row).startswith("Huyện C")]
    assert "Theo quyết định: đã gọi điện" in text_of(row[-1])


def test_the_numbers_at_the_top_count_expected_districts(page: Any) -> None:
    counts = {text_of(entry[0]).split(" ")[-1]: int(text_of(entry[1])) for entry in page.xpath("//dl/div")}
    assert list(counts.values()) == [4, 3, 2, 1, 2, 1, 1]


def test_lateness_is_shown_in_days(page: Any) -> None:
    late = text_of(next(row for row in page.xpath("//section[@id='reporting']//tr") if "Huyện D" in text_of(row)))
    assert "quá hạn 3 ngày" in late


def test_simulated_files_are_marked_and_counted(page: Any) -> None:
    assert "1 trong 4 tệp là số liệu mô phỏng" in text_of(page.xpath("//p[@role='note']")[0])
    row = next(row for row in page.xpath("//table[@class='matrix']//tr") if text_of(row).startswith("Huyện D"))
    assert "mô phỏng" in text_of(row[0])


def test_text_from_a_file_never_becomes_markup(page: Any, text: str) -> None:
    assert page.xpath("//script | //img | //iframe | //@onerror") == []
    assert text.count("&lt;script&gt;") >= 2
    assert HOSTILE in text_of(page)


def test_the_page_loads_nothing_from_outside(page: Any, text: str) -> None:
    assert page.xpath("//link | //@src") == []
    assert all(link.startswith("#") for link in page.xpath("//@href"))
    assert not re.search(r"url\(|@import|https?:", text)


def test_the_page_is_accessible_to_screen_readers(page: Any) -> None:
    assert page.get("lang") == "vi"
    assert page.xpath("//title")
    for table in page.xpath("//table"):
        assert all(cell.get("scope") == "col" for cell in table.xpath("./thead//th"))
        assert all(cell.get("scope") == "row" for cell in table.xpath("./tbody//th"))
    identities = page.xpath("//@id")
    assert len(identities) == len(set(identities))
    assert set(page.xpath("//@aria-labelledby")) <= set(identities)
    assert page.xpath("//*[@lang='en']")


def test_an_unknown_period_is_a_usage_error(settings: Settings) -> None:
    with database.connect(settings, role=reports.ROLE) as connection, pytest.raises(UsageError, match="2021-Q9"):
        reports.page(connection, "2021-Q9", ORDER)


def test_a_period_without_reports_has_a_page(settings: Settings) -> None:
    with database.connect(settings) as connection:
        load_reference(connection, world.catalogue())
    with database.connect(settings, role=reports.ROLE) as connection:
        page = html.document_fromstring(reports.page(connection, "2021-Q1", ORDER))
    assert text_of(page).count("chưa gửi báo cáo") == 2
    assert "Không có phát hiện nào." in text_of(page)


@pytest.mark.parametrize("table", ["raw.submission", "staging.finding", "warehouse.fact_observation"])
def test_the_role_of_reports_can_only_read_mart(warehouse: Settings, table: str) -> None:
    assert_denied(warehouse, reports.ROLE, f"SELECT 1 FROM {table}", admin=warehouse)


@needs("chromium")
def test_a_browser_shows_the_page_from_a_folder(text: str, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(text, encoding="utf-8")
    shown = html.document_fromstring(browse(file.as_uri(), tmp_path, "--dump-dom"))
    assert text_of(shown.xpath("//title")[0]).startswith("Kết quả kiểm tra báo cáo cải cách hành chính")
    assert len(shown.xpath("//table[@class='matrix']/tbody/tr")) == 5
    assert shown.xpath("//script") == []
    picture = tmp_path / "page.png"
    browse(file.as_uri(), tmp_path, f"--screenshot={picture}", "--window-size=1300,1700")
    assert picture.stat().st_size > 50_000, "an empty page makes a small picture"
