"""What people do with scores: score a table of their own, explain, test and release a ranking."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from etl import database, settings
from etl.errors import UsageError
from etl.tables import Table

if TYPE_CHECKING:
    from etl.ranking.table import Detail


def score(method: Path, values: Path, detail: Detail = "") -> Table:
    """The units of a CSV ranked by a method file, with the engine of the warehouse; nothing is stored.

    Raises UsageError or CatalogueError, with the line, for what cannot be used.
    """
    from etl.catalogue.document import read_document
    from etl.ranking import of_table, parse_method
    from etl.ranking.table import read_values, score_table

    if not method.is_file():
        raise UsageError(f"{method} is not a file", "Check the path")
    rows = read_values(values)
    parsed = parse_method(read_document(method), of_table(row.indicator for row in rows))
    with database.connect(settings.load(), role=None) as connection:
        return score_table(connection, parsed, rows, detail)
