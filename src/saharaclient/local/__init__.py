"""The embedded service: a Sahara on one machine, with the few neighbours it needs. Needs the extra `local`.

`LocalSahara` runs it inside a Python program; the command `sahara-local` runs it by itself.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from saharaclient.local.embedded import LocalSahara

__all__ = ["LocalSahara"]


def __getattr__(name: str) -> Any:
    # pytest imports this package for its plugin in every run, also where the extra `local` is not installed.
    if name in __all__:
        with _missing_named():
            return getattr(importlib.import_module(f"{__name__}.embedded"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def main() -> int:
    """The command `sahara-local`.

    Returns:
        Its exit code: 1 where the extra `local` is not installed, else that of the subcommand.
    """
    try:
        with _missing_named():
            code: int = importlib.import_module(f"{__name__}.command").main()
    except ModuleNotFoundError as error:
        print(f"sahara-local: {error}", file=sys.stderr)  # noqa: T201 - the command's own output
        return 1
    return code


@contextlib.contextmanager
def _missing_named() -> Iterator[None]:
    """Where a package is missing that this one needs, the error says how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] == __name__.partition(".")[0]:
            raise
        raise ModuleNotFoundError(
            f"the embedded service needs {error.name}: pip install 'python-saharaclient[local]>=5'", name=error.name
        ) from error
