"""The assumptions behind a rank, each with the other choices that could be defended, and draws over all of them.

Varied are the weights (each by up to a quarter), how a measure becomes points, how points are put together, what a
missing value counts as, and whether a single area or criterion carries the result (one is left out).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from etl.ranking.robustness.aggregation import Numbers, Tree

WEIGHTS, NORMALISATION, AGGREGATION, MISSING, AREA, CRITERION = (
    "weights",
    "normalisation",
    "aggregation",
    "missing_data",
    "area_left_out",
    "criterion_left_out",
)
ASSUMPTIONS = (WEIGHTS, NORMALISATION, AGGREGATION, MISSING, AREA, CRITERION)
OWN = ""  # the method's own choice
_MISSING = "mwcd"  # outcomes of score_statement.sql: absent, whatever the method counts it as
_UNMEASURED_RULES = ("code_list",)  # points of codes are no scale that another normalisation could stretch


@dataclass(frozen=True)
class Units:
    """What SQL computed, units × nodes: points (NaN falls away), outcomes, and the measure behind the points.

    `has_report` is False where a district sent nothing: that is no missing value, and stays as the method says.
    """

    points: Numbers
    outcomes: NDArray[np.str_]
    measures: Numbers
    has_report: NDArray[np.bool_]


@dataclass(frozen=True)
class Choice:
    """One alternative to a method: what is not named stays as the method has it; `left_out` is a node, -1 none."""

    normalisation: str = OWN
    missing: str = OWN
    aggregation: str = OWN
    left_out: int = -1


@dataclass(frozen=True)
class Alternatives:
    """The points of each pair of normalisation and missing-data policy, made once."""

    tree: Tree
    units: Units
    _made: dict[tuple[str, str], Numbers] = field(default_factory=dict)

    def points(self, normalisation: str, missing: str) -> Numbers:
        """Units × nodes under these two choices."""
        key = (normalisation, missing)
        if key not in self._made:
            self._made[key] = self._make(normalisation, missing)
        return self._made[key]

    def _make(self, normalisation: str, missing: str) -> Numbers:
        if not missing:
            return self._normalised(normalisation) if normalisation else self.units.points
        points = self.points(normalisation, OWN)
        counts_as = {"zero": np.zeros(1), "drop": np.full(1, np.nan), "lowest": self._least(points)}[missing]
        result: Numbers = np.where(self._absent, counts_as, points)
        return result

    @cached_property
    def _absent(self) -> NDArray[np.bool_]:
        return np.isin(self.units.outcomes, list(_MISSING)) & self.units.has_report[:, None]

    def _least(self, points: Numbers) -> Numbers:
        """The lowest points that anybody earned at each node, 0 where nobody did."""
        earned = np.where(np.isin(self.units.outcomes, ["s", "a"]), points, np.inf).min(axis=0)
        return np.where(np.isinf(earned), 0.0, earned)

    def _normalised(self, normalisation: str) -> Numbers:
        points, is_measured = self.units.points.copy(), self.units.outcomes == "s"
        for node in self.tree.leaves:
            measured = is_measured[:, node]
            if self.tree.rules[node] not in _UNMEASURED_RULES and measured.any():
                part = _part(self.units.measures[measured, node], normalisation, self.tree.is_less_better[node])
                lowest = self.tree.lowest_points[node]
                points[measured, node] = lowest + (100 - lowest) * part
        return np.where(self.units.outcomes == "w", self._least(points), points)


def _part(measures: Numbers, normalisation: str, is_less_better: bool) -> Numbers:
    """0 for the worst to 1 for the best; 1 for all where nothing tells them apart (as score_statement.sql has it)."""
    values = np.round(-measures if is_less_better else measures, 9)
    if normalisation == "min_max":
        span = values.max() - values.min()
        return (values - values.min()) / span if span > 0 else np.ones_like(values)
    in_order = np.sort(values)
    below = np.searchsorted(in_order, values, side="left")
    alike = np.searchsorted(in_order, values, side="right") - below - 1
    return (below + alike / 2) / (values.size - 1) if values.size > 1 else np.ones_like(values)


def choices(tree: Tree) -> Mapping[str, list[Choice]]:
    """Every alternative of every assumption that is a choice among few (all but the weights)."""
    areas = [child for child in tree.children[0] if tree.rules[child] is None]
    within = [leaf for leaf in tree.leaves if tree.kinds[leaf] == "criterion"]
    return {
        NORMALISATION: [Choice(normalisation=each) for each in ("min_max", "percentile_rank")],
        AGGREGATION: [Choice(aggregation=each) for each in ("arithmetic", "geometric")],
        MISSING: [Choice(missing=each) for each in ("zero", "drop", "lowest")],
        AREA: [Choice(left_out=node) for node in areas] if len(tree.children[0]) > 1 else [],
        CRITERION: [Choice(left_out=node) for node in tree.leaves] if len(within) > 1 else [],
    }


def weights_of(tree: Tree, factors: Numbers, left_out: NDArray[np.int_]) -> Numbers:
    """Weights, draws × nodes: the method's own times `factors`, 0 for the node that a draw leaves out."""
    result = tree.weights * factors
    rows = np.nonzero(left_out >= 0)[0]
    result[rows, left_out[rows]] = 0.0
    return result
