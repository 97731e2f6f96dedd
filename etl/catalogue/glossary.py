"""Writes docs/glossary.md from the catalogue: `python -m etl.catalogue.glossary > docs/glossary.md`."""

from __future__ import annotations

import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from etl.catalogue.loader import load_catalogue
from etl.catalogue.model import Catalogue, Indicator


def render_glossary(catalogue: Catalogue) -> str:
    """Return the page as Markdown: the terms of the project, then every indicator by reform area."""

    def describe_unit(indicator: Indicator) -> str:
        if indicator.kind == "code_list":
            labels = catalogue.code_lists[indicator.code_list].labels_vi
            return ", ".join(f"{code} = {label}" for code, label in labels.items())
        unit = catalogue.units.get(indicator.unit_code)
        return unit.name_vi if unit else ""

    loader = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(loader=loader, trim_blocks=True, autoescape=False)  # noqa: S701 - Markdown, own data
    return environment.get_template("glossary.md").render(catalogue=catalogue, unit=describe_unit)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # stdout is a text stream here
    sys.stdout.write(render_glossary(load_catalogue()))
