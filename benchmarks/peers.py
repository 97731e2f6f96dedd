"""Other loaders at the same rows, each as its documentation advises, in an environment of its own.

`python benchmarks/peers.py NAME FACTS.csv ADDRESS` is run there and prints the seconds that loading took; reading the
CSV into the peer's own kind of table, and importing the peer, are not counted.
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
    """The facts as CSV, for the peers."""
    from etl import database

    with database.connect_url(address) as connection, path.open("wb") as file:
        query = (
            "COPY (SELECT district_key, period_key, indicator_key, known_from, submission_id, value, value_status,"
            " note, raw_value, location FROM warehouse.fact_observation) TO STDOUT (FORMAT csv, HEADER)"
        )
        database.copy(connection, query, file)


def environment(requirements: Path = _REQUIREMENTS) -> Path:
    """The Python of an environment of peers, made where it is not there or asks for other versions."""

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
    """Seconds of a peer, into a database of its own."""
    from benchmarks.databases import fresh

    with fresh() as address:
        command = [environment(), __file__, name, facts, address]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise RuntimeError(f"{name} failed:\n{done.stderr}")
        return float(done.stdout.split()[-1])


def _with_host(address: str) -> str:
    """The address as dlt wants it: with a host, be it the folder of a socket, and with a password, be it unused."""
    from urllib.parse import parse_qs, quote, urlsplit

    parts = urlsplit(address)
    asked = parse_qs(parts.query)
    host = parts.hostname or quote(asked["host"][0], safe="")
    port = parts.port or asked.get("port", ["5432"])[0]
    return f"postgresql://{parts.username}:{parts.password or 'unused'}@{host}:{port}{parts.path}"


def _dlt_merge(facts: Path, address: str) -> float:
    """Arrow tables and CSV files, dlt's fastest way into PostgreSQL; merge by primary key."""
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
    """The callable that pandas' user guide shows for COPY."""
    import csv
    import io

    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    columns = ", ".join(f'"{key}"' for key in keys)
    with connection.connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table.name} ({columns}) FROM STDIN WITH CSV", buffer)


def main(name: str, facts: str, address: str) -> None:
    """Runs one peer and prints its seconds."""
    if name == "dlt merge":
        print(_dlt_merge(Path(facts), address))
    else:
        print(_to_sql(Path(facts), address, **({"method": _copy_method} if "COPY" in name else {})))


if __name__ == "__main__":
    main(*sys.argv[1:])
