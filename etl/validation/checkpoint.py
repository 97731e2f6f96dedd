"""Runs the suites of a form as Great Expectations Checkpoints, and builds Data Docs from their results.

Importing Great Expectations takes some seconds, so it is imported only when a Checkpoint runs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from etl.errors import CchcError
from etl.validation.evaluation import Failure, Outcome, count_checked, rows_to_check
from etl.validation.suite import INDICATOR, SUBMISSION, Expectation, Suites

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

_POSITION = "position"  # in the suite: Great Expectations returns results in another order


def run_checkpoints(frames: Mapping[str, pd.DataFrame], suites: Suites) -> list[Outcome]:
    """The outcome of every expectation, in the order of the suites. One Checkpoint runs each suite over its frame."""
    with open_context() as context:
        return [
            outcome
            for name, suite in suites.items()
            if suite and len(frames[name])
            for outcome in _outcomes(frames[name], suite, run_checkpoint(context, name, frames[name], suite))
        ]


@contextmanager
def open_context() -> Iterator[EphemeralDataContext]:
    """An ephemeral data context, without analytics and progress bars."""
    with _quiet_logging():
        import great_expectations as gx

        from etl.validation import expectations  # noqa: F401 - registers our expectation type

        context = gx.get_context(mode="ephemeral")
        context.enable_analytics(False)
        context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
        yield context


def run_checkpoint(
    context: EphemeralDataContext, name: str, frame: pd.DataFrame, suite: Sequence[Expectation], **meta: Any
) -> ExpectationSuiteValidationResult:
    """Run one suite over one frame as a Checkpoint and return its validation result."""
    import great_expectations as gx

    asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
    numbered = [one | {"meta": one["meta"] | {_POSITION: position}} for position, one in enumerate(suite)]
    definition = gx.ValidationDefinition(
        name=name,
        data=asset.add_batch_definition_whole_dataframe(name),
        suite=context.suites.add(gx.ExpectationSuite(name=name, expectations=numbered, **meta)),
    )
    index = [SUBMISSION, *([INDICATOR] if INDICATOR in frame else [])]
    checkpoint = gx.Checkpoint(
        name=name,
        validation_definitions=[context.validation_definitions.add(definition)],
        # COMPLETE alone lists every failing row: the other formats stop at 20 or 200.
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": index},
    )
    result = context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": frame})
    (validation_result,) = result.run_results.values()
    return validation_result


def _outcomes(
    frame: pd.DataFrame, suite: Sequence[Expectation], validation: ExpectationSuiteValidationResult
) -> Iterator[Outcome]:
    """The results in the order of the suite: Great Expectations groups them by domain."""
    results = {
        (result.expectation_config.meta or {})[_POSITION]: result
        for result in validation.results
        if result.expectation_config
    }
    for position, expectation in enumerate(suite):
        result = results[position]
        rows = result.result.get("unexpected_index_list") or []
        if not result.success and not rows:
            # An expectation that could not be evaluated must never look like one that passed.
            raise CchcError(f"the expectation of {expectation['meta']['rule_code']} failed: {result.exception_info}")
        sides = result.result.get("details", {}).get("sides", [(None, None)] * len(rows))
        failures = [
            Failure(int(row[SUBMISSION]), row.get(INDICATOR, ""), *pair) for row, pair in zip(rows, sides, strict=True)
        ]
        yield Outcome(expectation, count_checked(rows_to_check(frame, expectation)), failures)


@contextmanager
def _quiet_logging() -> Iterator[None]:
    """Hide Great Expectations' messages about temporary folders and its own configuration."""
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
