"""Command groups named by nouns, such as `cchc release list`; `cchc ranking --period P` runs the default command."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup


def noun_group(name: str, help_text: str, default: str = "") -> typer.Typer:
    """A command group; arguments that begin with an option or a number run its `default` command."""

    class Group(TyperGroup):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            is_help = bool(args) and args[0] in ctx.help_option_names
            if default and not is_help and (not args or args[0].startswith("-") or args[0].isdigit()):
                args = [default, *args]
            return super().parse_args(ctx, args)

    return typer.Typer(name=name, help=help_text, cls=Group)
