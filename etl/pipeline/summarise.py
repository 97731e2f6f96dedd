"""What a run says at its end: what became of each submission, the ranking, what is simulated, where to look next."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from etl import database, warehouse
from etl.settings import load_settings
from etl.tables import Table, to_text

_REASON_WIDTH = 60


def _submissions(period_code: str) -> Table:
    with database.connect(load_settings()) as connection:
        rows = connection.exec_driver_sql(
            "SELECT s.submission_id, s.file_name, s.district_code, s.status,"
            " CASE WHEN s.is_simulated THEN 'simulated' WHEN s.facts_sha256 IS NULL THEN '' ELSE 'real' END,"
            " s.status_reason FROM raw.submission AS s"
            " WHERE s.period_code = %s OR s.period_code IS NULL ORDER BY s.submission_id",
            (period_code,),
        ).fetchall()
    return Table(("id", "file", "district", "status", "figures", "reason"), list(rows))


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def summarise(period_code: str, new_submissions: int | None = None) -> str:
    """The closing words of a run, for a person; `new_submissions` is how many files this run saw for the first time."""
    submissions = _submissions(period_code)
    real = sum(1 for row in submissions.rows if row[4] == "real")
    simulated = sum(1 for row in submissions.rows if row[4] == "simulated")
    with database.connect(load_settings(), role="cchc_analyst") as connection:
        ranked = warehouse.ranking(connection, period_code)
    parts = [f"\nSubmissions for {period_code}", to_text(submissions, _REASON_WIDTH)]
    if new_submissions == 0:
        parts.append(
            "Nothing was new: every file on the drives was already in the warehouse, nothing was loaded twice."
        )
    elif new_submissions is not None:
        parts.append(f"{_count(new_submissions, 'file was', 'files were')} new in this run.")
    parts += [f"\nRanking of {period_code}", to_text(ranking_for_reading(ranked), _REASON_WIDTH)]
    if simulated:
        parts.append(
            f"{_count(real, 'file holds', 'files hold')} real figures,"
            f" {_count(simulated, 'file is', 'files are')} simulated: a ranking over simulated figures ranks nobody."
        )
    address = database.url(load_settings())
    parts += [
        "\nWhere to look next",
        f"  SQL           {database.without_secret(address)}",
        "                SELECT * FROM mart.district_ranking ORDER BY method_code, rank",
        f"  ranking       .venv/bin/python -m etl ranking --period {period_code}",
        f"  why           .venv/bin/python -m etl explain --period {period_code} --district 946",
        f"  who reported  .venv/bin/python -m etl status --period {period_code}",
        f"  one value     .venv/bin/python -m etl lineage --district 946 --period {period_code}"
        " --indicator dossiers_received_district",
        "  findings      SELECT * FROM mart.finding",
    ]
    return "\n".join(parts) + "\n"


def _two_decimals(score: Decimal | None) -> str:
    return "" if score is None else str(score.quantize(Decimal("0.01"), ROUND_HALF_UP))


def ranking_for_reading(table: Table) -> Table:
    """A ranking as published: scores with two decimals, coverage in per cent. The ranks are of unrounded scores."""
    rows = []
    for row in table.rows:
        one = dict(zip(table.columns, row, strict=True))
        rows.append(
            (
                one["rank"],
                one["district_code"],
                one["district_name"],
                _two_decimals(one["score"]),
                one["band"],
                "tied" if one["is_tied"] else "",
                "" if one["score"] is None else f"{one['coverage']:.0%}",
                figures(one["is_simulated"], one["score"] is not None),
                one["reason"],
            )
        )
    return Table(("rank", "code", "district", "score", "band", "tie", "coverage", "figures", "reason"), rows)


def figures(is_simulated: bool, is_there: object) -> str:
    return "simulated" if is_simulated else "real" if is_there else ""
