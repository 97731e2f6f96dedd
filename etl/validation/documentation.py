"""Great Expectations' own pages (Data Docs) for one period: each expectation with our sentence and note in Vietnamese.

They show what the suite asks and how many reports kept it; nothing is decided here, and the findings that count are
those of judge(). The pages take their look from the internet, so they need a connection to be read well.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from etl.catalogue import Catalogue, Form
from etl.rules import Rule, load_rules
from etl.validation.checks import checks_for
from etl.validation.engine import without_its_chatter
from etl.validation.frame import SUBMISSION, build_frame
from etl.validation.model import Candidate
from etl.validation.sheet import sheets_of
from etl.validation.suite import build_suite, part_of

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations import ExpectationSuite
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

_SITE = "period"
_ABOUT = (
    "Bộ kiểm tra của biểu mẫu “{form}”, kỳ {period}. Mỗi báo cáo là một hàng; mỗi dòng dưới đây là một điều kiện, ghi"
    " bằng câu mà đơn vị nhận được khi không đạt (dấu … là nội dung riêng của từng báo cáo).",
)
_FIELDS = {"cell": "…", "found": "…", "expected": "…", "difference": "…"}


def write_data_docs(candidates: Sequence[Candidate], period_code: str, catalogue: Catalogue, folder: Path) -> Path:
    """Runs the suite of each form over its submissions and writes the pages into `folder`; returns the first page.

    Raises UsageError for a period for which no report is expected.
    """
    period, rules = catalogue.period(period_code).period, load_rules()
    with without_its_chatter():
        context = _context(folder)
        everything = sheets_of(candidates, period, catalogue, {})
        for form in catalogue.forms.values():
            sheets = [sheet for sheet in everything if sheet.candidate.head.form_code == form.form_code]
            if sheets:
                checks = checks_for(period.term, form, rules)
                frame, _ = build_frame(sheets, checks)
                _run(context, frame, part_of(_with_notes(form, period_code, catalogue, rules), checks), period_code)
        context.build_data_docs([_SITE])
    return folder / "index.html"


def _context(folder: Path) -> EphemeralDataContext:
    """A context whose only site of pages is the folder."""
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    shutil.rmtree(folder / "validations", ignore_errors=True)  # an earlier run would stay there, unlinked
    for site in context.get_site_names():
        context.delete_data_docs_site(site)
    place = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())}
    context.add_data_docs_site(
        _SITE,
        {"class_name": "SiteBuilder", "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"}}
        | {"store_backend": place},  # type: ignore[arg-type]
    )
    return context


def _with_notes(form: Form, period_code: str, catalogue: Catalogue, rules: Mapping[str, Rule]) -> ExpectationSuite:
    """The suite of a form with the sentence of each rule beside its expectations."""
    suite = build_suite(form, catalogue, rules)
    suite.notes = [text.replace("{form}", form.title_vi).replace("{period}", period_code) for text in _ABOUT]
    for expectation in suite.expectations:
        meta = expectation.meta or {}
        rule = rules[meta["rule_code"]]
        name = _named(meta["indicator_codes"], catalogue)
        # A description stands on the pages of the suite and of the run, a note on the suite's alone.
        expectation.description = rule.message_vi.format(indicator=name, **_FIELDS).replace("$", "$$")
        condition = [f"Điều kiện: `{rule.expression}`."] if rule.expression else []
        expectation.notes = [f"{name}. Quy tắc `{rule.rule_code}`.", *condition, f"Nguồn: {rule.source}."]
    return suite


def _named(codes: Sequence[str], catalogue: Catalogue) -> str:
    """What an expectation speaks of: a row, so many rows, or the whole report."""
    if not codes:
        return "cả báo cáo"
    return catalogue.indicator_names(codes[0])[0] if len(codes) == 1 else f"{len(codes)} dòng"


def _run(context: EphemeralDataContext, frame: pd.DataFrame, suite: ExpectationSuite, name: str) -> None:
    """One run of a suite whose outcome the pages show."""
    import great_expectations as gx

    suite = context.suites.add(suite)
    asset = context.data_sources.add_pandas(f"{suite.name}_{name}").add_dataframe_asset("reports")
    batch = asset.add_batch_definition_whole_dataframe(name)
    definition = gx.ValidationDefinition(name=f"{suite.name}_{name}", data=batch, suite=suite)
    context.validation_definitions.add(definition)
    definition.run(
        batch_parameters={"dataframe": frame},
        result_format={"result_format": "SUMMARY", "unexpected_index_column_names": [SUBMISSION]},
    )
