"""How sure a rank is: the ranking drawn a thousand times over the assumptions behind it, and what that comes to.

Nothing here reads a database or a clock: the same units, draws and seed give the same result bit by bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from etl.ranking.robustness.aggregation import Numbers, Ranks, Tree, ranks, scores
from etl.ranking.robustness.assumptions import (
    AGGREGATION,
    AREA,
    ASSUMPTIONS,
    CRITERION,
    MISSING,
    NORMALISATION,
    OWN,
    WEIGHTS,
    Alternatives,
    Choice,
    Units,
    choices,
    weights_of,
)

T = TypeVar("T")

DRAWS, SEED = 1000, 2021
WEIGHT_SPREAD = 0.25  # each weight is drawn evenly between three and five quarters of what the method says
SEPARATION = 0.9  # two districts are told apart where one stands before the other in nine of ten draws
_LEVELS = (0.05, 0.5, 0.95)  # hence the interval: districts whose intervals do not meet are told apart
_BYTE = 255


@dataclass(frozen=True)
class Influence:
    """What one assumption does when it alone varies: mean and greatest absolute shift of ranks over all units.

    `options` are the alternatives that change a score at all; with none of them it did not vary.
    """

    assumption: str
    options: tuple[str, ...]
    mean_shift: float
    greatest_shift: int
    strongest_option: str

    @property
    def is_varied(self) -> bool:
        return bool(self.options)


@dataclass(frozen=True)
class Robustness:
    """Ranks under the draws, in the order of the units: quantiles, how often which rank, who cannot be told apart."""

    draws: int
    seed: int
    quantiles: Ranks  # units × (5, 50, 95 per cent), each a rank that was drawn
    counts: NDArray[np.int64]  # units × ranks: the number of draws; the first column is rank 1
    ties: NDArray[np.bool_]  # units × units: the two cannot be told apart
    influences: tuple[Influence, ...]


def sample(tree: Tree, units: Units, is_ranked: NDArray[np.bool_], draws: int = DRAWS, seed: int = SEED) -> Robustness:
    """Draws over all assumptions; only the units that the method ranks are ranked, all are compared with.

    Raises ValueError for fewer than one draw, or where nothing is ranked.
    """
    if draws < 1 or not is_ranked.any():
        raise ValueError("there is nothing to draw")
    run = _Run(Alternatives(tree, units), is_ranked)
    generator = np.random.Generator(np.random.PCG64(seed))
    chance = generator.random((draws, len(tree.codes) + 5))
    factors = 1 + WEIGHT_SPREAD * (2 * chance[:, : len(tree.codes)] - 1)
    options, influences = run.alone(factors[: max(draws // 5, 1)])
    drawn = run.ranks(_drawn(options, chance[:, len(tree.codes) :]), factors)
    counts = _counts(drawn)
    return Robustness(draws, seed, _quantiles(counts, draws), counts, _ties(drawn), influences)


def _drawn(options: Mapping[str, list[Choice]], chance: Numbers) -> list[Choice]:
    """One choice a draw: of each assumption the method's own or an alternative, all alike likely."""
    kinds = [[Choice()], *(options[name] for name in (AREA, CRITERION) if options[name])]
    result = []
    for normalisation, missing, aggregation, kind, within in chance.tolist():
        left_out = _pick(_pick(kinds, kind), within).left_out
        result.append(
            Choice(
                _pick([Choice(), *options[NORMALISATION]], normalisation).normalisation,
                _pick([Choice(), *options[MISSING]], missing).missing,
                _pick([Choice(), *options[AGGREGATION]], aggregation).aggregation,
                left_out,
            )
        )
    return result


def _pick(among: Sequence[T], chance: float) -> T:
    return among[int(chance * len(among))]


@dataclass(frozen=True)
class _Run:
    """The method over its units, asked for scores and ranks under choices."""

    alternatives: Alternatives
    is_ranked: NDArray[np.bool_]

    def scores(self, drawn: Sequence[Choice], factors: Numbers) -> tuple[Numbers, list[Numbers]]:
        """Scores and tie-breaks of the ranked units under one choice a draw; alike draws are computed together."""
        tree = self.alternatives.tree
        weights = weights_of(tree, factors, np.array([one.left_out for one in drawn]))
        groups: dict[tuple[str, str, str], list[int]] = {}
        for number, one in enumerate(drawn):
            groups.setdefault((one.normalisation, one.missing, one.aggregation), []).append(number)
        shape = (len(drawn), int(self.is_ranked.sum()))
        values, ties = np.empty(shape), [np.empty(shape) for _ in tree.tie_breaks]
        for (normalisation, missing, aggregation), rows in groups.items():
            points = self.alternatives.points(normalisation, missing)[self.is_ranked]
            values[rows], given = scores(tree, points, weights[rows], aggregation)
            for tie, value in zip(ties, given, strict=True):
                tie[rows] = value
        return values, ties

    def ranks(self, drawn: Sequence[Choice], factors: Numbers) -> Ranks:
        values, ties = self.scores(drawn, factors)
        return ranks(values, ties)

    def alone(self, factors: Numbers) -> tuple[Mapping[str, list[Choice]], tuple[Influence, ...]]:
        """Each assumption alone: the alternatives that change a score, and how far they move ranks."""
        tree = self.alternatives.tree
        every = choices(tree)
        flat = [(name, one) for name in every for one in every[name]]
        drawn = [Choice(), *(one for _, one in flat), *[Choice()] * len(factors)]
        even = np.ones((1 + len(flat), len(tree.codes)))
        values, ties = self.scores(drawn, np.concatenate([even, factors]))
        given = ranks(values, ties)
        shifts = np.abs(given - given[0])
        is_other = (np.nan_to_num(values, nan=-1) != np.nan_to_num(values[0], nan=-1)).any(axis=1)
        rows: dict[str, list[int]] = {name: [] for name in ASSUMPTIONS}
        for number, (name, _) in enumerate(flat, start=1):
            if is_other[number]:
                rows[name].append(number)
        rows[WEIGHTS] = [number for number in range(1 + len(flat), len(drawn)) if is_other[number]]
        kept = {name: [drawn[number] for number in rows[name]] for name in every}
        return kept, tuple(_influence(tree, name, rows[name], drawn, shifts) for name in ASSUMPTIONS)


def _influence(tree: Tree, name: str, rows: Sequence[int], drawn: Sequence[Choice], shifts: Ranks) -> Influence:
    if not rows:
        return Influence(name, (), 0.0, 0, "")
    if name == WEIGHTS:
        options = [f"± {WEIGHT_SPREAD:.0%}"]
        strongest = options[0]
    else:
        options = [_named(tree, drawn[row]) for row in rows]
        strongest = options[int(shifts[rows].mean(axis=1).argmax())]
    of_them = shifts[rows]
    return Influence(name, tuple(options), float(of_them.mean()), int(of_them.max()), strongest)


def _named(tree: Tree, one: Choice) -> str:
    if one.left_out >= 0:
        return tree.codes[one.left_out]
    return next(each for each in (one.normalisation, one.missing, one.aggregation) if each != OWN)


def _counts(drawn: Ranks) -> NDArray[np.int64]:
    """How often each unit had each rank, units × ranks."""
    count = drawn.shape[1]
    cells = drawn - 1 + np.arange(count, dtype=np.int32) * count
    return np.bincount(cells.ravel(), minlength=count * count).reshape(count, count)


def _quantiles(counts: NDArray[np.int64], draws: int) -> Ranks:
    """Of each unit the lowest ranks that it did not fall behind in 5, 50 and 95 per cent of the draws."""
    reached = counts.cumsum(axis=1)
    return np.stack([(reached >= level * draws).argmax(axis=1) + 1 for level in _LEVELS], axis=1).astype(np.int32)


def _ties(drawn: Ranks) -> NDArray[np.bool_]:
    """Units × units: neither stands before the other often enough to tell them apart."""
    draws, count = drawn.shape
    small: Ranks = drawn.astype(np.int16 if count < 2**15 else np.int32)
    before = np.zeros((count, count), dtype=np.int32)
    is_shared = (np.sort(drawn, axis=1) != np.arange(1, count + 1)).any()
    for start in range(0, draws, _BYTE):  # sums that fit into a byte are some five times faster
        part = small[start : start + _BYTE]
        for unit in range(count):
            first = 0 if is_shared else unit + 1
            is_before = part[:, unit, None] < part[:, first:]
            before[unit, first:] += is_before.view(np.uint8).sum(axis=0, dtype=np.uint8)
    if not is_shared:  # who is not before is behind
        before += np.tril(draws - before.T, -1)
    is_close = before < SEPARATION * draws
    result: NDArray[np.bool_] = is_close & is_close.T
    np.fill_diagonal(result, val=False)
    return result
