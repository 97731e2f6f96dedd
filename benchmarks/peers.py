"""Other loaders on the same rows, used as their documentation recommends, in their own virtual environment.

`python benchmarks/peers.py NAME FACTS.csv ADDRESS` runs there and prints the seconds of loading, without importing the
library and reading the CSV.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

from etl.settings import load_settings

NAMES = ("dlt merge", "pandas.to_sql", "pandas.to_sql with COPY")
_KEY = ["period_key", "district_key", "indicator_key", "known_from"]
_REQUIREMENTS = Path(__file__).with_name("requirements-peers.txt")


def export(address: str, path: Path) -> None:
    """Export the facts as CSV."""
    from etl import database

    with database.connect_url(address) as connection, path.open("wb") as file:
        query = (
            "COPY (SELECT district_key, period_key, indicator_key, known_from, submission_id, value, value_status,"
            " note, raw_value, location FROM warehouse.fact_observation) TO STDOUT (FORMAT csv, HEADER)"
        )
        database.copy(connection, query, file)


def environment(requirements: Path = _REQUIREMENTS) -> Path:
    """The Python of a virtual environment, created if it is missing or its requirements changed."""

    folder = load_settings().var / requirements.stem.replace("requirements", "bench")
    python, stamp = folder / "bin" / "python", folder / "installed.txt"
    if not stamp.exists() or stamp.read_bytes() != requirements.read_bytes():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(  # noqa: S603
            [python, "-m", "pip", "install", "--quiet", "--quiet", "-r", requirements], check=True
        )
        stamp.write_bytes(requirements.read_bytes())
    return python


def run(name: str, facts: Path) -> float:
    """Seconds that a loader takes, in a new database."""
    from benchmarks.databases import fresh

    with fresh() as address:
        command = [environment(), __file__, name, facts, address]
        process = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if process.returncode:
            raise RuntimeError(f"{name} failed:\n{process.stderr}")
        return float(process.stdout.split()[-1])


def _with_host(address: str) -> str:
    """The address with the host (or socket folder) and the password that dlt requires."""
    from urllib.parse import parse_qs, quote, urlsplit

    parts = urlsplit(address)
    query = parse_qs(parts.query)
    host = parts.hostname or quote(query["host"][0], safe="")
    port = parts.port or query.get("port", ["5432"])[0]
    return f"postgresql://{parts.username}:{parts.password or 'unused'}@{host}:{port}{parts.path}"


def _dlt_merge(facts: Path, address: str) -> float:
    """dlt with Arrow tables and CSV files, its fastest way into PostgreSQL; merge by primary key."""
    import os

    os.environ["RUNTIME__LOG_LEVEL"], os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "ERROR", "false"
    import dlt
    from pyarrow import csv

    table = csv.read_csv(facts)
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            "peers",
            pipelines_dir=folder,
            destination=dlt.destinations.postgres(_with_host(address)),
            dataset_name="peers",
        )
        started = time.perf_counter()
        pipeline.run(table, table_name="facts", write_disposition="merge", primary_key=_KEY, loader_file_format="csv")
        return time.perf_counter() - started


def _to_sql(facts: Path, address: str, **options: Any) -> float:
    import pandas
    from sqlalchemy import create_engine

    frame = pandas.read_csv(facts, keep_default_na=False, na_values={"value": [""]})
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg2://"))
    started = time.perf_counter()
    frame.to_sql("facts", engine, index=False, chunksize=10_000, **options)
    return time.perf_counter() - started


def _copy_method(table: Any, connection: Any, keys: list[str], rows: Any) -> None:
    """The insertion method for COPY from the pandas user guide."""
    import csv
    import io

    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    columns = ", ".join(f'"{key}"' for key in keys)
    with connection.connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table.name} ({columns}) FROM STDIN WITH CSV", buffer)


def main(name: str, facts: str, address: str) -> None:
    """Run one loader and print its seconds."""
    if name == "dlt merge":
        print(_dlt_merge(Path(facts), address))
    else:
        print(_to_sql(Path(facts), address, **({"method": _copy_method} if "COPY" in name else {})))


if __name__ == "__main__":
    main(*sys.argv[1:])
