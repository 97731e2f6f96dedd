"""The warehouse from a terminal: `python -m etl COMMAND`. Data go to stdout, everything else to stderr.

Exit codes: 0 done · 1 done, but a submission was rejected or held · 2 the caller can mend it · 3 a fault of ours.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from etl import __version__
from etl.errors import CchcError
from etl.terminal import decisions, files, forms, judging, keeping, questions, releases, replies, scores
from etl.terminal.command import DONE, FAULT, Run, add_format

_ROOMS = (files, questions, scores, releases, judging, decisions, replies, forms, keeping)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description="The CCHC warehouse from a terminal.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Run, words: str, *, prints: bool = True) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=words)
        one.set_defaults(run=run)
        if prints:
            add_format(one)
        return one

    for room in _ROOMS:
        room.add(command)
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # both are text streams here
    logging.basicConfig(format="%(message)s", level=logging.WARNING, stream=sys.stderr)
    arguments = _parser().parse_args(words)
    try:
        code: int = arguments.run(arguments)
    except CchcError as error:
        print(f"cchc: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        return DONE
    except Exception:
        logging.getLogger("cchc").exception("cchc: a fault of ours")
        return FAULT
    return code


if __name__ == "__main__":
    sys.exit(main())
