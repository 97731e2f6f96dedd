"""The warehouse itself: its schema, dimensions, facts and their history, and the reads of its marts.

The only runner of sql/schema, sql/roles, sql/views, sql/load and sql/queries.
"""

from etl.warehouse.access import publish, set_account
from etl.warehouse.corrections import Correction, Said, correct, corrections_that_fit_no_more
from etl.warehouse.dumping import count_submissions, dump, restore, snapshot
from etl.warehouse.facts import LoadCounts, load_accepted, reconcile, refresh, waiting_batches
from etl.warehouse.judged import (
    grant_waiver,
    reports_of,
    stage_checks,
    stage_reading,
    staged_reading,
    waivers_in_force,
)
from etl.warehouse.migration import known_revisions, migrate
from etl.warehouse.queries import default_method, history, lineage, ranking, reporting_status, trend
from etl.warehouse.reference import load_reference
from etl.warehouse.staging import stage_findings, stage_observations, stage_reports

__all__ = [
    "Correction",
    "LoadCounts",
    "Said",
    "correct",
    "corrections_that_fit_no_more",
    "count_submissions",
    "default_method",
    "dump",
    "grant_waiver",
    "history",
    "known_revisions",
    "lineage",
    "load_accepted",
    "load_reference",
    "migrate",
    "publish",
    "ranking",
    "reconcile",
    "refresh",
    "reporting_status",
    "reports_of",
    "restore",
    "set_account",
    "snapshot",
    "stage_checks",
    "stage_findings",
    "stage_observations",
    "stage_reading",
    "stage_reports",
    "staged_reading",
    "trend",
    "waiting_batches",
    "waivers_in_force",
]
