"""The tasks of the DAGs, one public function each; arguments and results are ids, codes and other small JSON values.

Every task finds its work in the database by status, so the next run completes what a killed run left behind.
"""

from etl.pipeline.collect import discover, register
from etl.pipeline.load import load
from etl.pipeline.parse import parse
from etl.pipeline.prepare import prepare
from etl.pipeline.refresh import refresh
from etl.pipeline.release import create_release, propose_release
from etl.pipeline.summarise import summarise
from etl.pipeline.validate import validate

__all__ = [
    "create_release",
    "discover",
    "load",
    "parse",
    "prepare",
    "propose_release",
    "refresh",
    "register",
    "summarise",
    "validate",
]
