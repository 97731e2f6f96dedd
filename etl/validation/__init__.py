"""Validation: the rules of expectations/rules.csv, run as Great Expectations suites over all reports of a period.

expectations/policy.yml decides what follows from the findings. Nothing here uses the database. Importing this package
is cheap: Great Expectations and pandas are imported when a validation runs.
"""

from etl.validation.history import periods_needed
from etl.validation.model import Candidate, CheckCount, Report, ValidationResult, Waiver
from etl.validation.policy import is_waivable
from etl.validation.validate import validate

__all__ = [
    "Candidate",
    "CheckCount",
    "Report",
    "ValidationResult",
    "Waiver",
    "is_waivable",
    "periods_needed",
    "validate",
]
