"""A ranking with all that it stands on, and the hash of both: what somebody signs (docs/adr/0013-releases.md)."""

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
class Unit:
    """A unit that is to be ranked: what the catalogue says of it, and whether a report of it was known."""

    district_key: int
    district_code: str
    district_name: str
    district_name_en: str
    sort_name: str
    commune_count: int
    has_report: bool
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """What a ranking stands on; `definition` is that version of the method, as JSON."""

    period_key: int
    period_code: str
    method_code: str
    definition: str
    known_at: datetime
    units: tuple[Unit, ...]
    draws: int = DRAWS
    seed: int = SEED


@dataclass(frozen=True, slots=True)
class Content:
    """A ranking computed from its basis: a row a unit by its key (None without a score), intervals, hashes by part."""

    basis: Basis
    rows: dict[int, dict[str, Any]]
    sample: RankSample | None
    hashes: dict[str, str]

    @property
    def content_sha256(self) -> str:
        """What a signature is bound to. The moment is not part of it: the same content later is the same content."""
        one = self.basis
        said = [one.period_code, one.method_code, one.draws, one.seed, *(self.hashes[part] for part in PARTS)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def basis_now(connection: Connection, period_code: str, method_code: str, known_at: datetime | None) -> Basis:
    """What is known now (or was at a moment), of the units as the catalogue has them now.

    Loads of the period wait until the caller's transaction ends, and say afterwards that they came later. Raises
    UsageError for an unknown period, a moment to come, or a method that was not in force.
    """
    row = connection.exec_driver_sql(
        "SELECT period_key, period_end FROM warehouse.dim_period WHERE period_code = %s", (period_code,)
    ).fetchone()
    if row is None:
        raise UsageError(f"unknown period {period_code!r}", "mart.period lists those that are known")
    period_key, period_end = row
    lock(connection, "scores")
    lock(connection, f"facts.{period_code}")
    ((now,),) = connection.exec_driver_sql("SELECT clock_timestamp()").fetchall()
    if known_at is not None and known_at > now:
        raise UsageError(f"{known_at.isoformat()} is still to come", "Give a moment of the past, or none")
    moment = known_at or now
    found = connection.exec_driver_sql(
        "SELECT definition::text FROM warehouse.method_in_force(%s, %s) WHERE method_code = %s",
        (period_end, moment, method_code),
    ).fetchone()
    if found is None:
        raise UsageError(f"the method {method_code!r} was not in force for {period_code}", "See mart.method")
    return Basis(
        period_key, period_code, method_code, found[0], moment, _units(connection, period_key, found[0], moment)
    )


def _units(connection: Connection, period_key: int, definition: str, known_at: datetime) -> tuple[Unit, ...]:
    of_when = {"period_key": period_key, "definition": definition, "known_at": known_at}
    return tuple(Unit(*row) for row in query_file(connection, "queries/release_units_now.sql", of_when))


def compute(connection: Connection, basis: Basis) -> Content:
    """The ranking that follows from a basis, with its hashes."""
    mixed_units = [
        MixedUnit(1, unit.district_key, unit.district_code, unit.commune_count, unit.has_report, basis.known_at)
        for unit in basis.units
    ]
    rows = mixed_rankings(connection, basis.definition, basis.period_key, mixed_units)
    inputs = [
        tuple(row[name] for name in ("district_code", "is_ranked", "has_report"))
        + tuple(row[name] for name in ("points", "outcomes", "numerators", "denominators"))
        for row in rows
    ]
    sample = sample_ranking(connection, basis.definition, inputs, basis.draws, basis.seed) if inputs else None
    ((data, units, ranking),) = connection.exec_driver_sql(
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
    hashes = {"method": _method_sha256(basis.definition), "units": units, "data": data, "ranking": ranking}
    return Content(basis, {row["unit"]: row for row in rows}, sample, hashes | {"intervals": _intervals_sha256(sample)})


def _method_sha256(definition: str) -> str:
    """The hash that etl.ranking.methods.model gives a method, from what the warehouse holds of it."""
    text = json.dumps(json.loads(definition), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _intervals_sha256(sample: RankSample | None) -> str:
    lines = [
        json.dumps([code, sample.quantiles[unit].tolist(), *sample.ranks_of(unit), sample.tied_with(unit)])
        for unit, code in enumerate(sample.unit_codes if sample else ())
        if sample is not None
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
