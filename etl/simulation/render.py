"""A report in any file format. The heavy libraries load with the file format that needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from etl.errors import UsageError
from etl.simulation.appendix import Appendix


def _docx(appendix: Appendix) -> bytes:
    from etl.simulation.word import docx

    return docx(appendix)


def _xlsx(appendix: Appendix) -> bytes:
    from etl.simulation.spreadsheet import xlsx

    return xlsx(appendix)


def _txt(appendix: Appendix) -> bytes:
    from etl.simulation.plain import txt

    return txt(appendix)


def _json(appendix: Appendix) -> bytes:
    from etl.simulation.plain import json_document

    return json_document(appendix)


_RENDERERS: Mapping[str, Callable[[Appendix], bytes]] = {"docx": _docx, "xlsx": _xlsx, "txt": _txt, "json": _json}
FILE_FORMATS = tuple(_RENDERERS)


def render(appendix: Appendix, file_format: str) -> bytes:
    """The bytes of a report as docx, xlsx, txt or json; the same report gives the same bytes.

    Raises UsageError for an unknown file format.
    """
    if file_format not in _RENDERERS:
        raise UsageError(f"unknown file format {file_format!r}", f"Known are {', '.join(FILE_FORMATS)}")
    return _RENDERERS[file_format](appendix)
