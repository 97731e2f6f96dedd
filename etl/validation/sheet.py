"""A submission as the checks see it: its cells, numbers, notes and head, and the finding that an offence becomes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property
from itertools import pairwise

from etl.catalogue import Catalogue
from etl.decimals import format_decimal
from etl.findings import Finding
from etl.observations import Observation
from etl.periods import Period
from etl.validation import notes
from etl.validation.checks import NARRATIVE, Check
from etl.validation.comparisons import Comparison
from etl.validation.conditions import NUMBER, CellCondition
from etl.validation.facts import Fact, head_facts
from etl.validation.history import ROW_FIGURES, History
from etl.validation.model import Candidate, Report
from etl.validation.patterns import Peers, history_facts
from etl.validation.usual import Bands, bands

_IS_NUMBER = re.compile(NUMBER)
_PRINTED_DECIMALS = re.compile(r"^\d+[.,](\d+)\s*%?$")


class Sheet:
    """Looks up cells and numbers of one candidate. Of a row that stands twice the first counts."""

    def __init__(
        self, candidate: Candidate, facts: Mapping[str, Fact], history: History, usual: Bands, catalogue: Catalogue
    ) -> None:
        self.candidate = candidate
        self._facts, self._history, self._bands, self._catalogue = facts, history, usual, catalogue
        self._rows = {row.indicator_code: row for row in reversed(candidate.rows) if row.indicator_code}
        self._numbers: dict[str, Decimal | None] = {}

    @cached_property
    def row_order(self) -> Mapping[str, int]:
        """The place of each cell in the document, by location and by indicator."""
        places = [(key, index) for index, row in enumerate(self.candidate.rows) for key in self._keys(row)]
        return dict(reversed(places))

    @staticmethod
    def _keys(row: Observation) -> tuple[str, ...]:
        return tuple(key for key in (row.location, row.indicator_code) if key)

    def row(self, indicator_code: str) -> Observation | None:
        return self._rows.get(indicator_code)

    def text(self, indicator_code: str, subject: str) -> str | None:
        """A subject of a cell condition; None where the condition does not speak of this cell."""
        row = self.row(indicator_code)
        if row is None or (subject in ("value", "note_of_value") and row.status != "reported"):
            return None
        if subject == "value":
            return format_decimal(row.value)
        text: str = getattr(row, "note" if subject == "note_of_value" else subject)
        return " ".join(unicodedata.normalize("NFC", text).split())

    def number(self, name: str) -> Decimal | None:
        """The number of an operand: of an indicator, of a figure in a note, of the head; None if not reported."""
        if name not in self._numbers:
            self._numbers[name] = self._number(name)
        return self._numbers[name]

    def _number(self, name: str) -> Decimal | None:
        if name in self._facts:
            return self._facts[name].number
        indicator_code, _, figure = name.partition(".")
        if figure == NARRATIVE:
            told = self._told_in_narrative(indicator_code)
            return told[0] if told else None
        if figure in ROW_FIGURES:
            return self._historic(figure, indicator_code)
        if figure:
            return notes.figure(figure, self.text(indicator_code, "note_of_value") or "")
        row = self.row(indicator_code)
        return row.value if row is not None and _IS_NUMBER.match(format_decimal(row.value)) else None

    def _told_in_narrative(self, indicator_code: str) -> tuple[Decimal, str] | None:
        """What the prose says of an indicator, as number and as printed; of several figures the one that agrees."""
        told = self._narrative.get(indicator_code, ())
        value = self.number(indicator_code)
        return next((figure for figure in told if figure[0] == value), told[0] if told else None)

    @cached_property
    def _narrative(self) -> Mapping[str, list[tuple[Decimal, str]]]:
        told: dict[str, list[tuple[Decimal, str]]] = {}
        for figure in self.candidate.narrative:
            if _IS_NUMBER.match(format_decimal(figure.value)):
                told.setdefault(figure.indicator_code, []).append((figure.value, figure.raw_value))
        return told

    def _historic(self, figure: str, indicator_code: str) -> Decimal | None:
        row = self.row(indicator_code)
        if not self._history or row is None:
            return None
        if figure == "newly_blank":
            had_value = self._history.number("last", indicator_code) is not None
            return Decimal(row.status == "blank") if had_value else None
        if figure == "departure":
            return self._departure(indicator_code)
        if figure == "exchanged":
            return self._exchanged(indicator_code)
        return self._history.number(figure, indicator_code)

    @cached_property
    def _below(self) -> Mapping[str, str]:
        """The row below each row, headings left out."""
        return dict(pairwise(row.indicator_code for row in self.candidate.rows if row.status != "heading"))

    def _exchanged(self, indicator_code: str) -> Decimal | None:
        """1 where a row and the one below it say what the other said last time; flows move too freely to tell."""
        below = self._below.get(indicator_code, "")
        if not below or self._catalogue.indicators[below].nature == "flow":
            return None
        now = [self.number(code) for code in (indicator_code, below)]
        last = [self._history.number("last", code) for code in (below, indicator_code)]
        return None if None in (*now, *last) else Decimal(now == last and now[0] != now[1])

    def _departure(self, indicator_code: str) -> Decimal | None:
        """How far a value is from the usual ones, 0 among them."""
        value, band = self.number(indicator_code), self._bands.get(indicator_code)
        if value is None or band is None:
            return None
        if band[0] <= float(value) <= band[1]:
            return Decimal()
        low, high = self._usual(indicator_code)
        return min(value - low, Decimal()) + max(value - high, Decimal())

    def _usual(self, indicator_code: str) -> tuple[Decimal, Decimal]:
        """The usual values of a row, as they can be printed: whole for a count."""
        unit = Decimal(1) if self._catalogue.indicators[indicator_code].kind == "count" else Decimal("0.1")
        low, high = (Decimal(repr(edge)) for edge in self._bands[indicator_code])
        return low.quantize(unit, ROUND_CEILING), high.quantize(unit, ROUND_FLOOR)

    def decimals(self, name: str) -> int:
        """How many decimals a value was printed with: its cell's, where the cell says the same number."""
        indicator_code, _, figure = name.partition(".")
        if figure == NARRATIVE:
            told = self._told_in_narrative(indicator_code)
            return max(0, -int(told[0].as_tuple().exponent)) if told else 0
        row = self.row(name)
        value = self.number(name)
        if row is None or value is None:
            return 0
        printed = _PRINTED_DECIMALS.match(row.raw_value)
        if printed and Decimal(row.raw_value.rstrip(" %").replace(",", ".")) == value:
            return len(printed[1])
        return max(0, -int(value.as_tuple().exponent))

    def fails(self, check: Check) -> bool:
        """Whether this cell is among the offenders: a comparison is one expectation for all its cells."""
        if not isinstance(check.condition, Comparison):
            return True
        outcome = check.condition.evaluate(self)
        return outcome is not None and bool(outcome.excess)

    def finding(self, check: Check) -> Finding:
        """The finding of a check that this submission failed."""
        if isinstance(check.condition, Comparison):
            return self._comparison_finding(check, check.condition)
        return self._cell_finding(check, check.condition)

    def _cell_finding(self, check: Check, condition: CellCondition) -> Finding:
        row = self._rows[check.indicator_code]
        found = row.raw_value or format_decimal(row.value) if condition.subject in ("value", "status") else None
        return Finding(
            check.rule.rule_code,
            row.location,
            check.indicator_code,
            (self.text(check.indicator_code, condition.subject) or "") if found is None else found,
            self._expected(check.indicator_code, condition),
        )

    def _expected(self, indicator_code: str, condition: CellCondition) -> str:
        if condition.verb == "between":
            return "–".join(condition.argument.split(" and "))
        if condition.verb == "in code_list":
            codes = self._catalogue.code_lists[self._catalogue.indicators[indicator_code].code_list]
            return ", ".join(f"{code} = {label}" for code, label in codes.labels_vi.items())
        return self._rows[indicator_code].unit if condition.subject == "status" else ""

    def _comparison_finding(self, check: Check, comparison: Comparison) -> Finding:
        code = check.rule.rule_code
        first = self._facts.get(comparison.left.names[0])
        if first is not None:
            return Finding(code, found=first.found, expected=first.expected)
        indicator_code, _, figure = comparison.left.names[0].partition(".")
        if figure in ("departure", "newly_blank", "exchanged"):
            return self._historic_finding(code, indicator_code, figure)
        outcome = comparison.evaluate(self)
        assert outcome is not None
        reported = (name for name in comparison.left.names if "." not in name and self.number(name) is not None)
        indicator_code = next(reported, check.indicator_code)
        row = self.row(indicator_code)
        numbers = (format_decimal(number) for number in (outcome.left, outcome.right, outcome.left - outcome.right))
        return Finding(code, row.location if row else "", indicator_code, *numbers)

    def _historic_finding(self, rule_code: str, indicator_code: str, figure: str) -> Finding:
        location = self._rows[indicator_code].location
        if figure in ("newly_blank", "exchanged"):
            now, last = self.number(indicator_code), self._history.number("last", indicator_code)
            found, expected = ("" if number is None else format_decimal(number) for number in (now, last))
            return Finding(rule_code, location, indicator_code, found, expected)
        value, departure = self.number(indicator_code), self._departure(indicator_code)
        assert value is not None and departure is not None, "a departure was found"
        expected = "–".join(map(format_decimal, self._usual(indicator_code)))
        return Finding(rule_code, location, indicator_code, format_decimal(value), expected, format_decimal(departure))


def sheets_of(
    candidates: Sequence[Candidate], period: Period, catalogue: Catalogue, accepted: Mapping[str, Report]
) -> list[Sheet]:
    """The sheets of a batch, in its order; what needs the other districts or the past is computed for all at once."""
    peers = Peers(candidates, accepted, catalogue)
    histories = [History(one.earlier, period) for one in candidates]
    usual = bands(histories, period, catalogue.indicators.values())
    facts = [
        head_facts(one, period, catalogue) | history_facts(one, history, catalogue) | peers.facts(one)
        for one, history in zip(candidates, histories, strict=True)
    ]
    return [Sheet(*parts, catalogue) for parts in zip(candidates, facts, histories, usual, strict=True)]
