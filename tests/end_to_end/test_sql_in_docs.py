"""Every SQL block in the docs runs on the warehouse of the examples."""

import re
from pathlib import Path

import pytest

from etl import database, pipeline
from etl.settings import PROJECT_ROOT, Settings
from tests.end_to_end.conftest import run

_SQL = re.compile(r"```sql\n(.*?)```", re.DOTALL)
DOCUMENTS = ("docs/analysts.md",)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_query_in_a_document_runs_and_finds_rows(document: str, drive: Path, settings: Settings) -> None:
    run()
    pipeline.create_release("2021-Q1", "trình ký", "lan")
    queries = _SQL.findall((PROJECT_ROOT / document).read_text(encoding="utf-8"))
    assert queries
    with database.connect_url(settings.database_url) as connection:
        for query in queries:
            assert connection.exec_driver_sql(query).fetchall(), query
