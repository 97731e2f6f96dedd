"""What is measured, by whom, when and on which form: the catalogue files, read and checked.

Shipped files stand in data/. A province lays its own over them with CCHC_CATALOGUE: a CSV there replaces the
shipped rows with the same key and adds the others; a form or a method of a known name replaces it, another is added.
"""

from etl.catalogue.drive_rules import DriveRules, load_drive_rules
from etl.catalogue.loader import load_catalogue
from etl.catalogue.model import (
    AREA_LEVEL,
    Catalogue,
    CodeList,
    CommuneChange,
    District,
    Form,
    FormRow,
    Indicator,
    IndicatorKind,
    Nature,
    ReformArea,
    ReportingPeriod,
    SeriesBreak,
    Unit,
)
from etl.catalogue.narrative import NarrativePattern
from etl.catalogue.phrases import ColumnRole, Phrases

__all__ = [
    "AREA_LEVEL",
    "Catalogue",
    "CodeList",
    "ColumnRole",
    "CommuneChange",
    "District",
    "DriveRules",
    "Form",
    "FormRow",
    "Indicator",
    "IndicatorKind",
    "NarrativePattern",
    "Nature",
    "Phrases",
    "ReformArea",
    "ReportingPeriod",
    "SeriesBreak",
    "Unit",
    "load_catalogue",
    "load_drive_rules",
]
