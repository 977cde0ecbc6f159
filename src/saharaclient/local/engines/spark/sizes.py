"""Sizes as Spark writes them, and whether the executors of a job find room on a worker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from saharaclient.local.engines.base import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMORY, CORES = "spark.executor.memory", "spark.executor.cores"
_MIB = {"k": 1 / 1024, "m": 1, "g": 1024, "t": 1024**2, "": 1}


def mib(text: str) -> float | None:
    """A size of memory in MiB, which is Spark's unit where none is given; None for what Spark will refuse itself."""
    found = re.fullmatch(r"\s*(\d+)\s*([kmgt]?)b?\s*", text.lower())
    return int(found[1]) * _MIB[found[2]] if found else None


def check_executor(settings: Mapping[str, str], told: Mapping[str, Any]) -> None:
    """Refuse a job whose executors no worker is large enough for.

    Args:
        settings: The job's Spark properties.
        told: What the master says of its workers.

    Raises:
        EngineError: With both sizes.
    """
    workers = [worker for worker in told.get("workers", ()) if worker["state"] == "ALIVE"]
    memory, cores = mib(settings.get(MEMORY, "")) or 0, settings.get(CORES, "")
    count = int(cores) if cores.isdecimal() else 0
    if workers and not any(worker["memory"] >= memory and worker["cores"] >= count for worker in workers):
        wanted = " and ".join([*([f"{memory:.0f} MiB"] if memory else []), *([f"{count} cores"] if count else [])])
        there = sorted({f"{worker['memory']} MiB and {worker['cores']} cores" for worker in workers})
        raise EngineError(
            f"No worker can ever run this job: its executors want {wanted} ({MEMORY}, {CORES}), and the workers have "
            f"{'; '.join(there)}. Ask for less, or make the cluster of a larger flavor."
        )
