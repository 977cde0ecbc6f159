"""Replies with a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from starlette.responses import FileResponse

from saharaclient.local.store.files import open_plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.types import Receive, Scope, Send


class ContentResponse(FileResponse):
    """A reply with a file that is opened now, so that it is sent whole though it be removed meanwhile.

    Args:
        path: The file.
        media_type: What it holds.
        headers: Headers of the reply.

    Raises:
        FileNotFoundError: if it was removed since its record was read; a newer record may name another file.
    """

    def __init__(self, path: Path, media_type: str, headers: Mapping[str, str] | None = None) -> None:
        self._file = open_plain(path)
        descriptor = self._file.fileno()
        # Opening a descriptor by this name gives one of its own, with its own position.
        name, headers = f"/proc/self/fd/{descriptor}", {**(headers or {}), "Content-Type": media_type}
        super().__init__(name, headers=headers, stat_result=os.fstat(descriptor))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the reply."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.close()
