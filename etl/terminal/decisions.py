"""The commands by which a person decides: about a submission, and about who may see what."""

from __future__ import annotations

import argparse

from etl.terminal.command import DONE, AddCommand, Run, add_reason, show


def _turn_down(status: str) -> Run:
    def run(given: argparse.Namespace) -> int:
        from etl.operations import decisions

        return show(decisions.turn_down(given.submission, status, given.reason, given.by), given)

    return run


def _scope(*, is_partial: bool) -> Run:
    def run(given: argparse.Namespace) -> int:
        from etl.operations import decisions

        return show(
            decisions.set_scope(given.submission, is_partial=is_partial, reason=given.reason, actor=given.by), given
        )

    return run


def _accept(given: argparse.Namespace) -> int:
    from etl.operations import decisions

    return show(decisions.accept(given.submission, given.reason, given.by), given)


def _reread(given: argparse.Namespace) -> int:
    from etl.operations import decisions

    return show(decisions.reread(given.submission, given.reason, given.by), given)


def _assign(given: argparse.Namespace) -> int:
    from etl.operations import decisions

    return show(decisions.assign(given.submission, given.district, given.period, given.reason, given.by), given)


def _account(given: argparse.Namespace) -> int:
    from etl.operations import accounts

    accounts.set_account(given.name, given.district, may_see=not given.revoke, reason=given.reason, actor=given.by)
    return DONE


def add(command: AddCommand) -> None:
    """Adds accept, reject, withdraw, misfile, assign, partial, whole, reread and account."""
    for name, run, words in (
        ("accept", _accept, "a submission holds, though held, rejected, duplicate, superseded or withdrawn"),
        ("reject", _turn_down("rejected"), "the department sends a submission back; what stood before it stands again"),
        ("withdraw", _turn_down("withdrawn"), "its sender takes a submission back; what stood before it stands again"),
        ("misfile", _turn_down("misfiled"), "a submission is not of the district or period it stands for"),
        ("assign", _assign, "say of which district or period a submission is"),
        ("partial", _scope(is_partial=True), "a submission changes only what it says"),
        ("whole", _scope(is_partial=False), "a submission replaces all that was said before"),
        ("reread", _reread, "read and judge a submission again, as after mending the catalogue"),
    ):
        one = command(name, run, words)
        one.add_argument("submission", type=int, help="its number")
        if name == "assign":
            one.add_argument("--district", default=None)
            one.add_argument("--period", default=None)
        add_reason(one)
    one = command("account", _account, "let an account see the rows of its district before release", prints=False)
    one.add_argument("name", help="a login of cchc_district")
    one.add_argument("--district", required=True)
    one.add_argument("--revoke", action="store_true", help="no longer")
    add_reason(one, is_required=False)
