"""The commands of data sources, for both API versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.osc import columns, command, existing, lists, options, storage, utils
from saharaclient.osc.inputs import UsageError

if TYPE_CHECKING:
    import argparse

_TYPES = ("swift", "hdfs", "maprfs", "manila", "s3")

DATA_SOURCE = columns.Kind(
    "Data Source",
    "data_sources",
    listed=("name", "id", "type"),
    long=("url", "description", "is_public", "is_protected"),
    shown=("description", "id", "is_protected", "is_public", "name", "type", "url"),
)


def _add_s3_switches(parser: Any) -> None:
    options.switch(parser, "--enable-s3-ssl", "--disable-s3-ssl", "s3_ssl", "Reach S3 by https", "Reach S3 by http")
    options.switch(
        parser,
        "--enable-s3-bucket-in-path",
        "--disable-s3-bucket-in-path",
        "s3_bucket_in_path",
        "The bucket is in the URL's path",
        "The bucket is in the URL's host name",
    )


def _s3_credentials(parsed_args: argparse.Namespace) -> dict[str, Any]:
    return utils.create_dict_from_kwargs(
        accesskey=parsed_args.access_key,
        secretkey=parsed_args.secret_key,
        endpoint=parsed_args.s3_endpoint,
        ssl=parsed_args.s3_ssl,
        bucket_in_path=parsed_args.s3_bucket_in_path,
    )


class CreateDataSource(command.ShowOne):
    """Create a data source."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("name", metavar="<name>", help="Name of the data source")
        parser.add_argument("--type", metavar="<type>", choices=_TYPES, help="Where it is stored")
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--url", metavar="<url>", help="URL of the data")
        source.add_argument("--data", metavar="<file>", help="File to upload to object storage; the type is then swift")
        options.text(parser, container=f"Container of object storage for --data (default: {storage.CONTAINER})")
        options.credentials(parser, prompts=False)
        _add_s3_switches(parser)
        options.text(parser, description="Description of the data source")
        options.sharing(parser, "data source")
        existing.add_option(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        if parsed_args.data:
            if parsed_args.type not in (None, "swift"):
                raise UsageError(f"--data goes to object storage: --type is swift then, not {parsed_args.type}")
            body = {"name": parsed_args.name, "data_source_type": "swift", "description": parsed_args.description}
            made = existing.create(self, DATA_SOURCE, body, parsed_args, lambda: self._store(parsed_args))
        elif not (parsed_args.type and parsed_args.url):
            raise UsageError("--type and --url, or --data must be given")
        else:
            given = {"user": parsed_args.username, "password": parsed_args.password}
            body = self._body(parsed_args, parsed_args.type, parsed_args.url, given)
            made = existing.create(self, DATA_SOURCE, body, parsed_args)
        return command.columns_of(DATA_SOURCE.details(made._info))

    def _store(self, parsed_args: argparse.Namespace) -> Any:
        place = parsed_args.container or storage.CONTAINER
        with storage.stored(self, parsed_args.data, parsed_args.name, place) as url:
            given = utils.create_dict_from_kwargs(user=parsed_args.username, password=parsed_args.password)
            credentials = storage.readable_with(self, url, given) or {}
            return self.client.data_sources.create(**self._body(parsed_args, "swift", url, credentials))

    def _body(
        self, parsed_args: argparse.Namespace, kind: str, url: str, credentials: dict[str, Any]
    ) -> dict[str, Any]:
        s3_credentials = _s3_credentials(parsed_args)
        if s3_credentials and kind != "s3":
            raise UsageError(f"S3 options were given, but the type is {kind}")
        return {
            "name": parsed_args.name,
            "description": parsed_args.description or "",
            "data_source_type": kind,
            "url": url,
            "credential_user": credentials.get("user"),
            "credential_pass": credentials.get("password"),
            "s3_credentials": s3_credentials or None,
            "is_public": parsed_args.public,
            "is_protected": parsed_args.protected,
        }


class ListDataSources(lists.List):
    """List data sources."""

    kind = DATA_SOURCE

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("--type", metavar="<type>", choices=_TYPES, help="List those of this type")
        return parser

    def wanted(self, parsed_args: argparse.Namespace) -> dict[str, str]:
        """The type, if one was given."""
        return utils.create_dict_from_kwargs(type=parsed_args.type)


class ShowDataSource(command.Show):
    """Show a data source."""

    kind = DATA_SOURCE


class DeleteDataSource(command.Delete):
    """Delete data sources; the data stay."""

    kind = DATA_SOURCE


class UpdateDataSource(command.Show):
    """Change a data source."""

    kind = DATA_SOURCE
    purpose = "to change"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.text(parser, name="New name", url="New URL of the data", description="New description")
        parser.add_argument("--type", metavar="<type>", choices=_TYPES, help="New type")
        options.credentials(parser, prompts=False)
        _add_s3_switches(parser)
        options.sharing_changes(parser, "data source")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        swift = utils.create_dict_from_kwargs(user=parsed_args.username, password=parsed_args.password)
        changes = utils.create_dict_from_kwargs(
            name=parsed_args.name,
            type=parsed_args.type,
            url=parsed_args.url,
            description=parsed_args.description,
            credentials=swift or _s3_credentials(parsed_args) or None,
            is_public=parsed_args.is_public,
            is_protected=parsed_args.is_protected,
        )
        changed = self.client.data_sources.update(self.find(parsed_args).id, changes)
        return command.columns_of(DATA_SOURCE.details(columns.unwrapped(changed)))
