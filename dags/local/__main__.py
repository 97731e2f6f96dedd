"""`python -m dags.local run` runs a DAG here and now, in this process; `serve` starts a scheduler and the pages."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from dags.local import airflow_home
from dags.local.progress import Progress, listen, quiet
from etl.errors import CchcError

DAGS = ("quarterly_reports", "reference_data")
FAULT_OF_OURS = 3


def run(dag_id: str, period: str | None, log_file: Path) -> int:
    """Runs the DAG that a scheduler would run, task by task; returns the exit code."""
    with quiet(log_file) as terminal:
        from dags.defaults import TASK_DEFAULTS

        TASK_DEFAULTS["retries"] = 0  # somebody is looking: say at once what is wrong
        airflow_home.ensure_records()
        progress = Progress(terminal)
        listen(progress)
        dag = getattr(importlib.import_module(f"dags.{dag_id}"), dag_id)()
        state = dag.test(run_conf={"period": period} if period else None).state
    if state == "success":
        return 0
    for task_id, error in progress.errors:
        print(f"{dag_id}.{task_id}: {error}", file=sys.stderr)
    print(f"{dag_id} failed. The whole story is in {log_file}", file=sys.stderr)
    codes = [error.exit_code for _, error in progress.errors if isinstance(error, CchcError)]
    return min(codes, default=FAULT_OF_OURS)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m dags.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one_run = commands.add_parser("run", help="run a DAG here and now")
    one_run.add_argument("dag", nargs="?", default=DAGS[0], choices=DAGS)
    one_run.add_argument("--period", help="such as 2021-Q1 (default the last that has closed)")
    commands.add_parser("serve", help="Airflow's scheduler and pages, until Ctrl-C")
    arguments = parser.parse_args(words)
    try:
        if arguments.command == "serve":
            from dags.local.serving import serve

            logs = airflow_home.set_up_for_serving()
            with quiet(logs / "records.log"):
                airflow_home.ensure_records()
            return serve(logs)
        logs = airflow_home.set_up_for_one_run()
        print(f"Running the DAG {arguments.dag} (some seconds until Airflow is there)", flush=True)
        return run(arguments.dag, arguments.period, logs / f"{arguments.dag}.log")
    except CchcError as error:
        print(f"cchc: {error}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
