"""Builds the example drive of examples/plan.yml: `python -m etl.simulation.examples [FOLDER]`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from etl import periods
from etl.catalogue import Catalogue, load_catalogue
from etl.settings import PROJECT_ROOT
from etl.simulation.appendix import ReportHead, read_figures
from etl.simulation.generate import name_file, simulate
from etl.simulation.render import render

EXAMPLES = PROJECT_ROOT / "examples"


def read_plan() -> dict[str, Any]:
    """Return examples/plan.yml."""
    document: dict[str, Any] = yaml.safe_load((EXAMPLES / "plan.yml").read_text(encoding="utf-8"))
    return document


def build(out: Path) -> list[Path]:
    """Write all example reports to out/<period> and return their paths."""
    catalogue, plan = load_catalogue(), read_plan()
    paths = _build_real(out / plan["period"], plan["period"], plan["real"], catalogue)
    for code, entry in plan["simulated"]["districts"].items():
        defects = {code: entry.get("defects", ())}
        seed = plan["simulated"]["seed"]
        paths += simulate(plan["period"], [code], seed, out, [entry["file_format"]], catalogue, defects)
    return sorted(paths)


def _build_real(folder: Path, period_code: str, plan: Mapping[str, Any], catalogue: Catalogue) -> list[Path]:
    head = ReportHead(
        catalogue.district_on(plan["district"], periods.parse(period_code).ends_on)
        or catalogue.district(plan["district"]),
        periods.parse(period_code),
        plan["document_no"],
        plan["signed_on"],
        is_simulated=False,
        remark=plan["remark"],
    )
    appendix = read_figures(EXAMPLES / plan["figures"], catalogue, head, plan["number_style"])
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name_file(head, file_format) for file_format in plan["file_formats"]]
    for path, file_format in zip(paths, plan["file_formats"], strict=True):
        path.write_bytes(render(appendix, file_format))
    return paths


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES / "drive"):
        print(path)
