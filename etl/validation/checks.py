"""The catalogue of rules spread over the rows of a form: one check for each rule and cell that it speaks of.

Suite and frame are both made from these checks, so that every expectation finds its column. A check whose operands
the form does not have falls away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from etl.catalogue import Form, FormRow
from etl.errors import CatalogueError
from etl.rules import Rule
from etl.validation import comparisons, conditions, notes
from etl.validation.comparisons import Comparison
from etl.validation.conditions import CellCondition
from etl.validation.facts import FACTS
from etl.validation.history import ROW_FIGURES

NARRATIVE = "narrative"
_TERM = "term:"
# What stands before a figure of the scope's own row: `note.numerator`, `history.last`, `narrative.value`.
_NOTE, _HISTORY, _NARRATIVE_VALUE = "note.", "history.", "narrative.value"


@dataclass(frozen=True, slots=True)
class Check:
    """`indicator_code` is the row the check speaks of, empty for the submission; `column` its column of the frame.

    A comparison has one column, and one expectation, for all the rows that its rule speaks of. `terms` are the kinds
    of period (Q1, H1, …) in which it makes sense; empty for all.
    """

    rule: Rule
    indicator_code: str
    condition: CellCondition | Comparison
    column: str
    terms: tuple[str, ...] = ()

    @property
    def expectation(self) -> tuple[str, str]:
        """What names the expectation that the check is part of."""
        return self.rule.rule_code, self.column


def checks_of(form: Form, rules: Mapping[str, Rule]) -> tuple[Check, ...]:
    """All checks of a form, in the order of the rules and, within a rule, of the rows.

    Raises CatalogueError for a rule whose scope or expression cannot be used.
    """
    return tuple(check for rule in rules.values() if rule.expression for check in _spread(rule, form))


def checks_for(term: str, form: Form, rules: Mapping[str, Rule]) -> tuple[Check, ...]:
    """The checks of a form that make sense in a kind of period (Q1, H1, …)."""
    return tuple(check for check in checks_of(form, rules) if not check.terms or term in check.terms)


def _spread(rule: Rule, form: Form) -> Iterator[Check]:
    terms = tuple(word.removeprefix(_TERM) for word in rule.scope.split() if word.startswith(_TERM))
    codes = [""] if rule.scope == "submission" else [row.indicator.indicator_code for row in rows_of(rule.scope, form)]
    for code in codes:
        condition = _condition(rule, code)
        if isinstance(condition, CellCondition):
            column = code if condition.verb == "between" else f"{code}.{condition.subject}"
            yield Check(rule, code, condition, column, terms)
        elif all(_is_known(name, form, rule) for name in condition.names):
            yield Check(rule, code, condition, rule.rule_code, terms)


def _condition(rule: Rule, code: str) -> CellCondition | Comparison:
    return conditions.parse(rule.expression) or comparisons.parse(rule.expression, lambda name: _operand(name, code))


def _operand(name: str, code: str) -> str:
    """The operand's name for one row: what speaks of "the row of the scope" gets the row's code."""
    if name == "value":
        return code
    if name == _NARRATIVE_VALUE:
        return f"{code}.{NARRATIVE}"
    if name.startswith(_NOTE):
        return f"{code}.{name.removeprefix(_NOTE)}"
    is_of_row = name.startswith(_HISTORY) and name.removeprefix(_HISTORY) in ROW_FIGURES
    return f"{code}.{name.removeprefix(_HISTORY)}" if is_of_row else name


def rows_of(scope: str, form: Form) -> tuple[FormRow, ...]:
    """The asked rows that a scope names.

    Words are `kind:rate`, `nature:stock`, both in `kind:count+nature:flow`, `required`, `asked`, indicator codes;
    `-code` leaves one out, `term:H1` says in which periods the rule speaks.
    """
    words = [word for word in scope.split() if not word.startswith(_TERM)]
    without = {word[1:] for word in words if word.startswith("-")}
    wanted = [word.split("+") for word in words if not word.startswith("-")]

    def is_wanted(row: FormRow) -> bool:
        names = {row.indicator.indicator_code, f"kind:{row.indicator.kind}", f"nature:{row.indicator.nature}", "asked"}
        names |= {"required"} if row.is_required else set()
        return any(names.issuperset(parts) for parts in wanted)

    return tuple(row for row in form.asked_rows if row.indicator.indicator_code not in without and is_wanted(row))


def _is_known(name: str, form: Form, rule: Rule) -> bool:
    """Whether the form has an operand; a fact or a figure that nobody knows is an error of the rule."""
    owner, _, part = name.partition(".")
    known = FACTS.get(owner, (*notes.figures(), *ROW_FIGURES, NARRATIVE))
    if part and part not in known:
        raise CatalogueError("rules.csv", f"{rule.rule_code}: {name!r} is unknown", f"Known are {', '.join(known)}")
    codes = {row.indicator.indicator_code for row in form.asked_rows}
    return owner in FACTS or owner in codes
