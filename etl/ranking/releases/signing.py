"""Signed rankings: kept once and never changed, read, and made anew to see whether they still come to the same hash.

Nothing is believed of what was stored: the facts known at its moment, its version of the method, the ranking and the
intervals are all made anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from etl import __version__
from etl.database import SQL_ROOT, Connection, copy_rows, query_file, query_table
from etl.errors import UsageError
from etl.ranking.releases.release import PARTS, Basis, Content, Unit, compute

_ROW = (
    *("release_id", "district_key", "district_code", "district_name", "district_name_en", "sort_name"),
    *("commune_count", "has_report", "is_simulated", "score", "rank", "band", "band_en", "is_tied", "coverage"),
    *("rank_q05", "rank_q50", "rank_q95", "tied_with"),
)


def engine_sha256() -> str:
    """A hash of the SQL that scores."""
    digest = hashlib.sha256()
    for path in sorted((SQL_ROOT / "functions" / "ranking").glob("*.sql")):
        digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def sign(connection: Connection, content: Content, signed_by: str, reason: str) -> int:
    """Keeps a ranking as signed; returns its number. Raises UsageError where nothing is ranked in it."""
    if content.sample is None:
        raise UsageError(f"nothing is ranked in {content.basis.period_code}", "See `python -m etl status` for why")
    one, hashes = content.basis, content.hashes
    ((release_id,),) = connection.exec_driver_sql(
        "INSERT INTO warehouse.ranking_release (period_code, method_code, method_sha256, known_at, units_sha256,"
        " data_sha256, ranking_sha256, intervals_sha256, content_sha256, draws, seed, code_version, engine_sha256,"
        " signed_by, reason) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING release_id",
        (
            *(one.period_code, one.method_code, hashes["method"], one.known_at, hashes["units"], hashes["data"]),
            *(hashes["ranking"], hashes["intervals"], content.content_sha256, one.draws, one.seed),
            *(__version__, engine_sha256(), signed_by, reason),
        ),
    ).fetchall()
    copy_rows(connection, "warehouse.ranking_release_row", _ROW, _rows(release_id, content))
    return int(release_id)


def signed_already(connection: Connection, content: Content, signed_by: str, reason: str) -> int | None:
    """The number of the release by which this person signed this very content with this reason; None where none."""
    row = connection.exec_driver_sql(
        "SELECT max(r.release_id) FROM warehouse.ranking_release AS r"
        " WHERE r.content_sha256 = %s AND r.signed_by = %s AND r.reason = %s",
        (content.content_sha256, signed_by, reason),
    ).fetchone()
    return row[0] if row else None


def _rows(release_id: int, content: Content) -> list[tuple[Any, ...]]:
    sample = content.sample
    places = {code: place for place, code in enumerate(sample.unit_codes)} if sample else {}
    result = []
    for unit in content.basis.units:
        row = content.rows.get(unit.district_key, {})
        place = places.get(unit.district_code)
        of_interval: tuple[Any, ...] = (None, None, None, [])
        if place is not None and sample is not None:
            of_interval = (*sample.quantiles[place].tolist(), sample.tied_with(place))
        result.append(
            (
                *(release_id, unit.district_key, unit.district_code, unit.district_name, unit.district_name_en),
                *(unit.sort_name, unit.commune_count, unit.has_report, unit.is_simulated),
                *(row.get(name) for name in ("score", "rank", "band", "band_en")),
                *(row.get("is_tied") or False, row.get("coverage") or 0, *of_interval),
            )
        )
    return result


@dataclass(frozen=True, slots=True)
class Signed:
    """A release as it was signed: its basis, and its hashes by part (and `content`, `engine`)."""

    release_id: int
    basis: Basis
    hashes: dict[str, str]
    code_version: str


def read_signed(connection: Connection, release_id: int) -> Signed:
    """A release of the warehouse. Raises UsageError where there is none of this number, or its method is gone."""
    found = query_table(connection, "queries/release_head.sql", {"release_id": release_id})
    if not found.rows:
        raise UsageError(f"there is no release {release_id}", "See `python -m etl release list`")
    head = dict(zip(found.columns, found.rows[0], strict=True))
    if head["definition"] is None:
        raise UsageError(
            f"the method of release {release_id} is not in the warehouse", "Restore warehouse.scoring_version"
        )
    units = tuple(Unit(*row) for row in query_file(connection, "queries/release_units_signed.sql", head))
    names = ("period_key", "period_code", "method_code", "definition", "known_at", "draws", "seed")
    basis = Basis(**{name: head[name] for name in names}, units=units)
    hashes = {part: head[f"{part}_sha256"] for part in (*PARTS, "content", "engine")}
    return Signed(release_id, basis, hashes, head["code_version"])


def verify(connection: Connection, release_id: int) -> list[tuple[str, str, str, bool]]:
    """Makes a release anew: (part, hash signed, hash now, the same) for each part, the whole content last.

    Raises UsageError where there is none of this number.
    """
    signed = read_signed(connection, release_id)
    made = compute(connection, signed.basis)
    now = made.hashes | {"content": made.content_sha256}
    return [(part, signed.hashes[part], now[part], signed.hashes[part] == now[part]) for part in (*PARTS, "content")]
