"""What must come of an operation that meets a fault. It follows from facts about both, not from a list of cases."""

from __future__ import annotations

from dataclasses import dataclass

from tests.faults.faults import FAULTS, GARBAGE, GOOD, Fault
from tests.faults.limits import PATIENCE
from tests.faults.operations import OPERATIONS, Operation

OK, CONNECTION, MALFORMED, TIMED_OUT = "ok", "connection", "MalformedResponse", "OperationTimedOut"
_BY_STATUS = {
    401: "Unauthorized",
    429: "OverLimit",
    500: "ServerError",
    502: "ServiceUnavailable",
    503: "ServiceUnavailable",
}
_PASSING = {429, 502, 503}
_TRANSIENT = {CONNECTION, MALFORMED, "OverLimit", "ServerError", "ServiceUnavailable"}


@dataclass(frozen=True)
class Cell:
    """One fault in one operation of one API version, met once or by every request.

    Attributes:
        fault: its name.
        operation: its name.
        version: of the API.
        always: whether every request from the first on meets it.
    """

    fault: str
    operation: str
    version: str
    always: bool

    def __str__(self) -> str:
        return f"{self.fault}-{'always' if self.always else 'once'}-{self.operation}-{self.version}".replace(" ", "_")

    @property
    def facts(self) -> tuple[Fault, Operation]:
        return FAULTS[self.fault], OPERATIONS[self.operation]

    @property
    def method(self) -> str:
        return self.facts[1].method[self.version]

    @property
    def safe(self) -> bool:
        """Whether doing it twice is doing it once."""
        return self.method in ("GET", "DELETE")


CELLS = [
    Cell(fault, operation, version, always)
    for fault in FAULTS
    for operation, facts in OPERATIONS.items()
    for version in facts.versions
    for always in (False, True)
]

# What is at stake most, in one API version of each; for a server that is slow to ask.
SAMPLE = [
    Cell(fault, operation, ("1.1", "2")[(f + o) % 2], always=False)
    for f, fault in enumerate(FAULTS)
    for o, operation in enumerate(("read", "create", "delete", "execute", "wait"))
]


def given(cell: Cell) -> int | str | None:
    """What the client gets of a request that meets the fault."""
    fault, operation = cell.facts
    if fault.in_body and not operation.has_body:
        return GOOD
    if operation.streams and (fault.forged or (fault.slow and fault.in_body)):
        return GOOD  # what flows is taken as long as it flows
    return fault.gives


def expected(cell: Cell) -> str:
    """The outcome: success or the name of the one error."""
    fault, operation = cell.facts
    reply = given(cell)
    outcome = OK if reply == GOOD else _error(reply)
    if fault.follows or reply == 401 or (reply == 303 and cell.method == "GET"):
        outcome = outcome if cell.always else OK  # a new token, or where it was sent to
    elif _repeated(cell, reply) and not cell.always:
        outcome = OK
    if operation.waits and outcome in _TRANSIENT:
        if not cell.always:
            return OK
        return TIMED_OUT if fault.mends else outcome
    return outcome


def _error(reply: int | str | None) -> str:
    if reply is None:
        return CONNECTION
    return MALFORMED if reply == GARBAGE else _BY_STATUS.get(int(reply), "APIException")


def _repeated(cell: Cell, reply: int | str | None) -> bool:
    """Whether a client asks again: only if nothing can be done twice, and there is time."""
    fault, operation = cell.facts
    if not fault.connects:
        return True
    if operation.streams and fault.in_body:
        return False  # of a file that has begun to flow the rest is not asked for
    passing = reply is None or reply in _PASSING
    return passing and cell.safe and not fault.slow and fault.asks < PATIENCE


def effects(cell: Cell, outcome: str) -> int:
    """How often the server has done it at the end."""
    fault, _ = cell.facts
    return 1 if outcome == OK else int(fault.carried)
