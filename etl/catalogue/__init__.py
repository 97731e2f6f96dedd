"""Reference data: what is measured, by whom, when and on which form, loaded from files and validated.

Shipped files are in data/. A province adds its own folder with CCHC_CATALOGUE: rows of its CSV files replace shipped
rows with the same key or are added; so do its forms and methods, by name.
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
