"""Runs of the whole pipeline that say which step they begin, so that they can be hit there.

`python -m tests.faults.victim`: each line of stdin is the environment of a run, as JSON. A run is a process of its own,
forked from one that has imported everything, so that a blow hits work and not an import. A line of stdout a step,
before them `pid N`, at the end `ended CODE`, negative for a signal.
"""

from __future__ import annotations

import json
import os
import sys
import traceback

from etl.catalogue import load_catalogue

STEPS = ("prepare", "discover", "register", "parse", "validate", "load", "refresh")


def say(words: str) -> None:
    """One line, in one piece: two processes write to the same stdout."""
    os.write(1, f"{words}\n".encode())


def run() -> None:
    """What the DAG does, step after step."""
    from etl import pipeline

    say("prepare")
    pipeline.prepare()
    say("discover")
    urls = pipeline.discover()
    say("register")
    ids = pipeline.register(urls)
    say("parse")
    pipeline.parse(ids)
    say("validate")
    pipeline.validate()
    say("load")
    pipeline.load()
    say("refresh")
    pipeline.refresh()
    say("done")


def _import_everything() -> None:
    import alembic.command
    import great_expectations
    import lxml
    import openpyxl
    import pandas
    import sqlalchemy.dialects.postgresql

    from etl import parsing, pipeline, ranking, submissions, validation, warehouse

    assert all((alembic, great_expectations, lxml, openpyxl, pandas, sqlalchemy, parsing, pipeline, ranking))
    assert all((submissions, validation, warehouse, load_catalogue(None)))


def _child(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    try:
        run()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def main() -> None:
    """Forks a run for each line of stdin, one after another."""
    _import_everything()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _child(json.loads(line))
        say(f"pid {child}")
        _, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
