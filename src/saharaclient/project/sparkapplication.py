"""A manifest for each Spark job template, for Kubernetes' spark-operator (``sparkoperator.k8s.io/v1beta2``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from saharaclient.project.moving import submissions
from saharaclient.project.values import names_in

if TYPE_CHECKING:
    from saharaclient.project.document import Project
    from saharaclient.project.moving import Submission

_WORK = "local:///opt/spark/work-dir"  # where the published images of Spark start
_RESOURCES = {"cores": int, "memory": str}
_PLACES = {"main": "mainApplicationFile", "conf": "sparkConf", "args": "arguments", "libs": "deps"}


def manifests(project: Project) -> dict[str, str]:
    """Manifests by file name; what could not be carried over is a comment at its place."""
    return {f"{one.name}.yaml": _manifest(one) for one in submissions(project)}


def _manifest(one: Submission) -> str:
    head = f"# The job template {one.name} ({one.type}), for Kubernetes' spark-operator.\n"
    if one.type != "Spark" or not one.main:
        reasons = "".join(f"# not carried over: {reason}\n" for found in one.lost.values() for reason in found)
        return f"{head}# not carried over: jobs of the type {one.type} are none of Spark's\n{reasons}"
    one.conf = dict(one.conf)
    spec: dict[str, Any] = {
        "type": "Python" if one.main.endswith(".py") else "Java",
        "mode": "cluster",
        "image": f"spark:{one.version or 'latest'}",
        "sparkVersion": one.version or "unknown",
        "mainApplicationFile": _reached(one, one.main, "main"),
        "driver": _pod(one, "driver"),
        "executor": {**_pod(one, "executor"), "instances": one.instances or 1},
        "restartPolicy": {"type": "Never"},
    }
    if one.main_class and spec["type"] == "Java":
        spec["mainClass"] = one.main_class
    if one.args:
        spec["arguments"] = one.args
    if one.classpath:
        one.conf["spark.driver.extraClassPath"] = one.classpath
    deps = {
        "jars": one.libs_of(".jar"),
        "pyFiles": one.libs_of(".py", ".zip", ".egg"),
        "files": [lib for lib in one.libs if not lib.endswith((".jar", ".py", ".zip", ".egg"))],
    }
    if any(deps.values()):
        spec["deps"] = {key: [_reached(one, lib, "libs") for lib in libs] for key, libs in deps.items() if libs}
    hadoop = {k.removeprefix("spark.hadoop."): v for k, v in one.conf.items() if k.startswith("spark.hadoop.")}
    if hadoop:
        spec["hadoopConf"] = dict(sorted(hadoop.items()))
    if rest := {key: value for key, value in sorted(one.conf.items()) if not key.startswith("spark.hadoop.")}:
        spec["sparkConf"] = rest
    for name in sorted({name for _, name in names_in(spec)}):
        one.lose("args", f"${{env:{name}}} stands for a value from outside: put it in, best from a Secret")
    for name, value in sorted(one.params.items()):
        one.lose("args", f"the parameter {name}={value}: Spark takes none")
    document = {
        "apiVersion": "sparkoperator.k8s.io/v1beta2",
        "kind": "SparkApplication",
        "metadata": {"name": re.sub(r"[^a-z0-9-]+", "-", one.name.lower()).strip("-") or "job"},
        "spec": spec,
    }
    return head + _with_comments(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), one)


def _reached(one: Submission, place: str, where: str) -> str:
    """A file as the pods reach it; one beside the document has to be in their image."""
    if "://" in place:
        return place
    one.lose(where, f"the file {place} has to be in the image, or at a URL")
    return f"{_WORK}/{place.rpartition('/')[2]}"


def _pod(one: Submission, role: str) -> dict[str, Any]:
    pod: dict[str, Any] = {"cores": 1, "memory": "1g"}
    for name, kind in _RESOURCES.items():
        value = one.conf.pop(f"spark.{role}.{name}", None)
        if value is None:
            continue
        if kind is int and not (value.isdecimal() and int(value)):
            one.lose("conf", f"spark.{role}.{name}={value}: should be a number above 0")
        else:
            pod[name] = kind(value)
    if role == "driver":
        pod["serviceAccount"] = "spark"
    return pod


def _with_comments(text: str, one: Submission) -> str:
    """A manifest with what was lost before the field that it belongs to, or before the whole."""
    lines = text.splitlines()
    for place, reasons in one.lost.items():
        at = next((n for n, line in enumerate(lines) if line.startswith(f"  {_PLACES[place]}:")), None)
        indent = "  " if at is not None else ""
        comments = [f"{indent}# not carried over: {reason}" for reason in reasons]
        lines[at or 0 : at or 0] = comments
    return "\n".join(lines) + "\n"
