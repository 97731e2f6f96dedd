"""Great Expectations' Data Docs for one period, built from the results of the Checkpoints.

Each expectation carries the Vietnamese message of its rule. The pages load their style from the internet, so they need
a connection to look right.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from etl.catalogue import Catalogue
from etl.rules import Rule, load_rules
from etl.validation.checkpoint import open_context, run_checkpoint
from etl.validation.frames import Batch
from etl.validation.model import Candidate
from etl.validation.suite import Expectation, load_suites

if TYPE_CHECKING:
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

_SITE = "period"
_ABOUT = (
    "Bộ kiểm tra của biểu mẫu “{form}”, kỳ {period}. Mỗi dòng dưới đây là một điều kiện, kèm câu mà đơn vị nhận được"
    " khi không đạt (dấu … là nội dung riêng của từng báo cáo)."
)
_FIELDS = {"cell": "…", "found": "…", "expected": "…", "difference": "…"}


def write_data_docs(candidates: Sequence[Candidate], period_code: str, catalogue: Catalogue, folder: Path) -> Path:
    """Run the Checkpoints of every form and write their pages into `folder`; returns the first page.

    Raises UsageError for a period for which no report is expected.
    """
    period, rules = catalogue.period(period_code).period, load_rules()
    batch = Batch(candidates, period, catalogue, {})
    with open_context() as context:
        _add_site(context, folder)
        for form in catalogue.forms.values():
            lines = [line for line, one in enumerate(candidates) if one.head.form_code == form.form_code]
            suites = load_suites(form, catalogue, rules, period.term)
            frames = batch.build_frames(lines, form, suites) if lines else {}
            notes = [_ABOUT.format(form=form.title_vi, period=period_code)]
            for name, frame in frames.items():
                suite = [_with_notes(expectation, catalogue, rules) for expectation in suites[name]]
                run_checkpoint(context, f"{form.form_code}.{name}_{period_code}", frame, suite, notes=notes)
        context.build_data_docs([_SITE])
    return folder / "index.html"


def _add_site(context: EphemeralDataContext, folder: Path) -> None:
    """Make the folder the only site of a context."""
    shutil.rmtree(folder / "validations", ignore_errors=True)  # pages of an earlier run would stay there, unlinked
    for site in context.get_site_names():
        context.delete_data_docs_site(site)
    context.add_data_docs_site(
        _SITE,
        {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(folder.resolve()),
            },
        },
    )


def _with_notes(expectation: Expectation, catalogue: Catalogue, rules: Mapping[str, Rule]) -> Expectation:
    """The expectation with the message of its rule as description, and its condition and source as notes."""
    meta = expectation["meta"]
    rule = rules[meta["rule_code"]]
    codes = meta.get("indicator_codes", [])
    name = catalogue.indicator_names(codes[0])[0] if codes else rule.scope
    # A description is shown on the pages of the suite and of the run, a note on those of the suite alone.
    return expectation | {
        "description": rule.message_vi.format(indicator=name, **_FIELDS).replace("$", "$$"),
        "notes": [
            f"{name}. Quy tắc `{rule.rule_code}`.",
            f"Điều kiện: `{rule.expression}`.",
            f"Nguồn: {rule.source}.",
        ],
    }
