"""The embedded service: a Sahara on one machine, with the few neighbours it needs. Needs the extra `local`.

`LocalSahara` runs it inside a Python program; the command `sahara-local` runs it by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from saharaclient.local.embedded import LocalSahara

__all__ = ["LocalSahara"]


def __getattr__(name: str) -> Any:
    # pytest imports this package for its plugin in every run, also where the extra `local` is not installed.
    if name in __all__:
        from saharaclient.local.embedded import LocalSahara

        return LocalSahara
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
