"""`python -m tools.local_airflow run` runs a DAG in this process; `serve` starts Airflow's scheduler and UI."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from etl.errors import CchcError
from tools.local_airflow import airflow_home
from tools.local_airflow.progress import Progress, listen, redirect_output

BUG = 3
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.command()
def run(
    dag_id: Annotated[Literal["quarterly_reports", "reference_data"], typer.Argument(metavar="DAG")] = (
        "quarterly_reports"
    ),
    period: Annotated[str | None, typer.Option(help="Such as 2021-Q1. Default: the last one that has closed.")] = None,
) -> None:
    """Run a DAG in this process, task by task."""
    log_file = airflow_home.set_up_single_run() / f"{dag_id}.log"
    print(f"Running the DAG {dag_id} (Airflow takes some seconds to start)", flush=True)
    raise typer.Exit(_run(dag_id, period, log_file))


def _run(dag_id: str, period: str | None, log_file: Path) -> int:
    with redirect_output(log_file) as terminal:
        from dags.defaults import TASK_DEFAULTS

        TASK_DEFAULTS["retries"] = 0  # somebody is waiting: report an error at once
        airflow_home.migrate_metadata()
        progress = Progress(terminal)
        listen(progress)
        dag = getattr(importlib.import_module(f"dags.{dag_id}"), dag_id)()
        state = dag.test(run_conf={"period": period} if period else None).state
    if state == "success":
        return 0
    for task_id, error in progress.errors:
        print(f"{dag_id}.{task_id}: {error}", file=sys.stderr)
    print(f"{dag_id} failed. See {log_file}", file=sys.stderr)
    exit_codes = [error.exit_code for _, error in progress.errors if isinstance(error, CchcError)]
    return min(exit_codes, default=BUG)


@app.command()
def serve() -> None:
    """Start Airflow's scheduler and UI, until Ctrl-C."""
    from tools.local_airflow.serving import serve

    logs = airflow_home.set_up_serving()
    with redirect_output(logs / "metadata.log"):
        airflow_home.migrate_metadata()
    raise typer.Exit(serve(logs))


def main(args: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    try:
        return app(args=args, standalone_mode=False) or 0
    except CchcError as error:
        print(f"cchc: {error}", file=sys.stderr)
        return error.exit_code
    except typer.TyperException as error:
        print(error.format_message(), file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
