"""Reports for tests, with defaults for everything a test does not specify."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from etl import periods
from etl.catalogue import load_catalogue
from etl.settings import PROJECT_ROOT
from etl.simulation import Appendix, ReportHead, read_figures, simulate_report

CATALOGUE = load_catalogue()
FIGURES = PROJECT_ROOT / "examples" / "figures" / "946_2021-Q1.csv"


def real_report() -> Appendix:
    head = ReportHead(
        CATALOGUE.district("946"), periods.parse("2021-Q1"), "56/BC-UBND", date(2021, 3, 18), is_simulated=False
    )
    return read_figures(FIGURES, CATALOGUE, head)


def simulated_report(seed: int = 1, district: str = "941", period: str = "2021-Q1") -> Appendix:
    return simulate_report(periods.parse(period), CATALOGUE.district(district), seed, CATALOGUE)


def numbers(appendix: Appendix) -> dict[str, Decimal]:
    """The numbers of a report by indicator; blank and text cells are left out."""
    return {row.indicator_code: row.value for row in appendix.rows if isinstance(row.value, Decimal)}
