"""Task `refresh`: recompute what is derived from facts."""

from __future__ import annotations

from etl import database
from etl.settings import load_settings


def refresh() -> None:
    """Recompute statistics, scores, ranks and their robustness from the facts."""
    from etl import ranking, warehouse

    with database.connect_as_owner(load_settings()) as connection:
        warehouse.refresh(connection)
    with database.connect(load_settings()) as connection:
        ranking.refresh_rankings(connection)
    with database.connect_as_owner(load_settings()) as connection:
        ranking.refresh_statistics(connection)
