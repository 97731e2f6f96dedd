"""The arithmetic of a method over many draws at once: what SQL computes for one, numpy does here for thousands.

It takes the points that SQL computed and puts them together again; with nothing varied it comes to the scores and
ranks of the engine (tests/ranking/test_robustness.py), so that what moves a rank is the assumption alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Ranks = NDArray[np.int32]

DECIMALS = 9  # floats that differ by less are one score: the last decimals depend on the machine
_LOG_OF_NOTHING = -1e6  # stands for the logarithm of 0: any weight makes the geometric mean 0, no weight leaves it out
_SMALL = 200_000  # multiplications
GEOMETRIC_FLOOR = 1.0  # where a method is not geometric itself, one zero must not swallow all the rest


@dataclass(frozen=True)
class Tree:
    """A method's tree as columns, one entry a node in the order of node_number; parents are indexes, -1 for none."""

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
        """The nodes directly below each inner node."""
        inner = [number for number, rule in enumerate(self.rules) if rule is None]
        return {node: tuple(n for n, parent in enumerate(self.parents) if parent == node) for node in inner}

    @cached_property
    def leaves(self) -> tuple[int, ...]:
        """The criteria, those outside the hundred too."""
        return tuple(number for number, rule in enumerate(self.rules) if rule is not None)

    @cached_property
    def outside(self) -> tuple[tuple[int, int], ...]:
        """Bonus and penalty criteria, each with its sign."""
        signs = {"bonus": 1, "penalty": -1}
        return tuple((number, signs[kind]) for number, kind in enumerate(self.kinds) if kind in signs)


def scores(tree: Tree, points: Numbers, weights: Numbers, aggregation: str = "") -> tuple[Numbers, list[Numbers]]:
    """Scores, draws × units, and those of the tree's tie-breaks in their order; NaN where nothing is left to score by.

    `points` is units × nodes (0 to 100, NaN what falls away; only criteria are read), `weights` draws × nodes (0 leaves
    a node out), `aggregation` takes the place of the method's own at every node.
    """
    known: dict[int, Numbers] = {}
    total = _node(tree, 0, points, weights, aggregation, known)
    for node, sign in tree.outside:
        total = total + sign * weights[:, node, None] * np.nan_to_num(points[:, node]) / 100
    ties = [known.get(node, points[None, :, node]) for node in (tree.codes.index(code) for code in tree.tie_breaks)]
    return np.round(_rounded(tree, 0, np.clip(total, 0, 100)), DECIMALS), ties


def ranks(values: Numbers, ties: Sequence[Numbers] = ()) -> Ranks:
    """The rank of each unit in each draw (1, 2, 2, 4); what has no score stands behind all that have one."""
    keys = [-np.nan_to_num(np.broadcast_to(one, values.shape), nan=-1.0) for one in (values, *ties)]
    keys[1:] = [np.round(key, DECIMALS) for key in keys[1:]]
    order = np.argsort(keys[0], axis=1) if len(keys) == 1 else np.lexsort(keys[::-1], axis=1)
    is_next = np.zeros(values.shape, dtype=bool)
    for key in keys:
        in_order = np.take_along_axis(key, order, axis=1)
        is_next[:, 1:] |= in_order[:, 1:] != in_order[:, :-1]
    places = np.maximum.accumulate(np.where(is_next, np.arange(values.shape[1], dtype=np.int32), 0), axis=1)
    result = np.empty(values.shape, dtype=np.int32)
    np.put_along_axis(result, order, places + 1, axis=1)
    return result


def _node(
    tree: Tree, node: int, points: Numbers, weights: Numbers, aggregation: str, known: dict[int, Numbers]
) -> Numbers:
    """The score of an inner node, draws × units."""
    below = tree.children[node]
    way = aggregation if aggregation and len(below) > 1 else tree.aggregations[node]  # one alone is its own mean
    leaves = [child for child in below if tree.rules[child] is not None]
    floor = GEOMETRIC_FLOOR if aggregation and tree.aggregations[node] != "geometric" else 0.0
    values = _scale(points[:, leaves], way, floor)
    present = ~np.isnan(values)
    of_leaves = weights[:, leaves]
    upper = _product(of_leaves, np.where(present, values, 0.0))
    whole = present.all()
    lower = of_leaves.sum(axis=1, keepdims=True) if whole else _product(of_leaves, present.astype(np.float64))
    for child in below:
        if tree.rules[child] is None:
            value = _scale(_node(tree, child, points, weights, aggregation, known), way, floor)
            weight, is_gone = weights[:, child, None], np.isnan(value)
            if is_gone.any():
                weight, value = weight * ~is_gone, np.where(is_gone, 0.0, value)
            upper += weight * value
            lower = lower + weight
    is_empty = lower <= 0
    if way == "sum":
        lower = weights[:, list(below)].sum(axis=1, keepdims=True)
    upper /= np.where(is_empty, np.nan, lower)
    known[node] = _rounded(tree, node, np.exp(upper) if way == "geometric" else upper)
    return known[node]


def _product(weights: Numbers, values: Numbers) -> Numbers:
    """weights × valuesᵀ, in pieces so small that no library shares one out among threads.

    On a busy machine that is faster, and the sums are the same however many processors there are.
    """
    result = np.empty((len(weights), len(values)))
    step = max(_SMALL // max(values.size, 1), 1)
    columns = np.ascontiguousarray(values.T)
    for start in range(0, len(weights), step):
        np.matmul(weights[start : start + step], columns, out=result[start : start + step])
    return result


def _scale(values: Numbers, way: str | None, floor: float) -> Numbers:
    """Logarithms where a geometric mean is taken, else the values."""
    if way != "geometric":
        return values
    raised = np.maximum(values, floor)
    return np.where(raised <= 0, _LOG_OF_NOTHING, np.log(np.where(raised <= 0, 1.0, raised)))


def _rounded(tree: Tree, node: int, values: Numbers) -> Numbers:
    """Half up, on the node's own points, where the method rounds there."""
    digits = tree.round_digits[node]
    if digits is None:
        return values
    unit = tree.round_units[node] / 100
    result: Numbers = np.floor(np.round(values * unit * 10**digits, 6) + 0.5) / 10**digits / unit
    return result
