"""A bug in parsing one file must not stop the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from etl import parsing, pipeline
from etl.errors import CchcError


def test_a_bug_in_parsing_one_file_does_not_stop_the_others(drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = parsing.read

    def faulty(file_name: str, *rest: Any) -> Any:
        if file_name.startswith("943"):
            raise ZeroDivisionError("a bug")
        return read(file_name, *rest)

    pipeline.prepare()
    ids = pipeline.register(pipeline.discover())
    with monkeypatch.context() as patched:
        patched.setattr(parsing, "read", faulty)
        with pytest.raises(CchcError, match="could not be parsed"):
            pipeline.parse(ids)
    assert len(pipeline.parse(ids)) == 1, "the failed file is parsed when the bug is fixed"
