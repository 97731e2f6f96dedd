"""Task `summarise`: the outcome of a run as text, for the log and the terminal."""

from __future__ import annotations

from textwrap import fill

from etl import database
from etl.settings import load_settings
from etl.tables import WIDTH, Table, to_text

_NEXT_STEPS = """\
Where to look next
  SQL           {address}
                SELECT * FROM mart.district_ranking ORDER BY method_code, rank
                SELECT * FROM mart.finding
  ranking       {etl} ranking --period {period}
  why           {etl} explain --period {period} --district {district}
  who reported  {etl} status --period {period}
  one value     {etl} lineage --period {period} --district {district} \\
                  --indicator dossiers_received_district
"""


def summarise(period_code: str, new_files: int | None = None) -> str:
    """Describe what became of each submission, the ranking, and which figures are simulated.

    `new_files` is the number of files that this run saw for the first time.
    """
    from etl import warehouse
    from etl.reports.ranking_table import ranking_table, unranked_reasons

    settings = load_settings()
    with database.connect(settings) as connection:
        submissions = _submissions(connection, period_code)
        ranking = warehouse.ranking(connection, period_code)
    rows = submissions.records()
    parts = [f"\nSubmissions for {period_code}", to_text(submissions.drop("figures"))]
    if new_files is not None:
        parts.append(_describe_new_files(new_files))
    parts += [
        f"\nRanking of {period_code}",
        to_text(ranking_table(ranking)),
        *(fill(reason, WIDTH) for reason in unranked_reasons(ranking)),
    ]
    simulated = sum(row["figures"] == "simulated" for row in rows)
    if simulated:
        real = sum(row["figures"] == "real" for row in rows)
        parts.append(
            f"Files with real figures: {real}, simulated: {simulated}. A ranking of simulated figures ranks nobody."
        )
    district = next((row["district_code"] for row in ranking.records() if row["rank"]), "CODE")
    address = database.without_secret(database.url(settings))
    etl = ".venv/bin/python -m etl"
    return "\n".join([*parts, "", _NEXT_STEPS.format(address=address, etl=etl, period=period_code, district=district)])


def _describe_new_files(new_files: int) -> str:
    if new_files == 0:
        return "Nothing was new: every file on the drives was already in the warehouse, nothing was loaded twice."
    return f"New files in this run: {new_files}."


def _submissions(connection: database.Connection, period_code: str) -> Table:
    rows = connection.exec_driver_sql(
        "SELECT submission_id, file_name, status,"
        " CASE WHEN is_simulated THEN 'simulated' WHEN facts_sha256 IS NULL THEN '' ELSE 'real' END, status_reason"
        " FROM raw.submission WHERE period_code = %s OR period_code IS NULL ORDER BY submission_id",
        (period_code,),
    ).fetchall()
    return Table(("id", "file", "status", "figures", "reason"), list(rows))
