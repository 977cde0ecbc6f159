"""What went wrong, in a program's own words: the telling line of a log. Works on text alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from saharaclient.local.store.files import open_plain

if TYPE_CHECKING:
    from pathlib import Path

_TAIL = 256 * 1024
_TRACEBACK = "Traceback (most recent call last):"
_LONGEST = 1000

# What a line may open with before it names an exception.
_LEAD = r"(?:Caused by: |Exception in thread \"[^\"]*\" |[\d/: .-]+ ERROR \S+: (?:.*?: )?|Error: )?"
_EXCEPTION = re.compile(rf"^{_LEAD}((?:[A-Za-z_$][\w$]*\.)*[A-Z][\w$]*(?:Error|Exception|Interrupt|Exit|Failure)\b.*)$")
# Spark tells of a task's or driver's end that another failure brought about: true, and of no use.
_CONSEQUENCE = re.compile(
    r"SparkUserAppException|SparkException: (?:Job aborted|Exception thrown in awaitResult)|py4j\."
)
_ERROR_LINE = re.compile(r"(?:^Error: |\bERROR \S+: )(.+)$")
# Java says so after it has said why.
_EPITAPH = re.compile(r"^Error: (?:A fatal exception has occurred|Could not create the Java Virtual Machine)")
_NOISE = re.compile(
    r"^\s*(?:at |\.\.\. \d+ more)|\b(?:INFO|WARN|DEBUG) \S+: |^Using Spark's default log4j|^WARNING: |^\s*$"
)


def tail(path: Path) -> str:
    """The end of a log; empty where there is none."""
    try:
        with open_plain(path) as file:
            file.seek(max(0, file.seek(0, 2) - _TAIL))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def uncaught_in(text: str) -> str | None:
    """The exception that a Python program ended with; None for none, or for one that tells of another failure."""
    _, header, end = text.rpartition(_TRACEBACK)
    after = end.splitlines()[1:] if header else []
    exception = next((line for line in after if line and not line[0].isspace()), None)
    return None if exception is None or _CONSEQUENCE.search(exception) else exception[:_LONGEST]


def failure_in(text: str) -> str:
    """The line of a log that best says why a program failed; "it said nothing" where no line does.

    An exception that names a cause goes before one that only tells of it, the last before those it followed from; then
    Spark's lines marked as errors; then the last line that is neither a notice nor a stack frame.
    """
    lines = [line.rstrip() for line in text.splitlines() if not _EPITAPH.search(line)]
    exceptions = [match[1] for line in lines if (match := _EXCEPTION.match(line))]
    telling = [line for line in exceptions if not _CONSEQUENCE.search(line)]
    errors = [match[1] for line in lines if (match := _ERROR_LINE.search(line))]
    rest = [line.strip() for line in lines if not _NOISE.search(line)]
    for found in (telling, exceptions, errors, rest):
        if found:
            return _fuller(found)[:_LONGEST]
    return "it said nothing"


def _fuller(lines: list[str]) -> str:
    """The last line, or the one before it where that says the same and more: the address that refused, the file."""
    last, before = lines[-1], lines[-2] if len(lines) > 1 else ""
    message = last.partition(": ")[2]
    return before if message and f": {message}: " in before else last
