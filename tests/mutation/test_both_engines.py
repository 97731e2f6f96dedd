"""`check` evaluates the suites by pandas alone, the pipeline as Checkpoints: both give the same findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from etl import periods
from etl.catalogue import Catalogue, load_catalogue
from etl.parsing import read
from etl.settings import PROJECT_ROOT
from etl.validation import Candidate, ValidationResult, validate
from etl.validation.evaluation import evaluate
from tests.mutation.errors import KINDS, random_for
from tests.mutation.reports import World, world

DISTRICTS, PERIOD = 12, "2022-Q3"


def examples(catalogue: Catalogue) -> Iterator[Candidate]:
    for number, path in enumerate(sorted((PROJECT_ROOT / "examples" / "drive").rglob("*.*"))):
        content = read(Path(path).name, path.read_bytes(), catalogue)
        yield Candidate(number, content.head, content.rows, content.findings, content.narrative)


def correct_and_mutated(simulated: World) -> Iterator[Candidate]:
    """Correct reports of one period, and each with one error of every kind that it can hold."""
    for district_code in simulated.catalogue.districts:
        correct = simulated.reports[PERIOD, district_code]
        yield correct
        for kind, make in KINDS.items():
            mutant = make(correct, simulated, random_for(kind, correct, simulated.seed))
            if mutant is not None:
                yield mutant.candidate


def validated_by_both(candidates: list[Candidate], simulated: World) -> Iterator[list[ValidationResult]]:
    by_period: dict[str, list[Candidate]] = defaultdict(list)
    for number, candidate in enumerate(candidates):
        period_code = candidate.head.period_code
        earlier = simulated.earlier(candidate.head.district_code, periods.parse(period_code))
        by_period[period_code].append(replace(candidate, submission_id=number, earlier=earlier))
    for run in (None, evaluate):
        yield [
            result
            for code, group in by_period.items()
            for result in validate(group, code, simulated.catalogue, accepted=simulated.accepted(code), run=run)
        ]


def test_the_examples_give_the_same_findings() -> None:
    catalogue = load_catalogue()
    candidates = list(examples(catalogue))
    by_checkpoint, by_pandas = (validate(candidates, "2021-Q1", catalogue, run=run) for run in (None, evaluate))
    assert by_checkpoint == by_pandas
    assert sum(len(result.findings) for result in by_checkpoint) > 100


def test_the_mutation_corpus_gives_the_same_findings() -> None:
    simulated = world(DISTRICTS)
    candidates = list(correct_and_mutated(simulated))
    by_checkpoint, by_pandas = validated_by_both(candidates, simulated)
    assert by_checkpoint == by_pandas
    assert len(by_checkpoint) == len(candidates) > 12 * DISTRICTS
