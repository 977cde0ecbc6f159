"""Following a plan: in the order of references, several at once, and told as it goes."""

from __future__ import annotations

import graphlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from saharaclient.api.base import DEFAULT_WAIT
from saharaclient.project import permissions, planning
from saharaclient.project.deeds import Deeds, Stopped
from saharaclient.project.order import needs
from saharaclient.project.problems import Problem, ProjectError, StalePlan, Unfinished
from saharaclient.project.workers import Workers, is_over

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from saharaclient.project.desired import Wanted
    from saharaclient.project.plans import Action, Plan

WIDTH = 8  # actions at once
Part = Literal["make", "delete"]
_Node = tuple[Part, tuple[str, str]]  # a part of an action


@dataclass(frozen=True)
class Progress:
    """What becomes of an action.

    Attributes:
        action: the action.
        state: ``begun``, ``done``, ``failed`` or ``skipped``, since something it needs failed; between them, the state
            of the cluster or job that is waited for.
        seconds: since the action began.
        error: why it failed.
    """

    action: Action
    state: str
    seconds: float = 0.0
    error: Exception | None = None


def apply(
    client: Any,
    plan: Plan,
    on_progress: Callable[[Progress], object] | None = None,
    *,
    replace: bool = False,
    timeout: float = DEFAULT_WAIT,
    width: int = WIDTH,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Follow a plan, of `plan` or `plan_destroy`. Ended in the middle, in whatever way, it can be called again.

    REST: the ``GET`` of a plan, to see that it still holds; for each sort of action a request of its kind that can have
    no effect, since a server refuses it with 403 if the login may not do it at all; then what creates, changes or
    deletes what the plan names, and the ``GET`` of the clusters and jobs that are waited for.

    Args:
        client: the data processing client, of either API version.
        plan: the plan.
        on_progress: called as actions begin, get on and end, from one thread at a time.
        replace: whether what can't be changed in place may be deleted and made anew.
        timeout: seconds that a cluster or a job may take, default an hour.
        width: actions at once.
        environment: the values from outside, default the process's environment.

    Raises:
        StalePlan: the cloud or a file has changed since; nothing was done.
        ProjectError: something would have to be replaced, the login may not do something, or what `plan` raises;
            nothing was done.
        Unfinished: some actions failed; those that do not need them are done.
        APIException: what a server reports while it is read.
    """
    values = os.environ if environment is None else environment
    if all(action.do == "delete" for action in plan.actions) and plan.actions:
        fresh, wanted, cloud = planning.planned_destruction(client, plan.project, plan.maps)
    else:
        fresh, wanted, cloud = planning.planned(client, plan.project, plan.maps, values)
    kept = {action.key: action for action in plan.actions}
    fresh.actions = [
        msgspec.structs.replace(one, line=kept[one.key].line, column=kept[one.key].column) if one.key in kept else one
        for one in fresh.actions
    ]
    _still_holds(plan, fresh)
    _may_replace(fresh, replace=replace)
    if forbidden := [_problem(plan, *found) for found in permissions.refused(client, fresh.actions)]:
        raise ProjectError(forbidden)
    runner = _Runner(fresh, wanted, on_progress, width)
    deeds = Deeds(client, cloud, wanted, Path(plan.base), fresh.contents, timeout, runner.is_stopped)
    runner.run(deeds, client.clusters.api.clock)


def _still_holds(plan: Plan, fresh: Plan) -> None:
    """Raise unless all that is to be done now is in the plan; what is done already need not be done again."""
    kept = {action.key: action for action in plan.actions}
    problems = [
        _problem(plan, action, f"the plan is out of date: now it would {_told(action)}")
        for action in fresh.actions
        if not _covered(action, kept.get(action.key))
    ]
    done = {*fresh.equal, *(action.key for action in fresh.actions)}
    if not all(action.do == "delete" for action in plan.actions):
        problems += [
            _problem(plan, action, "is in the plan, but no longer in the project")
            for action in plan.actions
            if action.key not in done
        ]
    if plan.contents != fresh.contents and fresh.contents.keys() | plan.contents.keys():
        changed = sorted(name for name, digest in plan.contents.items() if fresh.contents.get(name, digest) != digest)
        problems += [Problem(0, 0, f"the file of the job binary {name} has changed", plan.file) for name in changed]
    if problems:
        raise StalePlan(problems)


def _covered(action: Action, planned: Action | None) -> bool:
    """Whether an action is what a plan has, or what is left of it."""
    if planned is None:
        return False
    if action.do == planned.do:
        return action.changes == planned.changes and (planned.id is None or action.id == planned.id)
    # a replacement, a creation or a change that was begun: what is left is to make it, or to wait for it
    if planned.do == "replace" and action.do == "create":
        return True
    return action.do == "wait" and planned.do in ("create", "replace", "scale")


def _told(action: Action) -> str:
    fields = ", ".join(change.field for change in action.changes[:5])
    return f"{action.do} it" + (f" ({fields})" if fields and action.do != "create" else "")


def _may_replace(plan: Plan, *, replace: bool) -> None:
    if not replace and (found := [*plan.of("replace")]):
        told = "only --replace deletes and makes it anew"
        raise ProjectError(_problem(plan, action, f"{action.reason}: {told}") for action in found)


def _problem(plan: Plan, action: Action, message: str) -> Problem:
    return Problem(action.line, action.column, f"{action.kind} {action.name}: {message}", plan.file)


class _Runner:
    """Actions on threads, each once what it needs is done."""

    def __init__(
        self, plan: Plan, wanted: Sequence[Wanted], on_progress: Callable[[Progress], object] | None, width: int
    ) -> None:
        self._stopped = threading.Event()
        self._on_progress, self._width = on_progress, width
        self._telling = threading.Lock()
        self._actions = {action.key: action for action in plan.actions}
        self._graph = _graph(self._actions, needs(wanted))

    def run(self, deeds: Deeds, clock: Any) -> None:
        """Do everything; raises `Unfinished` for what failed."""
        sorter = graphlib.TopologicalSorter(self._graph)
        sorter.prepare()
        failures: dict[str, Exception] = {}
        lost: set[_Node] = set()
        running = 0
        with Workers[_Node](lambda node: self._do(node, deeds, clock), min(self._width, len(self._graph))) as workers:
            try:
                while sorter.is_active():
                    for node in sorter.get_ready():
                        if lost & set(self._graph[node]):
                            lost.add(node)
                            self._tell(Progress(self._actions[node[1]], "skipped"))
                            sorter.done(node)
                        else:
                            running += 1
                            workers.give(node)
                    if running:
                        node, error = workers.next()
                        running -= 1
                        if error is not None:
                            if not isinstance(error, Exception):
                                raise error
                            lost.add(node)
                            failures[" ".join(node[1])] = error
                        sorter.done(node)
            finally:
                self._stopped.set()
        if failures:
            raise Unfinished(failures)

    def is_stopped(self) -> bool:
        """Whether nothing more shall be done."""
        return self._stopped.is_set() or is_over()

    def _do(self, node: _Node, deeds: Deeds, clock: Any) -> None:
        part, key = node
        action, began = self._actions[key], clock.now()
        if self.is_stopped():
            raise Stopped
        self._tell(Progress(action, "begun"))
        try:
            if part == "delete":
                deeds.delete(action)
            else:
                deeds.make(action, lambda state: self._tell(Progress(action, state, clock.now() - began)))
        except Exception as error:
            self._tell(Progress(action, "failed", clock.now() - began, error))
            raise
        if part == "make" or action.do == "delete":
            self._tell(Progress(action, "done", clock.now() - began))

    def _tell(self, progress: Progress) -> None:
        if self._on_progress is not None:
            with self._telling:
                self._on_progress(progress)


def _graph(
    actions: Mapping[tuple[str, str], Action], needed: Mapping[tuple[str, str], set[tuple[str, str]]]
) -> dict[_Node, list[_Node]]:
    """The parts of the actions, and which parts each comes after."""
    parts: dict[tuple[str, str], list[Part]] = {}
    for key, action in actions.items():
        parts[key] = ["delete"] if action.do == "delete" else ["delete", "make"] if action.do == "replace" else ["make"]
    above: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for other, its_needs in needed.items():
        for key in its_needs:
            above.setdefault(key, []).append(other)
    graph: dict[_Node, list[_Node]] = {}
    for key, its in parts.items():
        below = [other for other in needed.get(key, ()) if other in parts]
        if "make" in its:
            after: list[_Node] = [("make", other) for other in below if "make" in parts[other]]
            graph["make", key] = after + ([("delete", key)] if "delete" in its else [])
        if "delete" in its:
            graph["delete", key] = [
                ("delete", other) for other in above.get(key, ()) if "delete" in parts.get(other, ())
            ]
    return graph
