"""The commands that reach a cluster's instances and pages, and gather what there is to know of it."""

from __future__ import annotations

import io
import json
import os
import shlex
import sys
import tarfile
import time
import webbrowser
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osc_lib import exceptions

from saharaclient._core import redact
from saharaclient.api import base
from saharaclient.osc import columns, command, jobs, utils
from saharaclient.osc.clusters import CLUSTER

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

_INSTANCES = ("Name", "Group", "Address", "Processes")
_LOG_LINES = 10_000  # of each job's output, and of each log


def instances_of(cluster: Any) -> Iterator[tuple[str, str, str, str]]:
    """A cluster's instances: name, group, address, processes."""
    for group in cluster._info.get("node_groups") or []:
        for instance in group.get("instances") or []:
            address = instance.get("management_ip") or instance.get("internal_ip") or ""
            processes = ", ".join(group.get("node_processes") or [])
            yield str(instance.get("instance_name")), str(group.get("name")), str(address), processes


def pages_of(cluster: Any) -> dict[str, str]:
    """A cluster's web pages by what they are, such as ``Spark Web UI``."""
    found = {}
    for service, facts in (cluster._info.get("info") or {}).items():
        for name, value in facts.items() if isinstance(facts, dict) else ():
            if str(value).startswith(("http://", "https://")):
                found[f"{service} {name}"] = str(value)
    return found


def folder_of(cluster: Any) -> Path | None:
    """Where a cluster of the embedded service keeps its instances and logs on this machine; None for any other."""
    told = ((cluster._info.get("info") or {}).get("Spark") or {}).get("Folder")
    folder = Path(str(told)) if told else None
    here = folder is not None and folder.name == cluster.id and folder.is_dir()
    return folder if here and folder and folder.stat().st_uid == os.geteuid() else None


class ListInstances(command.Lister):
    """List a cluster's instances: their groups, addresses and processes."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        command.add_target(parser, CLUSTER, "whose instances to list")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        return _INSTANCES, list(instances_of(utils.get_resource(self.client.clusters, parsed_args.cluster)))


class OpenCluster(command.Command):
    """Open a cluster's web page in the browser, or print its URL where there is none."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        command.add_target(parser, CLUSTER, "whose page to open")
        parser.add_argument("--print", action="store_true", help="Print the URLs of all its pages, and open none")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        pages = pages_of(utils.get_resource(self.client.clusters, parsed_args.cluster))
        if not pages:
            raise exceptions.CommandError(f"Cluster {parsed_args.cluster} tells of no web page")
        if parsed_args.print:
            sys.stdout.write("".join(f"{name}: {url}\n" for name, url in pages.items()))
            return
        url = next((url for name, url in pages.items() if name.endswith("UI")), next(iter(pages.values())))
        sys.stdout.write(f"{url}\n")
        if sys.stdout.isatty():
            webbrowser.open(url)


class ConnectCluster(command.Command):
    """Log in to an instance of a cluster with ssh, or run a command there: ``cluster ssh NAME -- uptime``.

    An instance of the embedded service is a folder of this machine: there it is a shell in it, with its environment.
    """

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        command.add_target(parser, CLUSTER, "to log in to")
        parser.add_argument("instance", metavar="<instance>", nargs="?", help="Its instance (default: the first one)")
        parser.add_argument("remote", metavar="<command>", nargs="*", help="What to run there, after --")
        parser.add_argument("--identity", metavar="<file>", help="Private key of the cluster's key pair")
        parser.add_argument("--print", action="store_true", help="Print the ssh command, and do not run it")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> int:
        """Run the command; its exit code is that of ssh."""
        cluster = utils.get_resource(self.client.clusters, parsed_args.cluster)
        instances = {name: address for name, _, address, _ in instances_of(cluster)}
        wanted, remote = parsed_args.instance, parsed_args.remote
        if wanted is not None and wanted not in instances and _after_dashes(wanted):
            wanted, remote = None, [wanted, *remote]
        if not instances:
            raise exceptions.CommandError(f"Cluster {parsed_args.cluster} has no instances")
        name = wanted or next(iter(instances))
        if name not in instances:
            raise exceptions.CommandError(f"There is no instance {name!r}; there are: {', '.join(instances)}")
        if not instances[name]:
            raise exceptions.CommandError(f"Instance {name} has no address yet")
        line = self._line(cluster, name, instances[name], parsed_args.identity)
        if remote:
            line += remote if line[0] == "ssh" else ["--", *remote]
        if parsed_args.print:
            sys.stdout.write(shlex.join(line) + "\n")
            return 0
        sys.stdout.flush()
        try:
            # It takes the place of this one, so that signals and the terminal are its own.
            os.execvp(line[0], line)  # noqa: S606 - what was asked for, no shell
        except FileNotFoundError:
            raise exceptions.CommandError(f"There is no program {line[0]} on this machine") from None

    def _line(self, cluster: Any, instance: str, address: str, identity: str | None) -> list[str]:
        """What logs in to an instance."""
        if folder := folder_of(cluster):
            state = str(folder.parent.parent)
            service = [sys.executable, "-m", "saharaclient.local.command"]
            return [*service, "shell", "--state", state, "--instance", instance, cluster.id]
        user = self.client.images.get(cluster.default_image_id).username
        return ["ssh", *(["-i", identity] if identity else []), "--", f"{user}@{address}"]


def _after_dashes(word: str) -> bool:
    """Whether a word of this command line comes after ``--``."""
    return "--" in sys.argv and word in sys.argv[sys.argv.index("--") :]


class DiagnoseCluster(command.Command):
    """Gather what there is to know of a cluster in an archive: record, steps, checks, jobs and what those printed.

    Of the embedded service's clusters it has the logs too. Secrets are masked.
    """

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        command.add_target(parser, CLUSTER, "to look into")
        parser.add_argument(
            "--output", metavar="<file>", help="File to write, which must not exist (default: <cluster>.tar.gz)"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        cluster = utils.get_resource(self.client.clusters, parsed_args.cluster, show_progress=True)
        path = Path(parsed_args.output or f"{cluster.name}.tar.gz")
        runs = [run for run in jobs.JOB.of(self.client).iterate() if run.cluster_id == cluster.id]
        info = dict(cluster._info)
        files = {"events.json": info.pop("provision_progress", []), "checks.json": info.get("verification") or {}}
        texts = {name: _json(value) for name, value in {"cluster.json": info, **files}.items()}
        for run in runs:
            texts[f"jobs/{run.id}.json"] = _json(columns.info_of(run))
            texts.update(self._printed(run))
        texts.update(_logs(folder_of(cluster)))
        try:
            with path.open("xb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
                for name, text in texts.items():
                    _add(archive, f"{cluster.name}/{name}", text)
        except FileExistsError:
            raise exceptions.CommandError(f"{path} exists; name another file with --output") from None
        os.chmod(path, 0o600)  # noqa: PTH101 - whatever masks may miss is its owner's alone
        sys.stdout.write(f"{len(texts)} files are in {path}\n")

    def _printed(self, run: Any) -> dict[str, str]:
        """What a run printed, as far as the server has it."""
        found = {}
        for name in ("stdout", "stderr"):
            try:
                lines = [*jobs.JOB.of(self.client).logs(run.id, stderr=name == "stderr")]
            except (base.NotFound, base.NotSupported):
                return {}
            found[f"jobs/{run.id}.{name}"] = "".join(f"{redact.redact(line)}\n" for line in lines[-_LOG_LINES:])
        return found


def _logs(folder: Path | None) -> dict[str, str]:
    """The logs of a cluster of the embedded service, and that service's own, without their secrets."""
    if folder is None:
        return {}
    logs = [*sorted((folder / "logs").glob("*.log")), folder.parent.parent / "service.log"]
    return {f"logs/{log.name}": _masked_tail(log) for log in logs if log.is_file()}


def _masked_tail(log: Path) -> str:
    with log.open(errors="replace") as lines:
        return "".join(redact.redact(line) for line in deque(lines, _LOG_LINES))


def _json(value: Any) -> str:
    return json.dumps(redact.redact(value), indent=2, sort_keys=True, default=str) + "\n"


def _add(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = len(content), int(time.time()), 0o600
    archive.addfile(member, io.BytesIO(content))
