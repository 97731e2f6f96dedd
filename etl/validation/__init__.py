"""Judging: one Great Expectations run over all submissions of a period and form, every offence a finding.

The rules are expectations/rules.csv, the decision is expectations/policy.yml; nothing here knows a database.
Importing this room is cheap: Great Expectations and pandas are loaded where a run begins.
"""

from etl.validation.history import periods_needed
from etl.validation.judging import judge
from etl.validation.model import Candidate, CheckCount, Judgement, Report, Waiver
from etl.validation.policy import is_waivable
from etl.validation.suite import build_suite

__all__ = [
    "Candidate",
    "CheckCount",
    "Judgement",
    "Report",
    "Waiver",
    "build_suite",
    "is_waivable",
    "judge",
    "periods_needed",
]
