"""The errors that the warehouse raises on purpose: each carries what happened and what the caller can do about it."""

from __future__ import annotations


class CchcError(Exception):
    """Something went wrong. `exit_code` is the terminal's: 2 the caller can mend it, 3 a fault of ours."""

    exit_code = 3

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what}. {self.mend}." if self.mend else self.what


class UsageError(CchcError):
    """A wrong argument, an unknown code, a missing file or setting: the caller can mend it."""

    exit_code = 2


class CatalogueError(CchcError):
    """A catalogue file says something that cannot be used; `place` is file and line."""

    exit_code = 2

    def __init__(self, place: str, what: str, mend: str = "") -> None:
        super().__init__(f"{place}: {what}", mend)
        self.place = place


class UnreadableFile(CchcError):
    """A submitted file cannot be read. `rule` is the code of the rule that the finding on the submission will carry.

    `expected` fills that rule's sentences, in any language: column titles, an ending of a name. `what` and `mend` are
    English, for terminals and logs.
    """

    exit_code = 2

    def __init__(self, rule: str, what: str, mend: str, expected: str = "") -> None:
        super().__init__(what, mend)
        self.rule = rule
        self.expected = expected


class DatabaseUnavailable(CchcError):
    """The database cannot be reached, or its role lacks a right that the step needs."""

    exit_code = 2


class SourceUnavailable(CchcError):
    """A drive or an API does not answer now; the same call may go through later."""

    exit_code = 2
