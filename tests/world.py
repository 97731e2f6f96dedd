"""A small catalogue and reports for tests. Everything a test does not specify has a default."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from etl import periods
from etl.catalogue import (
    Catalogue,
    CodeList,
    CommuneChange,
    District,
    Form,
    FormRow,
    Indicator,
    ReformArea,
    ReportingPeriod,
    Unit,
    load_catalogue,
)
from etl.catalogue.document import Document
from etl.database import Connection
from etl.findings import Finding, RenderedFinding, Severity
from etl.observations import Observation, ValueStatus
from etl.warehouse import stage_observations

FORM = "form-a"
_NUMBER = itertools.count(1)


def catalogue(
    districts: Mapping[str, Mapping[str, Any]] | None = None,
    indicators: Mapping[str, Mapping[str, Any]] | None = None,
    period_codes: Mapping[str, str] | None = None,
    methods: Mapping[str, Document] | None = None,
) -> Catalogue:
    """Districts A and B, indicators `done` and `assigned` of area I and a heading, period 2021-Q1 due on 18 March."""
    leaves = {code: _indicator(code, fields) for code, fields in (indicators or {"done": {}, "assigned": {}}).items()}
    heading = _indicator("steering", {"kind": "heading"})
    form_rows = [FormRow(1, "I", "", "Heading", "", heading, False)]
    form_rows += [
        FormRow(number, f"{leaf.reform_area_code}.{number}", str(number), leaf.name_vi, "", leaf, True)
        for number, leaf in enumerate(leaves.values(), start=2)
    ]
    form = Form(FORM, "Sở", "1", date(2020, 12, 1), date(2020, 12, 1), None, "Biểu", "Form", tuple(form_rows))
    return Catalogue(
        reform_areas={
            code: ReformArea(code, order, f"Lĩnh vực {code}", f"Area {code}")
            for order, code in enumerate(("I", "II", "III"), start=1)
        },
        units={"task": Unit("task", "Nhiệm vụ", "tasks"), "percent": Unit("percent", "%", "per cent")},
        code_lists={"yes_no": CodeList("yes_no", {"0": "Không", "1": "Có"}, {"0": "No", "1": "Yes"})},
        districts={code: _district(code, fields) for code, fields in (districts or {"A": {}, "B": {}}).items()},
        periods={
            code: ReportingPeriod(periods.parse(code), date.fromisoformat(str(due_on)), "test")
            for code, due_on in (period_codes or {"2021-Q1": "2021-03-18"}).items()
        },
        indicators={"steering": heading, **leaves},
        forms={FORM: form},
        phrases=load_catalogue().phrases,
        abbreviations=load_catalogue().abbreviations,
        methods=methods or {},
    )


def _district(code: str, fields: Mapping[str, Any]) -> District:
    return District(
        code,
        fields.get("name_vi", f"Huyện {code}"),
        f"{code} District",
        "huyện",
        "94",
        fields.get("commune_count", 10),
        fields.get("valid_from"),
        fields.get("valid_to"),
        "test",
        fields.get("level", "district"),
        fields.get("unit_code", ""),
    )


def change(changed_on: date, district: str, old_name: str, new_code: str) -> CommuneChange:
    """A commune of a district that was merged into another unit."""
    return CommuneChange(changed_on, district, "", old_name, new_code, f"Xã {new_code}", "test")


def _indicator(code: str, fields: Mapping[str, Any]) -> Indicator:
    kind = fields.get("kind", "count")
    return Indicator(
        code,
        fields.get("area", "I"),
        "",
        kind,
        {"rate": "percent", "count": "task"}.get(kind, ""),
        "yes_no" if kind == "code_list" else "",
        fields.get("nature", "flow"),
        f"Chỉ tiêu {code}",
        f"Indicator {code}",
    )


def observations(values: Mapping[str, Any]) -> list[Observation]:
    """One row per indicator. A value is a number (status `reported`) or the name of another status."""
    rows = []
    for number, (code, content) in enumerate(values.items(), start=2):
        cell = content if isinstance(content, Mapping) else {"value": content}
        value = str(cell["value"])
        status = ValueStatus(value) if value in set(ValueStatus) else ValueStatus.REPORTED
        rows.append(
            Observation(
                "I",
                str(number),
                code,
                f"Dòng {code}",
                "",
                Decimal(value) if status is ValueStatus.REPORTED else None,
                status,
                value,
                cell.get("note", ""),
                f"table[1]/row[{number}]/col[4]",
            )
        )
    return rows


def finding(rule_code: str, severity: Severity = "warning") -> RenderedFinding:
    """A finding of a rule, as validation returns it."""
    return RenderedFinding(Finding(rule_code), severity, f"Lỗi {rule_code}", f"Error {rule_code}")


def submit(
    connection: Connection,
    district: str | None = "A",
    period: str | None = "2021-Q1",
    *,
    values: Mapping[str, Any] | None = None,
    status: str = "accepted",
    signed_on: date | None = date(2021, 3, 15),
    received_at: datetime | str = "2021-03-16 09:00+07",
    is_simulated: bool = False,
    reason: str = "",
    form_code: str = FORM,
    is_partial: bool = False,
) -> int:
    """Register and stage a report with a status, without loading it. Returns the submission id."""
    number = next(_NUMBER)
    sha256 = hashlib.sha256(f"file {number}".encode()).hexdigest()
    connection.exec_driver_sql("INSERT INTO raw.file (sha256, size_bytes) VALUES (%s, 1)", (sha256,))
    row = connection.exec_driver_sql(
        "INSERT INTO raw.submission (sha256, source_url, file_name, channel, received_at, district_code, period_code,"
        " form_code, signed_on, is_simulated, is_partial, reader)"
        " VALUES (%s, %s, %s, 'drive', %s, %s, %s, %s, %s, %s, %s, 'reader 1')"
        " RETURNING submission_id",
        (
            sha256,
            f"file:///drive/{number}.docx",
            f"{district}-{period}.docx",
            received_at,
            district,
            period,
            form_code,
            signed_on,
            is_simulated,
            is_partial,
        ),
    ).fetchone()
    assert row is not None
    submission_id: int = row[0]
    connection.exec_driver_sql("SELECT raw.set_status(%s, %s, %s, 'clerk')", (submission_id, status, reason))
    stage_observations(connection, submission_id, observations(values or {}))
    return submission_id


def status_of(connection: Connection, submission_id: int) -> str:
    row = connection.exec_driver_sql(
        "SELECT status FROM raw.submission WHERE submission_id = %s", (submission_id,)
    ).fetchone()
    assert row is not None
    return str(row[0])
