"""Documents for people: the reply to a district, the page of a period and the diagnosis of a method. Reads mart only.

Original files are passed in as bytes; only the cells that get a comment are read.
"""

from etl.reports.diagnosis import diagnosis
from etl.reports.mart import ROLE, Submission, SubmissionFinding, findings_of_submission, submission
from etl.reports.page import page
from etl.reports.reply import ReplyFile, reply

__all__ = [
    "ROLE",
    "ReplyFile",
    "Submission",
    "SubmissionFinding",
    "diagnosis",
    "findings_of_submission",
    "page",
    "reply",
    "submission",
]
