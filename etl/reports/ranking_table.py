"""The ranking of a period as it is printed for people."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from etl.tables import Table


def ranking_table(ranking: Table) -> Table:
    """Scores with two decimals (ranks use unrounded ones), `=` before a shared rank, coverage in per cent."""
    rows = [
        (
            f"={row['rank']}" if row["is_tied"] else row["rank"],
            row["district_code"],
            row["district_name"],
            None if row["score"] is None else str(row["score"].quantize(Decimal("0.01"), ROUND_HALF_UP)),
            row["band"],
            None if row["score"] is None else f"{row['coverage']:.0%}",
            describe_figures(row["is_simulated"], row["score"] is not None),
        )
        for row in ranking.records()
    ]
    return Table(("rank", "code", "district", "score", "band", "coverage", "figures"), list(rows))


def unranked_reasons(ranking: Table) -> list[str]:
    """One line for each district without a rank."""
    return [
        f"{row['district_name']} ({row['district_code']}): {row['reason']}"
        for row in ranking.records()
        if row["rank"] is None
    ]


def describe_figures(is_simulated: bool | None, is_present: bool) -> str:
    """Whether figures are real; empty where there are none."""
    if not is_present:
        return ""
    return "simulated" if is_simulated else "real"
