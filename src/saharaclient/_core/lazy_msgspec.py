"""msgspec, imported when the first JSON is read or written: its import takes longer than this library's."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from msgspec import DecodeError, Raw, defstruct, json

__all__ = ["DecodeError", "Raw", "defstruct", "json"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals().update({name: getattr(importlib.import_module("msgspec"), name) for name in __all__})
    return globals()[name]
