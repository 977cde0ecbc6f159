"""The service log, in the state folder."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from saharaclient.local.background.trouble import is_full
from saharaclient.local.settings import MIB

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper

    from saharaclient.local.settings import Settings


LOGGERS = ("saharaclient.local", "uvicorn")


class _LogFile(RotatingFileHandler):
    """The service log: private also after it was rotated, and silent where the disk is full."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Tells nobody that a full disk has no room for the log: its requests are told so."""
        error = sys.exc_info()[1]
        if error is None or not is_full(error):
            super().handleError(record)


@contextmanager
def service_log(settings: Settings) -> Iterator[None]:
    """Writes the service log into the state folder."""
    handler = _LogFile(settings.log, maxBytes=10 * MIB, backupCount=3)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    loggers = [logging.getLogger(name) for name in LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
        handler.close()
