"""Build submissions and findings for tests, with defaults for every field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from etl.findings import Severity
from etl.reports import Submission, SubmissionFinding

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_SUBMISSION = Submission(
    submission_id=8,
    district_code="946",
    district_name="Huyện Long Phú",
    period_code="2021-Q1",
    period_name="Quý I năm 2021",
    due_at=datetime(2021, 3, 19, tzinfo=VIETNAM),
    received_at=datetime(2021, 3, 18, 9, 5, tzinfo=VIETNAM),
    is_timely=True,
    status="rejected",
    status_name="Bị trả lại do có lỗi nghiêm trọng",
    status_reason="",
    duplicate_of=None,
    file_name="946_2021-Q1.docx",
    sha256="0" * 64,
    channel="drive",
    document_no="56/BC-UBND",
    signed_on=date(2021, 3, 18),
    is_simulated=False,
)


def submission(**changes: Any) -> Submission:
    return replace(_SUBMISSION, **changes)


def finding(
    severity: Severity = "critical", location: str = "table[1]/row[2]/col[2]", **changes: Any
) -> SubmissionFinding:
    defaults = {
        "rule_code": "procedures_in_force_sum",
        "indicator_code": "procedures_in_force",
        "indicator_name": "Tổng số TTHC đang có hiệu lực",
        "indicator_name_en": "Procedures in force",
        "found": "413",
        "expected": "412",
        "message_vi": "Ô bảng 1, dòng 2, cột 2: ghi 413, cần 412.",
        "message_en": "Cell table 1, row 2, column 2: 413, not 412.",
    }
    return SubmissionFinding(**({"submission_id": 8, "severity": severity, "location": location} | defaults | changes))
