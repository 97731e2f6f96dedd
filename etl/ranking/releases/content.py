"""The content of a release: a ranking with everything it is computed from, and the hash of both (docs/adr/0013)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.database import Connection, lock, query_file
from etl.errors import UsageError
from etl.ranking.robustness.monte_carlo import DRAWS, SEED, RankSample
from etl.ranking.robustness.refresh import sample_ranking
from etl.ranking.scoring.mixture import MixedUnit, mixed_rankings

PARTS = ("method", "units", "data", "ranking", "intervals")


@dataclass(frozen=True, slots=True)
class ReleaseUnit:
    """A unit to rank, as the catalogue describes it, and whether a report of it was known."""

    district_key: int
    district_code: str
    district_name: str
    district_name_en: str
    sort_name: str
    commune_count: int
    has_report: bool
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class ReleaseBasis:
    """What a ranking is computed from: the facts known at a timestamp, the units, a version of the method (JSON)."""

    period_key: int
    period_code: str
    method_code: str
    definition: str
    known_at: datetime
    units: tuple[ReleaseUnit, ...]
    draws: int = DRAWS
    seed: int = SEED


@dataclass(frozen=True, slots=True)
class ReleaseContent:
    """A ranking computed from its basis: rows by district key, rank intervals, a hash of each part.

    A district without a score has no row; `sample` is None if nothing is ranked.
    """

    basis: ReleaseBasis
    rows: dict[int, dict[str, Any]]
    sample: RankSample | None
    hashes: dict[str, str]

    @property
    def content_sha256(self) -> str:
        """The hash that is signed. The timestamp is not part of it: equal content has an equal hash at any time."""
        basis = self.basis
        head = [basis.period_code, basis.method_code, basis.draws, basis.seed]
        return hashlib.sha256(json.dumps([*head, *(self.hashes[part] for part in PARTS)]).encode()).hexdigest()


def read_basis(
    connection: Connection, period_code: str, method_code: str, known_at: datetime | None = None
) -> ReleaseBasis:
    """Return the facts known now, or at a timestamp, of the units in the current catalogue.

    Locks the period: loads wait until the caller's transaction ends, and are recorded as later. Raises UsageError for
    an unknown period, a timestamp in the future, or a method that was not in force.
    """
    row = connection.exec_driver_sql(
        "SELECT period_key, period_end FROM warehouse.dim_period WHERE period_code = %s", (period_code,)
    ).fetchone()
    if row is None:
        raise UsageError(f"unknown period {period_code!r}", "See mart.period for the known periods")
    period_key, period_end = row
    lock(connection, "scores")
    lock(connection, f"facts.{period_code}")
    ((now,),) = connection.exec_driver_sql("SELECT clock_timestamp()").fetchall()
    if known_at is not None and known_at > now:
        raise UsageError(f"{known_at.isoformat()} is in the future", "Give a timestamp of the past, or none")
    known_at = known_at or now
    method = connection.exec_driver_sql(
        "SELECT definition::text FROM warehouse.method_in_force(%s, %s) WHERE method_code = %s",
        (period_end, known_at, method_code),
    ).fetchone()
    if method is None:
        raise UsageError(f"the method {method_code!r} was not in force for {period_code}", "See mart.method")
    (definition,) = method
    parameters = {"period_key": period_key, "definition": definition, "known_at": known_at}
    units = tuple(ReleaseUnit(*unit) for unit in query_file(connection, "queries/release_units_now.sql", parameters))
    return ReleaseBasis(period_key, period_code, method_code, definition, known_at, units)


def compute_content(connection: Connection, basis: ReleaseBasis) -> ReleaseContent:
    """Compute the ranking that follows from a basis, with its hashes."""
    units = [
        MixedUnit(1, unit.district_key, unit.district_code, unit.commune_count, unit.has_report, basis.known_at)
        for unit in basis.units
    ]
    rows = mixed_rankings(connection, basis.definition, basis.period_key, units)
    columns = ("district_code", "is_ranked", "has_report", "points", "outcomes", "numerators", "denominators")
    inputs = [tuple(row[column] for column in columns) for row in rows]
    sample = sample_ranking(connection, basis.definition, inputs, basis.draws, basis.seed)
    ((data, unit_hash, ranking),) = connection.exec_driver_sql(
        "SELECT warehouse.data_sha256(%s, %s::jsonb, %s), warehouse.content_sha256(ARRAY(SELECT warehouse.unit_line("
        "u.code, u.name, u.communes) FROM unnest(%s::text[], %s::text[], %s::integer[]) AS u (code, name, communes))),"
        " warehouse.content_sha256(%s::text[])",
        (
            *(basis.period_key, basis.definition, basis.known_at),
            [unit.district_code for unit in basis.units],
            [unit.district_name for unit in basis.units],
            [unit.commune_count for unit in basis.units],
            [row["line"] for row in rows],
        ),
    ).fetchall()
    method = json.dumps(json.loads(basis.definition), ensure_ascii=False, sort_keys=True)  # as Method.definition does
    hashes = {"method": _hash_text(method), "units": unit_hash, "data": data, "ranking": ranking}
    hashes["intervals"] = _hash_text("\n".join(_interval_lines(sample)) if sample else "")
    return ReleaseContent(basis, {row["unit"]: row for row in rows}, sample, hashes)


def _interval_lines(sample: RankSample) -> list[str]:
    return [
        json.dumps([code, sample.quantiles[unit].tolist(), *sample.ranks_of(unit), sample.tied_with(unit)])
        for unit, code in enumerate(sample.unit_codes)
    ]


def _hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
