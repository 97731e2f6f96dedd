"""Task `load`: write the facts of accepted submissions."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from etl import database
from etl.settings import load_settings

if TYPE_CHECKING:
    from etl.warehouse import LoadCounts

log = logging.getLogger("cchc")

_PARALLEL_PERIODS = 2  # while one waits for the disk the other computes


def load(submission_ids: Sequence[int] | None = None) -> list[int]:
    """Load the facts of all accepted submissions that are not loaded yet (among `submission_ids`, if given)."""
    from etl import warehouse

    with database.connect(load_settings()) as connection:
        batches = warehouse.waiting_batches(connection, submission_ids)
    with ThreadPoolExecutor(_PARALLEL_PERIODS) as pool:
        for batch, counts in zip(batches, pool.map(_load_batch, batches), strict=True):
            log.info("%s submissions: %s facts opened, %s closed", len(batch), counts.opened, counts.closed)
    return [submission_id for batch in batches for submission_id in batch]


def _load_batch(submission_ids: Sequence[int]) -> LoadCounts:
    """Load the submissions of a period in one transaction, each completely or not at all."""
    from etl import warehouse

    with database.connect(load_settings()) as connection:
        return warehouse.load_accepted(connection, submission_ids)
