"""The page of a period, from a real mart, read by a role that can read nothing else."""

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
    return RenderedFinding(Finding(rule_code, location, "done", found, "2"), severity, f"Sửa {found}", f"Mend {found}")


@pytest.fixture
def warehouse(settings: Settings) -> Settings:
    """Four districts: A accepted with a warning, B rejected, C silent, D late and simulated; a file that fits none."""
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
        turned_away = world.submit(connection, "B", status="rejected")
        stage_findings(connection, turned_away, [finding("count_not_whole", "critical", HOSTILE), _misprint()])
        late = world.submit(connection, "D", values={"done": 1}, received_at="2021-03-21 10:00+07", is_simulated=True)
        load_accepted(connection, [late])
        stray = world.submit(connection, None, None, status="misfiled")
        stage_findings(connection, stray, [finding("district_unknown", "critical", location="")])
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


def words(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_each_district_has_a_row_and_a_mark_for_each_validation_stage(page: Any) -> None:
    rows = page.xpath("//table[@class='matrix']/tbody/tr")
    assert [len(row) for row in rows] == [9, 9, 3, 9, 9]
    marks = {words(row[0])[:7]: [words(cell)[:1] for cell in row[1:]] for row in rows}
    assert marks["Huyện B"] == ["✓", "✓", "✕", "–", "–", "–", "–", "B"]
    assert marks["Huyện D"] == ["✓", "✓", "✓", "✓", "✓", "✓", "✓", "C"]
    assert marks["Huyện C"] == ["c", "C"], "silent districts are listed"
    assert marks["Chưa rõ"] == ["✓", "✕", "–", "–", "–", "–", "–", "K"], "and so are files that fit none"


def test_marks_are_told_in_words_too(page: Any) -> None:
    said = [words(cell) for cell in page.xpath("//table[@class='matrix']/tbody/tr[1]/td")]
    assert said[0] == "✓ đạt"
    assert said[2] == "✓ 1 lưu ý"
    assert said[4] == "⚠ 1 cảnh báo"


def test_every_finding_is_one_click_from_its_cell(page: Any) -> None:
    links = page.xpath("//table[@class='matrix']//td/a/@href")
    targets = [page.get_element_by_id(link[1:]) for link in links]
    listed = [row for target in targets for row in target.xpath(".//tbody/tr")]
    assert len(listed) == len(page.xpath("//section[@id='findings']//tbody/tr")) == 4
    told = [[words(cell) for cell in row] for row in listed]
    place = "bảng 1, dòng 2, cột 4 table[1]/row[2]/col[4]"
    assert ["⚠ Cảnh báo", place, "96,5", "2", "Sửa 96,5 Mend 96,5"] in told
    assert ["✕ Lỗi nghiêm trọng", "Toàn tệp", "1", "2", "Sửa 1 Mend 1"] in told


def test_what_the_form_misprints_is_told_once_and_not_in_every_file(page: Any) -> None:
    (row,) = page.xpath("//section[@id='form']//tbody/tr")
    printed, meaning, files = map(words, row)
    assert (printed, files) == ("Có =1 Không = 1", "2")
    assert meaning.startswith("Ô trên biểu mẫu: đơn vị tính")
    assert "Cell on the form:" in meaning


def test_what_a_person_accepted_against_the_rules_says_so(warehouse: Settings) -> None:
    with database.connect(warehouse) as connection:
        taken = world.submit(connection, "C", status="accepted_with_warnings")
        stage_findings(connection, taken, [finding("count_not_whole", "critical")])
        connection.exec_driver_sql(
            "SELECT raw.set_status(%s, 'accepted_with_warnings', 'đã gọi điện', 'lan')", (taken,)
        )
    with database.connect(warehouse, role=reports.ROLE) as connection:
        page = html.document_fromstring(reports.page(connection, "2021-Q1", ORDER))
    (row,) = [row for row in page.xpath("//table[@class='matrix']/tbody/tr") if words(row).startswith("Huyện C")]
    assert "Theo quyết định: đã gọi điện" in words(row[-1])


def test_the_numbers_at_the_top_are_those_of_expected_districts(page: Any) -> None:
    told = {words(entry[0]).split(" ")[-1]: int(words(entry[1])) for entry in page.xpath("//dl/div")}
    assert list(told.values()) == [4, 3, 2, 1, 2, 1, 1]


def test_lateness_is_said_in_days(page: Any) -> None:
    late = words(next(row for row in page.xpath("//section[@id='reporting']//tr") if "Huyện D" in words(row)))
    assert "quá hạn 3 ngày" in late


def test_simulated_files_are_marked_and_counted(page: Any) -> None:
    assert "1 trong 4 tệp là số liệu mô phỏng" in words(page.xpath("//p[@role='note']")[0])
    row = next(row for row in page.xpath("//table[@class='matrix']//tr") if words(row).startswith("Huyện D"))
    assert "mô phỏng" in words(row[0])


def test_nothing_that_a_file_says_becomes_part_of_the_page(page: Any, text: str) -> None:
    assert page.xpath("//script | //img | //iframe | //@onerror") == []
    assert text.count("&lt;script&gt;") >= 2
    assert HOSTILE in words(page)


def test_the_page_brings_nothing_from_outside(page: Any, text: str) -> None:
    assert page.xpath("//link | //@src") == []
    assert all(link.startswith("#") for link in page.xpath("//@href"))
    assert not re.search(r"url\(|@import|https?:", text)


def test_the_page_can_be_used_without_eyes(page: Any) -> None:
    assert page.get("lang") == "vi"
    assert page.xpath("//title")
    for table in page.xpath("//table"):
        assert all(cell.get("scope") == "col" for cell in table.xpath("./thead//th"))
        assert all(cell.get("scope") == "row" for cell in table.xpath("./tbody//th"))
    identities = page.xpath("//@id")
    assert len(identities) == len(set(identities))
    assert set(page.xpath("//@aria-labelledby")) <= set(identities)
    assert page.xpath("//*[@lang='en']")


def test_an_unknown_period_is_the_callers_to_mend(settings: Settings) -> None:
    with database.connect(settings, role=reports.ROLE) as connection, pytest.raises(UsageError, match="2021-Q9"):
        reports.page(connection, "2021-Q9", ORDER)


def test_a_period_without_a_single_file_has_a_page(settings: Settings) -> None:
    with database.connect(settings) as connection:
        load_reference(connection, world.catalogue())
    with database.connect(settings, role=reports.ROLE) as connection:
        page = html.document_fromstring(reports.page(connection, "2021-Q1", ORDER))
    assert words(page).count("chưa gửi báo cáo") == 2
    assert "Không có phát hiện nào." in words(page)


@pytest.mark.parametrize("table", ["raw.submission", "staging.finding", "warehouse.fact_observation"])
def test_the_role_of_reports_reads_mart_alone(warehouse: Settings, table: str) -> None:
    assert_denied(warehouse, reports.ROLE, f"SELECT 1 FROM {table}", admin=warehouse)


@needs("chromium")
def test_a_browser_shows_the_page_from_a_folder(text: str, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(text, encoding="utf-8")
    shown = html.document_fromstring(browse(file.as_uri(), tmp_path, "--dump-dom"))
    assert words(shown.xpath("//title")[0]).startswith("Kết quả kiểm tra báo cáo cải cách hành chính")
    assert len(shown.xpath("//table[@class='matrix']/tbody/tr")) == 5
    assert shown.xpath("//script") == []
    picture = tmp_path / "page.png"
    browse(file.as_uri(), tmp_path, f"--screenshot={picture}", "--window-size=1300,1700")
    assert picture.stat().st_size > 50_000, "an empty page makes a small picture"
