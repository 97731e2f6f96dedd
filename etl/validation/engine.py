"""The one place that runs Great Expectations: frames and a suite in, the offenders of each expectation out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from etl.errors import CchcError
from etl.validation.frame import SUBMISSION

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations import ExpectationSuite
    from great_expectations.core import ExpectationValidationResult

Offenders = dict[tuple[str, str], tuple[int, ...]]
Run = Callable[["pd.DataFrame", "ExpectationSuite"], Offenders]


@contextmanager
def session() -> Iterator[Run]:
    """One Great Expectations context for all runs of a judging: making one costs as much as many expectations."""
    import great_expectations as gx

    with without_its_chatter():
        context = gx.get_context(mode="ephemeral")
        context.enable_analytics(False)
        context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
        asset = context.data_sources.add_pandas("submissions").add_dataframe_asset("wide")
        definition = asset.add_batch_definition_whole_dataframe("all")

        def run(frame: pd.DataFrame, suite: ExpectationSuite) -> Offenders:
            """Submissions that failed, by rule and column; every one of them, however many.

            Raises CchcError where an expectation itself broke: a check that did not run must never look like one that
            passed.
            """
            # COMPLETE alone lists every offender: the other formats stop at 20 or 200.
            outcome = definition.get_batch({"dataframe": frame}).validate(
                suite, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [SUBMISSION]}
            )
            return _offenders(outcome.results)

        yield run


def _offenders(results: Sequence[ExpectationValidationResult]) -> Offenders:
    offenders: Offenders = {}
    for result in results:
        if result.success:
            continue
        assert result.expectation_config is not None
        key = ((result.expectation_config.meta or {})["rule_code"], result.expectation_config.kwargs["column"])
        rows = result.result.get("unexpected_index_list")
        if not rows:
            raise CchcError(f"the check {key[0]} of {key[1]} broke: {result.exception_info}")
        offenders[key] = tuple(int(row[SUBMISSION]) for row in rows)
    return offenders


@contextmanager
def without_its_chatter() -> Iterator[None]:
    """It tells of temporary folders and of its own configuration as if they were news."""
    import great_expectations  # noqa: F401 - importing it sets the level of its logger, so that comes first

    loggers = [logging.getLogger(name) for name in ("great_expectations", "great_expectations.data_context.types.base")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
