"""Signs rankings and verifies them: a release is stored once, never changed, and recomputed from the warehouse.

Verification trusts nothing stored with the release except its timestamp, units, draws and seed: the ranking is computed
again from the facts known then and from its version of the method.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from etl import __version__
from etl.database import Connection, copy_rows, query_file, query_table
from etl.errors import UsageError
from etl.ranking.releases.content import PARTS, ReleaseBasis, ReleaseContent, ReleaseUnit, compute_content
from etl.ranking.releases.engine import engine_sha256

_UNIT_COLUMNS = (
    *("district_key", "district_code", "district_name", "district_name_en", "sort_name"),
    *("commune_count", "has_report", "is_simulated"),
)
_RANK_COLUMNS = (
    "score",
    "rank",
    "band",
    "band_en",
    "is_tied",
    "coverage",
    "rank_q05",
    "rank_q50",
    "rank_q95",
    "tied_with",
)


@dataclass(frozen=True, slots=True)
class Release:
    """A release as it was signed: its basis, and its hashes by part, of its content and of its engine."""

    release_id: int
    basis: ReleaseBasis
    hashes: dict[str, str]
    code_version: str


def sign(connection: Connection, content: ReleaseContent, signed_by: str, reason: str) -> int:
    """Store a ranking as signed and return its release id. Raises UsageError if nothing is ranked in it."""
    if content.sample is None:
        raise UsageError(f"nothing is ranked in {content.basis.period_code}", "See `python -m etl status` for why")
    basis = content.basis
    release = {
        "period_code": basis.period_code,
        "method_code": basis.method_code,
        "known_at": basis.known_at,
        "draws": basis.draws,
        "seed": basis.seed,
        **{f"{part}_sha256": content.hashes[part] for part in PARTS},
        "content_sha256": content.content_sha256,
        "engine_sha256": engine_sha256(),
        "code_version": __version__,
        "signed_by": signed_by,
        "reason": reason,
    }
    ((release_id,),) = query_file(connection, "load/ranking_release.sql", release).fetchall()
    columns = ("release_id", *_UNIT_COLUMNS, *_RANK_COLUMNS)
    copy_rows(connection, "warehouse.ranking_release_row", columns, _list_rows(release_id, content))
    return int(release_id)


def find_signature(connection: Connection, content: ReleaseContent, signed_by: str, reason: str) -> int | None:
    """Return the id of the release by which this person signed the same content for the same reason, or None."""
    row = connection.exec_driver_sql(
        "SELECT max(r.release_id) FROM warehouse.ranking_release AS r"
        " WHERE r.content_sha256 = %s AND r.signed_by = %s AND r.reason = %s",
        (content.content_sha256, signed_by, reason),
    ).fetchone()
    return row[0] if row else None


def _list_rows(release_id: int, content: ReleaseContent) -> Iterator[tuple[Any, ...]]:
    sample = content.sample
    sampled = {code: number for number, code in enumerate(sample.unit_codes)} if sample else {}
    for unit in content.basis.units:
        row: dict[str, Any] = {"is_tied": False, "coverage": 0, "tied_with": []}
        row |= {name: value for name, value in content.rows.get(unit.district_key, {}).items() if value is not None}
        if sample and (number := sampled.get(unit.district_code)) is not None:
            quantiles = dict(zip(("rank_q05", "rank_q50", "rank_q95"), sample.quantiles[number].tolist(), strict=True))
            row |= {**quantiles, "tied_with": sample.tied_with(number)}
        values = (getattr(unit, column) for column in _UNIT_COLUMNS)
        yield (release_id, *values, *(row.get(column) for column in _RANK_COLUMNS))


def read_release(connection: Connection, release_id: int) -> Release:
    """Return a signed release. Raises UsageError if it does not exist or its method is gone."""
    heads = query_table(connection, "queries/release_head.sql", {"release_id": release_id})
    if not heads.rows:
        raise UsageError(f"there is no release {release_id}", "See `python -m etl release list`")
    head = dict(zip(heads.columns, heads.rows[0], strict=True))
    if head["definition"] is None:
        hint = "Restore warehouse.scoring_version"
        raise UsageError(f"the method of release {release_id} is not in the warehouse", hint)
    units = tuple(ReleaseUnit(*row) for row in query_file(connection, "queries/release_units_signed.sql", head))
    names = ("period_key", "period_code", "method_code", "definition", "known_at", "draws", "seed")
    basis = ReleaseBasis(**{name: head[name] for name in names}, units=units)
    hashes = {part: head[f"{part}_sha256"] for part in (*PARTS, "content", "engine")}
    return Release(release_id, basis, hashes, head["code_version"])


def verify_release(connection: Connection, release_id: int) -> list[tuple[str, str, str, bool]]:
    """Recompute a release: (part, signed hash, recomputed hash, whether equal) for each part, the content last.

    Raises UsageError if the release does not exist.
    """
    release = read_release(connection, release_id)
    content = compute_content(connection, release.basis)
    recomputed = content.hashes | {"content": content.content_sha256}
    return [
        (part, release.hashes[part], recomputed[part], release.hashes[part] == recomputed[part])
        for part in (*PARTS, "content")
    ]
