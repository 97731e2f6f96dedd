"""Scores and ranks of a method over thousands of draws, in numpy; the SQL engine computes a single one.

Starts from the points that the SQL engine computed. With nothing varied the result equals the engine's scores and ranks
(tests/ranking/test_robustness.py), so that only an assumption can shift a rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Ranks = NDArray[np.int32]

DECIMALS = 9  # scores that differ by less are equal: the last decimals of floats depend on the machine
GEOMETRIC_FLOOR = 1.0  # lowest points in a geometric mean of a method that is not geometric itself
_LOG_OF_ZERO = -1e6  # finite: any weight makes the geometric mean 0, weight 0 leaves it out
_BATCH = 200_000  # multiplications in one matrix product


@dataclass(frozen=True)
class Tree:
    """The tree of a method, one entry per node in the order of node_number; parents are indexes, -1 for none."""

    codes: tuple[str, ...]
    kinds: tuple[str, ...]
    parents: tuple[int, ...]
    weights: Numbers
    aggregations: tuple[str | None, ...]
    rules: tuple[str | None, ...]
    is_less_better: tuple[bool, ...]
    lowest_points: Numbers
    round_units: Numbers
    round_digits: tuple[int | None, ...]
    tie_breaks: tuple[str, ...] = ()

    @cached_property
    def children(self) -> Mapping[int, tuple[int, ...]]:
        """The children of each inner node."""
        inner = [node for node, rule in enumerate(self.rules) if rule is None]
        return {node: tuple(child for child, parent in enumerate(self.parents) if parent == node) for node in inner}

    @cached_property
    def leaves(self) -> tuple[int, ...]:
        """The criteria, bonus and penalty criteria included."""
        return tuple(node for node, rule in enumerate(self.rules) if rule is not None)

    @cached_property
    def outside(self) -> tuple[tuple[int, int], ...]:
        """Bonus and penalty criteria, each with its sign."""
        signs = {"bonus": 1, "penalty": -1}
        return tuple((node, signs[kind]) for node, kind in enumerate(self.kinds) if kind in signs)


def score_units(tree: Tree, points: Numbers, weights: Numbers, aggregation: str = "") -> tuple[Numbers, list[Numbers]]:
    """Return scores, draws × units, and those of the tie-breaks; NaN where nothing is left to score.

    `points`: units × nodes, 0 to 100, NaN where a criterion is left out; inner nodes are not read. `weights`: draws ×
    nodes, 0 leaves a node out. `aggregation` replaces the method's own at every node.
    """
    node_scores: dict[int, Numbers] = {}
    total = _score_node(tree, 0, points, weights, aggregation, node_scores)
    for node, sign in tree.outside:
        total = total + sign * weights[:, node, None] * np.nan_to_num(points[:, node]) / 100
    tie_breaks = (tree.codes.index(code) for code in tree.tie_breaks)
    ties = [node_scores.get(node, points[None, :, node]) for node in tie_breaks]
    return np.round(_round(tree, 0, np.clip(total, 0, 100)), DECIMALS), ties


def rank_units(scores: Numbers, ties: Sequence[Numbers] = ()) -> Ranks:
    """Return the rank of each unit in each draw (1, 2, 2, 4), units without a score last."""
    keys = [-np.nan_to_num(np.broadcast_to(key, scores.shape), nan=-1.0) for key in (scores, *ties)]
    keys[1:] = [np.round(key, DECIMALS) for key in keys[1:]]
    order = np.argsort(keys[0], axis=1) if len(keys) == 1 else np.lexsort(keys[::-1], axis=1)
    is_next = np.zeros(scores.shape, dtype=bool)
    for key in keys:
        in_order = np.take_along_axis(key, order, axis=1)
        is_next[:, 1:] |= in_order[:, 1:] != in_order[:, :-1]
    places = np.maximum.accumulate(np.where(is_next, np.arange(scores.shape[1], dtype=np.int32), 0), axis=1)
    ranks = np.empty(scores.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, places + 1, axis=1)
    return ranks


def _score_node(
    tree: Tree, node: int, points: Numbers, weights: Numbers, aggregation: str, node_scores: dict[int, Numbers]
) -> Numbers:
    """Return the score of an inner node, draws × units, and add it and those of the nodes below to `node_scores`."""
    children = tree.children[node]
    rule = aggregation if aggregation and len(children) > 1 else tree.aggregations[node]  # a single child is the mean
    floor = GEOMETRIC_FLOOR if aggregation and tree.aggregations[node] != "geometric" else 0.0
    leaves = [child for child in children if tree.rules[child] is not None]
    values, leaf_weights = _transform(points[:, leaves], rule, floor), weights[:, leaves]
    is_present = ~np.isnan(values)
    total = _multiply(leaf_weights, np.where(is_present, values, 0.0))
    if is_present.all():
        base = leaf_weights.sum(axis=1, keepdims=True)
    else:
        base = _multiply(leaf_weights, is_present.astype(np.float64))
    for child in children:
        if tree.rules[child] is None:
            value = _transform(_score_node(tree, child, points, weights, aggregation, node_scores), rule, floor)
            weight, is_absent = weights[:, child, None], np.isnan(value)
            if is_absent.any():
                weight, value = weight * ~is_absent, np.where(is_absent, 0.0, value)
            total += weight * value
            base = base + weight
    is_empty = base <= 0
    if rule == "sum":
        base = weights[:, list(children)].sum(axis=1, keepdims=True)
    total /= np.where(is_empty, np.nan, base)
    node_scores[node] = _round(tree, node, np.exp(total) if rule == "geometric" else total)
    return node_scores[node]


def _multiply(weights: Numbers, values: Numbers) -> Numbers:
    """Return weights × valuesᵀ, in products so small that no library divides one among threads.

    On a busy machine that is faster, and the sums do not depend on the number of processors.
    """
    result = np.empty((len(weights), len(values)))
    step = max(_BATCH // max(values.size, 1), 1)
    columns = np.ascontiguousarray(values.T)
    for start in range(0, len(weights), step):
        np.matmul(weights[start : start + step], columns, out=result[start : start + step])
    return result


def _transform(values: Numbers, rule: str | None, floor: float) -> Numbers:
    """Return logarithms for a geometric mean, otherwise the values."""
    if rule != "geometric":
        return values
    raised = np.maximum(values, floor)
    return np.where(raised <= 0, _LOG_OF_ZERO, np.log(np.where(raised <= 0, 1.0, raised)))


def _round(tree: Tree, node: int, values: Numbers) -> Numbers:
    """Round half up, on the node's own points, if the method rounds there."""
    digits = tree.round_digits[node]
    if digits is None:
        return values
    unit = tree.round_units[node] / 100
    result: Numbers = np.floor(np.round(values * unit * 10**digits, 6) + 0.5) / 10**digits / unit
    return result
