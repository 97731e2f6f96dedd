"""How sure a rank is: the draws start from the engine's own scores, and say what varied and what did not."""

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
    """Fourteen districts of which one sent nothing and one is a twin of another; every sixth value is absent."""
    province.prepare(connection, folder, province.RICH, DISTRICTS, province.RICH_INDICATORS)
    source = random.Random(seed)
    for code in list(DISTRICTS)[1:-1]:
        values: dict[str, Any] = {name: source.randint(0, 100) for name in "rst"}
        values |= {"d": source.choice((0, 50, 120)), "code": source.randint(0, 1)}
        given = {name: source.choice(ABSENT) if source.random() < 1 / 6 else value for name, value in values.items()}
        province.report(connection, code, given)
    province.report(connection, "D13", given)
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


def shown(connection: Connection) -> dict[str, tuple[Any, ...]]:
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
def test_with_nothing_varied_the_draws_come_to_the_engines_own_scores_and_ranks(
    connection: Connection, tmp_path: Path, seed: int
) -> None:
    rich_province(connection, tmp_path, seed)
    tree = read_tree(connection, definition_of(connection))
    rows = input_rows(connection)
    units = read_units(rows)
    values, ties = score_units(tree, units.points, tree.weights[None, :])
    is_ranked = np.array([row[1] for row in rows])
    found = connection.exec_driver_sql(
        "SELECT district_code, score::float8, rank FROM mart.district_ranking"
        " WHERE district_code = ANY(%s) ORDER BY district_code",
        ([row[0] for row in rows],),
    ).fetchall()
    of_sql = np.array([score if score is not None else np.nan for _, score, _ in found], dtype=float)
    np.testing.assert_allclose(values[0], of_sql, atol=1e-9)
    drawn = rank_units(values[:, is_ranked], [tie[:, is_ranked] for tie in ties])[0]
    assert drawn.tolist() == [rank for *_, rank in found if rank is not None]
    assert len(set(drawn.tolist())) > 5


def test_the_same_seed_gives_the_same_result_bit_by_bit_and_another_does_not(
    connection: Connection, tmp_path: Path
) -> None:
    rich_province(connection, tmp_path, 1)
    tree, rows = read_tree(connection, definition_of(connection)), input_rows(connection)
    first, again, other = (sample_ranks(tree, read_units(rows), 1000, seed) for seed in (7, 7, 8))
    assert first.counts.tobytes() == again.counts.tobytes()
    assert (first.quantiles.tobytes(), first.sensitivities) == (again.quantiles.tobytes(), again.sensitivities)
    assert first.counts.tobytes() != other.counts.tobytes()


def test_seed_and_draws_are_stored_and_probabilities_are_of_those_draws(connection: Connection, tmp_path: Path) -> None:
    rich_province(connection, tmp_path, 2)
    resample(connection, "2021-Q1", "method-a", 400, 99)
    for rank, low, middle, high, *_, draws, seed in shown(connection).values():
        assert (draws, seed) == (400, 99)
        assert (low is None) == (rank is None)
        assert rank is None or low <= middle <= high
    sums = connection.exec_driver_sql(
        "SELECT sum(probability), count(*), min(probability) FROM mart.rank_probability GROUP BY district_code"
    ).fetchall()
    assert len(sums) == len([one for one in shown(connection).values() if one[0] is not None])
    assert all(total == 1 and least > 0 for total, _, least in sums)
    assert any(count > 3 for _, count, _ in sums)


def test_who_is_better_in_everything_is_first_in_every_draw_and_twins_cannot_be_told_apart(
    connection: Connection, tmp_path: Path
) -> None:
    plain_province(connection, tmp_path, {"A": (90, 95), "B": (60, 30), "C": (60, 30), "D": (10, 5)})
    rows = shown(connection)
    assert rows["A"] == (1, 1, 1, 1, 1, "", 1000, 2021)
    assert rows["D"][:4] == (4, 4, 4, 4)
    assert rows["B"][:6] == (2, 2, 2, 2, 1, "C")
    assert rows["C"][:6] == (2, 2, 2, 2, 1, "B")


def test_a_rank_that_hangs_on_a_weight_says_so(connection: Connection, tmp_path: Path) -> None:
    """A and B trade one area for the other: which is first depends on nothing but the weights and what is left out."""
    plain_province(connection, tmp_path, {"A": (90, 70), "B": (70, 90), "C": (0, 0)})
    rows = shown(connection)
    assert all((rows[code][1], rows[code][3]) == (1, 2) for code in "AB")
    assert all(0.3 < rows[code][4] < 0.7 for code in "AB")
    assert (rows["A"][5], rows["B"][5], rows["C"][5]) == ("B", "A", "")
    found = assumptions(connection)
    assert found["weights"][0] and found["weights"][3] > 0
    assert found["area_left_out"][2] == "I, II"


def test_what_did_not_vary_is_said_with_the_reason(connection: Connection, tmp_path: Path) -> None:
    text = province.HEAD + (
        "areas:\n  - {area: I, weight: 100, criteria: [{criterion: r1, weight: 100, rule: linear, value: r}]}\n"
    )
    province.prepare(connection, tmp_path, text, {"A": {}, "B": {}}, {"r": {"kind": "rate"}})
    for code, value in (("A", 100), ("B", 0)):
        province.report(connection, code, {"r": value})
    refresh_rankings(connection)
    found = assumptions(connection)
    assert {code for code, (is_varied, *_) in found.items() if is_varied} == set()
    assert found["area_left_out"][1] == "There is a single area"
    assert found["missing_data"][1].startswith("Nothing is missing")
    assert all(reason for _, reason, *_ in found.values())
    assert shown(connection)["A"][:5] == (1, 1, 1, 1, 1)


def test_missing_data_varies_only_where_something_is_missing_and_no_report_is_not_missing_data(
    connection: Connection, tmp_path: Path
) -> None:
    districts: dict[str, dict[str, Any]] = {code: {} for code in "ABC"}
    province.prepare(connection, tmp_path, province.PLAIN, districts, province.PLAIN_INDICATORS)
    province.report(connection, "A", {"r": 60, "s": 50})
    one = province.report(connection, "B", {"r": 80, "s": 50})
    refresh_rankings(connection)
    assert not assumptions(connection)["missing_data"][0]
    assert one and shown(connection)["C"][:4] == (None, None, None, None)
    province.report(connection, "C", {"r": 70, "s": "blank"})
    refresh_rankings(connection)
    is_varied, reason, options, shift = assumptions(connection)["missing_data"]
    assert (is_varied, reason, options) == (True, "", "drop, lowest")
    assert shift > 0


def test_what_was_drawn_of_other_scores_is_never_shown(connection: Connection, tmp_path: Path) -> None:
    plain_province(connection, tmp_path, {"A": (90, 70), "B": (70, 91)})
    assert all(row[1] is not None for row in shown(connection).values())
    province.report(connection, "A", {"r": 20, "s": 20}, day=20)
    assert all(row[1] is not None for row in shown(connection).values()), "rank and interval are of one moment still"
    refresh_scores(connection)
    rows = shown(connection)
    assert [row[0] for row in rows.values()] == [2, 1]
    assert all(row[1:4] == (None, None, None) for row in rows.values())
    assert connection.exec_driver_sql("SELECT count(*) FROM mart.rank_probability").fetchone() == (0,)
    assert assumptions(connection) == {}
    refresh_rankings(connection)
    assert [row[1:4] for row in shown(connection).values()] == [(2, 2, 2), (1, 1, 1)]


def test_told_apart_means_before_the_other_in_nine_of_ten_draws(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against a plain count over the drawn ranks, pair by pair."""
    rich_province(connection, tmp_path, 3)
    tree, rows = read_tree(connection, definition_of(connection)), input_rows(connection)
    samples: list[Any] = []
    find_ties = monte_carlo._find_ties
    monkeypatch.setattr(monte_carlo, "_find_ties", lambda ranks: samples.append(ranks) or find_ties(ranks))
    result = sample_ranks(tree, read_units(rows), 700, 5)
    (drawn,) = samples
    count = drawn.shape[1]
    for one in range(count):
        for other in range(count):
            shares = [(drawn[:, a] < drawn[:, b]).mean() for a, b in ((one, other), (other, one))]
            assert result.ties[one, other] == (one != other and max(shares) < SEPARATION)
        levels = [np.quantile(drawn[:, one], level, method="inverted_cdf") for level in (0.05, 0.5, 0.95)]
        assert result.quantiles[one].tolist() == levels


@pytest.mark.parametrize(("draws", "seed"), [(0, 1), (-5, 1), (10**9, 1), (10, -1)])
def test_draws_and_seeds_that_make_no_sense_are_refused(
    connection: Connection, tmp_path: Path, draws: int, seed: int
) -> None:
    plain_province(connection, tmp_path, {"A": (90, 70), "B": (70, 91)})
    with pytest.raises(UsageError, match="Give"):
        resample(connection, "2021-Q1", "method-a", draws, seed)
    with pytest.raises(UsageError, match="nothing is ranked"):
        resample(connection, "2021-Q1", "method-b", 10, 1)
