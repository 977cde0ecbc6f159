"""The commands that a page gives to copy, where one would act."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from saharaclient._core.redact import MASK, is_secret
from saharaclient.states import ENDED, ClusterStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


class Command(NamedTuple):
    """A command and what it does."""

    label: str
    line: str


class Shell:
    """Makes command lines.

    Args:
        words: the words that each of them begins with.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)

    def _command(self, label: str, *words: object) -> Command:
        return Command(label, shlex.join([*self._words, *map(str, words)]))

    def of_cluster(self, cluster: Mapping[str, Any]) -> Iterator[Command]:
        """Commands for a cluster."""
        name = named(cluster)
        groups = [
            g for g in cluster.get("node_groups") or [] if isinstance(g, dict) and isinstance(g.get("count"), int)
        ]
        if cluster.get("status") == ClusterStatus.ACTIVE:
            for group in groups[-1:]:
                grown = f"{group.get('name')}:{group['count'] + 1}"
                yield self._command("Scale", "cluster", "scale", name, "--instances", grown, "--wait")
            yield self._command("Check its health", "cluster", "verification", name, "--start", "--wait")
        elif cluster.get("status") not in (ClusterStatus.ERROR, ClusterStatus.DELETING):
            yield self._command("Wait for it", "cluster", "wait", name)
        yield self._command("Timeline as a picture", "cluster", "timeline", name, "--output", "timeline.svg")
        yield self._command("Delete", "cluster", "delete", name, "--wait")

    def of_job(
        self, job: Mapping[str, Any], template: str, cluster: str, sources: Mapping[str, str]
    ) -> Iterator[Command]:
        """Commands for a run of a job.

        Args:
            job: the run.
            template: name or id of its job template.
            cluster: name or id of its cluster.
            sources: names of data sources by id.
        """
        job_id = job.get("id")
        if job.get("status") not in ENDED:
            yield self._command("Wait for it", "job", "wait", job_id)
            yield self._command("Cancel", "job", "cancel", job_id)
        yield self._command("Run again", "job", "execute", *_run_again(job, template, cluster, sources), "--wait")
        yield self._command("Delete", "job", "delete", job_id)

    def of_record(self, kind: str, record: Mapping[str, Any]) -> Iterator[Command]:
        """Commands for a template, data source, binary or image."""
        words, name = kind.split(), named(record)
        if kind == "image":
            yield self._command("Take it from the registry", *words, "unregister", name)
            return
        if kind == "cluster template":
            cluster = ("cluster", "create", "--name", f"{name}-1", "--cluster-template", name)
            yield self._command("Make a cluster of it", *cluster, "--image", "IMAGE", "--wait")
        if kind == "job template":
            run = ("job", "execute", "--job-template", name, "--cluster", "CLUSTER")
            yield self._command("Run it", *run, "--wait")
        yield self._command("Delete", *words, "delete", name)


def _run_again(job: Mapping[str, Any], template: str, cluster: str, sources: Mapping[str, str]) -> Iterator[str]:
    yield from ("--job-template", template, "--cluster", cluster)
    for option in ("input", "output"):
        source = job.get(f"{option}_id")
        if source:
            yield from (f"--{option}", sources.get(source, source))
    configs = job.get("job_configs")
    if not isinstance(configs, dict):
        return
    for option in ("configs", "params"):
        values = configs.get(option)
        if isinstance(values, dict) and values:
            # Sahara tells secrets as empty texts
            told = {name: MASK if value == "" and is_secret(name) else value for name, value in values.items()}
            yield from (f"--{option}", *(f"{name}:{value}" for name, value in told.items()))
    args = configs.get("args")
    if isinstance(args, list) and args:
        yield from ("--args", *map(str, args))


def named(record: Mapping[str, Any]) -> str:
    """A record's name as a command takes it; its id where the name could be taken for something else."""
    name = record.get("name")
    return name if isinstance(name, str) and _PLAIN_NAME.fullmatch(name) else str(record.get("id"))
