"""The commands `backup` and `restore`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from etl.terminal import DONE, AddCommand


def _backup(given: argparse.Namespace) -> int:
    from etl import pipeline

    made = pipeline.backup(given.out)
    print(given.out)
    print(f"{made} as of {made.made_at}. It holds original files: keep it as safe as the warehouse.", file=sys.stderr)
    return DONE


def _restore(given: argparse.Namespace) -> int:
    from etl import pipeline

    known, left = pipeline.restore(given.source, replace=given.replace)
    print(f"{known} of {known.made_at} are back.", file=sys.stderr)
    for statement in left:
        print(f"Left for an administrator: {statement}", file=sys.stderr)
    return DONE


def add_backup(command: AddCommand) -> None:
    """Adds backup and restore."""
    one = command("backup", _backup, "write the warehouse and its file store to a new folder", prints=False)
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder, which is not there yet")
    one = command("restore", _restore, "bring a backup back", prints=False)
    one.add_argument("source", type=Path, metavar="DIR", help="the folder that backup wrote")
    one.add_argument(
        "--replace", action="store_true", help="in the place of the warehouse that is there, which is lost"
    )
