"""Reads one criterion of a method file, with a complaint about the line where it cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, get_args

from etl.catalogue.document import Document
from etl.ranking.methods.fields import between, decimal, exact, mappings, one_of, text, weight
from etl.ranking.methods.model import Kind, Node, Rule
from etl.ranking.methods.statuses import statuses
from etl.ranking.methods.vocabulary import Vocabulary

_TEXTS = ("name_vi", "name_en", "reason_vi", "reason_en")
_SOURCES = ("value", "sum", "external", "numerator", "denominator")
_RULE_KEYS = ("threshold", "zero_at", "full_at", "points", "steps")
_OPTIONAL = (
    *("weight", "max_points", *_TEXTS, *_SOURCES, *_RULE_KEYS),
    *("empty_denominator", "direction", "lowest_points", "statuses", "stage"),
)
_DIRECTED = ("linear", "min_max", "percentile_rank", "distance_to_best")
_RELATIVE = _DIRECTED[1:]


def parse_criterion(document: Document, vocabulary: Vocabulary, stages: Sequence[str], kind: Kind) -> Node:
    """The criterion that a mapping describes. Raises CatalogueError with file and line."""
    document.check_keys(("criterion", "rule"), _OPTIONAL)
    rule: Rule = one_of(document, "rule", get_args(Rule))
    content: dict[str, Any] = {"criterion": text(document, "criterion"), "weight": weight(document), "rule": rule}
    content |= _source(document, vocabulary)
    _fitting(document, rule)
    content |= _RULES.get(rule, _no_more)(document, _kind(document, vocabulary), vocabulary)
    if "direction" in document:
        content["direction"] = one_of(document, "direction", ("higher", "lower"))
    if "lowest_points" in document:
        content["lowest_points"] = between(document, "lowest_points", 0, 99)
    content |= _empty_denominator(document)
    if "statuses" in document:
        content["statuses"] = statuses(document, is_whole=False)
    if "stage" in document:
        content["stage"] = one_of(document, "stage", tuple(stages))
    code = content["criterion"]
    content |= {key: text(document, key, code if key.startswith("name") else "") for key in _TEXTS}
    return Node(code, kind, content["weight"], content)


def _source(document: Document, vocabulary: Vocabulary) -> dict[str, Any]:
    """What is measured: one value, a sum, an external score, or sums divided."""
    given = [key for key in ("value", "sum", "external", "numerator") if key in document]
    if len(given) > 1:
        raise document.error(f"{given[0]} excludes {' and '.join(given[1:])}", key=given[0])
    if not given or ("numerator" in document) != ("denominator" in document):
        raise document.error("there is neither a value, a sum, an external score nor a numerator with its denominator")
    if given[0] == "external":
        return {"external": _external(document, vocabulary)}
    result: dict[str, Any] = {given[0]: _names(document, given[0], vocabulary)}
    if given[0] == "numerator":
        result["denominator"] = _names(document, "denominator", vocabulary)
    elif given[0] == "value":
        if len(result["value"]) > 1:
            raise document.error("value is one indicator", "Give sum for several", key="value")
        result["value"] = result["value"][0]
    return result


def _external(document: Document, vocabulary: Vocabulary) -> str:
    name = text(document, "external")
    if name in vocabulary.kinds and vocabulary.areas is not None:
        raise document.error(f"{name!r} is an indicator of the reports, no external score", key="external")
    if vocabulary.areas is None and name not in vocabulary.kinds:
        raise document.error(f"the external score {name!r} is unknown", vocabulary.hint, key="external")
    return name


def _names(document: Document, key: str, vocabulary: Vocabulary) -> list[str]:
    given = document[key]
    names = [_name(document, key, each, vocabulary) for each in (given if isinstance(given, list) else [given])]
    if not names or len(set(names)) < len(names):
        raise document.error(f"{key} names nothing, or the same twice", key=key)
    return names


def _name(document: Document, key: str, name: Any, vocabulary: Vocabulary) -> str:
    if vocabulary.is_figure(name):
        return str(name)
    if not isinstance(name, str) or name not in vocabulary.kinds:
        raise document.error(f"the indicator {name!r} of {key} is unknown", vocabulary.hint, key=key)
    if vocabulary.kinds[name] in ("heading", "text"):
        raise document.error(
            f"the indicator {name!r} of {key} has no number: it is a {vocabulary.kinds[name]}", key=key
        )
    return name


def _kind(document: Document, vocabulary: Vocabulary) -> str:
    """The kind of what is measured; "rate" for a quotient, "" where nobody knows."""
    if "numerator" in document:
        return "rate"
    return vocabulary.kinds.get(document["value"], "") if "value" in document else ""


def _fitting(document: Document, rule: str) -> None:
    """A rule has its own keys, all of them and none of another rule."""
    wanted = {"capped": ("threshold",), "goalposts": ("zero_at", "full_at"), "steps": ("steps",)}
    wanted["code_list"] = ("points",)
    for key in _RULE_KEYS:
        if (key in document) != (key in wanted.get(rule, ())):
            raise document.error(f"rule {rule} {'needs' if key in wanted.get(rule, ()) else 'has no'} {key}", key=key)
    if "direction" in document and rule not in _DIRECTED:
        raise document.error(f"rule {rule} has no direction", "goalposts and steps say it themselves", key="direction")
    if "lowest_points" in document and rule not in _RELATIVE:
        raise document.error(f"rule {rule} has no lowest_points", key="lowest_points")


RuleReader = Callable[[Document, str, Vocabulary], dict[str, Any]]


def _no_more(document: Document, kind: str, _: Vocabulary) -> dict[str, Any]:
    _measured(document, kind)
    return {}


def _measured(document: Document, kind: str) -> None:
    if kind == "code_list":
        raise document.error("a code is no measure", "Give rule: code_list and its points", key="value")


def _linear(document: Document, kind: str, _: Vocabulary) -> dict[str, Any]:
    if kind not in ("rate", ""):
        raise document.error(
            "a linear rule needs a rate or a quotient", "For a count give rule: capped and its threshold", key="rule"
        )
    return {}


def _capped(document: Document, kind: str, _: Vocabulary) -> dict[str, Any]:
    _measured(document, kind)
    threshold = decimal(document, "threshold")
    if threshold <= 0:
        raise document.error(f"threshold is {threshold}, not above 0", key="threshold")
    return {"threshold": threshold}


def _goalposts(document: Document, kind: str, _: Vocabulary) -> dict[str, Any]:
    _measured(document, kind)
    zero_at, full_at = decimal(document, "zero_at"), decimal(document, "full_at")
    if zero_at == full_at:
        raise document.error("zero_at and full_at are the same", key="full_at")
    return {"zero_at": zero_at, "full_at": full_at}


def _steps(document: Document, kind: str, _: Vocabulary) -> dict[str, Any]:
    """Edges with their points, rising; an edge belongs to its step, below the lowest nothing is earned."""
    _measured(document, kind)
    steps = mappings(document, "steps")
    for step in steps:
        step.check_keys(("from", "points"))
    edges = [decimal(step, "from") for step in steps]
    if len(set(edges)) < len(edges) or edges not in (sorted(edges), sorted(edges, reverse=True)):
        raise document.error("the steps must rise or fall, each edge once", key="steps")
    pairs = sorted((edge, between(step, "points", 0, 100)) for edge, step in zip(edges, steps, strict=True))
    return {"steps": [{"from": edge, "points": points} for edge, points in pairs]}


def _code_list(document: Document, kind: str, vocabulary: Vocabulary) -> dict[str, Any]:
    if kind not in ("code_list", "") or not ("value" in document or "external" in document):
        raise document.error("rule code_list needs a value that is a code list", key="rule")
    points = document["points"]
    if not isinstance(points, Document) or not points:
        raise document.error("points is not a mapping of codes", key="points")
    known = vocabulary.codes.get(document.get("value", ""))
    if known is not None and set(points) != set(known):
        raise document.error(f"points must be given for the codes {', '.join(known)}", key="points")
    result = {_code(points, code): exact(points, code, value) for code, value in points.items()}
    if not all(0 <= value <= 100 for value in result.values()):
        raise document.error("points run from 0 to 100", key="points")
    return {"points": result}


def _code(points: Document, code: str) -> str:
    try:
        return str(Decimal(code))
    except ArithmeticError:
        raise points.error(f"the code {code!r} is not a number", key=code) from None


_RULES: Mapping[str, RuleReader] = {
    "linear": _linear,
    "capped": _capped,
    "goalposts": _goalposts,
    "steps": _steps,
    "code_list": _code_list,
}


def _empty_denominator(document: Document) -> dict[str, Any]:
    if ("denominator" in document) != ("empty_denominator" in document):
        raise document.error(
            "a quotient says what an empty denominator means, drop, full or zero; nothing else does",
            key="empty_denominator",
        )
    if "denominator" not in document:
        return {}
    return {"empty_denominator": one_of(document, "empty_denominator", ("drop", "full", "zero"))}
