"""Leaving Sahara without losing the jobs: what a run of each job template is, in words that any Spark understands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from saharaclient.project.kinds import DATA_SOURCE
from saharaclient.project.writing import commented

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping

    from saharaclient.project.document import Project

_MAIN_CLASS = "edp.java.main_class"
_CLASSPATH = "edp.spark.driver.classpath"
_KNOWN_EDP = frozenset({_MAIN_CLASS, _CLASSPATH, "edp.substitute_data_source_for_name", "edp.java.java_opts"})
_DONE_BY_SAHARA = {
    "edp.spark.adapt_for_swift": "Sahara put Swift's credentials in place; give fs.swift.service.* yourself",
    "edp.substitute_data_source_for_uuid": "data sources by id are not known here",
}


@dataclass
class Submission:
    """A run of a Spark or Shell job, without Sahara.

    Attributes:
        name: the job template's name.
        type: its type.
        main: the program, a path beside the script or a URL.
        main_class: the class to start, of a Java archive.
        libs: libraries, paths or URLs.
        conf: Spark's configuration.
        params: variables of the environment.
        args: arguments, with places of data in place of names of data sources.
        classpath: what comes before the driver's classpath.
        instances: executors, as many as the cluster had workers.
        version: the version of Spark, as the plugin called it.
        lost: what could not be carried over, by where it belongs.
    """

    name: str
    type: str
    main: str = ""
    main_class: str = ""
    libs: list[str] = field(default_factory=list)
    conf: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    args: list[str] = field(default_factory=list)
    classpath: str = ""
    instances: int | None = None
    version: str = ""
    lost: dict[str, list[str]] = field(default_factory=dict)

    def lose(self, place: str, reason: str) -> None:
        """Take note of what could not be carried over, in words for a comment."""
        self.lost.setdefault(place, []).append(commented(" ".join(reason.split())))

    def libs_of(self, *endings: str) -> list[str]:
        """The libraries whose names end so."""
        return [lib for lib in self.libs if lib.endswith(endings)]


def submissions(project: Project) -> Iterator[Submission]:
    """What to run for each job template: as its first job in the project says, without arguments if there is none."""
    sections = project.sections
    for name in sorted(sections.job_templates):
        template = sections.job_templates[name].given()
        jobs = {key: job.given() for key, job in sorted(sections.jobs.items()) if job.template == name}
        yield _submission(name, template, jobs, project)


def _submission(
    name: str, template: Mapping[str, Any], jobs: Mapping[str, Mapping[str, Any]], project: Project
) -> Submission:
    found = Submission(name, template["type"])
    job: Mapping[str, Any] = next(iter(jobs.values()), {})
    if not jobs:
        found.lose("args", "no job of this template is in the project: arguments and configuration are not known")
    for other in [*jobs][1:]:
        found.lose("args", f"the job {other} runs it too, with arguments of its own")
    places = [_place(binary, project, found) for binary in template.get("mains", [])]
    found.libs = [_place(binary, project, found) for binary in template.get("libs", [])]
    found.main = places[0] if places else (found.libs.pop(0) if found.libs else "")
    configs = {key: str(value) for key, value in job.get("configs", {}).items()}
    found.main_class = configs.pop(_MAIN_CLASS, "")
    found.classpath = configs.pop(_CLASSPATH, "")
    for key, value in configs.items():
        _configure(found, key, value)
    found.params = {key: str(value) for key, value in job.get("params", {}).items()}
    args = [_data(value, project, found) for value in _arguments(template, job, found)]
    found.args = args
    for member in ("input", "output"):
        if member in job:
            place = _data(f"datasource://{job[member]}", project, found)
            found.lose(
                "args", f"Sahara gave the job {member} {place} by itself; add it to the arguments where it belongs"
            )
    _size(found, job, project)
    return found


def _arguments(template: Mapping[str, Any], job: Mapping[str, Any], found: Submission) -> list[str]:
    """The arguments, those of the interface among them."""
    positional: dict[int, str] = {}
    for argument in template.get("interface", []):
        value = job.get("interface", {}).get(argument["name"], argument.get("default"))
        if value is None:
            continue
        if argument["mapping_type"] == "args" and argument["location"].isdecimal():
            positional[int(argument["location"])] = value
        elif argument["mapping_type"] == "configs":
            _configure(found, argument["location"], value)
        else:
            found.params[argument["location"]] = value
    return [*(positional[place] for place in sorted(positional)), *map(str, job.get("args", []))]


def _configure(found: Submission, key: str, value: str) -> None:
    if key.startswith("spark."):
        found.conf[key] = value
    elif key.startswith(("fs.", "dfs.", "hadoop.", "mapred", "yarn.")):
        found.conf[f"spark.hadoop.{key}"] = value
    elif key in _DONE_BY_SAHARA:
        found.lose("conf", f"{key}={value}: {_DONE_BY_SAHARA[key]}")
    elif key not in _KNOWN_EDP:
        found.lose("conf", f"{key}={value}: a setting of Sahara's or of its plugin")


def _place(name: str, project: Project, found: Submission) -> str:
    binary = project.sections.job_binaries.get(name)
    if binary is None:
        found.lose("main", f"the job binary {name} is not in the project")
        return name
    given = binary.given()
    place = str(given.get("file") or given.get("url"))
    if place.startswith(("swift:", "manila:")):
        found.lose("main", f"{place} is fetched with Sahara's own credentials: put the file where Spark reads it")
    return place


def _data(text: str, project: Project, found: Submission) -> str:
    """A text with places of data sources in place of their names."""

    def place(match: re.Match[str]) -> str:
        source = project.sections.data_sources.get(match[1])
        if source is None:
            found.lose("args", f"the data source {match[1]} is not in the project")
            return match[0]
        if source.type == "swift":
            found.lose("args", f"{source.url}: Spark needs a Hadoop file system for swift:// and its credentials")
        if "%JOB_EXEC_ID%" in source.url or "%RANDSTR" in source.url:
            found.lose("args", f"{source.url}: Sahara put a new name in at each run")
        return source.url

    return DATA_SOURCE.sub(place, text)


def _size(found: Submission, job: Mapping[str, Any], project: Project) -> None:
    """How large the cluster was that it ran on."""
    cluster = project.sections.clusters.get(job.get("cluster", ""))
    if cluster is None:
        return
    given = cluster.given()
    template = project.sections.cluster_templates.get(given.get("template", ""))
    inherited = template.given() if template is not None else {}
    found.version = str(given.get("plugin_version") or inherited.get("plugin_version") or "")
    groups = {name: dict(group) for name, group in inherited.get("node_groups", {}).items()}
    for name, group in given.get("node_groups", {}).items():
        groups[name] = {**groups.get(name, {}), **group}
    workers = 0
    for group in groups.values():
        source = project.sections.node_group_templates.get(group.get("template", ""))
        processes = group.get("node_processes") or (source.node_processes if source is not None else [])
        workers += group["count"] if "slave" in processes else 0
    found.instances = workers or None
