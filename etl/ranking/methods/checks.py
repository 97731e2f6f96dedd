"""Checks of a method that need more than one of its keys or the vocabulary: sums, names and what a rule can measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from etl.catalogue.document import Location, Problem
from etl.ranking.methods.criterion import BaseCriterion, CodeListCriterion, Criterion, LinearCriterion
from etl.ranking.methods.method import Area, Group, Method
from etl.ranking.methods.vocabulary import Vocabulary

_WEIGHT_KEYS = ("max_points", "weight")  # whichever the file has


def find_problems(method: Method, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield what is wrong with a method, each problem with its location in the file."""
    yield from _check_sum(("areas",), "areas", method.weights, method.areas, Decimal(100))
    codes = {"total"}
    for location, node in method.walk():
        if node.node_code in codes:
            yield Problem(location, f"{node.node_code!r} is used twice", "Node codes are unique within a method")
        codes.add(node.node_code)
        if isinstance(node, BaseCriterion):
            yield from _check_criterion(location, node, method, vocabulary)
        else:
            yield from _check_inner(location, node, vocabulary)
    for code in method.tie_breaks:
        if code not in codes - {"total"}:
            yield Problem(("tie_breaks",), f"the tie-break {code!r} is not a node of the method")


def _check_inner(location: Location, node: Area | Group, vocabulary: Vocabulary) -> Iterator[Problem]:
    if isinstance(node, Area) and vocabulary.areas is not None and node.area not in vocabulary.areas:
        known = ", ".join(vocabulary.areas)
        yield Problem((*location, "area"), f"the area {node.area!r} is unknown", f"Known are {known}")
    name = f"{'area' if isinstance(node, Area) else 'group'} {node.node_code}"
    yield from _check_sum((*location, *_WEIGHT_KEYS), f"criteria of {name}", node.weights, node.criteria, node.weight)


def _check_sum(
    location: Location, name: str, weights: str, nodes: Sequence[Area | Group | Criterion], expected: Decimal
) -> Iterator[Problem]:
    total = sum(node.weight for node in nodes)
    if weights == "share" and total != expected:
        yield Problem(location, f"the weights of the {name} sum to {total}, not to {expected}")


def _check_criterion(
    location: Location, criterion: Criterion, method: Method, vocabulary: Vocabulary
) -> Iterator[Problem]:
    for key, codes in criterion.inputs.items():
        for code in codes:
            yield from _check_input((*location, key), code, vocabulary)
    if criterion.external:
        yield from _check_external((*location, "external"), criterion.external, vocabulary)
    if criterion.stage and criterion.stage not in method.stages:
        known = ", ".join(method.stages)
        yield Problem((*location, "stage"), f"stage {criterion.stage!r} is unknown", f"Known are {known}")
    yield from _check_rule(location, criterion, vocabulary)


def _check_input(location: Location, code: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    kind = vocabulary.kinds.get(code)
    if kind is None:
        yield Problem(location, f"the indicator {code!r} is unknown", vocabulary.hint)
    elif kind in ("heading", "text"):
        yield Problem(location, f"the indicator {code!r} has no number: it is a {kind}")


def _check_external(location: Location, name: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    """An external score is no indicator of the catalogue; in a method over a table it is a column of it."""
    if vocabulary.areas is not None and name in vocabulary.kinds:
        yield Problem(location, f"{name!r} is an indicator of the reports, not an external score")
    elif vocabulary.areas is None and name not in vocabulary.kinds:
        yield Problem(location, f"the external score {name!r} is unknown", vocabulary.hint)


def _check_rule(location: Location, criterion: Criterion, vocabulary: Vocabulary) -> Iterator[Problem]:
    """A rule fits what it measures. `kind` is empty where it is not known: external scores, columns of a table."""
    kind = "rate" if criterion.numerator else vocabulary.kinds.get(criterion.value or "", "")
    if isinstance(criterion, CodeListCriterion):
        if kind not in ("code_list", "") or not (criterion.value or criterion.external):
            yield Problem((*location, "rule"), "rule code_list needs a value that is a code list")
        codes = vocabulary.codes.get(criterion.value or "")
        if codes is not None and set(criterion.points) != set(codes):
            yield Problem((*location, "points"), f"points must be given for the codes {', '.join(codes)}")
    elif kind == "code_list":
        yield Problem((*location, "value"), "a code cannot be measured", "Use rule: code_list with points")
    elif isinstance(criterion, LinearCriterion) and kind not in ("rate", ""):
        hint = "For a count use rule: capped with a threshold"
        yield Problem((*location, "rule"), "a linear rule needs a rate or a quotient", hint)
