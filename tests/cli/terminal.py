"""Runs a command in a terminal of its own and notes when what was shown."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def shown(command: list[str], environment: dict[str, str], folder: Path) -> tuple[str, list[tuple[float, str]]]:
    """What a command showed in a terminal; and at each moment when something came, all there was by then."""
    ours, terminal = pty.openpty()
    text, moments = b"", []
    with subprocess.Popen(
        command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment, cwd=folder, start_new_session=True
    ) as process:
        os.close(terminal)
        with contextlib.suppress(OSError):  # which ends a terminal
            while read := os.read(ours, 1 << 16):
                text += read
                moments.append((time.monotonic(), text.decode("utf-8", "replace")))
        process.wait(60)
    os.close(ours)
    return text.decode("utf-8", "replace").replace("\r\n", "\n"), moments
