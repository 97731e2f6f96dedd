"""A form proposal is accepted completely or not at all, and never into the shipped catalogue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from etl.catalogue import acceptance, load_catalogue, proposals
from etl.catalogue.loader import SHIPPED
from etl.catalogue.proposals import Proposal, ProposedRow
from etl.errors import CatalogueError, UsageError

KEPT = ProposedRow("kept", "1.00", "Kế hoạch CCHC", "yes", "I", "", "Chỉ đạo điều hành", "", "steering", "")
ADDED = ProposedRow(
    "added", "", "", "yes", "I.1", "1", "Số cuộc họp, giao ban", "Văn bản", "meetings_held", "",
    "count", "document", "", "flow", "Số cuộc họp, giao ban", "Meetings held",
)  # fmt: skip
DROPPED = ProposedRow("dropped", "", "Tuyên truyền CCHC", "", "", "", "", "", "communication_plan", "")


def build_proposal(*rows: ProposedRow, **changes: object) -> Proposal:
    complete = Proposal(
        form_code="form-2030",
        valid_from=date(2029, 12, 15),
        nearest_form="snv-380-2021",
        fit="0.5",
        source_sha256="0" * 64,
        rows=rows or (KEPT, ADDED, DROPPED),
        issuer='Sở "Nội vụ"',
        document_no="1/SNV",
        issued_on=date(2030, 1, 4),
        title_vi="Thống kê",
        title_en="Statistics",
    )
    return complete.model_copy(update=changes)


def write_edited(folder: Path, proposal: Proposal) -> Path:
    """Write a proposal and fill in its head, as a person would."""
    path = proposals.write(proposal, folder)
    text = path.read_text(encoding="utf-8")
    for key in ("document_no", "title_vi", "title_en"):
        text = text.replace(f'{key}: ""', f'{key}: "{getattr(proposal, key)}"')
    text = text.replace('issuer: ""', f"issuer: '{proposal.issuer}'" if proposal.issuer else 'issuer: ""')
    path.write_text(text.replace("issued_on: null", f"issued_on: {proposal.issued_on or 'null'}"), encoding="utf-8")
    return path


def accept(tmp_path: Path, proposal: Proposal) -> list[Path]:
    return acceptance.accept(write_edited(tmp_path / "proposal", proposal), "lan", tmp_path / "catalogue")


def test_an_accepted_form_and_its_indicators_are_added_to_the_catalogue(tmp_path: Path) -> None:
    files = accept(tmp_path, build_proposal())
    assert [path.name for path in files] == ["indicators.csv", "form-2030.csv", "form-2030.yml"]
    catalogue = load_catalogue(tmp_path / "catalogue")
    form = catalogue.forms["form-2030"]
    assert (form.issuer, form.accepted_by, form.is_draft) == ('Sở "Nội vụ"', "lan", False)
    assert [row.indicator.indicator_code for row in form.rows] == ["steering", "meetings_held"]
    assert catalogue.indicators["meetings_held"].parent_code == "steering"
    assert "snv-380-2021" in catalogue.forms


def test_a_second_form_adds_to_the_indicators_of_the_first(tmp_path: Path) -> None:
    accept(tmp_path, build_proposal())
    other = replace(ADDED, indicator_code="visits_made", label="Số chuyến đi")
    path = write_edited(tmp_path / "second", build_proposal(KEPT, other, form_code="form-2031"))
    acceptance.accept(path, "lan", tmp_path / "catalogue")
    assert {"meetings_held", "visits_made"} <= set(load_catalogue(tmp_path / "catalogue").indicators)


@pytest.mark.parametrize(
    ("proposal", "message"),
    [
        (build_proposal(issuer=""), "issuer is empty"),
        (build_proposal(issued_on=None), "issued_on is empty"),
        (build_proposal(form_code="snv-380-2021"), "in the catalogue already"),
        (build_proposal(KEPT, replace(ADDED, confirmed="")), "I.1 (added) is not confirmed"),
        (build_proposal(KEPT, replace(ADDED, indicator_code="new_so_cuoc_hop")), "only suggested"),
        (build_proposal(KEPT, replace(ADDED, indicator_code="Số cuộc họp")), "lower-case letters"),
        (build_proposal(KEPT, replace(ADDED, indicator_code="")), "indicator_code is empty"),
        (build_proposal(KEPT, replace(ADDED, indicator_code="steering")), "'steering' is used 2 times"),
        (build_proposal(KEPT, replace(ADDED, path="I")), "path 'I' is used 2 times"),
        (build_proposal(KEPT, replace(ADDED, name_en="")), "name_en of the new indicator meetings_held is empty"),
        (build_proposal(KEPT, replace(ADDED, nature="")), "nature of the new indicator meetings_held is empty"),
        (build_proposal(KEPT, replace(ADDED, unit_code="chariot")), "unit_code 'chariot' is unknown"),
        (build_proposal(KEPT, replace(ADDED, kind="guess")), "kind 'guess' is unknown"),
        (build_proposal(KEPT, replace(ADDED, path="XII.1")), "reform_area_code 'XII' is unknown"),
    ],
)
def test_an_incomplete_proposal_is_refused_and_nothing_is_written(
    tmp_path: Path, proposal: Proposal, message: str
) -> None:
    with pytest.raises(CatalogueError) as raised:
        accept(tmp_path, proposal)
    assert message in str(raised.value)
    assert list((tmp_path / "catalogue").rglob("*.*")) == []


def test_an_unknown_key_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = write_edited(tmp_path / "proposal", build_proposal())
    path.write_text(path.read_text(encoding="utf-8") + "colour: red\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"form-2030.yml:\d+: unknown key 'colour'"):
        acceptance.accept(path, "lan", tmp_path / "catalogue")


def test_an_unknown_column_or_change_is_an_error_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"form-2030.csv:2: change 'guessed'"):
        accept(tmp_path, build_proposal(replace(KEPT, change="guessed")))
    path = write_edited(tmp_path / "other", build_proposal())
    rows = path.with_suffix(".csv")
    rows.write_text("colour," + rows.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"form-2030.csv:1: the columns are colour"):
        acceptance.accept(path, "lan", tmp_path / "catalogue")


def test_the_shipped_catalogue_is_never_changed(tmp_path: Path) -> None:
    path = write_edited(tmp_path / "proposal", build_proposal())
    for overlay in (None, SHIPPED, SHIPPED / "forms"):
        with pytest.raises(UsageError):
            acceptance.accept(path, "lan", overlay)


def test_an_existing_proposal_is_not_overwritten(tmp_path: Path) -> None:
    proposals.write(build_proposal(), tmp_path)
    with pytest.raises(UsageError, match="exists already"):
        proposals.write(build_proposal(), tmp_path)
