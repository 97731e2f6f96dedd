"""The warehouse: its schema, dimensions, bitemporal facts, and the queries of its marts.

The only code that runs sql/schema, sql/roles and sql/views, and that writes facts.
"""

from etl.warehouse.access import publish, set_account
from etl.warehouse.corrections import CellValue, Correction, correct, stale_corrections
from etl.warehouse.dumping import count_submissions, dump, restore, snapshot
from etl.warehouse.facts import LoadCounts, load_accepted, reconcile, refresh, waiting_batches
from etl.warehouse.migration import known_revisions, migrate
from etl.warehouse.queries import default_method, history, lineage, ranking, reporting_status, reports_of, trend
from etl.warehouse.reference import load_reference
from etl.warehouse.staging import (
    stage_checks,
    stage_findings,
    stage_observations,
    stage_reading,
    stage_reports,
    staged_reading,
)
from etl.warehouse.waivers import grant_waiver, waivers_in_force

__all__ = [
    "CellValue",
    "Correction",
    "LoadCounts",
    "correct",
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
    "stale_corrections",
    "trend",
    "waiting_batches",
    "waivers_in_force",
]
