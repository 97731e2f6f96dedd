"""What validation costs: `python -m benchmarks.validation [--districts 705] [--sample 12]`.

Correct simulated reports of a half year, each with the four reports of its district before it. Times are processor
time, the best of three rounds, imports left out; the alternative is measured in the same run. Exits 1 where a bound is
missed.

The alternative, a Checkpoint for each file, is run over a sample and scaled to all files, which is fair since no file
waits for another. The rules that look back are the stage `history` alone, over two and over twenty earlier reports
(`most_reports` of expectations/history.yml set to twenty; eight is what we ship).
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from unittest.mock import patch

from etl import periods
from etl.catalogue import ReportingPeriod
from etl.settings import PROJECT_ROOT
from etl.validation import Candidate, limits, validate
from etl.validation.checkpoint import open_context, run_checkpoints
from tests.mutation.reports import World, world

if TYPE_CHECKING:
    import pandas as pd

    from etl.validation.evaluation import Outcome
    from etl.validation.suite import Suites

_VALIDATED, _BEFORE = "2022-H1", ("2021-H1", "2021-Q3", "2021-FY", "2022-Q1")
_YEARS = range(2021, 2026)
_LATER = "2026-Q1"  # validated after twenty reports
_ROUNDS = 3
_EXAMPLE = "examples/drive/2021-Q1/947_my-xuyen_2021-Q1.docx"


def best(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """Seconds of processor time of the fastest round, without the garbage collector, which would visit all reports."""
    times = []
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
        gc.enable()
    return min(times)


def reports(simulated: World, period_code: str) -> list[Candidate]:
    """The reports of a period, numbered, with those before them."""
    period = periods.parse(period_code)
    return [
        replace(simulated.reports[period_code, code], submission_id=number, earlier=simulated.earlier(code, period))
        for number, code in enumerate(simulated.catalogue.districts, start=1)
    ]


def batch_and_files(districts: int, sample: int) -> tuple[float, float, float]:
    """Seconds for one report, for all in one batch, and for all with a Checkpoint each (scaled from the sample)."""
    simulated = world(districts, (*_BEFORE, _VALIDATED))
    candidates = reports(simulated, _VALIDATED)

    def run(batch: Sequence[Candidate]) -> object:
        return validate(batch, _VALIDATED, simulated.catalogue)

    one_by_one = best(lambda: [run([candidate]) for candidate in candidates[:sample]], 1)
    return best(partial(run, candidates[:1])), best(partial(run, candidates)), one_by_one * len(candidates) / sample


def looking_back(districts: int) -> tuple[float, float]:
    """Seconds that the rules of the validation stage `history` take over two and over twenty earlier reports."""
    before = tuple(f"{year}-{term}" for year in _YEARS for term in periods.REPORTED_TERMS)
    simulated = world(districts, (*before, _LATER))
    later = ReportingPeriod(periods.parse(_LATER), date(2026, 3, 18), "benchmark")
    catalogue = replace(simulated.catalogue, periods={**simulated.catalogue.periods, _LATER: later})
    long = reports(simulated, _LATER)
    short = [replace(one, earlier={code: one.earlier[code] for code in before[-2:]}) for one in long]
    assert all(len(one.earlier) == len(before) for one in long)
    far_back = limits.load_limits().model_copy(update={"most_reports": len(before)})
    with patch("etl.validation.history.load_limits", lambda: far_back):
        times = [
            best(lambda batch=batch: validate(batch, _LATER, catalogue, run=history_alone))  # type: ignore[misc]
            for batch in (short, long)
        ]
    return times[0], times[1]


def history_alone(frames: Mapping[str, pd.DataFrame], suites: Suites) -> Sequence[Outcome]:
    """Run only the expectations of the stage `history`."""
    return run_checkpoints(
        frames,
        {
            name: [one for one in suite if one["meta"]["validation_stage"] == "history"]
            for name, suite in suites.items()
        },
    )


def command_time(*arguments: str) -> float:
    """Seconds of processor time of a command, with the start of Python and all imports; the best of three rounds."""
    times = []
    for _ in range(_ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "etl", *arguments],
            cwd=PROJECT_ROOT,
            env=os.environ,
            capture_output=True,
            check=False,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


@contextmanager
def timed(what: str) -> Iterator[None]:
    started = time.process_time()
    yield
    print(f"{what} {time.process_time() - started:.2f} s")


def report(what: str, ratio: float, bound: float, *, is_least: bool = False) -> bool:
    is_met = ratio >= bound if is_least else ratio <= bound
    print(f"{what:58} {ratio:8.2f} {'≥' if is_least else '≤'} {bound:<5g} {'met' if is_met else 'NOT MET'}")
    return is_met


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints times and ratios; 1 where a bound is not met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--districts", type=int, default=705)
    parser.add_argument("--sample", type=int, default=12, help="files that get a Checkpoint of their own")
    args = parser.parse_args(arguments)
    extract, check = command_time("extract", _EXAMPLE), command_time("check", _EXAMPLE)
    with timed("importing Great Expectations"), open_context():
        pass
    one, whole, each = batch_and_files(args.districts, args.sample)
    short, long = looking_back(args.districts)
    print(f"one report {one:.2f} s; {args.districts} in one batch {whole:.2f} s")
    print(f"{args.districts} with a Checkpoint each {each:.0f} s (scaled from {args.sample})")
    print(f"rules that look back, {args.districts} reports: over 2 periods {short:.2f} s, over 20 {long:.2f} s")
    print(f"extract of one file {extract:.2f} s, check of it {check:.2f} s\n")
    met = (
        report(f"{args.districts} in one batch / one report", whole / one, 3),
        report("a Checkpoint for each file / one batch", each / whole, 100, is_least=True),
        report("looking back over 20 periods / over 2", long / short, 1.5),
        report("check of one file / extract of it", check / extract, 5),
    )
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
