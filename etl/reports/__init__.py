"""What people outside get to see: the reply to a district, the page of a period, the page for the
authors of a method. Reads mart alone.

Original files are handed in as bytes; nothing of them is read but the places where a remark goes.
"""

from etl.reports.diagnosis import diagnosis
from etl.reports.mart import ROLE, FoundFault, Submission, findings_of_submission, submission
from etl.reports.page import page
from etl.reports.reply import ReplyFile, reply

__all__ = [
    "ROLE",
    "FoundFault",
    "ReplyFile",
    "Submission",
    "diagnosis",
    "findings_of_submission",
    "page",
    "reply",
    "submission",
]
