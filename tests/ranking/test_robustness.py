"""Robustness of ranks: the draws start from the scores of the SQL engine and record which assumptions varied."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from etl.database import Connection, query_file
from etl.errors import UsageError
from etl.ranking import refresh_rankings, refresh_scores
from etl.ranking.robustness import monte_carlo
from etl.ranking.robustness.aggregation import rank_units, score_units
from etl.ranking.robustness.monte_carlo import SEPARATION, sample_ranks
from etl.ranking.robustness.refresh import read_tree, read_units, resample
from tests.ranking import province

DISTRICTS: dict[str, dict[str, Any]] = {f"D{number:02}": {} for number in range(14)}
ABSENT = ("blank", "not_done", "undecidable", "not_applicable")


def rich_province(connection: Connection, folder: Path, seed: int) -> None:
    """Fourteen districts: one without a report, one identical to another; every sixth value is missing."""
    province.prepare(connection, folder, province.RICH, DISTRICTS, province.RICH_INDICATORS)
    source = random.Random(seed)
    for code in list(DISTRICTS)[1:-1]:
        values: dict[str, Any] = {name: source.randint(0, 100) for name in "rst"}
        values |= {"d": source.choice((0, 50, 120)), "code": source.randint(0, 1)}
        cells = {name: source.choice(ABSENT) if source.random() < 1 / 6 else value for name, value in values.items()}
        province.report(connection, code, cells)
    province.report(connection, "D13", cells)
    refresh_rankings(connection)


def plain_province(connection: Connection, folder: Path, reports: dict[str, tuple[int, int]]) -> None:
    province.prepare(connection, folder, province.PLAIN, {code: {} for code in reports}, province.PLAIN_INDICATORS)
    for code, (r, s) in reports.items():
        province.report(connection, code, {"r": r, "s": s})
    refresh_rankings(connection)


def input_rows(connection: Connection) -> list[tuple[Any, ...]]:
    ((key, method),) = connection.exec_driver_sql("SELECT period_key, method_key FROM warehouse.score_state").fetchall()
    parameters = {"period_key": key, "method_key": method}
    return [tuple(row) for row in query_file(connection, "queries/robustness_input.sql", parameters)]


def definition_of(connection: Connection) -> str:
    ((text,),) = connection.exec_driver_sql("SELECT definition::text FROM warehouse.scoring_method").fetchall()
    return str(text)


def robustness(connection: Connection) -> dict[str, tuple[Any, ...]]:
    rows = connection.exec_driver_sql(
        "SELECT district_code, rank, rank_q05, rank_q50, rank_q95, rank_probability, tied_with, draws, seed"
        " FROM mart.ranking_robustness ORDER BY district_code"
    ).fetchall()
    return {code: tuple(row) for code, *row in rows}


def assumptions(connection: Connection) -> dict[str, tuple[Any, ...]]:
    rows = connection.exec_driver_sql(
        "SELECT assumption_code, is_varied, not_varied_reason_en, options, mean_shift FROM mart.ranking_assumption"
    ).fetchall()
    return {code: tuple(row) for code, *row in rows}


@pytest.mark.parametrize("seed", range(4))
def test_without_variation_a_draw_equals_the_scores_and_ranks_of_the_sql_engine(
    connection: Connection, tmp_path: Path, seed: int
) -> None:
    rich_province(connection, tmp_path, seed)
    tree = read_tree(connection, definition_of(connection))
    rows = input_rows(connection)
    units = read_units(rows)
    values, ties = score_units(tree, units.points, tree.weights[None, :])
    is_ranked = np.array([row[1] for row in rows])
    expected = connection.exec_driver_sql(
        "SELECT district_code, score::float8, rank FROM mart.district_ranking"
        " WHERE district_code = ANY(%s) ORDER BY district_code",
        ([row[0] for row in rows],),
    ).fetchall()
    expected_scores = np.array([score if score is not None else np.nan for _, score, _ in expected], dtype=float)
    np.testing.assert_allclose(values[0], expected_scores, atol=1e-9)
    drawn = rank_units(values[:, is_ranked], [tie[:, is_ranked] for tie in ties])[0]
    assert drawn.tolist() == [rank for *_, rank in expected if rank is not None]
    assert len(set(drawn.tolist())) > 5


def test_the_same_seed_gives_an_identical_result_and_another_seed_does_not(
    connection: Connection, tmp_path: Path
) -> None:
    rich_province(connection, tmp_path, 1)
    tree, rows = read_tree(connection, definition_of(connection)), input_rows(connection)
    first, again, other = (sample_ranks(tree, read_units(rows), 1000, seed) for seed in (7, 7, 8))
    assert first.counts.tobytes() == again.counts.tobytes()
    assert (first.quantiles.tobytes(), first.sensitivities) == (again.quantiles.tobytes(), again.sensitivities)
    assert first.counts.tobytes() != other.counts.tobytes()


def test_seed_and_draws_are_stored_and_probabilities_come_from_those_draws(
    connection: Connection, tmp_path: Path
) -> None:
    rich_province(connection, tmp_path, 2)
    resample(connection, "2021-Q1", "method-a", 400, 99)
    for rank, low, middle, high, *_, draws, seed in robustness(connection).values():
        assert (draws, seed) == (400, 99)
        assert (low is None) == (rank is None)
        assert rank is None or low <= middle <= high
    sums = connection.exec_driver_sql(
        "SELECT sum(probability), count(*), min(probability) FROM mart.rank_probability GROUP BY district_code"
    ).fetchall()
    assert len(sums) == len([row for row in robustness(connection).values() if row[0] is not None])
    assert all(total == 1 and least > 0 for total, _, least in sums)
    assert any(count > 3 for _, count, _ in sums)


def test_the_best_in_every_criterion_is_always_first_and_equal_districts_are_tied(
    connection: Connection, tmp_path: Path
) -> None:
    plain_province(connection, tmp_path, {"A": (90, 95), "B": (60, 30), "C": (60, 30), "D": (10, 5)})
    rows = robustness(connection)
    assert rows["A"] == (1, 1, 1, 1, 1, "", 1000, 2021)
    assert rows["D"][:4] == (4, 4, 4, 4)
    assert rows["B"][:6] == (2, 2, 2, 2, 1, "C")
    assert rows["C"][:6] == (2, 2, 2, 2, 1, "B")


def test_a_rank_that_depends_on_the_weights_has_a_wide_interval(connection: Connection, tmp_path: Path) -> None:
    """A leads in one area and B in the other, so only the weights and the omitted area decide which is first."""
    plain_province(connection, tmp_path, {"A": (90, 70), "B": (70, 90), "C": (0, 0)})
    rows = robustness(connection)
    assert all((rows[code][1], rows[code][3]) == (1, 2) for code in "AB")
    assert all(0.3 < rows[code][4] < 0.7 for code in "AB")
    assert (rows["A"][5], rows["B"][5], rows["C"][5]) == ("B", "A", "")
    by_code = assumptions(connection)
    assert by_code["weights"][0] and by_code["weights"][3] > 0
    assert by_code["area_left_out"][2] == "I, II"


def test_an_assumption_that_does_not_vary_has_a_reason(connection: Connection, tmp_path: Path) -> None:
    text = province.HEAD + (
        "areas:\n  - {area: I, weight: 100, criteria: [{criterion: r1, weight: 100, rule: linear, value: r}]}\n"
    )
    province.prepare(connection, tmp_path, text, {"A": {}, "B": {}}, {"r": {"kind": "rate"}})
    for code, value in (("A", 100), ("B", 0)):
        province.report(connection, code, {"r": value})
    refresh_rankings(connection)
    by_code = assumptions(connection)
    assert {code for code, (is_varied, *_) in by_code.items() if is_varied} == set()
    assert by_code["area_left_out"][1] == "There is a single area"
    assert by_code["missing_data"][1].startswith("Nothing is missing")
    assert all(reason for _, reason, *_ in by_code.values())
    assert robustness(connection)["A"][:5] == (1, 1, 1, 1, 1)


def test_missing_data_varies_if_a_value_is_missing_but_not_for_a_missing_report(
    connection: Connection, tmp_path: Path
) -> None:
    districts: dict[str, dict[str, Any]] = {code: {} for code in "ABC"}
    province.prepare(connection, tmp_path, province.PLAIN, districts, province.PLAIN_INDICATORS)
    province.report(connection, "A", {"r": 60, "s": 50})
    submission_id = province.report(connection, "B", {"r": 80, "s": 50})
    refresh_rankings(connection)
    assert not assumptions(connection)["missing_data"][0]
    assert submission_id and robustness(connection)["C"][:4] == (None, None, None, None)
    province.report(connection, "C", {"r": 70, "s": "blank"})
    refresh_rankings(connection)
    is_varied, reason, options, shift = assumptions(connection)["missing_data"]
    assert (is_varied, reason, options) == (True, "", "drop, lowest")
    assert shift > 0


def test_intervals_drawn_from_older_scores_are_not_shown(connection: Connection, tmp_path: Path) -> None:
    plain_province(connection, tmp_path, {"A": (90, 70), "B": (70, 91)})
    assert all(row[1] is not None for row in robustness(connection).values())
    province.report(connection, "A", {"r": 20, "s": 20}, day=20)
    assert all(row[1] is not None for row in robustness(connection).values()), "rank and interval still belong together"
    refresh_scores(connection)
    rows = robustness(connection)
    assert [row[0] for row in rows.values()] == [2, 1]
    assert all(row[1:4] == (None, None, None) for row in rows.values())
    assert connection.exec_driver_sql("SELECT count(*) FROM mart.rank_probability").fetchone() == (0,)
    assert assumptions(connection) == {}
    refresh_rankings(connection)
    assert [row[1:4] for row in robustness(connection).values()] == [(2, 2, 2), (1, 1, 1)]


def test_districts_are_separated_if_one_is_ahead_in_nine_of_ten_draws(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compared with a plain count over the drawn ranks of each pair."""
    rich_province(connection, tmp_path, 3)
    tree, rows = read_tree(connection, definition_of(connection)), input_rows(connection)
    samples: list[Any] = []
    find_ties = monte_carlo._find_ties
    monkeypatch.setattr(monte_carlo, "_find_ties", lambda ranks: samples.append(ranks) or find_ties(ranks))
    result = sample_ranks(tree, read_units(rows), 700, 5)
    (drawn,) = samples
    count = drawn.shape[1]
    for unit in range(count):
        for other in range(count):
            shares = [(drawn[:, a] < drawn[:, b]).mean() for a, b in ((unit, other), (other, unit))]
            assert result.ties[unit, other] == (unit != other and max(shares) < SEPARATION)
        quantiles = [np.quantile(drawn[:, unit], level, method="inverted_cdf") for level in (0.05, 0.5, 0.95)]
        assert result.quantiles[unit].tolist() == quantiles


@pytest.mark.parametrize(("draws", "seed"), [(0, 1), (-5, 1), (10**9, 1), (10, -1)])
def test_invalid_draws_and_seeds_are_refused(connection: Connection, tmp_path: Path, draws: int, seed: int) -> None:
    plain_province(connection, tmp_path, {"A": (90, 70), "B": (70, 91)})
    with pytest.raises(UsageError, match="Give"):
        resample(connection, "2021-Q1", "method-a", draws, seed)
    with pytest.raises(UsageError, match="nothing is ranked"):
        resample(connection, "2021-Q1", "method-b", 10, 1)
