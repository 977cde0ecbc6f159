"""The commands of job binaries, for both API versions."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osc_lib import exceptions

from saharaclient.api import base
from saharaclient.osc import columns, command, existing, inputs, lists, options, progress, storage, utils, versions

if TYPE_CHECKING:
    import argparse

JOB_BINARY = columns.Kind(
    "Job binary",
    "job_binaries",
    listed=("name", "id", "url"),
    long=("description", "is_public", "is_protected"),
    shown=("description", "id", "is_protected", "is_public", "name", "url"),
)


def _credentials(parsed_args: argparse.Namespace) -> dict[str, Any] | None:
    """The credentials that were given, or are typed in now."""
    password, secret_key = parsed_args.password, parsed_args.secret_key
    if parsed_args.password_prompt:
        password = getpass.getpass("Password: ")
    if parsed_args.secret_key_prompt:
        secret_key = getpass.getpass("Secret key: ")
    swift = utils.create_dict_from_kwargs(user=parsed_args.username, password=password)
    s3 = utils.create_dict_from_kwargs(
        accesskey=parsed_args.access_key, secretkey=secret_key, endpoint=parsed_args.s3_endpoint
    )
    if swift and s3:
        raise inputs.UsageError("credentials for both Swift and S3 were given")
    if swift and len(swift) < 2:
        raise inputs.UsageError("--username and --password (or --password-prompt) go together")
    return swift or s3 or None


def _file_name(name: str) -> str:
    """A job binary's name as that of a file here; the server chose it, so it must not lead to another folder."""
    if name in ("", ".", "..") or not name.isprintable() or any(c in name for c in "/\\:"):
        raise exceptions.CommandError(f"The name {name!r} can't be a file's here; name one with --file")
    return name


class CreateJobBinary(command.ShowOne):
    """Create a job binary, from a file or from what is stored already."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.text(parser, name="Name of the job binary (default: with --data, the file's)")
        source = parser.add_mutually_exclusive_group()
        source.add_argument(
            "--data",
            metavar="<file>",
            help="File to store: in the service itself in API 1.1, in object storage in API 2",
        )
        source.add_argument("--url", metavar="<url>", help="URL of what is stored already")
        options.text(
            parser,
            description="Description of the job binary",
            container=f"Container of object storage for --data (default in API 2: {storage.CONTAINER})",
        )
        options.credentials(parser, prompts=True)
        options.sharing(parser, "job binary")
        options.json_file(parser, "the job binary, in place of the other options")
        existing.add_option(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        create = self.client.job_binaries.create
        if parsed_args.json:
            body = inputs.fit(inputs.read_object(parsed_args.json), create, self.version)
            made = existing.create(self, JOB_BINARY, body, parsed_args)
        elif parsed_args.data:
            name = parsed_args.name or Path(parsed_args.data).name
            body = self._body(parsed_args, name)
            made = existing.create(self, JOB_BINARY, body, parsed_args, lambda: self._store(body, parsed_args))
        else:
            if not (parsed_args.name and parsed_args.url):
                raise inputs.UsageError("--data, or --name and --url, or --json must be given")
            body = {"url": parsed_args.url, **self._body(parsed_args, parsed_args.name)}
            made = existing.create(self, JOB_BINARY, body, parsed_args)
        return command.columns_of(JOB_BINARY.details(made._info))

    def _store(self, body: dict[str, Any], parsed_args: argparse.Namespace) -> Any:
        with storage.stored(self, parsed_args.data, body["name"], parsed_args.container) as url:
            extra = storage.readable_with(self, url, body["extra"])
            return self.client.job_binaries.create(url=url, **{**body, "extra": extra})

    def _body(self, parsed_args: argparse.Namespace, name: str) -> dict[str, Any]:
        return {
            "name": name,
            "description": parsed_args.description,
            "extra": _credentials(parsed_args),
            "is_public": parsed_args.public,
            "is_protected": parsed_args.protected,
        }


class ListJobBinaries(lists.List):
    """List job binaries."""

    kind = JOB_BINARY
    by_name = True


class ShowJobBinary(command.Show):
    """Show a job binary."""

    kind = JOB_BINARY


class DeleteJobBinary(command.Delete):
    """Delete job binaries; what the service itself stores of them goes too, object storage keeps its own."""

    kind = JOB_BINARY

    def delete(self, name_or_id: str, parsed_args: argparse.Namespace) -> None:  # noqa: ARG002
        """Delete one."""
        binary = utils.get_resource(self.client.job_binaries, name_or_id)
        self.client.job_binaries.delete(binary.id)
        storage.forget(self, binary.url)


class UpdateJobBinary(command.Show):
    """Change a job binary."""

    kind = JOB_BINARY
    purpose = "to change"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.text(parser, name="New name", url="New URL of what is stored", description="New description")
        options.credentials(parser, prompts=True)
        options.sharing_changes(parser, "job binary")
        options.json_file(parser, "what to change, in place of the other options")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        if parsed_args.json:
            changes = inputs.read_object(parsed_args.json)
        else:
            changes = utils.create_dict_from_kwargs(
                name=parsed_args.name,
                url=parsed_args.url,
                description=parsed_args.description,
                extra=_credentials(parsed_args),
                is_public=parsed_args.is_public,
                is_protected=parsed_args.is_protected,
            )
        changed = self.client.job_binaries.update(self.find(parsed_args).id, changes)
        return command.columns_of(JOB_BINARY.details(columns.unwrapped(changed)))


class DownloadJobBinary(command.Command):
    """Write what is stored of a job binary to a file."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        command.add_target(parser, JOB_BINARY, "to download")
        parser.add_argument(
            "--file",
            metavar="<file>",
            help="File to write to, which must not exist; - for standard output (default: the job binary's name)",
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        binary = utils.get_resource(self.client.job_binaries, parsed_args.job_binary)
        if parsed_args.file == "-":
            self._download(binary, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return
        path = parsed_args.file or _file_name(binary.name)
        if os.path.lexists(path):
            raise exceptions.CommandError(f"{path} exists; name another file with --file")
        self._download(binary, path)

    def _download(self, binary: Any, file: Any) -> None:
        try:
            with progress.transfer(f"Downloading {binary.name}") as tell:
                self.client.job_binaries.download(binary.id, file, on_progress=tell)
        except base.ServerError as error:
            if self.version is not versions.V2 or error.error_code != 500:
                raise
            advice = "servers up to Sahara 19 fail here in API 2; use --os-data-processing-api-version 1.1"
            raise exceptions.CommandError(f"{error}: {advice}") from error
