"""A script for each job template that runs it with ``spark-submit``, or by a shell, without Sahara."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from saharaclient.project.moving import submissions
from saharaclient.project.values import resolved
from saharaclient.project.writing import commented

if TYPE_CHECKING:
    from collections.abc import Iterator

    from saharaclient.project.document import Project
    from saharaclient.project.moving import Submission

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OUTSIDE = re.compile(r"(?<!\$)\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}")


def scripts(project: Project) -> dict[str, str]:
    """Scripts by file name; what could not be carried over is a comment at its place."""
    return {f"{one.name}.sh": "\n".join(_lines(one)) + "\n" for one in submissions(project)}


def _lines(one: Submission) -> Iterator[str]:
    yield "#!/usr/bin/env bash"
    yield f"# The job template {one.name} ({one.type}), to be run without Sahara."
    if one.version:
        yield f"# Its cluster ran version {commented(one.version)} of the plugin" + (
            f" with {one.instances} workers." if one.instances else "."
        )
    yield "set -euo pipefail"
    yield 'cd "$(dirname "$0")"'
    texts = [one.main, one.classpath, *one.libs, *one.args, *one.conf.values(), *one.params.values()]
    for name in sorted({match for text in texts for match in _OUTSIDE.findall(text)}):
        yield f': "${{{name}:?must be set}}"'
    for name in sorted(one.params):
        if not _VARIABLE.fullmatch(name):
            one.lose("main", f"the variable {name}, which no shell can set")
    yield from _comments(one, "main")
    for name, value in sorted(one.params.items()):
        if _VARIABLE.fullmatch(name):
            yield f"export {name}={_quoted(value)}"
    if one.type == "Spark" and one.main:
        yield from _spark(one)
    elif one.type == "Shell" and one.main:
        yield from _comments(one, "conf")
        yield from _comments(one, "args")
        yield " ".join(["exec", "bash", _quoted(one.main), *map(_quoted, one.args)])
    else:
        yield from _comments(one, "conf")
        yield from _comments(one, "args")
        yield f"# not carried over: jobs of the type {one.type} need more than Spark"
        yield f"echo 'jobs of the type {one.type} cannot be run by spark-submit' >&2"
        yield "exit 1"


def _spark(one: Submission) -> Iterator[str]:
    options = [f"--name {_quoted(one.name)}"]
    if one.main_class and not one.main.endswith(".py"):
        options.append(f"--class {_quoted(one.main_class)}")
    for option, endings in (("--jars", (".jar",)), ("--py-files", (".py", ".zip", ".egg"))):
        if libs := one.libs_of(*endings):
            options.append(f"{option} {_quoted(','.join(libs))}")
    if rest := [lib for lib in one.libs if not lib.endswith((".jar", ".py", ".zip", ".egg"))]:
        options.append(f"--files {_quoted(','.join(rest))}")
    if one.classpath:
        options.append(f"--driver-class-path {_quoted(one.classpath)}")
    options += [f"--conf {_quoted(f'{name}={value}')}" for name, value in sorted(one.conf.items())]
    yield from _comments(one, "conf")
    yield from _comments(one, "args")
    yield "# SPARK_MASTER and SPARK_OPTIONS are yours to set."
    yield 'exec spark-submit ${SPARK_MASTER:+--master "$SPARK_MASTER"} ${SPARK_OPTIONS:-} \\'
    yield from (f"    {option} \\" for option in options)
    yield "    " + " ".join([_quoted(one.main), *map(_quoted, one.args)])


def _comments(one: Submission, place: str) -> Iterator[str]:
    for reason in one.lost.get(place, []):
        yield f"# not carried over: {reason}"


def _quoted(text: str) -> str:
    """A word of a shell, with variables in place of what comes from outside."""
    parts = []
    end = 0
    for match in _OUTSIDE.finditer(text):
        # the script goes to its own folder, and means the one that it was called in
        name = "OLDPWD" if match[1] == "PWD" else match[1]
        parts += [text[end : match.start()], f'"${{{name}}}"']
        end = match.end()
    parts.append(text[end:])
    words = [shlex.quote(resolved(part, {})) if n % 2 == 0 and part else part for n, part in enumerate(parts)]
    return "".join(words) or "''"
