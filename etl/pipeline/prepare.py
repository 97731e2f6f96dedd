"""Task `prepare`: migrate the schema and load reference data."""

from __future__ import annotations

from etl import database
from etl.catalogue import load_catalogue
from etl.settings import load_settings


def prepare() -> None:
    """Bring the schema, the views and the reference data up to date; a second call changes nothing."""
    from etl import ranking, warehouse

    catalogue = load_catalogue(load_settings().catalogue)
    warehouse.migrate(load_settings())
    with database.connect(load_settings()) as connection:
        warehouse.load_reference(connection, catalogue)
        ranking.load_methods(connection, catalogue)
        ranking.refresh_rankings(connection)
