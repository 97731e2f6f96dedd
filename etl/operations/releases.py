"""How sure a ranking is, and rankings that somebody signs: drawn, signed, made anew, compared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from etl import database
from etl.errors import UsageError
from etl.pipeline import prepare
from etl.settings import current_user, load_settings
from etl.tables import Table

_READER = "cchc_analyst"
_RANKS = """
SELECT r.rank, r.district_code, r.district_name, r.rank_q05, r.rank_q50, r.rank_q95, r.rank_probability, r.tied_count,
    r.tied_with, r.reason, r.is_simulated
FROM mart.ranking_robustness AS r WHERE r.period_code = %s AND r.method_code = %s
ORDER BY r.rank ASC NULLS LAST, r.sort_name ASC, r.district_code ASC
"""
_ASSUMPTIONS = """
SELECT a.influence_rank, a.assumption_code, a.mean_shift, a.greatest_shift, a.strongest_option, a.is_varied,
    a.not_varied_reason_en AS not_varied_reason, a.options, a.draws, a.seed
FROM mart.ranking_assumption AS a WHERE a.period_code = %s AND a.method_code = %s
ORDER BY a.influence_rank ASC NULLS LAST, a.sort_order ASC
"""
_RELEASES = """
SELECT r.release_id, r.period_code, r.method_code, r.signed_by, r.signed_at, r.reason, r.known_at, r.is_void,
    r.void_reason, r.followed_by, r.content_sha256, r.code_version
FROM mart.ranking_release AS r
WHERE (r.period_code = %(period_code)s OR %(period_code)s::text IS NULL)
    AND (r.release_id = %(release_id)s OR %(release_id)s::integer IS NULL)
ORDER BY r.release_id
"""
_RELEASE_ROWS = """
SELECT w.rank, w.district_code, w.district_name, w.score, w.band, w.is_tied, w.coverage, w.rank_q05, w.rank_q50,
    w.rank_q95, w.tied_with, w.reason, w.is_simulated
FROM mart.ranking_release_row AS w WHERE w.release_id = %s
ORDER BY w.rank ASC NULLS LAST, w.sort_name ASC, w.district_code ASC
"""


def robustness(
    period_code: str, method_code: str | None = None, draws: int | None = None, seed: int | None = None
) -> tuple[Table, Table]:
    """How sure the ranks of a period are: its districts with their intervals, and the assumptions, strongest first.

    With `draws` or `seed` it is drawn anew, and that is what everybody sees until the scores change. Raises UsageError
    for an unknown period or method, and where nothing is ranked.
    """
    from etl import ranking, warehouse
    from etl.ranking.robustness.monte_carlo import DRAWS, SEED
    from etl.ranking.robustness.refresh import resample

    with database.connect(load_settings()) as connection:
        ranking.refresh_rankings(connection)
        method_code = method_code or warehouse.default_method(connection, period_code)
        warehouse.ranking(connection, period_code, method_code)  # complains of what is unknown
        if draws is not None or seed is not None:
            resample(
                connection, period_code, method_code, DRAWS if draws is None else draws, SEED if seed is None else seed
            )
    with database.connect(load_settings(), role=_READER) as connection:
        return (
            _read(connection, _RANKS, (period_code, method_code)),
            _read(connection, _ASSUMPTIONS, (period_code, method_code)),
        )


def list_releases(period_code: str | None = None) -> Table:
    """Every signed ranking, or those of a period: who signed what, when, why, and whether it holds."""
    with database.connect(load_settings(), role=_READER) as connection:
        return _read(connection, _RELEASES, {"period_code": period_code, "release_id": None})


def show_release(release_id: int) -> tuple[dict[str, Any], Table]:
    """A signed ranking: its head as a mapping, its rows. Raises UsageError where there is none of this number."""
    with database.connect(load_settings(), role=_READER) as connection:
        heads = _read(connection, _RELEASES, {"period_code": None, "release_id": release_id})
        if not heads.rows:
            raise UsageError(f"there is no release {release_id}", "See `python -m etl release list`")
        return dict(zip(heads.columns, heads.rows[0], strict=True)), _read(connection, _RELEASE_ROWS, (release_id,))


def verify_release(release_id: int) -> Table:
    """Makes a release anew from the warehouse: part, signed, made_anew, is_same; the whole content last.

    Raises UsageError where there is none of this number.
    """
    from etl.ranking.releases.signing import verify_release as verify

    with database.connect(load_settings()) as connection:
        return Table(("part", "signed", "made_anew", "is_same"), list(verify(connection, release_id)))


def diff_releases(earlier: int, later: int) -> Table:
    """Each district's change between two releases of a period, its score and its rank, taken apart by cause.

    The change of a rank is the places gained. The causes sum to the change exactly. Raises UsageError for an unknown
    release and for releases of different periods.
    """
    from etl.ranking.releases.comparison import CAUSES, compare_releases

    with database.connect(load_settings()) as connection:
        changes = compare_releases(connection, earlier, later)
    columns = ("district_code", "district_name", "measure", "before", "after", "change", *CAUSES)
    rows: list[tuple[Any, ...]] = []
    for one in changes:
        for measure, before, after, change, shares in (
            ("score", one.before.score, one.after.score, one.score_change, one.score_shares),
            ("rank", one.before.rank, one.after.rank, one.places_gained, one.places_shares),
        ):
            head = (one.district_code, one.district_name, measure, before, after, change)
            rows.append((*head, *(shares.get(cause, 0) for cause in CAUSES)))
    return Table(columns, rows)


def _read(connection: database.Connection, query: str, parameters: Any) -> Table:
    return database.to_table(connection.exec_driver_sql(query, parameters))


def publish(period_code: str, released_at: datetime | None, reason: str = "", actor: str | None = None) -> None:
    """Lets every district see all rows of a period from a moment on (None: now)."""
    from etl import warehouse

    prepare()
    with database.connect(load_settings()) as connection:
        warehouse.publish(connection, period_code, released_at, reason, actor or current_user())
