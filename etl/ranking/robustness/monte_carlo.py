"""How robust ranks are: a ranking sampled a thousand times over its assumptions (uncertainty and sensitivity analysis).

Nothing here reads a database or a clock: the same units, draws and seed give the same result bit by bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from etl.ranking.robustness.aggregation import Numbers, Ranks, Tree, rank_units, score_units
from etl.ranking.robustness.scenarios import (
    AGGREGATION,
    AREA,
    ASSUMPTIONS,
    CRITERION,
    MISSING,
    NORMALISATION,
    WEIGHTS,
    Scenario,
    ScenarioPoints,
    ScoredUnits,
    list_scenarios,
    scale_weights,
)

T = TypeVar("T")

DRAWS, SEED = 1000, 2021
WEIGHT_SPREAD = 0.25  # weights are drawn uniformly from 75 to 125 per cent of the method's own
SEPARATION = 0.9  # two units are distinguishable if one is before the other in nine of ten draws
_LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Sensitivity:
    """The effect of one assumption when it alone varies: mean and greatest absolute shift of ranks over all units.

    `options` are the alternatives that change any score; without them the assumption did not vary.
    """

    assumption: str
    options: tuple[str, ...]
    mean_shift: float
    greatest_shift: int
    strongest_option: str


@dataclass(frozen=True)
class RankSample:
    """Sampled ranks of the ranked units, in the order of `unit_codes`.

    `quantiles`: units × (5, 50, 95 per cent), each a rank that was drawn. `counts`: units × ranks, how many draws gave
    the rank, beginning with rank 1. `ties`: units × units, True if the two cannot be distinguished.
    """

    unit_codes: tuple[str, ...]
    draws: int
    seed: int
    quantiles: Ranks
    counts: NDArray[np.int64]
    ties: NDArray[np.bool_]
    sensitivities: tuple[Sensitivity, ...]

    def ranks_of(self, unit: int) -> tuple[list[int], list[int]]:
        """Return the ranks that a unit had, and the number of draws of each."""
        ranks = np.nonzero(self.counts[unit])[0]
        return (ranks + 1).tolist(), self.counts[unit][ranks].tolist()

    def tied_with(self, unit: int) -> list[str]:
        """Return the codes of the units that it cannot be distinguished from."""
        return [self.unit_codes[other] for other in np.nonzero(self.ties[unit])[0]]


def sample_ranks(tree: Tree, units: ScoredUnits, draws: int = DRAWS, seed: int = SEED) -> RankSample:
    """Sample the ranks of the ranked units over all assumptions; normalisation compares them with all units.

    Raises ValueError for less than one draw, or if no unit is ranked.
    """
    if draws < 1 or not units.is_ranked.any():
        raise ValueError("there is nothing to draw")
    model = _Model(ScenarioPoints(tree, units))
    random = np.random.Generator(np.random.PCG64(seed)).random((draws, len(tree.codes) + 5))
    factors = 1 + WEIGHT_SPREAD * (2 * random[:, : len(tree.codes)] - 1)
    scenarios, sensitivities = model.vary_one_at_a_time(factors[: max(draws // 5, 1)])
    ranks = rank_units(*model.score(_draw_scenarios(scenarios, random[:, len(tree.codes) :]), factors))
    counts = _count_ranks(ranks)
    quantiles, ties = _find_quantiles(counts, draws), _find_ties(ranks)
    codes = tuple(np.array(units.codes)[units.is_ranked].tolist())
    return RankSample(codes, draws, seed, quantiles, counts, ties, sensitivities)


def _draw_scenarios(scenarios: Mapping[str, list[Scenario]], random: Numbers) -> list[Scenario]:
    """Return one scenario per draw: each assumption has the method's own or any alternative with equal probability."""
    kinds = [[Scenario()], *(scenarios[name] for name in (AREA, CRITERION) if scenarios[name])]
    return [
        Scenario(
            _pick([Scenario(), *scenarios[NORMALISATION]], normalisation).normalisation,
            _pick([Scenario(), *scenarios[MISSING]], missing).missing,
            _pick([Scenario(), *scenarios[AGGREGATION]], aggregation).aggregation,
            _pick(_pick(kinds, kind), node).left_out,
        )
        for normalisation, missing, aggregation, kind, node in random.tolist()
    ]


def _pick(options: Sequence[T], random: float) -> T:
    return options[int(random * len(options))]


@dataclass(frozen=True)
class _Model:
    """A method over its units, which gives scores under scenarios."""

    scenario_points: ScenarioPoints

    def score(self, scenarios: Sequence[Scenario], factors: Numbers) -> tuple[Numbers, list[Numbers]]:
        """Return scores and tie-breaks of the ranked units, draws × units; draws with equal choices are one batch."""
        tree, is_ranked = self.scenario_points.tree, self.scenario_points.units.is_ranked
        weights = scale_weights(tree, factors, np.array([scenario.left_out for scenario in scenarios]))
        batches: dict[tuple[str, str, str], list[int]] = {}
        for draw, scenario in enumerate(scenarios):
            key = (scenario.normalisation, scenario.missing, scenario.aggregation)
            batches.setdefault(key, []).append(draw)
        shape = (len(scenarios), int(is_ranked.sum()))
        scores, tie_breaks = np.empty(shape), [np.empty(shape) for _ in tree.tie_breaks]
        for (normalisation, missing, aggregation), rows in batches.items():
            points = self.scenario_points.points(normalisation, missing)[is_ranked]
            scores[rows], values = score_units(tree, points, weights[rows], aggregation)
            for tie_break, value in zip(tie_breaks, values, strict=True):
                tie_break[rows] = value
        return scores, tie_breaks

    def vary_one_at_a_time(self, factors: Numbers) -> tuple[Mapping[str, list[Scenario]], tuple[Sensitivity, ...]]:
        """Return the scenarios of each assumption that change any score, and how far they shift ranks."""
        tree = self.scenario_points.tree
        alternatives = [(name, scenario) for name, options in list_scenarios(tree).items() for scenario in options]
        names = ["", *(name for name, _ in alternatives), *[WEIGHTS] * len(factors)]
        scenarios = [Scenario(), *(scenario for _, scenario in alternatives), *[Scenario()] * len(factors)]
        unchanged = np.ones((1 + len(alternatives), len(tree.codes)))
        scores, tie_breaks = self.score(scenarios, np.concatenate([unchanged, factors]))
        ranks = rank_units(scores, tie_breaks)
        shifts = np.abs(ranks - ranks[0])
        is_changed = (np.nan_to_num(scores, nan=-1) != np.nan_to_num(scores[0], nan=-1)).any(axis=1)
        rows = {name: [row for row in np.nonzero(is_changed)[0] if names[row] == name] for name in ASSUMPTIONS}
        options = {name: [scenarios[row] for row in rows[name]] for name in ASSUMPTIONS}
        return options, tuple(_measure(tree, name, options[name], shifts[rows[name]]) for name in ASSUMPTIONS)


def _measure(tree: Tree, assumption: str, scenarios: Sequence[Scenario], shifts: Ranks) -> Sensitivity:
    """Summarise the shifts, scenarios × units, that the scenarios of one assumption cause."""
    if not scenarios:
        return Sensitivity(assumption, (), 0.0, 0, "")
    is_weights = assumption == WEIGHTS
    options = [f"± {WEIGHT_SPREAD:.0%}"] if is_weights else [_describe(tree, scenario) for scenario in scenarios]
    strongest = options[0 if is_weights else int(shifts.mean(axis=1).argmax())]
    return Sensitivity(assumption, tuple(options), float(shifts.mean()), int(shifts.max()), strongest)


def _describe(tree: Tree, scenario: Scenario) -> str:
    if scenario.left_out >= 0:
        return tree.codes[scenario.left_out]
    return scenario.normalisation or scenario.missing or scenario.aggregation


def _count_ranks(ranks: Ranks) -> NDArray[np.int64]:
    """Count how often each unit had each rank, units × ranks."""
    count = ranks.shape[1]
    cells = ranks - 1 + np.arange(count, dtype=np.int32) * count
    return np.bincount(cells.ravel(), minlength=count * count).reshape(count, count)


def _find_quantiles(counts: NDArray[np.int64], draws: int) -> Ranks:
    """Return the smallest rank of each unit that it did not exceed in 5, 50 and 95 per cent of the draws."""
    reached = counts.cumsum(axis=1)
    return np.stack([(reached >= level * draws).argmax(axis=1) + 1 for level in _LEVELS], axis=1).astype(np.int32)


def _find_ties(ranks: Ranks) -> NDArray[np.bool_]:
    """Return units × units, True where neither is before the other often enough to distinguish them."""
    draws, count = ranks.shape
    narrow, before = ranks.astype(np.uint16), np.zeros((count, count), dtype=np.int32)
    has_equal_ranks = (np.sort(ranks, axis=1) != np.arange(1, count + 1)).any()
    for start in range(0, draws, 255):  # sums that fit into a byte are four times as fast
        batch = narrow[start : start + 255]
        for unit in range(count):
            first = 0 if has_equal_ranks else unit + 1
            is_before = batch[:, unit, None] < batch[:, first:]
            before[unit, first:] += is_before.view(np.uint8).sum(axis=0, dtype=np.uint8)
    if not has_equal_ranks:  # a unit that is not before another one is behind it
        before += np.tril(draws - before.T, -1)
    is_close = before < SEPARATION * draws
    ties: NDArray[np.bool_] = is_close & is_close.T
    np.fill_diagonal(ties, val=False)
    return ties
