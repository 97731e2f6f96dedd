"""The program `cchc`: all commands, exit codes, error messages.

Exit codes: 0 done · 1 done, but a submission was rejected or held · 2 the caller can fix it · 3 a bug.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from etl import __version__
from etl.cli import database, external_scores, files, forms, periods, rankings, releases, submissions, values
from etl.cli.output import BUG, DONE, USER_ERROR, print_error, print_note
from etl.errors import CchcError

app = typer.Typer(
    name="cchc",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Names of single commands work without their group too: cchc accept, lineage, explain, migrate, …",
)
_PANELS: dict[str, tuple[Callable[..., None], ...]] = {
    "Report files": (files.extract, files.check, files.ingest, files.simulate),
    "Periods, scores, access": (periods.status, periods.report, rankings.score, database.account),
}
for panel, commands in _PANELS.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)
for group in (submissions.app, values.app, values.rule_app, rankings.app, releases.app, external_scores.app, forms.app):
    app.add_typer(group, rich_help_panel="Command groups")
app.add_typer(database.app, rich_help_panel="Command groups")

# Names of commands without their group, from before there were groups.
_ONLY_IN_GROUP = ("show", "url", "start", "stop")
for group in (submissions.app, values.app, values.rule_app, rankings.app, database.app):
    for info in group.registered_commands:
        assert info.callback is not None
        name = info.name or info.callback.__name__
        if name not in _ONLY_IN_GROUP:
            app.command(name, help=info.help, epilog=info.epilog, hidden=True)(info.callback)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        print(__version__)
        raise typer.Exit(DONE)


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """The CCHC warehouse: quarterly administrative-reform reports, validated, loaded and ranked."""


def main(args: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # both are text streams here
    logging.basicConfig(format="%(message)s", level=logging.WARNING, stream=sys.stderr)
    try:
        return app(args=args, prog_name="cchc", standalone_mode=False) or DONE
    except CchcError as error:
        print_error(error)
        return error.exit_code
    except typer.TyperException as error:
        print_note(f"cchc: {error.format_message()}")
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return USER_ERROR
    except BrokenPipeError:
        return DONE
    except Exception:
        logging.getLogger("cchc").exception("cchc: internal error")
        return BUG
