"""The version under the names that 4.2.0 had for it; `saharaclient.__version__` is the same."""

from __future__ import annotations

from saharaclient import __version__ as version

__all__ = ["version", "version_info"]


class _VersionInfo:
    """Answers what programs ask pbr's object of this name."""

    def version_string(self) -> str:
        return version

    release_string = version_string

    def __str__(self) -> str:
        return version


version_info = _VersionInfo()
