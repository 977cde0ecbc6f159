"""Options that several commands share, each written once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.osc import inputs

if TYPE_CHECKING:
    import argparse

JOB_TYPES = ("Hive", "Java", "MapReduce", "Storm", "Storm.Pyleus", "Pig", "Shell", "MapReduce.Streaming", "Spark")


def text(parser: Any, *names: str, **explained: str) -> None:
    """Add options that take a text, each as ``name="help"``; `names` are positional metavars in the same order."""
    metavars = iter(names)
    for name, explanation in explained.items():
        flag = name.replace("_", "-")
        parser.add_argument(f"--{flag}", metavar=f"<{next(metavars, flag)}>", help=explanation)


def several(parser: Any, flag: str, metavar: str, explanation: str, **more: Any) -> None:
    """Add an option that takes one or more texts."""
    parser.add_argument(flag, nargs="+", metavar=metavar, help=explanation, **more)


def switch(parser: Any, on: str, off: str, name: str, yes: str, no: str) -> None:
    """Add two options of which one turns something on and one off; neither leaves it as it is."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(on, dest=name, action="store_true", default=None, help=yes)
    group.add_argument(off, dest=name, action="store_false", default=None, help=no)


def sharing(parser: Any, what: str) -> None:
    """Add ``--public`` and ``--protected`` to a create command."""
    parser.add_argument("--public", action="store_true", default=None, help=f"Let other projects see the {what}")
    parser.add_argument("--protected", action="store_true", default=None, help=f"Keep the {what} from being changed")


def sharing_changes(parser: Any, what: str) -> None:
    """Add the four options that change who may see and change something."""
    switch(
        parser, "--public", "--private", "is_public", f"Let other projects see the {what}", f"Hide the {what} from them"
    )
    switch(
        parser,
        "--protected",
        "--unprotected",
        "is_protected",
        f"Keep the {what} from being changed or deleted",
        f"Let the {what} be changed and deleted",
    )


def autoconfig(parser: Any) -> None:
    """Add ``--autoconfig`` to a create command; a server that is told nothing would choose by itself."""
    parser.add_argument(
        "--autoconfig",
        dest="use_autoconfig",
        action="store_true",
        help="Let the plugin choose configuration by flavor",
    )


def json_file(parser: Any, what: str, flag: str = "--json") -> None:
    """Add an option that takes a JSON file."""
    parser.add_argument(flag, metavar="<filename>", help=f"JSON file with {what}; - for standard input")


def job_type(parser: Any, *flags: str, explanation: str, **more: Any) -> None:
    """Add an option or argument that takes a type of job."""
    parser.add_argument(*flags, metavar="<type>", choices=JOB_TYPES, help=explanation, **more)


def credentials(parser: Any, *, prompts: bool) -> None:
    """Add the credentials for object storage."""
    users = parser.add_mutually_exclusive_group()
    text(users, "username", "accesskey", username="User name for Swift", access_key="Access key for S3")
    secrets = parser.add_mutually_exclusive_group()
    # help texts, no secrets
    text(secrets, "password", "secretkey", password="Password for Swift", secret_key="Secret key for S3")  # noqa: S106
    if prompts:
        secrets.add_argument("--password-prompt", action="store_true", help="Ask for the password")
        secrets.add_argument("--secret-key-prompt", action="store_true", help="Ask for the secret key")
    text(parser, "endpoint", s3_endpoint="S3 endpoint, such as https://s3.example.org")


def file_arguments(parsed_args: argparse.Namespace, **members: str) -> dict[str, Any]:
    """What the JSON files say that were given, by the body's member: ``shares="shares"`` reads ``--shares``."""
    readers = {"shares": inputs.read_list}
    return {
        member: readers.get(option, inputs.read_object)(path)
        for member, option in members.items()
        if (path := getattr(parsed_args, option)) is not None
    }
