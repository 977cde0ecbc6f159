"""The embedded service: a Sahara on one machine, with the few neighbours it needs. Needs the extra `local`.

`LocalSahara` runs it inside a Python program; the command `sahara-local` runs it by itself.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from saharaclient.local.embedded import LocalSahara

__all__ = ["LocalSahara"]


def __getattr__(name: str) -> Any:
    # pytest imports this package for its plugin in every run, also where the extra `local` is not installed.
    if name in __all__:
        return getattr(_import_part("embedded"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def main() -> int:
    """The command `sahara-local`.

    Returns:
        Its exit code: 1 where the extra `local` is not installed, else that of the subcommand.
    """
    try:
        command = _import_part("command")
    except ModuleNotFoundError as error:
        print(f"sahara-local: {error}", file=sys.stderr)  # noqa: T201 - the command's own output
        return 1
    code: int = command.main()
    return code


def _import_part(name: str) -> Any:
    """A module of this package; if the packages that it needs are not there, the error says how to get them."""
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] == __name__.partition(".")[0]:
            raise
        raise ModuleNotFoundError(
            f"the embedded service needs {error.name}: pip install 'python-saharaclient[local]'", name=error.name
        ) from error
