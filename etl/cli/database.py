"""Commands about the warehouse itself: database url, start, stop, migrate, backup, restore; account."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from etl.cli.groups import noun_group
from etl.cli.options import By, District, OutputFolder
from etl.cli.output import print_note
from etl.settings import load_settings

app = noun_group("database", "The warehouse: embedded server, migrations, backups.")


def _address() -> str:
    from etl import database

    return database.without_secret(database.url(load_settings()))


@app.command()
def url() -> None:
    """Print the address of the warehouse, without its password; starts the embedded server if necessary."""
    print(_address())


@app.command()
def start() -> None:
    """Start the embedded server."""
    print_note(_address())


@app.command()
def stop() -> None:
    """Stop the embedded server."""
    from etl.embedded import stop_server

    print_note("stopped" if stop_server(load_settings()) else "no embedded server was running")


@app.command()
def migrate() -> None:
    """Bring schema, views and reference data up to date; a second call changes nothing."""
    from etl.pipeline import prepare

    prepare()
    print_note("The warehouse is up to date.")


@app.command(epilog="Example: cchc backup --out /mnt/safe/2021-04-01")
def backup(out: OutputFolder) -> None:
    """Write the warehouse and its file store to a new folder."""
    from etl.operations.backup import backup

    created = backup(out)
    print(out)
    print_note(f"{created} as of {created.made_at}. It contains original files: protect it like the warehouse.")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="A folder written by `backup`.")],
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the existing warehouse.")] = False,
) -> None:
    """Restore a backup."""
    from etl.operations.backup import restore

    restored, remaining = restore(source, replace=replace)
    print_note(f"Restored {restored} as of {restored.made_at}.")
    for statement in remaining:
        print_note(f"To be run by an administrator: {statement}")


def account(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A login that is a member of cchc_district.")],
    district: District,
    revoke: Annotated[bool, typer.Option("--revoke", help="Revoke the access.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why; recorded.")] = "",
    by: By = None,
) -> None:
    """Let a login see the rows of its district before they are published."""
    from etl.operations import accounts

    accounts.set_account(name, district, may_see=not revoke, reason=reason, actor=by)
