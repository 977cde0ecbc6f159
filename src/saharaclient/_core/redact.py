"""What may be written to a log: requests and replies with the values of their secrets masked."""

from __future__ import annotations

import re
from typing import Any

from saharaclient._core import lazy_msgspec as msgspec

MASK = "***"
LONGEST = 4096  # characters of a body in a log

# re compiles them when they are first used: few programs write what they send to a log.
_SECRET_NAME = r"(?i)passw(or)?d|secret|token|credential|private.?key|access.?key|api.?key|^auth$|\.pass$|^extra$"  # noqa: S105
# The counts keep these linear on any text.
_URL_PASSWORD = r"(?i)(?P<start>[a-z][a-z0-9+.-]{0,20}://[^/\s:@]{0,200}:)[^/\s@]+(?=@)"  # noqa: S105 - finds them
# args are free text: `--password x` and `password=x` are the usual ways to hand a secret to a job
_ASSIGNMENT = (
    r"(?i)(?P<start>(?:passw(?:or)?d|secret|token|credential|(?:private|access|api).?key)[\w.-]{0,64}[=\s:]{1,8})\S+"
)


def redact(value: Any) -> Any:
    """A copy of a decoded JSON `value` in which everything under a secret's name is masked."""
    if isinstance(value, dict):
        return {k: MASK if v and is_secret(str(k)) else redact(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [
            MASK if i and isinstance(value[i - 1], str) and _is_secret_option(value[i - 1]) else redact(item)
            for i, item in enumerate(value)
        ]
    if isinstance(value, str):
        return re.sub(_ASSIGNMENT, rf"\g<start>{MASK}", mask_urls(value))
    return value


def is_secret(name: str) -> bool:
    """Whether what has this name is nobody's business."""
    return re.search(_SECRET_NAME, name) is not None


def mask_urls(text: str) -> str:
    """A text in which the passwords of URLs are masked."""
    return re.sub(_URL_PASSWORD, rf"\g<start>{MASK}", text)


def _is_secret_option(argument: str) -> bool:
    return argument.startswith("-") and is_secret(argument)


def describe_body(body: object) -> str:
    """A request's or reply's body as a line for the log; what is no JSON is told by its size alone."""
    if body is None or body == b"":
        return "no body"
    if isinstance(body, bytes):
        size = len(body)
        try:
            body = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return f"{size} bytes"
    elif not isinstance(body, dict | list):
        return "a stream"
    text = msgspec.json.encode(redact(body)).decode()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"
