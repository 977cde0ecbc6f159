"""Secrets that are marked, and a detector that finds the marks wherever they got out, in the usual disguises too."""

from __future__ import annotations

import base64
import json
import logging
import secrets
import traceback
from typing import TYPE_CHECKING
from urllib.parse import quote

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Marks:
    """Makes secrets by name, and looks for them."""

    def __init__(self) -> None:
        self._made: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self._made.setdefault(name, f"m4rk+{name}/{secrets.token_hex(6)}")

    def know(self, name: str, secret: str) -> str:
        """A secret that somebody else has made."""
        self._made[name] = secret
        return secret

    def found_in(self, text: str | bytes, *but: str) -> list[str]:
        """The names of the secrets that are in a text, except some."""
        data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
        return [name for name, secret in self._made.items() if name not in but and _is_in(secret, data)]

    def found_in_error(self, error: BaseException) -> list[str]:
        """Those in what an error, and what led to it, says or shows."""
        shown = ["".join(traceback.format_exception(error))]
        cause: BaseException | None = error
        while cause is not None:
            shown += [str(cause), repr(cause), repr(cause.args), repr(vars(cause))]
            cause = cause.__cause__ or cause.__context__
        return self.found_in("\n".join(shown))

    def found_in_files(self, folder: Path, *but: str) -> dict[str, list[str]]:
        """Those in files, by the file's name."""
        files = [path for path in folder.rglob("*") if path.is_file()]
        found = {str(path.relative_to(folder)): self.found_in(path.read_bytes(), *but) for path in files}
        return {name: names for name, names in found.items() if names}

    def found_in_processes(self, processes: Iterator[psutil.Process], *but: str) -> dict[str, list[str]]:
        """Those in command lines and environments, by the process' name."""
        found = {}
        for process in processes:
            try:
                words = [*process.cmdline(), *(f"{k}={v}" for k, v in process.environ().items())]
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
            if names := self.found_in("\n".join(words), *but):
                found[process.name()] = names
        return found


def _is_in(secret: str, data: bytes) -> bool:
    # of base64 the part that does not depend on where it begins
    encoded = [base64.b64encode(b" " * shift + secret.encode())[4:-4] for shift in range(3)]
    forms = [secret.encode(), quote(secret, safe="").encode(), json.dumps(secret)[1:-1].encode(), *encoded]
    return any(form in data for form in forms)


class Everything(logging.Handler):
    """Keeps all that is logged, as it is shown and as it was handed over."""

    def __init__(self) -> None:
        super().__init__(0)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{self.format(record)} {record.args!r}")

    @property
    def text(self) -> str:
        return "\n".join(self.lines)
