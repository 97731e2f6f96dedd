"""Builds the example drive as examples/plan.yml wants it: `python -m etl.simulation.examples [FOLDER]`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from etl import periods
from etl.catalogue import Catalogue, load_catalogue
from etl.settings import PROJECT_ROOT
from etl.simulation.appendix import ReportHead, from_figures
from etl.simulation.generate import file_name, simulate
from etl.simulation.render import render

EXAMPLES = PROJECT_ROOT / "examples"


def plan() -> dict[str, Any]:
    """examples/plan.yml as read."""
    document: dict[str, Any] = yaml.safe_load((EXAMPLES / "plan.yml").read_text(encoding="utf-8"))
    return document


def build(out: Path) -> list[Path]:
    """Writes all example reports under out/<period> and returns their paths."""
    shipped, wanted = load_catalogue(), plan()
    paths = _real(out / wanted["period"], wanted["period"], wanted["real"], shipped)
    for code, entry in wanted["simulated"]["districts"].items():
        defects = {code: entry.get("defects", ())}
        seed = wanted["simulated"]["seed"]
        paths += simulate(wanted["period"], [code], seed, out, [entry["file_format"]], shipped, defects)
    return sorted(paths)


def _real(folder: Path, period_code: str, wanted: Mapping[str, Any], shipped: Catalogue) -> list[Path]:
    head = ReportHead(
        shipped.district_on(wanted["district"], periods.parse(period_code).ends_on)
        or shipped.district(wanted["district"]),
        periods.parse(period_code),
        wanted["document_no"],
        wanted["signed_on"],
        is_simulated=False,
        remark=wanted["remark"],
    )
    appendix = from_figures(EXAMPLES / wanted["figures"], shipped, head, wanted["number_style"])
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / file_name(head, file_format) for file_format in wanted["file_formats"]]
    for path, file_format in zip(paths, wanted["file_formats"], strict=True):
        path.write_bytes(render(appendix, file_format))
    return paths


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES / "drive"):
        print(path)
