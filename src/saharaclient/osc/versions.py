"""The facts of the API versions, for commands; they are `saharaclient.api.versions`'s own."""

from __future__ import annotations

from saharaclient.api.versions import V1, V2, Version, of

__all__ = ["V1", "V2", "Version", "of"]
