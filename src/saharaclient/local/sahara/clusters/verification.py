"""The verification of a cluster in its record: under way, and with what its engine has found."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from saharaclient.local.sahara.records.clusters import Verification, new_id, now
from saharaclient.states import CHECKED, HealthStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from saharaclient.local.engines.base import Check
    from saharaclient.local.sahara.records.clusters import Cluster


def begin(session: Session, cluster: Cluster) -> None:
    """Puts a new verification under way in the place of the last."""
    if cluster.verification is not None:
        session.delete(cluster.verification)
        session.flush()
    cluster.verification = Verification(status=HealthStatus.CHECKING, project_id=cluster.project_id)


def end(verification: Verification, checks: Sequence[Check]) -> None:
    """Writes down what was found; the worst check speaks for all."""
    ranks = [check.status for check in checks]
    verification.status = next(rank for rank in reversed(CHECKED) if rank in (*ranks, HealthStatus.GREEN))
    verification.checks = [_record(check, verification) for check in checks]


def _record(check: Check, verification: Verification) -> dict[str, Any]:
    """A check as replies have it, which Horizon's panel reads by its id."""
    when = now().isoformat(timespec="seconds")
    of_record = {"id": new_id(), "verification_id": verification.id, "created_at": when, "updated_at": when}
    return {**of_record, **asdict(check)}
