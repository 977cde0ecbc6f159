"""The matrix as a small table for the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.faults import FAULTS
from tests.faults.operations import OPERATIONS
from tests.faults.rules import CELLS, CONNECTION, MALFORMED, OK, TIMED_OUT

if TYPE_CHECKING:
    from tests.faults.runner import Result

SIGNS = {
    OK: ("✓", "success"),
    CONNECTION: ("C", "a `keystoneauth1.exceptions.ConnectionError`"),
    MALFORMED: ("M", "`MalformedResponse`"),
    "Unauthorized": ("U", "`Unauthorized`"),
    "OverLimit": ("L", "`OverLimit`"),
    "ServerError": ("S", "`ServerError`"),
    "ServiceUnavailable": ("A", "`ServiceUnavailable`"),
    "APIException": ("R", "`APIException`: a redirect that is not followed"),
    TIMED_OUT: ("T", "`OperationTimedOut`, at the wait's own deadline"),
}
HEAD = """# Faults between client and server

Written by `make test-faults TABLE=docs/reference/faults-table.md`; each run of these tests checks it.

A proxy on loopback does harm to the requests of a client of the embedded service. The first sign is what comes of one
harmed request, the second of a fault that stays. Both API versions give the same; only API 1.1 has uploads.
"""
TAIL = """
{cells} cells: {successes} successes, {errors} errors of one type each, which name the method and the URL, and
the request's id where a reply told it. No creation, change or execution reached the server twice, none hung, no
connection and no file stayed behind, no other host was sent anything, and each client worked on afterwards.
"""


def render(results: dict) -> str:
    """The table, of a run of all cells."""
    lines = [f"| fault | {' | '.join(OPERATIONS)} |", "|---|" + "---|" * len(OPERATIONS)]
    for fault in FAULTS:
        signs = [_signs(results, fault, operation) for operation in OPERATIONS]
        lines.append(f"| {fault} | {' | '.join(signs)} |")
    legend = [f"- {sign}: {meaning}" for sign, meaning in SIGNS.values()]
    successes = sum(result.outcome == OK for result in results.values())
    tail = TAIL.format(cells=len(results), successes=successes, errors=len(results) - successes)
    return "\n".join([HEAD, *legend, "", *lines]) + "\n" + tail


def rows(text: str) -> list[str]:
    """The rows of a table, without what is written around it."""
    return [line for line in text.splitlines() if line.startswith("|")]


def _signs(results: dict, fault: str, operation: str) -> str:
    def sign(always: bool) -> str:
        found: list[Result] = [
            results[c] for c in CELLS if (c.fault, c.operation, c.always) == (fault, operation, always)
        ]
        return "/".join(dict.fromkeys(SIGNS[result.outcome][0] for result in found))

    return f"{sign(False)} {sign(True)}"
