"""A report in any carrier. The heavy libraries load with the carrier that needs them."""

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
CARRIERS = tuple(_RENDERERS)


def render(appendix: Appendix, carrier: str) -> bytes:
    """The bytes of a report as docx, xlsx, txt or json; the same report gives the same bytes.

    Raises UsageError for an unknown carrier.
    """
    if carrier not in _RENDERERS:
        raise UsageError(f"unknown carrier {carrier!r}", f"Known are {', '.join(CARRIERS)}")
    return _RENDERERS[carrier](appendix)
