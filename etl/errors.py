"""Exceptions raised on purpose. Each one says what happened and, where possible, what the caller can do about it."""

from __future__ import annotations


class CchcError(Exception):
    """Base class of all errors. `exit_code` is what the command line exits with: 2 for user errors, 3 for bugs."""

    exit_code = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}." if self.hint else self.message


class UsageError(CchcError):
    """Invalid argument, unknown code, or missing file or setting. The caller can fix it."""

    exit_code = 2


class CatalogueError(CchcError):
    """Invalid entry in a catalogue file. `place` is the file and line."""

    exit_code = 2

    def __init__(self, place: str, message: str, hint: str = "") -> None:
        super().__init__(f"{place}: {message}", hint)
        self.place = place


class UnreadableFile(CchcError):
    """A submitted file cannot be read.

    `rule` is the code of the rule whose finding is attached to the submission. `expected` fills that rule's message
    in any language (column titles, a file extension). `message` and `hint` are English, for terminals and logs.
    """

    exit_code = 2

    def __init__(self, rule: str, message: str, hint: str, expected: str = "") -> None:
        super().__init__(message, hint)
        self.rule = rule
        self.expected = expected


class DatabaseUnavailable(CchcError):
    """The database cannot be reached, or the role lacks a privilege that the step needs."""

    exit_code = 2


class SourceUnavailable(CchcError):
    """A drive or API does not respond. The error is transient: retry later."""

    exit_code = 2


def require_reason(reason: str) -> None:
    """Raise UsageError for a decision without a reason."""
    if not reason.strip():
        raise UsageError("A decision needs a reason", "Use --reason")
