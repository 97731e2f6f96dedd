"""External scores, which no report contains (surveys, appraisals): entered from a table and kept like facts.

Every version is kept with its author and reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from etl.catalogue.document import Problem, locate_problems
from etl.catalogue.rows import read_keyed_rows
from etl.database import Connection, lock, query_file, query_table
from etl.errors import UsageError
from etl.tables import Table

_APPRAISAL = "criterion."


@dataclass(frozen=True, slots=True)
class ExternalScore:
    """A value for a district, or with the input `criterion.CODE` an appraisal of a criterion: 0 to 100 points."""

    district_code: str
    input_code: str
    value: Decimal | None
    stage: str = ""
    is_simulated: bool = False


class ScoreFile:
    """The scores of a CSV district_code,input_code,value[,stage][,is_simulated] with their lines."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises UsageError if it does not exist, CatalogueError with the line of every problem."""
        if not path.is_file():
            raise UsageError(f"{path} is not a file", "Check the path")
        self.name = path.name
        self.rows = read_keyed_rows(
            path, ExternalScore, lambda score: " ".join((score.district_code, score.input_code, score.stage)).strip()
        ).values()
        if not self.rows:
            raise UsageError(f"{path.name} has no values", "Give at least one row")


def enter(connection: Connection, period_code: str, file: ScoreFile, reason: str, actor: str) -> Table:
    """Enter all scores of a file or none: what is new or changed is stored, and the version it replaces is closed.

    Returns a row each: district_code, input_code, stage, value, before (None if it is new) and outcome. Raises
    CatalogueError with the line of every score that cannot be used in the period.
    """
    problems = [((file.name, line), problem) for line, problem in _find_problems(connection, period_code, file)]
    if problems:
        raise locate_problems(problems)
    rows, known_at = [], _lock_scores(connection)
    for _, score in file.rows:
        parameters = _parameters(period_code, score, reason, actor, known_at)
        closed = query_file(connection, "load/external_close.sql", parameters).fetchone()
        entered = query_file(connection, "load/external_enter.sql", parameters).fetchone()
        outcome = "unchanged" if entered is None else "new" if closed is None else "changed"
        before = closed[0] if closed else score.value if entered is None else None
        rows.append((score.district_code, score.input_code, score.stage, score.value, before, outcome))
    return Table(("district_code", "input_code", "stage", "value", "before", "outcome"), rows)


def withdraw(connection: Connection, period_code: str, score: ExternalScore, reason: str, actor: str) -> None:
    """Close the current version of an external score. Raises UsageError if there is none."""
    parameters = _parameters(period_code, score, reason, actor, _lock_scores(connection))
    if query_file(connection, "load/external_close.sql", parameters).fetchone() is None:
        raise UsageError(
            f"{score.district_code} has no {score.input_code} in {period_code}",
            "See `python -m etl external list`; name the stage too",
        )


def list_scores(connection: Connection, period_code: str, known_at: datetime | None = None) -> Table:
    """Return the external scores of a period, as known now or at a timestamp. Reads mart alone."""
    return query_table(connection, "queries/external_scores.sql", {"period_code": period_code, "known_at": known_at})


def _lock_scores(connection: Connection) -> datetime:
    """Take the lock that signing takes too and return the time: a change cannot be older than a signature before it."""
    lock(connection, "scores")
    now: datetime
    ((now,),) = connection.exec_driver_sql("SELECT clock_timestamp()").fetchall()
    return now


def _parameters(period_code: str, score: ExternalScore, reason: str, actor: str, known_at: datetime) -> dict[str, Any]:
    change = {"period_code": period_code, "reason": reason, "actor": actor, "known_at": known_at}
    return {**asdict(score), "stage_code": score.stage, **change}


def _find_problems(connection: Connection, period_code: str, file: ScoreFile) -> Iterator[tuple[int, Problem]]:
    period = {"period_code": period_code}
    expected = connection.exec_driver_sql(
        "SELECT district_code FROM warehouse.expected_report WHERE period_code = %(period_code)s", period
    )
    districts = {code for (code,) in expected}
    methods: dict[str, set[int]] = defaultdict(set)  # keys of the methods that read an input
    for input_code, method_key in query_file(connection, "queries/external_known.sql", period):
        methods[input_code].add(method_key)
    stages = {tuple(row) for row in query_file(connection, "queries/external_stages.sql", period)}
    inputs = ", ".join(sorted(code for code in methods if not code.startswith(_APPRAISAL))) or "none"
    for line, score in file.rows:
        is_appraisal = score.input_code.startswith(_APPRAISAL)
        if score.district_code not in districts:
            yield line, Problem((), f"the unit {score.district_code!r} does not report for {period_code}")
        if score.input_code not in methods:
            hint = f"External scores of {period_code}: {inputs}; an appraisal is criterion.CODE"
            yield line, Problem((), f"no method in force reads {score.input_code!r}", hint)
        elif score.stage and not any((score.stage, key) in stages for key in methods[score.input_code]):
            yield line, Problem((), f"no method that reads {score.input_code!r} has the stage {score.stage!r}")
        if is_appraisal and not 0 <= (score.value or 0) <= 100:
            yield line, Problem((), f"an appraisal is from 0 to 100 points, not {score.value}")
