"""The commands about the warehouse itself: migrate, database, backup, restore."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from etl.settings import load_settings
from etl.terminal.command import DONE, AddCommand


def _migrate(_: argparse.Namespace) -> int:
    from etl import pipeline

    pipeline.prepare()
    print("The warehouse is up to date.", file=sys.stderr)
    return DONE


def _database(given: argparse.Namespace) -> int:
    from etl import database, embedded

    settings = load_settings()
    if given.action == "stop":
        print("stopped" if embedded.stop_server(settings) else "no embedded server was running", file=sys.stderr)
    else:
        address = database.without_secret(database.url(settings))
        print(address, file=sys.stdout if given.action == "url" else sys.stderr)
    return DONE


def _backup(given: argparse.Namespace) -> int:
    from etl.operations import backup

    made = backup.backup(given.out)
    print(given.out)
    print(f"{made} as of {made.made_at}. It holds original files: keep it as safe as the warehouse.", file=sys.stderr)
    return DONE


def _restore(given: argparse.Namespace) -> int:
    from etl.operations import backup

    known, left = backup.restore(given.source, replace=given.replace)
    print(f"{known} of {known.made_at} are back.", file=sys.stderr)
    for statement in left:
        print(f"Left for an administrator: {statement}", file=sys.stderr)
    return DONE


def add(command: AddCommand) -> None:
    """Adds migrate, database, backup and restore."""
    command("migrate", _migrate, "bring schema, views and reference data up to date", prints=False)
    one = command("database", _database, "the embedded server: its address, start, stop", prints=False)
    one.add_argument("action", choices=("url", "start", "stop"))
    one = command("backup", _backup, "write the warehouse and its file store to a new folder", prints=False)
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder, which is not there yet")
    one = command("restore", _restore, "bring a backup back", prints=False)
    one.add_argument("source", type=Path, metavar="DIR", help="the folder that backup wrote")
    one.add_argument(
        "--replace", action="store_true", help="in the place of the warehouse that is there, which is lost"
    )
