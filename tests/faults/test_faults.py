"""A fixed small part of `make faults`: whatever breaks a run off, the next one ends as if nothing had happened."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.settings import Settings
from tests.conftest import temporary_database
from tests.faults import blows
from tests.faults.blows import Place, Runner
from tests.faults.marts import mart_hashes
from tests.faults.servers import own_server, small_disk
from tests.faults.victim import STEPS
from tests.needs import all_are_required

pytestmark = pytest.mark.study


@pytest.fixture(scope="module")
def runners() -> Iterator[tuple[Runner, Runner]]:
    with Runner() as first, Runner() as second:
        yield first, second


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return blows.make_drive(tmp_path_factory.mktemp("faults") / "drive")


@pytest.fixture(scope="module")
def undisturbed(
    server_address: str, runners: tuple[Runner, Runner], drive: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, float], dict[str, str]]:
    """How long each step takes, and what the marts hold, where nothing happens."""
    with temporary_database(server_address, "template0") as address:
        durations = runners[0].whole_run(Place(tmp_path_factory.mktemp("var"), drive, address))
        return durations, mart_hashes(address)


@pytest.fixture
def chance() -> random.Random:
    return random.Random(2021)


Undisturbed = tuple[dict[str, float], dict[str, str]]
Runners = tuple[Runner, Runner]


def test_a_run_killed_in_every_step_is_finished_by_the_next(
    empty_settings: Settings, runners: Runners, drive: Path, undisturbed: Undisturbed, chance: random.Random
) -> None:
    durations, expected = undisturbed
    place = Place(empty_settings.var, drive, empty_settings.database_url)
    hits = blows.kill_in_every_step(runners[0], place, durations, chance)
    assert hits.total() == len(STEPS)
    assert mart_hashes(empty_settings.database_url) == expected


def test_what_a_killed_run_left_in_the_file_store_is_whole_or_tidied_up(
    empty_settings: Settings, runners: Runners, drive: Path, undisturbed: Undisturbed, chance: random.Random
) -> None:
    place = Place(empty_settings.var, drive, empty_settings.database_url)
    for _ in range(3):
        runners[0].begin(place)
        runners[0].wait_for("register")
        blows.pause(chance, undisturbed[0]["register"])
        runners[0].kill()
    runners[0].whole_run(place)
    kept = [path for path in empty_settings.files.rglob("*") if path.is_file()]
    assert kept
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.name for path in kept)


def test_connections_may_be_cut_at_any_moment(
    empty_settings: Settings, runners: Runners, drive: Path, undisturbed: Undisturbed, chance: random.Random
) -> None:
    durations, expected = undisturbed
    place = Place(empty_settings.var, drive, empty_settings.database_url)
    assert blows.break_connections(runners[0], place, durations, chance).total() > 0
    assert mart_hashes(empty_settings.database_url) == expected


def test_two_runs_at_once_load_nothing_twice(
    empty_settings: Settings, runners: Runners, drive: Path, undisturbed: Undisturbed
) -> None:
    place = Place(empty_settings.var, drive, empty_settings.database_url)
    assert blows.two_at_once(*runners, place) == [0, 0]
    assert mart_hashes(empty_settings.database_url) == undisturbed[1]


def test_the_server_may_stop_and_crash(
    runners: Runners, drive: Path, undisturbed: Undisturbed, chance: random.Random
) -> None:
    with own_server() as server:
        blows.lose_server(runners[0], server, drive, undisturbed[0], chance)
        assert mart_hashes(server.address()) == undisturbed[1]


def test_a_full_disk_loses_nothing(
    runners: Runners, drive: Path, undisturbed: Undisturbed, chance: random.Random
) -> None:
    try:
        with small_disk() as disk, own_server(disk) as server:
            hits = blows.fill_disk(runners[0], server, disk, drive, undisturbed[0], chance)
            assert hits.total() > 0
            assert mart_hashes(server.address()) == undisturbed[1]
    except OSError as error:
        if all_are_required():
            raise
        pytest.skip(str(error))
