"""Evaluates suites with pandas alone, for `check` of a file: importing Great Expectations would take too long there.

It reads the same suites and frames as the Checkpoint and uses the same metric (expressions.py). A test holds that both
give the same findings for all examples and the whole mutation corpus.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import repeat
from math import inf
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from etl.validation.expressions import evaluate_sides, fails, parse_comparison, round_as_printed
from etl.validation.suite import COMPARISON, INDICATOR, SUBMISSION, Condition, Expectation, Suites

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Failure:
    """A row of a frame that fails an expectation; `found` and `expected` are the sides of a comparison."""

    submission_id: int
    indicator_code: str = ""
    found: float | None = None
    expected: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one expectation: how many rows of each submission it checked, and those that fail, in order."""

    expectation: Expectation
    checked: Mapping[int, int]
    failures: Sequence[Failure]


def evaluate(frames: Mapping[str, pd.DataFrame], suites: Suites) -> list[Outcome]:
    """The outcome of every expectation, in the order of the suites."""
    return [
        Outcome(expectation, count_checked(rows), list(_failures(rows, expectation)))
        for name, suite in suites.items()
        for expectation in suite
        for rows in [rows_to_check(frames[name], expectation)]
    ]


def rows_to_check(frame: pd.DataFrame, expectation: Expectation) -> pd.DataFrame:
    """The rows in the scope of an expectation that hold all its operands, with these columns alone."""
    kwargs = expectation["kwargs"]
    keys = [SUBMISSION, INDICATOR] if INDICATOR in frame else [SUBMISSION]
    rows = frame[_is_in_scope(frame, kwargs["row_condition"])] if "row_condition" in kwargs else frame
    if expectation["type"] != COMPARISON:
        return rows[[*keys, kwargs["column"]]].dropna(subset=kwargs["column"])
    rows = rows[[*keys, *kwargs["column_list"]]]
    for group in parse_comparison(kwargs["expression"]).groups:
        rows = rows[rows[list(group)].notna().any(axis=1)]
    return rows


def _is_in_scope(frame: pd.DataFrame, condition: Condition) -> pd.Series[bool]:
    """Which rows meet a row condition of Great Expectations, as far as suites use them."""
    if condition["type"] == "comparison":
        column: pd.Series[Any] = frame[condition["column"]["name"]]
        parameter = condition["parameter"]
        match condition["operator"]:
            case "IN":
                return column.isin(parameter)
            case "NOT_IN":
                return ~column.isin(parameter)
            case _:
                return column.eq(parameter)
    parts = [_is_in_scope(frame, part) for part in condition["conditions"]]
    return reduce(and_ if condition["type"] == "and" else or_, parts)


def count_checked(rows: pd.DataFrame) -> Mapping[int, int]:
    return Counter(rows[SUBMISSION].tolist())


def _failures(rows: pd.DataFrame, expectation: Expectation) -> Iterator[Failure]:
    kwargs = expectation["kwargs"]
    sides: Iterable[tuple[float | None, float | None]] = repeat((None, None))
    if expectation["type"] == COMPARISON:
        comparison = parse_comparison(kwargs["expression"])
        evaluated = evaluate_sides(rows, comparison, kwargs["tolerance"])
        failing = fails(evaluated, comparison.operator)
        sides = round_as_printed(evaluated[failing], kwargs["tolerance"])
    else:
        failing = _fails(rows[kwargs["column"]], expectation["type"], kwargs)
    rows = rows[failing]
    codes = rows[INDICATOR].tolist() if INDICATOR in rows else [""] * len(rows)
    for submission_id, code, pair in zip(rows[SUBMISSION].tolist(), codes, sides, strict=False):
        yield Failure(submission_id, code, *pair)


def _fails(values: pd.Series[Any], kind: str, kwargs: Mapping[str, Any]) -> pd.Series[bool]:
    """Which values fail one of Great Expectations' own types, as far as suites use them."""
    match kind.removeprefix("expect_column_values_to_"):
        case "be_between":
            return ~values.between(kwargs.get("min_value", -inf), kwargs.get("max_value", inf))
        case "be_in_set":
            return ~values.isin(kwargs["value_set"])
        case "not_be_in_set":
            return values.isin(kwargs["value_set"])
        case "match_regex":
            return ~values.astype(str).str.contains(kwargs["regex"])
        case "not_match_regex":
            return values.astype(str).str.contains(kwargs["regex"])
        case _:
            raise NotImplementedError(kind)
