"""Simulated reports for examples, tests and benchmarks. Uses the catalogue, not the validation rules."""

from etl.simulation.appendix import Appendix, CellValue, NumberStyle, PrintedRow, ReportHead, read_figures
from etl.simulation.defects import Defect, load_defects, plant
from etl.simulation.generate import simulate, simulate_report
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
    "load_defects",
    "plant",
    "read_figures",
    "render",
    "simulate",
    "simulate_report",
]
