"""What judging costs: `python -m benchmarks.judging [--districts 705] [--sample 12]`.

Correct simulated reports of a half year, each with the four reports of its district before it. Times are processor
time, the best of three rounds, imports left out; the peer is measured in the same run. Exits 1 where a bound is missed.

The peer "a suite run per file" is given its best: one context and one suite for all files, kept between them. It is
run over a sample and scaled to all files, which is fair since no file waits for another.
The rules that look back are the stage `history` alone: its frame, its run of the suite, and what the sheets of its
reports compute of the past, with `most_reports` of expectations/history.yml set to twenty (eight is what we ship).
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from unittest.mock import patch

from etl import periods
from etl.catalogue import ReportingPeriod
from etl.rules import load_rules
from etl.validation import Candidate, engine, judge, limits
from etl.validation.checks import checks_for
from etl.validation.frame import build_frame
from etl.validation.sheet import sheets_of
from etl.validation.suite import kept_or_built, part_of
from tests.mutation.reports import World, world

_JUDGED, _BEFORE = "2022-H1", ("2021-H1", "2021-Q3", "2021-FY", "2022-Q1")
_YEARS = range(2021, 2026)
_LATER = "2026-Q1"  # what is judged after twenty reports
_ROUNDS = 3


def best(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """Seconds of processor time of the fastest round, without the garbage collector, which would walk all reports."""
    times = []
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
        gc.enable()
    return min(times)


def reports(known: World, period_code: str) -> list[Candidate]:
    """The reports of a period, numbered, with those before them."""
    period = periods.parse(period_code)
    return [
        replace(known.reports[period_code, code], submission_id=number, earlier=known.earlier(code, period))
        for number, code in enumerate(known.catalogue.districts, start=1)
    ]


def batch_and_files(districts: int, sample: int) -> tuple[float, float, float]:
    """Seconds for one report, for all in one batch, and for all with a suite run each (scaled from the sample)."""
    known = world(districts, (*_BEFORE, _JUDGED))
    candidates = reports(known, _JUDGED)
    one = best(lambda: judge(candidates[:1], _JUDGED, known.catalogue))
    whole = best(lambda: judge(candidates, _JUDGED, known.catalogue))
    each = best(lambda: _suite_per_file(candidates[:sample], known), 1)
    return one, whole, each * len(candidates) / sample


def _suite_per_file(candidates: Sequence[Candidate], known: World) -> None:
    form, all_rules = known.catalogue.forms[candidates[0].head.form_code], load_rules()
    period = periods.parse(_JUDGED)
    checks = checks_for(period.term, form, all_rules)
    suite = part_of(kept_or_built(form, known.catalogue, all_rules), checks)
    with engine.session() as run:
        for each in candidates:
            run(build_frame(sheets_of([each], period, known.catalogue, {}), checks)[0], suite)


def looking_back(districts: int) -> tuple[float, float]:
    """Seconds that the rules of the validation stage `history` take over two and over twenty earlier reports."""
    before = tuple(f"{year}-{term}" for year in _YEARS for term in periods.REPORTED_TERMS)
    known = world(districts, (*before, _LATER))
    made_up = ReportingPeriod(periods.parse(_LATER), date(2026, 3, 18), "benchmark")
    known = replace(known, catalogue=replace(known.catalogue, periods={**known.catalogue.periods, _LATER: made_up}))
    long = reports(known, _LATER)
    short = [replace(one, earlier={code: one.earlier[code] for code in before[-2:]}) for one in long]
    assert all(len(one.earlier) == len(before) for one in long)
    far_back = replace(limits.load(), most_reports=len(before))
    with patch.object(limits, "load", lambda: far_back):
        return best(lambda: _history_alone(short, known)), best(lambda: _history_alone(long, known))


def _history_alone(candidates: Sequence[Candidate], known: World) -> None:
    form, all_rules = known.catalogue.forms[candidates[0].head.form_code], load_rules()
    period = periods.parse(_LATER)
    checks = [one for one in checks_for(period.term, form, all_rules) if one.rule.validation_stage == "history"]
    suite = part_of(kept_or_built(form, known.catalogue, all_rules), checks)
    with engine.session() as run:
        run(build_frame(sheets_of(candidates, period, known.catalogue, {}), checks)[0], suite)


def _told(what: str, ratio: float, bound: float, *, is_least: bool = False) -> bool:
    is_met = ratio >= bound if is_least else ratio <= bound
    print(f"{what:58} {ratio:8.2f} {'≥' if is_least else '≤'} {bound:<5g} {'met' if is_met else 'NOT MET'}")
    return is_met


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints times and ratios; 1 where a bound is not met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--districts", type=int, default=705)
    parser.add_argument("--sample", type=int, default=12, help="files that get a suite run of their own")
    chosen = parser.parse_args(arguments)
    districts = chosen.districts
    with engine.session():  # imports and first use are nobody's time
        one, whole, each = batch_and_files(districts, chosen.sample)
    short, long = looking_back(districts)
    print(f"one report {one:.2f} s; {districts} in one batch {whole:.2f} s")
    print(f"{districts} with a suite run each {each:.0f} s (scaled from {chosen.sample})")
    print(f"the rules that look back, {districts} reports: over 2 periods {short:.2f} s, over 20 {long:.2f} s\n")
    met = (
        _told(f"{districts} in one batch / one report", whole / one, 3),
        _told("a suite run per file / one batch", each / whole, 100, is_least=True),
        _told("looking back over 20 periods / over 2", long / short, 1.5),
    )
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
