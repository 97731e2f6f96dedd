"""One function a step, ids in and ids out: the only module that knows all the rooms.

Every step finds its own work in the database by status, so that what a killed run left is picked up by the next one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from etl.pipeline.backup import Backup, backup, restore
    from etl.pipeline.closing_words import summary
    from etl.pipeline.correcting import correct, waive
    from etl.pipeline.decisions import (
        accept,
        assign,
        events,
        history,
        original,
        publish,
        reread,
        set_account,
        set_scope,
        turn_down,
    )
    from etl.pipeline.files import Checked, Extracted, check, extract
    from etl.pipeline.forms import accept_form, propose_form, reread_unknown_forms
    from etl.pipeline.judging import validate
    from etl.pipeline.queries import lineage, ranking, status
    from etl.pipeline.releasing import (
        create_release,
        diff_releases,
        list_releases,
        propose_release,
        robustness,
        show_release,
        verify_release,
    )
    from etl.pipeline.reporting import data_docs, reply, report
    from etl.pipeline.reviewing import replay, review
    from etl.pipeline.steps import discover, ingest, load, parse, prepare, refresh, register, simulate

# Looked up when asked for: reading a file must not wait for the libraries of the database.
_HOMES = {
    "decisions": (
        "accept",
        "assign",
        "events",
        "history",
        "original",
        "publish",
        "reread",
        "set_account",
        "set_scope",
        "turn_down",
    ),
    "files": ("Checked", "Extracted", "check", "extract"),
    "forms": ("accept_form", "propose_form", "reread_unknown_forms"),
    "queries": ("lineage", "ranking", "status"),
    "judging": ("validate",),
    "steps": ("discover", "ingest", "load", "parse", "prepare", "refresh", "register", "simulate"),
    "backup": ("Backup", "backup", "restore"),
    "closing_words": ("summary",),
    "correcting": ("correct", "waive"),
    "releasing": (
        "create_release",
        "diff_releases",
        "list_releases",
        "propose_release",
        "robustness",
        "show_release",
        "verify_release",
    ),
    "reviewing": ("replay", "review"),
    "reporting": (
        "data_docs",
        "reply",
        "report",
    ),
}

__all__ = [
    "Backup",
    "Checked",
    "Extracted",
    "accept",
    "accept_form",
    "assign",
    "backup",
    "check",
    "correct",
    "create_release",
    "data_docs",
    "diff_releases",
    "discover",
    "events",
    "extract",
    "history",
    "ingest",
    "lineage",
    "list_releases",
    "load",
    "original",
    "parse",
    "prepare",
    "propose_form",
    "propose_release",
    "publish",
    "ranking",
    "refresh",
    "register",
    "replay",
    "reply",
    "report",
    "reread",
    "reread_unknown_forms",
    "restore",
    "review",
    "robustness",
    "set_account",
    "set_scope",
    "show_release",
    "simulate",
    "status",
    "summary",
    "turn_down",
    "validate",
    "verify_release",
    "waive",
]


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            found = getattr(import_module(f"etl.pipeline.{home}"), name)
            globals()[name] = found  # a function named like its module would else be hidden by the module
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
