"""The assumptions behind a ranking and their defensible alternatives, over which a ranking is sampled.

Varied are the weights (each by up to a quarter), how a measure becomes points, how points are aggregated, what a
missing value counts as, and whether one area or criterion carries the result (one is left out).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from etl.ranking.robustness.aggregation import Numbers, Tree

WEIGHTS, NORMALISATION, AGGREGATION, MISSING, AREA, CRITERION = ASSUMPTIONS = (
    *("weights", "normalisation", "aggregation", "missing_data", "area_left_out", "criterion_left_out"),
)
_MISSING_OUTCOMES = "mwcd"  # outcome letters of a value that is absent, whatever the method counts it as


@dataclass(frozen=True)
class ScoredUnits:
    """What the SQL engine computed, units × nodes: points (NaN: left out), outcome letters, measures behind the points.

    `has_report` is False for a unit that sent nothing: that is not a missing value, and stays as the method says.
    """

    codes: tuple[str, ...]
    is_ranked: NDArray[np.bool_]
    has_report: NDArray[np.bool_]
    points: Numbers
    outcomes: NDArray[np.str_]
    measures: Numbers


@dataclass(frozen=True)
class Scenario:
    """One combination of alternatives. An empty text keeps the method's own; `left_out` is a node, -1 for none."""

    normalisation: str = ""
    missing: str = ""
    aggregation: str = ""
    left_out: int = -1


@dataclass(frozen=True)
class ScenarioPoints:
    """The points of the units under each pair of normalisation and missing-data policy, computed once."""

    tree: Tree
    units: ScoredUnits
    _cache: dict[tuple[str, str], Numbers] = field(default_factory=dict)

    def points(self, normalisation: str, missing: str) -> Numbers:
        """Return the points, units × nodes, NaN where a node is left out."""
        key = (normalisation, missing)
        if key not in self._cache:
            self._cache[key] = self._compute(normalisation, missing)
        return self._cache[key]

    def _compute(self, normalisation: str, missing: str) -> Numbers:
        if not missing:
            return self._normalise(normalisation) if normalisation else self.units.points
        points = self.points(normalisation, "")
        replacement = {"zero": np.zeros(1), "drop": np.full(1, np.nan), "lowest": self._lowest(points)}[missing]
        result: Numbers = np.where(self._is_missing, replacement, points)
        return result

    @cached_property
    def _is_missing(self) -> NDArray[np.bool_]:
        return np.isin(self.units.outcomes, list(_MISSING_OUTCOMES)) & self.units.has_report[:, None]

    def _lowest(self, points: Numbers) -> Numbers:
        """Return the lowest points that any unit earned at each node, 0 if none did."""
        earned = np.where(np.isin(self.units.outcomes, ["s", "a"]), points, np.inf).min(axis=0)
        return np.where(np.isinf(earned), 0.0, earned)

    def _normalise(self, normalisation: str) -> Numbers:
        points, is_measured = self.units.points.copy(), self.units.outcomes == "s"
        for node in self.tree.leaves:
            measured = is_measured[:, node]
            # The points of codes are no scale that another normalisation could stretch.
            if self.tree.rules[node] != "code_list" and measured.any():
                share = _rescale(self.units.measures[measured, node], normalisation, self.tree.is_less_better[node])
                lowest = self.tree.lowest_points[node]
                points[measured, node] = lowest + (100 - lowest) * share
        return np.where(self.units.outcomes == "w", self._lowest(points), points)


def _rescale(measures: Numbers, normalisation: str, is_less_better: bool) -> Numbers:
    """Return 0 for the worst to 1 for the best, 1 for all if they are equal, as the SQL engine does."""
    values = np.round(-measures if is_less_better else measures, 9)
    if normalisation == "min_max":
        span = values.max() - values.min()
        return (values - values.min()) / span if span > 0 else np.ones_like(values)
    in_order = np.sort(values)
    below = np.searchsorted(in_order, values, side="left")
    equal = np.searchsorted(in_order, values, side="right") - below - 1
    return (below + equal / 2) / (values.size - 1) if values.size > 1 else np.ones_like(values)


def list_scenarios(tree: Tree) -> Mapping[str, list[Scenario]]:
    """Return the alternatives of each assumption that has a few (all except the weights)."""
    areas = [child for child in tree.children[0] if tree.rules[child] is None]
    criteria = [leaf for leaf in tree.leaves if tree.kinds[leaf] == "criterion"]
    return {
        NORMALISATION: [Scenario(normalisation=rule) for rule in ("min_max", "percentile_rank")],
        AGGREGATION: [Scenario(aggregation=rule) for rule in ("arithmetic", "geometric")],
        MISSING: [Scenario(missing=policy) for policy in ("zero", "drop", "lowest")],
        AREA: [Scenario(left_out=node) for node in areas] if len(tree.children[0]) > 1 else [],
        CRITERION: [Scenario(left_out=node) for node in tree.leaves] if len(criteria) > 1 else [],
    }


def scale_weights(tree: Tree, factors: Numbers, left_out: NDArray[np.int_]) -> Numbers:
    """Return weights, draws × nodes: the method's own times `factors`, 0 for the node that a draw leaves out."""
    weights = tree.weights * factors
    rows = np.nonzero(left_out >= 0)[0]
    weights[rows, left_out[rows]] = 0.0
    return weights
