"""The engine compared with the published example of COINr (51 units, 49 indicators, three levels) and with numpy."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from etl.catalogue.document import read_document
from etl.database import Connection
from etl.ranking import Method, Vocabulary, parse_method
from etl.ranking.scoring.score_table import UnitValue, score_table
from etl.tables import Table

GOLDEN = Path(__file__).parent / "asem"  # COINr's tables; its README.md holds their licence
Array = np.ndarray[Any, np.dtype[np.float64]]
Tree = dict[str, Any]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tree_of(meta: list[dict[str, str]], code: str, rule: Tree, weights: dict[str, float]) -> list[Tree]:
    """The nodes below `code`, in the notation of a method file."""
    nodes: list[Tree] = []
    for child in (row for row in meta if row["Parent"] == code):
        name = child["iCode"]
        weight = weights.get(name, 1)
        if child["Type"] != "Indicator":
            nodes.append({"group": name, "weight": weight, "criteria": tree_of(meta, name, rule, weights)})
        elif float(child["Direction"]) < 0:
            nodes.append({"criterion": name, "weight": weight, "value": name, "direction": "lower", **rule})
        else:
            nodes.append({"criterion": name, "weight": weight, "value": name, **rule})
    return nodes


def with_aggregation(nodes: list[Tree], aggregation: str) -> list[Tree]:
    for node in nodes:
        if "group" in node:
            node["aggregation"] = aggregation
            with_aggregation(node["criteria"], aggregation)
    return nodes


def method_of(folder: Path, areas: list[Tree], indicators: list[str], **head: Any) -> Method:
    path = folder / "golden.yml"
    path.write_text(yaml.safe_dump({"method_code": "golden", "weights": "parts", "areas": areas, **head}))
    return parse_method(read_document(path), Vocabulary.from_table(indicators))


def values_of(rows: list[dict[str, str]], indicators: list[str]) -> list[UnitValue]:
    return [
        UnitValue(row["UnitCode"], name, Decimal(row[name]), "reported")
        if row[name]
        else UnitValue(row["UnitCode"], name, None, "blank")
        for row in rows
        for name in indicators
    ]


def ranks_of(scores: dict[str, float], digits: int = 10) -> dict[str, int]:
    """Equal scores share a rank; floats are compared to `digits` decimals."""
    rounded = {unit: round(score, digits) for unit, score in scores.items()}
    return {unit: 1 + sum(other > score for other in rounded.values()) for unit, score in rounded.items()}


def by_unit(table: Table, column: str) -> dict[str, Any]:
    index = table.columns.index(column)
    return {row[0]: row[index] for row in table.rows}


class Example:
    """The tables of the published example."""

    def __init__(self, folder: Path) -> None:
        self.meta = rows_of(folder / "ASEM_iMeta.csv")
        self.treated = rows_of(folder / "ASEM_COIN_Treated.csv")
        self.aggregated = rows_of(folder / "ASEM_COIN_Aggregated.csv")
        self.indicators = [row["iCode"] for row in self.meta if row["Type"] == "Indicator"]
        self.values = values_of(self.treated, self.indicators)

    def tree(self, rule: Tree, weights: dict[str, float] | None = None) -> list[Tree]:
        return tree_of(self.meta, "Index", rule, weights or {})


def test_every_aggregate_and_rank_of_the_published_example(connection: Connection, tmp_path: Path) -> None:
    example = Example(GOLDEN)
    method = method_of(tmp_path, example.tree({"rule": "min_max"}), example.indicators)
    nodes = score_table(connection, method, example.values, "areas")
    names = [row["iCode"] for row in example.meta if row["Type"] == "Aggregate"]
    published = {(row["UnitCode"], name): float(row[name]) for row in example.aggregated for name in names}
    ours = {(unit, "Index" if node == "total" else node): float(score) for unit, node, _, _, score, _ in nodes.rows}
    assert set(ours) == set(published) and len(ours) == 51 * 11
    assert max(abs(ours[key] - published[key]) for key in ours) < 1e-9
    ranked = score_table(connection, method, example.values)
    index = {row["UnitCode"]: float(row["Index"]) for row in example.aggregated}
    assert by_unit(ranked, "rank") == ranks_of(index)
    for name in names:
        ours_of = {unit: score for (unit, node), score in ours.items() if node == name}
        theirs_of = {unit: score for (unit, node), score in published.items() if node == name}
        assert ranks_of(ours_of) == ranks_of(theirs_of)


def test_the_normalised_table_of_the_published_example(connection: Connection, tmp_path: Path) -> None:
    example = Example(GOLDEN)
    method = method_of(tmp_path, example.tree({"rule": "min_max"}), example.indicators)
    normalised = {row["UnitCode"]: row for row in rows_of(GOLDEN / "ASEM_COIN_Normalised.csv")}
    criteria = score_table(connection, method, example.values, "criteria")
    score_column = criteria.columns.index("score")
    assert len(criteria.rows) == 51 * 49
    for row in criteria.rows:
        assert abs(float(row[score_column]) - float(normalised[row[0]][row[1]])) < 1e-9


# A second computation, in numpy --------------------------------------------------------------------------------------


def min_max(column: Array, direction: int, lowest: float) -> Array:
    part = (column - column.min()) / (column.max() - column.min())
    return lowest + (100 - lowest) * (part if direction > 0 else 1 - part)


def percentile_rank(column: Array, direction: int, lowest: float) -> Array:
    """Equal values get the mean of their positions in the sorted column, from 0 to n - 1."""
    signed = np.sort(column * direction)
    first = np.searchsorted(signed, column * direction, side="left")
    last = np.searchsorted(signed, column * direction, side="right") - 1
    return lowest + (100 - lowest) * ((first + last) / 2) / (len(column) - 1)


def arithmetic(columns: Array, weights: Array) -> Array:
    return (columns @ weights) / weights.sum()


def geometric(columns: Array, weights: Array) -> Array:
    return np.prod(columns ** (weights / weights.sum()), axis=1)


def computed(nodes: list[Tree], points: dict[str, Array], mean: Callable[[Array, Array], Array]) -> Array:
    columns = [
        computed(node["criteria"], points, mean) if "group" in node else points[node["criterion"]] for node in nodes
    ]
    return mean(np.column_stack(columns), np.array([float(node["weight"]) for node in nodes]))


def random_table() -> tuple[list[Tree], list[str], list[UnitValue]]:
    """Forty units and twelve indicators in a tree of three levels, with few distinct values so that there are ties."""
    source = random.Random(7)
    indicators = [f"x{number}" for number in range(12)]
    criteria: list[Tree] = [
        {"criterion": name, "weight": 1, "value": name, **({"direction": "lower"} if number % 3 == 0 else {})}
        for number, name in enumerate(indicators)
    ]
    tree: list[Tree] = [
        {
            "group": "g1",
            "weight": 1,
            "criteria": [{"group": "g11", "weight": 1, "criteria": criteria[:3]}, *criteria[3:5]],
        },
        {"group": "g2", "weight": 1, "criteria": criteria[5:]},
    ]
    values = [
        UnitValue(f"u{unit}", name, Decimal(source.randint(1, 400)) / 8, "reported")
        for unit in range(40)
        for name in indicators
    ]
    return tree, indicators, values


def assert_agrees_with_numpy(  # noqa: PLR0917
    connection: Connection,
    folder: Path,
    tree: list[Tree],
    indicators: list[str],
    values: list[UnitValue],
    rule: str,
    mean: str,
) -> None:
    source = random.Random(3)
    lowest = 1 if mean == "geometric" else 0

    def complete(nodes: list[Tree]) -> list[Tree]:
        for node in nodes:
            node["weight"] = source.randint(1, 9) / 2
            if "criterion" in node:
                node |= {"rule": rule, **({"lowest_points": lowest} if lowest else {})}
            else:
                node["criteria"] = complete(node["criteria"])
        return nodes

    tree = with_aggregation(complete(tree), mean)
    units = list(dict.fromkeys(value.unit for value in values))
    numbers = {(value.unit, value.indicator): float(value.value or 0) for value in values}
    normalise = {"min_max": min_max, "percentile_rank": percentile_rank}[rule]
    lower: set[str] = set()

    def walk(nodes: list[Tree]) -> None:
        for node in nodes:
            walk(node.get("criteria", []))
            if node.get("direction") == "lower":
                lower.add(node["criterion"])

    walk(tree)
    points = {
        name: normalise(np.array([numbers[unit, name] for unit in units]), -1 if name in lower else 1, lowest)
        for name in indicators
    }
    expected = computed(tree, points, {"arithmetic": arithmetic, "geometric": geometric}[mean])
    ranked = score_table(connection, method_of(folder, tree, indicators, aggregation=mean), values)
    scores = by_unit(ranked, "score")
    assert max(abs(float(scores[unit]) - expected[index]) for index, unit in enumerate(units)) < 1e-9
    assert by_unit(ranked, "rank") == ranks_of(dict(zip(units, expected.tolist(), strict=True)))


CASES = [("min_max", "arithmetic"), ("percentile_rank", "arithmetic"), ("min_max", "geometric")]


@pytest.mark.parametrize(("rule", "mean"), CASES)
def test_unequal_weights_over_the_published_table(connection: Connection, tmp_path: Path, rule: str, mean: str) -> None:
    example = Example(GOLDEN)
    assert_agrees_with_numpy(connection, tmp_path, example.tree({}), example.indicators, example.values, rule, mean)


@pytest.mark.parametrize(("rule", "mean"), [*CASES, ("percentile_rank", "geometric")])
def test_unequal_weights_over_a_random_table(connection: Connection, tmp_path: Path, rule: str, mean: str) -> None:
    tree, indicators, values = random_table()
    assert_agrees_with_numpy(connection, tmp_path, tree, indicators, values, rule, mean)
