"""What share of clerks' errors is found, and how many correct reports are alarmed about.

`python -m tests.mutation.study [--districts 250]` prints the tables of docs/validation.md. Four reports of a year from
each district, the year before as their history, one error of each kind in each report.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from etl import periods
from etl.decimals import format_decimal
from etl.findings import RenderedFinding
from etl.validation import Candidate, ValidationResult, validate
from etl.validation.evaluation import evaluate
from tests.mutation.cover import CLASSES, cover_of
from tests.mutation.errors import KINDS, WHOLE_FILE, Mutant, random_for
from tests.mutation.reports import PERIODS, SEED, World, world

Key = tuple[str, str]  # period and district


@dataclass
class Result:
    """`errors` counts (made, found) by kind and cover; `alarms` the warnings of each correct report."""

    errors: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    alarms: list[int] = field(default_factory=list)
    criticals: int = 0
    alarm_rules: Counter[str] = field(default_factory=Counter)
    missed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def share(self, kind: str, covers: Iterable[str]) -> tuple[int, int]:
        """Made and found of a kind in cells that are covered so."""
        made, found = (sum(self.errors[kind, cover][place] for cover in covers) for place in (0, 1))
        return made, found


def run(districts: int, period_codes: Sequence[str] = PERIODS, seed: int = SEED) -> Result:
    """The study over so many districts and these of its periods."""
    result = Result()
    simulated = world(districts, seed=seed)
    correct = _validated(
        simulated, [simulated.reports[code, unit] for code in period_codes for unit in simulated.catalogue.districts]
    )
    for validated in correct.values():
        alarms = [one for one in validated.findings if one.severity != "info"]
        result.alarms.append(sum(one.severity == "warning" for one in alarms))
        result.criticals += sum(one.severity == "critical" for one in alarms)
        result.alarm_rules.update(one.finding.rule_code for one in alarms)
    groups = [[kind] for kind in WHOLE_FILE] + [[kind for kind in KINDS if kind not in WHOLE_FILE]]
    for kinds in groups:
        for period_code in period_codes:
            _study(kinds, period_code, simulated, correct, result)
    return result


def _study(
    kinds: Sequence[str], period_code: str, simulated: World, correct: Mapping[Key, ValidationResult], result: Result
) -> None:
    """Kinds whose reports may be validated in one batch: those that change one cell do not affect each other."""
    made: list[tuple[str, Candidate, Mutant]] = []
    for unit in simulated.catalogue.districts:
        candidate = simulated.reports[period_code, unit]
        for kind in kinds:
            mutant = KINDS[kind](candidate, simulated, random_for(kind, candidate, simulated.seed))
            if mutant is not None:
                made.append((kind, candidate, mutant))
    results = _validate_all(simulated, [mutant.candidate for _, _, mutant in made])
    for (kind, candidate, mutant), validated in zip(made, results, strict=True):
        before = correct[period_code, candidate.head.district_code]
        cover = cover_of(mutant, candidate, simulated) if mutant.codes else "whole file"
        is_found = bool(_alarms(validated) - _alarms(before))
        result.errors[kind, cover][0] += 1
        result.errors[kind, cover][1] += is_found
        if not is_found:
            result.missed[f"{kind} ({cover})"].append(_describe(mutant, candidate))


def _describe(mutant: Mutant, candidate: Candidate) -> str:
    now = {row.indicator_code: format_decimal(row.value) for row in mutant.candidate.rows}
    then = {row.indicator_code: format_decimal(row.value) for row in candidate.rows}
    what = ", ".join(f"{code} {then[code] or 'blank'} → {now[code] or 'blank'}" for code in mutant.codes)
    return f"{candidate.head.district_code} {candidate.head.period_code}: {what or mutant.candidate.head}"


def _alarms(validated: ValidationResult) -> set[tuple[str, str, str, str]]:
    def key(one: RenderedFinding) -> tuple[str, str, str, str]:
        return one.finding.rule_code, one.finding.location, one.finding.found, one.finding.expected

    return {key(one) for one in validated.findings if one.severity != "info"}


def _validated(simulated: World, candidates: Sequence[Candidate]) -> dict[Key, ValidationResult]:
    keys = [(one.head.period_code, one.head.district_code) for one in candidates]
    return dict(zip(keys, _validate_all(simulated, candidates), strict=True))


def _validate_all(simulated: World, candidates: Sequence[Candidate]) -> list[ValidationResult]:
    """Each validated for the period and district that it names, with their history."""
    by_period: dict[str, list[Candidate]] = defaultdict(list)
    for number, one in enumerate(candidates):
        earlier = simulated.earlier(one.head.district_code, periods.parse(one.head.period_code))
        by_period[one.head.period_code].append(replace(one, submission_id=number, earlier=earlier))
    results: dict[int, ValidationResult] = {}
    for period_code, group in by_period.items():
        for validated in validate(
            group, period_code, simulated.catalogue, accepted=simulated.accepted(period_code), run=evaluate
        ):
            results[validated.submission_id] = validated
    return [results[number] for number in range(len(candidates))]


def tables(result: Result) -> str:
    """The study as Markdown."""
    lines = ["| Error | Covered | Found | Not covered | Found |", "|---|---|---|---|---|"]
    for kind in KINDS:
        made, found = result.share(kind, ("whole file",) if kind in WHOLE_FILE else CLASSES[:-1])
        bare, bare_found = result.share(kind, ("nothing",))
        lines.append(f"| {kind} | {made} | {_per_cent(found, made)} | {bare or ''} | {_per_cent(bare_found, bare)} |")
    lines += ["", "| What covers the cell | Errors | Found |", "|---|---|---|"]
    for cover in (*CLASSES[:-1], "whole file", "nothing"):
        made, found = (sum(result.errors[kind, cover][place] for kind in KINDS) for place in (0, 1))
        lines.append(f"| {cover} | {made} | {_per_cent(found, made)} |")
    alarms = sorted(result.alarms)
    lines += [
        "",
        f"Untouched reports: {len(alarms)}; without a warning {_per_cent(alarms.count(0), len(alarms))},"
        f" median {alarms[len(alarms) // 2]}, most {alarms[-1]}; critical findings {result.criticals}.",
        "False alarms by rule: " + (", ".join(f"{code} {n}" for code, n in result.alarm_rules.most_common()) or "none"),
    ]
    return "\n".join(lines)


def _per_cent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--districts", type=int, default=250, help="four reports each (default 250: 1,000 reports)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"other reports, other errors (default {SEED})")
    parser.add_argument("--missed", type=int, default=0, help="show so many of the missed errors of each kind")
    arguments = parser.parse_args()
    started = time.perf_counter()
    result = run(arguments.districts, seed=arguments.seed)
    print(tables(result))
    for name, examples in result.missed.items() if arguments.missed else ():
        print(f"\n{name}: {len(examples)} missed")
        print("\n".join(f"  {one}" for one in examples[: arguments.missed]))
    print(
        f"\n{sum(made for made, _ in result.errors.values())} errors validated in {time.perf_counter() - started:.0f} s"
    )


if __name__ == "__main__":
    main()
