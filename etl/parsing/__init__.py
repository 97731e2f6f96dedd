"""From the bytes of a report to observations, each with its cell: pure, without database or settings.

formats/ reads every file format into one model, layout/ finds the head and the appendix, matching/ aligns the rows with
a form, values/ decides the numbers by column. See docs/reading.md.
"""

from __future__ import annotations

from etl.catalogue import Catalogue
from etl.observations import ReportContent
from etl.parsing.form_proposal import propose
from etl.parsing.report_reader import ReportReader

# Stored with every value; raised whenever the same bytes may give other rows.
READER = "grid-3"
_readers: dict[int, ReportReader] = {}
_MAX_READERS = 4


def read(file_name: str, content: bytes, catalogue: Catalogue) -> ReportContent:
    """The head and the printed rows of a report.

    `file_name` gives the file format, `content` the bytes. Raises UnreadableFile, with the rule that is broken, for a
    file that is not what its name says, is damaged, encrypted or too large, or has no appendix.
    """
    reader = _readers.get(id(catalogue))
    if reader is None or reader.catalogue is not catalogue:
        if len(_readers) >= _MAX_READERS:
            _readers.clear()
        reader = _readers[id(catalogue)] = ReportReader(catalogue)
    return reader.read(file_name, content)


__all__ = ["READER", "propose", "read"]
