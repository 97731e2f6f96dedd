"""Made-up reports for examples, tests and benchmarks: knows the catalogue, never the rules that judge them."""

from etl.simulation.appendix import Appendix, CellValue, NumberStyle, PrintedRow, ReportHead, from_figures
from etl.simulation.defects import Defect, known_defects, plant
from etl.simulation.generate import report, simulate
from etl.simulation.overlay import FOLDER as OVERLAY_FOLDER
from etl.simulation.render import FILE_FORMATS, render

__all__ = [
    "FILE_FORMATS",
    "OVERLAY_FOLDER",
    "Appendix",
    "CellValue",
    "Defect",
    "NumberStyle",
    "PrintedRow",
    "ReportHead",
    "from_figures",
    "known_defects",
    "plant",
    "render",
    "report",
    "simulate",
]
