"""Renders a report in any file format. The libraries of a format are imported when it is rendered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from etl.errors import UsageError
from etl.simulation.appendix import Appendix

_RENDERERS: Mapping[str, tuple[str, str]] = {  # module and function
    "docx": ("word", "render_docx"),
    "xlsx": ("spreadsheet", "render_xlsx"),
    "txt": ("plain", "render_txt"),
    "json": ("plain", "render_json"),
}
FILE_FORMATS = tuple(_RENDERERS)


def render(appendix: Appendix, file_format: str) -> bytes:
    """Return the bytes of a report as docx, xlsx, txt or json; the same report gives the same bytes.

    Raises UsageError for an unknown file format.
    """
    if file_format not in _RENDERERS:
        raise UsageError(f"unknown file format {file_format!r}", f"Known are {', '.join(FILE_FORMATS)}")
    module, function = _RENDERERS[file_format]
    renderer: Callable[[Appendix], bytes] = getattr(import_module(f"etl.simulation.{module}"), function)
    return renderer(appendix)
