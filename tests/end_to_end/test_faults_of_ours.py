"""A fault of our own at one file must not stop the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from etl import parsing, pipeline
from etl.errors import CchcError


def test_a_fault_of_the_reader_at_one_file_leaves_the_others_read(drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = parsing.read

    def faulty(file_name: str, *rest: Any) -> Any:
        if file_name.startswith("943"):
            raise ZeroDivisionError("a fault of ours")
        return read(file_name, *rest)

    pipeline.prepare()
    ids = pipeline.register(pipeline.discover())
    with monkeypatch.context() as patched:
        patched.setattr(parsing, "read", faulty)
        with pytest.raises(CchcError, match="fault of the reader"):
            pipeline.parse(ids)
    assert len(pipeline.parse(ids)) == 1, "the one that failed is read when the fault is mended"
