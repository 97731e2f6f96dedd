"""Our own expectation type: a comparison of two sides over the columns of a row, evaluated by pandas.

Importing this module registers the type with Great Expectations, which a suite that uses it needs. Written as
https://docs.greatexpectations.io describes custom map expectations: a metric provider and a subclass of the map
expectation.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_function_partial import (
    multicolumn_function_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (
    MulticolumnMapMetricProvider,
)
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import ValidationDependencies

from etl.validation.expressions import evaluate_sides, fails, parse_comparison, round_as_printed

_SIDES = "multicolumn_values.comparison_sides"
_HOLDS = "multicolumn_values.comparison_holds"
_KEYS = ("expression", "tolerance")


class MulticolumnComparison(MulticolumnMapMetricProvider):
    """Both sides of a comparison for each row, and whether it holds; the sides are evaluated once."""

    function_metric_name = _SIDES
    function_value_keys = _KEYS
    condition_metric_name = _HOLDS
    condition_value_keys = _KEYS

    @multicolumn_function_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _evaluate(cls, column_list: pd.DataFrame, expression: str, tolerance: str, **_: Any) -> pd.DataFrame:  # noqa: N805
        return evaluate_sides(column_list, parse_comparison(expression), tolerance)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _compare(cls, column_list: pd.DataFrame, expression: str, _metrics: Any, **_: Any) -> pd.Series[bool]:  # noqa: N805
        return ~fails(_metrics[f"{_SIDES}.map"][0], parse_comparison(expression).operator)

    @classmethod
    def _get_evaluation_dependencies(
        cls,
        metric: MetricConfiguration,
        configuration: ExpectationConfiguration | None = None,
        execution_engine: Any = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> dict[str, MetricConfiguration]:
        dependencies: dict[str, MetricConfiguration] = super()._get_evaluation_dependencies(
            metric, configuration, execution_engine, runtime_configuration
        )
        if metric.metric_name == f"{_HOLDS}.condition":
            dependencies[f"{_SIDES}.map"] = _sides_metric(metric.metric_domain_kwargs, metric.metric_value_kwargs)
        return dependencies


class ExpectMulticolumnComparisonToHold(MulticolumnMapExpectation):
    """Expect `expression`, such as "total = district + commune", to hold in every row.

    `tolerance` names the column that says by how much the sides may differ; empty for exact comparison. The details of
    a result hold both sides for each unexpected row.
    """

    expression: str
    tolerance: str = ""

    map_metric = _HOLDS
    success_keys = ("mostly", *_KEYS)
    args_keys = ("column_list", *_KEYS)

    def get_validation_dependencies(
        self,
        execution_engine: Any = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> ValidationDependencies:
        dependencies = super().get_validation_dependencies(execution_engine, runtime_configuration)
        condition = dependencies.get_metric_configuration(f"{_HOLDS}.unexpected_count")
        assert condition is not None
        values = {key: getattr(self, key) for key in _KEYS}
        dependencies.set_metric_configuration(f"{_SIDES}.map", _sides_metric(condition.metric_domain_kwargs, values))
        return dependencies

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        outcome: dict[str, Any] = super()._validate(metrics, runtime_configuration, execution_engine)
        sides = metrics[f"{_SIDES}.map"][0]
        failing = sides[fails(sides, parse_comparison(self.expression).operator)]
        outcome["result"]["details"] = {"sides": round_as_printed(failing, self.tolerance)}
        return outcome


def _sides_metric(domain: Any, values: Any) -> MetricConfiguration:
    return MetricConfiguration(f"{_SIDES}.map", domain, {key: values[key] for key in _KEYS})
