"""Takes a proposed form into a province's catalogue: checked as a whole, tried on a copy, then written."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from etl.catalogue import proposals
from etl.catalogue.loader import SHIPPED, load_catalogue
from etl.catalogue.model import Catalogue
from etl.catalogue.proposals import UNNAMED, Proposal, ProposedRow
from etl.errors import CatalogueError, UsageError

_CODE = re.compile(r"^[a-z][a-z0-9_]*$")
_FORM_CODE = re.compile(r"^[a-z0-9][a-z0-9-]*$")
_MOST_TOLD = 8


def accept(path: Path, by: str, overlay: Path | None) -> list[Path]:
    """Writes the form of a proposal and its new indicators into the folder `overlay`; returns the files.

    Raises UsageError where no folder is set, CatalogueError with all that is still to be done, before anything is
    written. Shipped files are never touched.
    """
    if overlay is None:
        raise UsageError(
            "no catalogue of your own is set", "Set CCHC_CATALOGUE to a folder; the shipped one is not changed"
        )
    if overlay.resolve().is_relative_to(SHIPPED.resolve()):
        raise UsageError("CCHC_CATALOGUE names the shipped catalogue", "Name a folder of your own")
    overlay.mkdir(parents=True, exist_ok=True)
    proposal, known = proposals.read(path), load_catalogue(overlay)
    problems = [*_head_problems(proposal, known), *_row_problems(proposal, known)]
    if problems:
        more = f"; and {len(problems) - _MOST_TOLD} more" if len(problems) > _MOST_TOLD else ""
        raise CatalogueError(
            path.name, "; ".join(problems[:_MOST_TOLD]) + more, "Edit the proposal and accept it again"
        )
    files = _files(proposal, known, by, overlay)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "catalogue"
        shutil.copytree(overlay, trial)
        _write(trial, files)
        load_catalogue(trial)  # raises what the loader would say of it
    written = _write(overlay, files)
    load_catalogue.cache_clear()
    return written


def _head_problems(proposal: Proposal, catalogue: Catalogue) -> Iterator[str]:
    for key in ("issuer", "document_no", "title_vi", "title_en", "issued_on", "valid_from"):
        if not getattr(proposal, key):
            yield f"{key} is empty"
    if not _FORM_CODE.match(proposal.form_code):
        yield f"form_code {proposal.form_code!r} is not of small letters, digits and hyphens"
    elif proposal.form_code in catalogue.forms:
        yield f"the form {proposal.form_code} is in the catalogue already"
    if proposal.valid_from and proposal.valid_to and proposal.valid_to < proposal.valid_from:
        yield "valid_to is before valid_from"


def _row_problems(proposal: Proposal, catalogue: Catalogue) -> Iterator[str]:
    """What is wrong with the rows, each named by its path."""
    for column in ("indicator_code", "path"):
        for text, count in Counter(getattr(row, column) for row in proposal.form_rows).items():
            if text and count > 1:
                yield f"{column} {text!r} stands {count} times"
    for row in proposal.form_rows:
        place = row.path or row.label or "a row"
        if row.change != "kept" and row.confirmed != "yes":
            yield f"{place} ({row.change}) is not confirmed"
        if row.indicator_code.startswith(UNNAMED):
            yield f"{place}: {row.indicator_code!r} is only suggested; give it a readable English name"
        elif not row.indicator_code:
            yield f"{place}: indicator_code is empty"
        elif row.indicator_code not in catalogue.indicators:
            yield from (f"{place}: {problem}" for problem in _new_indicator_problems(row))
        if not row.label or not row.path:
            yield f"{place}: path or label is empty"


def _new_indicator_problems(row: ProposedRow) -> Iterator[str]:
    if not _CODE.match(row.indicator_code):
        yield f"indicator_code {row.indicator_code!r} is not of small letters, digits and underscores"
    needed = ["kind", "name_vi", "name_en"]
    if row.kind not in ("heading", "text", ""):
        needed += ["unit_code", "nature"]
    if row.kind == "code_list":
        needed.append("code_list")
    for column in needed:
        if not getattr(row, column):
            yield f"{column} of the new indicator {row.indicator_code} is empty"


def _files(proposal: Proposal, catalogue: Catalogue, by: str, overlay: Path) -> dict[str, str]:
    """The catalogue's files by name below the overlay, the one that makes the form known last."""
    files = {}
    by_path = {row.path: row.indicator_code for row in proposal.form_rows}
    new = [row for row in proposal.form_rows if row.indicator_code not in catalogue.indicators]
    if new:
        files["indicators.csv"] = _with_indicators(overlay / "indicators.csv", new, by_path)
    form_yml, form_csv = proposals.form_files(proposal, by)
    return files | {f"forms/{proposal.form_code}.csv": form_csv, f"forms/{proposal.form_code}.yml": form_yml}


def _with_indicators(path: Path, new: list[ProposedRow], by_path: dict[str, str]) -> str:
    out = io.StringIO()
    if path.exists():
        kept = path.read_text(encoding="utf-8-sig")
        out.write(kept if kept.endswith("\n") else kept + "\n")
    else:
        out.write((SHIPPED / "indicators.csv").read_text(encoding="utf-8").split("\n", 1)[0] + "\n")
    writer = csv.writer(out, lineterminator="\n")
    for row in new:
        area, parent = row.path.split(".")[0], by_path.get(row.path.rpartition(".")[0], "")
        described = (row.kind, row.unit_code, row.code_list, row.nature, row.name_vi, row.name_en)
        writer.writerow((row.indicator_code, area, parent, *described))
    return out.getvalue()


def _write(folder: Path, files: dict[str, str]) -> list[Path]:
    (folder / "forms").mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in files.items():
        path = folder / name
        draft = path.with_name(path.name + ".new")
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
        written.append(path)
    return written
