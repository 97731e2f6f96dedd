"""Tasks `propose_release` and `create_release`: show what would be signed, and sign it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from etl import database
from etl.errors import UsageError, require_reason
from etl.pipeline.prepare import prepare
from etl.settings import current_user, load_settings

if TYPE_CHECKING:
    from etl.ranking.releases.content import ReleaseContent


def create_release(  # noqa: PLR0913 - what a signature needs
    period_code: str,
    reason: str,
    actor: str | None = None,
    *,
    method_code: str | None = None,
    known_at: datetime | None = None,
    publish: bool = False,
    expected_sha256: str | None = None,
) -> int:
    """Sign the ranking of a period as known now or at `known_at`; returns the release id.

    With `publish` every district sees the period from now on. With `expected_sha256` only that content is signed, and
    only once per person and reason, so that a retried task signs nothing twice. Raises UsageError for an unknown period
    or method, if nothing is ranked, and if the content has changed.
    """
    from etl import warehouse
    from etl.ranking.releases.signing import find_signature, sign

    by = actor or current_user()
    require_reason(reason)
    with _content(period_code, method_code, known_at) as (connection, content):
        if expected_sha256 is not None and expected_sha256 != content.content_sha256:
            raise UsageError(
                f"The ranking of {period_code} has changed since it was shown for approval",
                "Review and approve it again",
            )
        release_id = find_signature(connection, content, by, reason) if expected_sha256 else None
        release_id = release_id or sign(connection, content, by, reason)
        if publish:
            warehouse.publish(connection, period_code, None, reason, by)
    return release_id


def propose_release(period_code: str, method_code: str | None = None) -> dict[str, Any]:
    """What would be signed now: its hash, the number of units and of those ranked, whether figures are simulated.

    Raises UsageError for an unknown period or method, and if nothing is ranked.
    """
    with _content(period_code, method_code, None) as (_, content):
        if content.sample is None:
            raise UsageError(f"Nothing is ranked in {period_code}", "`cchc status` shows why")
        units = content.basis.units
        return {
            "period_code": period_code,
            "method_code": content.basis.method_code,
            "content_sha256": content.content_sha256,
            "ranked": sum(row["rank"] is not None for row in content.rows.values()),
            "units": len(units),
            "is_simulated": any(unit.is_simulated for unit in units),
        }


@contextmanager
def _content(
    period_code: str, method_code: str | None, known_at: datetime | None
) -> Iterator[tuple[database.Connection, ReleaseContent]]:
    """The ranking of a period with its hash, in a transaction that blocks loads of the period until it ends."""
    from etl import warehouse
    from etl.ranking.releases.content import compute_content, read_basis

    prepare()
    with database.connect(load_settings()) as connection:
        method = method_code or warehouse.default_method(connection, period_code)
        yield connection, compute_content(connection, read_basis(connection, period_code, method, known_at))
