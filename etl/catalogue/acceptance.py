"""Accepts a proposed form into a province's catalogue: validated as a whole, tried on a copy, then written."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from etl.catalogue import proposals
from etl.catalogue.loader import SHIPPED, load_catalogue
from etl.catalogue.model import Catalogue, Indicator
from etl.catalogue.proposals import UNNAMED, Proposal, ProposedRow
from etl.errors import CatalogueError, UsageError
from etl.tables import Table, to_csv

_CODE = re.compile(r"^[a-z][a-z0-9_]*$")
_FORM_CODE = re.compile(r"^[a-z0-9][a-z0-9-]*$")
_MOST_PROBLEMS = 8  # shown in one error


def accept(path: Path, by: str, overlay: Path | None) -> list[Path]:
    """Write the form of a proposal and its new indicators into the folder `overlay` and return the files.

    Raises UsageError if no folder is set, CatalogueError with everything that is still to be done; then nothing is
    written. Shipped files are never changed.
    """
    if overlay is None:
        raise UsageError(
            "no catalogue of your own is set", "Set CCHC_CATALOGUE to a folder; the shipped one is read-only"
        )
    if overlay.resolve().is_relative_to(SHIPPED.resolve()):
        raise UsageError("CCHC_CATALOGUE names the shipped catalogue", "Name a folder of your own")
    overlay.mkdir(parents=True, exist_ok=True)
    proposal, catalogue = proposals.read(path), load_catalogue(overlay)
    problems = [*_find_head_problems(proposal, catalogue), *_find_row_problems(proposal, catalogue)]
    if problems:
        more = f"; and {len(problems) - _MOST_PROBLEMS} more" if len(problems) > _MOST_PROBLEMS else ""
        message = "; ".join(problems[:_MOST_PROBLEMS]) + more
        raise CatalogueError(path.name, message, "Edit the proposal and accept it again")
    files = _render_files(proposal, catalogue, by, overlay)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "catalogue"
        shutil.copytree(overlay, trial)
        _write(trial, files)
        load_catalogue(trial)  # raises if the catalogue as a whole became invalid
    written = _write(overlay, files)
    load_catalogue.cache_clear()
    return written


def _find_head_problems(proposal: Proposal, catalogue: Catalogue) -> Iterator[str]:
    for key in ("issuer", "document_no", "title_vi", "title_en", "issued_on", "valid_from"):
        if not getattr(proposal, key):
            yield f"{key} is empty"
    if not _FORM_CODE.match(proposal.form_code):
        yield f"form_code {proposal.form_code!r} may only have lower-case letters, digits and hyphens"
    elif proposal.form_code in catalogue.forms:
        yield f"the form {proposal.form_code} is in the catalogue already"
    if proposal.valid_from and proposal.valid_to and proposal.valid_to < proposal.valid_from:
        yield "valid_to is before valid_from"


def _find_row_problems(proposal: Proposal, catalogue: Catalogue) -> Iterator[str]:
    """Yield what is wrong with the rows, each named by its path."""
    for column in ("indicator_code", "path"):
        for text, count in Counter(getattr(row, column) for row in proposal.form_rows).items():
            if text and count > 1:
                yield f"{column} {text!r} is used {count} times"
    for row in proposal.form_rows:
        name = row.path or row.label or "a row"
        if row.change != "kept" and row.confirmed != "yes":
            yield f"{name} ({row.change}) is not confirmed"
        if row.indicator_code.startswith(UNNAMED):
            yield f"{name}: {row.indicator_code!r} is only suggested; give it a readable English name"
        elif not row.indicator_code:
            yield f"{name}: indicator_code is empty"
        elif row.indicator_code not in catalogue.indicators:
            yield from (f"{name}: {problem}" for problem in _find_indicator_problems(row))
        if not row.label or not row.path:
            yield f"{name}: path or label is empty"


def _find_indicator_problems(row: ProposedRow) -> Iterator[str]:
    if not _CODE.match(row.indicator_code):
        yield f"indicator_code {row.indicator_code!r} may only have lower-case letters, digits and underscores"
    needed = ["kind", "name_vi", "name_en"]
    if row.kind not in ("heading", "text", ""):
        needed += ["unit_code", "nature"]
    if row.kind == "code_list":
        needed.append("code_list")
    for column in needed:
        if not getattr(row, column):
            yield f"{column} of the new indicator {row.indicator_code} is empty"


def _render_files(proposal: Proposal, catalogue: Catalogue, by: str, overlay: Path) -> dict[str, str]:
    """Return the text of each file by its name below the overlay, the one that makes the form known last."""
    files = {}
    new = [row for row in proposal.form_rows if row.indicator_code not in catalogue.indicators]
    if new:
        codes = {row.path: row.indicator_code for row in proposal.form_rows}
        files["indicators.csv"] = _add_indicators(overlay / "indicators.csv", new, codes)
    form_yml, form_csv = proposals.form_files(proposal, by)
    return files | {f"forms/{proposal.form_code}.csv": form_csv, f"forms/{proposal.form_code}.yml": form_yml}


def _add_indicators(path: Path, rows: list[ProposedRow], codes: dict[str, str]) -> str:
    """Return the text of indicators.csv with new indicators added. `codes` are those of the form by path."""
    columns = tuple(field.name for field in fields(Indicator))
    indicators: list[tuple[str, ...]] = []
    for row in rows:
        area, parent = row.path.split(".")[0], codes.get(row.path.rpartition(".")[0], "")
        described = (row.kind, row.unit_code, row.code_list, row.nature, row.name_vi, row.name_en)
        indicators.append((row.indicator_code, area, parent, *described))
    header, lines = to_csv(Table(columns, indicators)).split("\n", 1)
    existing = path.read_text(encoding="utf-8-sig") if path.exists() else header
    return existing.rstrip("\n") + "\n" + lines


def _write(folder: Path, files: dict[str, str]) -> list[Path]:
    (folder / "forms").mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        draft = path.with_name(path.name + ".new")
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    return paths
