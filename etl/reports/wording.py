"""The Vietnamese texts of a reply, in the style of an administrative letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from etl.findings import Severity
from etl.reports.mart import Submission, SubmissionFinding

SEVERITY: Mapping[Severity, str] = {"critical": "Lỗi nghiêm trọng", "warning": "Cảnh báo", "info": "Lưu ý"}
SEVERITY_MEANING: Mapping[Severity, str] = {
    "critical": "phải sửa; báo cáo còn lỗi này chỉ được chấp nhận khi Sở Nội vụ quyết định",
    "warning": "đề nghị kiểm tra; nếu số liệu đúng thì nêu rõ ở cột ghi chú",
    "info": "để biết, không bắt buộc sửa",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a submission: its title, what it means for the sender, and whether to send the report again."""

    title: str
    meaning: str
    must_resubmit: bool
    tone: str


_ACCEPTED = Outcome("CHẤP NHẬN", "Số liệu của báo cáo đã được đưa vào tổng hợp. Không phải gửi lại.", False, "good")
OUTCOMES: Mapping[str, Outcome] = {
    "accepted": _ACCEPTED,
    "accepted_with_warnings": Outcome(
        "CHẤP NHẬN, CÓ CẢNH BÁO",
        "Số liệu của báo cáo đã được đưa vào tổng hợp. Đề nghị kiểm tra các ô có cảnh báo; nếu số liệu sai thì sửa và"
        " gửi bản thay thế.",
        False,
        "fair",
    ),
    "held": Outcome(
        "CHỜ XEM XÉT",
        "Báo cáo chưa được đưa vào tổng hợp, đang chờ người có thẩm quyền của Sở Nội vụ xem xét. Nếu các nội dung dưới"
        " đây là sai sót thì sửa và gửi lại ngay, không cần chờ.",
        True,
        "fair",
    ),
    "rejected": Outcome(
        "CHƯA CHẤP NHẬN, TRẢ LẠI ĐỂ SỬA",
        "Báo cáo có lỗi nghiêm trọng nên chưa được đưa vào tổng hợp. Đề nghị sửa các lỗi dưới đây và gửi lại.",
        True,
        "bad",
    ),
    "unreadable": Outcome(
        "CHƯA CHẤP NHẬN, KHÔNG ĐỌC ĐƯỢC TỆP",
        "Hệ thống không đọc được phụ lục thống kê trong tệp đã gửi. Đề nghị xử lý theo hướng dẫn dưới đây và gửi lại.",
        True,
        "bad",
    ),
    "misfiled": Outcome(
        "CHƯA CHẤP NHẬN, CHƯA RÕ ĐƠN VỊ HOẶC KỲ BÁO CÁO",
        "Báo cáo chưa được đưa vào tổng hợp vì không xác định được đơn vị gửi hoặc kỳ báo cáo. Đề nghị ghi lại cho"
        " đúng và gửi lại.",
        True,
        "bad",
    ),
}
_ACCEPTED_NEVERTHELESS = Outcome(
    "CHẤP NHẬN THEO QUYẾT ĐỊNH CỦA SỞ NỘI VỤ",
    "Số liệu của báo cáo đã được đưa vào tổng hợp, dù còn lỗi nghiêm trọng nêu dưới đây. Đề nghị sửa và gửi bản thay"
    " thế.",
    False,
    "fair",
)
_CHANNELS = {
    "drive": "Lưu tệp đã sửa vào đúng thư mục đã gửi lần trước. Tên tệp giữ nguyên hay đổi đều được.",
    "api": "Gửi tệp đã sửa qua cổng tiếp nhận đã dùng lần trước.",
    "terminal": "Gửi tệp đã sửa cho Sở Nội vụ theo cách đã gửi lần trước.",
}


def outcome(submission: Submission, findings: Sequence[SubmissionFinding] = ()) -> Outcome:
    """Return the outcome of a submission. A status without a text here uses its name in mart."""
    has_critical = any(finding.severity == "critical" for finding in findings)
    if has_critical and submission.status.startswith("accepted"):  # accepted by manual decision
        return _ACCEPTED_NEVERTHELESS
    if submission.status in OUTCOMES:
        return OUTCOMES[submission.status]
    meaning = submission.status_reason or "Bản này không được đưa vào tổng hợp. Không phải gửi lại."
    return Outcome(submission.status_name.upper(), meaning, False, "fair")


def addressee(submission: Submission) -> str:
    """The People's Committee of the district, in its usual short form."""
    name = submission.district_name
    return f"UBND {name[:1].lower()}{name[1:]}" if name else "Đơn vị gửi báo cáo"


def format_date(day: date) -> str:
    """Format a date as official letters do: a leading zero for days below 10, but only for months 1 and 2."""
    return f"{day.day:02}/{day.month:0{2 if day.month < 3 else 1}}/{day.year}"


def format_timestamp(timestamp: datetime) -> str:
    return f"{timestamp:%H} giờ {timestamp:%M} ngày {format_date(timestamp)}"


def format_last_day(due_at: datetime) -> str:
    """Format the last day that is on time: `due_at` is the midnight at its end."""
    return format_date(due_at - timedelta(microseconds=1))


def timeliness(submission: Submission) -> str:
    if submission.is_timely is None:
        return ""
    return "đúng hạn" if submission.is_timely else "quá hạn"


def deadline(submission: Submission) -> str:
    """Return the sentence about the deadline for sending the report again."""
    if submission.due_at is None:
        return "Chưa xác định được kỳ báo cáo nên chưa xác định được thời hạn; đề nghị gửi lại ngay sau khi sửa."
    return (
        f"Thời hạn gửi báo cáo của kỳ: hết ngày {format_last_day(submission.due_at)}. Nếu đã quá thời hạn này, đề nghị"
        " gửi lại ngay sau khi sửa. Việc đúng hạn được tính theo ngày nhận bản báo cáo được chấp nhận."
    )


def first_action(findings: Sequence[SubmissionFinding], must_resubmit: bool) -> str:
    """Return what the sender should do first."""
    severities = [finding.severity for finding in findings]
    critical_count = severities.count("critical")
    if critical_count:
        numbers = f"1–{critical_count}" if critical_count > 1 else "1"
        return (
            f"Sửa {critical_count} lỗi nghiêm trọng nêu ở mục 2 (đánh số {numbers})."
            " Một số nội dung chỉ kiểm tra được sau khi các lỗi này đã sửa xong, nên bản gửi lại có thể còn phát hiện"
            " mới."
        )
    if "warning" not in severities:
        return "Không có nội dung phải sửa."
    if must_resubmit:
        return "Đối chiếu các ô có cảnh báo nêu ở mục 2 với số liệu gốc; ô nào sai thì sửa."
    return "Không có lỗi bắt buộc sửa. Đề nghị đối chiếu các ô có cảnh báo nêu ở mục 2 với số liệu gốc."


def resubmission_steps(submission: Submission, returned: str, must_resubmit: bool) -> list[str]:
    """Return how to send the report again, step by step; `returned` is the name of the returned file, if any."""
    steps = []
    if returned:
        steps.append(
            f"Mở tệp “{returned}” gửi kèm phiếu này: mỗi ô cần xem đều có ghi chú. Sửa ngay trong tệp đó hoặc trong tệp"
            " gốc của đơn vị; các ghi chú không phải xóa, hệ thống bỏ qua khi đọc."
        )
    else:
        steps.append("Sửa trong tệp gốc của đơn vị, giữ nguyên biểu mẫu: không thêm, bớt hoặc đổi thứ tự các dòng.")
    steps.append(_CHANNELS.get(submission.channel, _CHANNELS["terminal"]))
    steps.append(
        "Gửi trọn vẹn báo cáo. Bản gửi lại thay thế toàn bộ bản trước, trừ khi tiêu đề ghi rõ là báo cáo bổ sung hoặc"
        " đính chính."
    )
    if must_resubmit:
        steps.append(deadline(submission))
    elif submission.due_at is not None:
        steps.append(f"Bản thay thế, nếu có, đề nghị gửi trước khi hết ngày {format_last_day(submission.due_at)}.")
    return steps
