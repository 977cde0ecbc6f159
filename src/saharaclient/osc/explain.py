"""Errors in the users' words: what to do about a refusal, added to what the server says.

Both programs log the error that ends a command; `Explaining` adds to it there, whoever raised it.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

# What the server's rules for names let through.
_RULES = {
    "valid_name_hostname": "letters, digits and hyphens, with a letter first and no hyphen last; dots join such parts",
    "valid_name": "letters, digits, hyphens, underscores and dots, with a letter or digit first",
    "valid_keypair_name": "letters, digits, hyphens, underscores and spaces",
    "valid_tag": "letters, digits, hyphens and underscores, a letter or digit first and last; dots join such parts",
}
_BROKEN_RULE = re.compile(rf"is not a '({'|'.join(_RULES)})'")
_MISSING = re.compile(r"Object with \{'(?:id|plugin_name|name)': '([^']*)'\} not found")
_NO_ENDPOINT = frozenset({"EndpointNotFound", "DiscoveryFailure", "VersionNotAvailable"})
_PATIENCE = 2.0  # seconds of silence before a terminal is told what is waited for
_HTTP = "saharaclient.http"


class Explaining(logging.Filter):
    """Adds an explanation to the errors that an application logs.

    Args:
        cmd: the command that runs.
    """

    def __init__(self, cmd: Any) -> None:
        super().__init__()
        self.cmd = cmd

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, errors with an explanation."""
        if isinstance(record.msg, Exception) and (told := explanation(record.msg, self.cmd)):
            record.msg = f"{record.msg}\n{told}"
        return True


def explanation(error: Exception, cmd: Any) -> str | None:
    """What there is to say to an error; None if it speaks for itself."""
    text = str(error)
    if rule := _BROKEN_RULE.search(text):
        return f"A name may have {_RULES[rule[1]]}."
    if missing := _MISSING.search(text):
        return _what_is_missing(missing[1], cmd.parser, cmd.parsed_args)
    if "requires authentication" in text and "(HTTP 401)" in text and _by_password(cmd.app.client_manager):
        return (
            "The user name or the password is wrong, or the user's domain: look at OS_USERNAME, OS_PASSWORD and "
            "OS_USER_DOMAIN_NAME, or at the cloud's entry in clouds.yaml."
        )
    if type(error).__name__ in _NO_ENDPOINT and "identity endpoints" not in text:  # that is Keystone's own
        asked = cmd.app.client_manager._api_version["data_processing"]
        other = "2" if asked != "2" else "1.1"
        default = ", which commands do by default" if asked == "1.1" else ""
        return (
            f"API {asked} was asked for{default}. "
            f"If the service offers {other} only: --os-data-processing-api-version {other}, or "
            f"OS_DATA_PROCESSING_API_VERSION={other}."
        )
    return None


def near(name: str, names: Iterable[Any]) -> str:
    """A question for the names that are like `name`; empty if none is."""
    from difflib import get_close_matches

    found = get_close_matches(name, [str(other) for other in names], n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(map(repr, found))}?" if found else ""


def _what_is_missing(
    value: str, parser: argparse.ArgumentParser | None, parsed_args: argparse.Namespace | None
) -> str | None:
    """The argument that named what is not there."""
    for action in parser._actions if parser else ():
        given = getattr(parsed_args, action.dest, None)
        if value == given or (isinstance(given, list) and value in given):
            kind = action.dest.replace("_", " ")
            where = action.option_strings[0] if action.option_strings else action.metavar or action.dest
            return f"There is no {kind} {value!r}, which {where} names."
    return None


def _by_password(manager: Any) -> bool:
    return str(getattr(manager, "auth_plugin_name", "")).endswith("password")


class Impatience(logging.Handler):
    """Tells a terminal what is waited for while the service does not answer; use it as a context."""

    def __init__(self) -> None:
        super().__init__()
        self._timer: threading.Timer | None = None
        self._waiting = False

    def __enter__(self) -> Impatience:
        if sys.stderr.isatty():
            logging.getLogger(_HTTP).addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger(_HTTP).removeHandler(self)
        self._stop()

    def emit(self, record: logging.LogRecord) -> None:
        """Notice what the library logs of its requests."""
        what = str(record.msg)
        if what.startswith("reply:"):
            self._stop()
        elif (what.startswith("request:") or "trying again" in what) and not self._waiting:
            method, url = record.args[:2] if isinstance(record.args, tuple) else ("", "")
            if method in ("GET", "HEAD", "DELETE") or "trying again" in what:
                self._waiting = True
                self._timer = threading.Timer(_PATIENCE, self._tell, [method, url])
                self._timer.daemon = True
                self._timer.start()

    def _tell(self, method: object, url: object) -> None:
        sys.stderr.write(f"The service does not answer {method} {url}; still trying (Ctrl-C gives up).\n")
        sys.stderr.flush()

    def _stop(self) -> None:
        self._waiting = False
        if self._timer is not None:
            self._timer.cancel()
