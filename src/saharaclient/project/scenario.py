"""Scenario files of sahara-tests, read as projects: clusters, their templates, and the flows of jobs on them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from saharaclient.project import reading, values
from saharaclient.project.document import Project
from saharaclient.project.exporting import Exported
from saharaclient.project.problems import Problem, ProjectError
from saharaclient.project.types import SECTIONS, Sections

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ARGS = re.compile(r'<%page\s+args="([^"]*)"\s*/>')
_DEFAULT = re.compile(r"(\w+)\s*=\s*'([^']*)'")
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_CODE = re.compile(r"<%|^\s*%[^%]|\$\{(?!\w+\}|env:)", re.MULTILINE)
_SECTIONS = frozenset({"clusters", "edp_jobs_flow", "network", "credentials", "concurrency"})
# What a scenario says of how it is tried, which is no part of what stands in a cloud.
_TRIED = ("scaling", "scenario", "custom_checks", "retain_resources", "edp_batching", "hdfs_username")
_OF_THE_RUN = {
    "credentials": "credentials are those of your login: clouds.yaml, or OS_ and S3_ variables of the environment",
    "concurrency": "concurrency says how many scenarios are tried at once",
}
_LOGIN = {"user": values.place("OS_USERNAME"), "password": values.place("OS_PASSWORD")}
_S3 = {"accesskey": "S3_ACCESS_KEY", "secretkey": "S3_SECRET_KEY", "endpoint": "S3_ENDPOINT"}
_FLOATING = "floating_ip_pool"
# What is read of each part; of what else a file has it is said that it is lost.
_READ = {
    "cluster": frozenset(
        {
            "plugin_name",
            "plugin_version",
            "image",
            "image_username",
            "node_group_templates",
            "cluster_template",
            "cluster",
            "key_name",
            "existing_cluster",
            "edp_jobs_flow",
            *_TRIED,
        }
    ),
    "own": frozenset({"name", "description", "is_transient"}),
    "template": frozenset({"name", "description", "node_group_templates", "cluster_configs", "anti_affinity"}),
    "job": frozenset(
        {"type", "main_lib", "additional_libs", "input_datasource", "output_datasource", "configs", "args"}
    ),
}
_GROUP = frozenset(
    {
        "node_processes",
        "description",
        "volumes_per_node",
        "volumes_size",
        "node_configs",
        "security_groups",
        "boot_from_volume",
        "auto_security_group",
        "availability_zone",
        "volumes_availability_zone",
        "volume_type",
        "is_proxy_gateway",
    }
)


def read(paths: Iterable[str | Path]) -> Exported:
    """Scenario files as one project; flows of jobs may be in files of their own.

    Args:
        paths: the files, YAML or templates of Mako with variables alone.

    Returns:
        The project, what has to be set in the environment, and what could not be carried over.

    Raises:
        ProjectError: a file is no YAML, or has more of Mako than variables.
        OSError: a file can't be read.
    """
    clusters: list[Any] = []
    flows: dict[str, Any] = {}
    network: dict[str, Any] = {}
    maker = _Maker()
    for path in map(Path, paths):
        document = _load(path)
        clusters += document.get("clusters") or []
        flows |= document.get("edp_jobs_flow") or {}
        network |= document.get("network") or {}
        maker.lost += [f"{path.name}: {name} is unknown" for name in sorted(document.keys() - _SECTIONS)]
        maker.lost += [f"{path.name}: {_OF_THE_RUN[name]}" for name in sorted(document.keys() & _OF_THE_RUN)]
    for cluster in clusters:
        maker.cluster(cluster, flows, network)
    maker.lost += [f"no cluster of the files runs the flow of jobs {flow}" for flow in flows if flow not in maker.run]
    return maker.made(base=Path())


def _load(path: Path) -> dict[str, Any]:
    text = path.read_text("utf-8")
    defaults = {name: value for found in _ARGS.findall(text) for name, value in _DEFAULT.findall(found)}
    text = _ARGS.sub("", text)
    if path.suffix == ".mako":
        if found := _CODE.search(text):
            line = text.count("\n", 0, found.start()) + 1
            told = "has code of Mako, which is not run: write its result down"
            raise ProjectError([Problem(line, 1, told, str(path))])
        text = _VARIABLE.sub(lambda match: defaults.get(match[1], values.place(match[1].upper())), text)
    document, _, _ = reading.load(text, str(path))
    if not isinstance(document, dict) or not isinstance(document.get("clusters") or [], list):
        raise ProjectError(
            [Problem(1, 1, "is no scenario: it should have a list of clusters, or edp_jobs_flow", str(path))]
        )
    return document


class _Maker:
    """A project, bit by bit."""

    def __init__(self) -> None:
        self.document: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
        self.lost: list[str] = []
        self.run: set[str] = set()  # flows of jobs

    def lose(self, what: str, reason: str) -> None:
        self.lost.append(f"{what}: {reason}")

    def rest(self, title: str, part: str, given: Mapping[str, Any]) -> None:
        """Take note of what is not read of a part."""
        self.lost += [f"{title}: {name} is left out" for name in sorted(given.keys() - _READ[part])]

    def free(self, section: str, name: str, *, host: bool = False) -> str:
        """A name that the kind takes and that nothing has yet."""
        plain = re.sub(r"\$\{env:(\w+)\}", lambda match: match[1].lower(), name)
        plain = re.sub(r"[^A-Za-z0-9-]+" if host else r"[^A-Za-z0-9_.-]+", "-", plain).strip("-_.") or section[:-1]
        plain = plain if plain[0].isalpha() or not host else f"c-{plain}"
        found, number = plain[:46], 1
        while found in self.document[section]:
            number += 1
            found = f"{plain[:46]}-{number}"
        return found

    def cluster(self, given: Mapping[str, Any], flows: Mapping[str, Any], network: Mapping[str, Any]) -> None:
        """Everything that one cluster of a scenario is made of."""
        plugin = {name: str(given[name]) for name in ("plugin_name", "plugin_version")}
        title = f"{plugin['plugin_name']} {plugin['plugin_version']}"
        for name in _TRIED:
            if name in given:
                self.lose(title, f"{name} says how the scenario is tried, not what stands: {_short(given[name])}")
        self.rest(title, "cluster", given)
        image = self._image(title, given, plugin)
        places = {"network": str(network["private_network"])} if network.get("private_network") else {}
        own = given.get("cluster") or {}
        self.rest(title, "own", own)
        name = str(own.get("name") or f"{plugin['plugin_name']}-{plugin['plugin_version']}")
        name = self.free("clusters", name, host=True)
        if "existing_cluster" in given:
            self.lose(title, f"it runs on the cluster {given['existing_cluster']}, of which the scenario says nothing")
            return
        pool = {} if network.get("auto_assignment_floating_ip") else {_FLOATING: network.get("public_network")}
        common = {**plugin, **{field: str(value) for field, value in pool.items() if value}}
        groups = {group["name"]: self._group(title, group, common) for group in given.get("node_group_templates") or []}
        if not groups:
            self.lose(title, "it names no node groups: sahara-tests takes its own templates then")
            return
        self.document["clusters"][name] = {
            "template": self._template(title, given, plugin, groups, places),
            "image": image,
            **places,
            **{field: own[field] for field in ("description", "is_transient") if field in own},
            **({"keypair": str(given["key_name"])} if "key_name" in given else {}),
        }
        self._flows(title, name, given.get("edp_jobs_flow") or [], flows)

    def _image(self, title: str, given: Mapping[str, Any], plugin: Mapping[str, str]) -> str:
        image = str(given["image"])
        if values.from_outside(image):
            name = re.sub(r"\$\{env:(\w+)\}", lambda match: match[1].lower(), image)
            self.lose(
                title, f"the image's name is a variable of the scenario: --map image:{name}=NAME says which it is"
            )
            image = name
        username = given.get("image_username")
        if username is None:
            self.lose(title, f"the user of the image {image} is not said; ubuntu is a guess")
        entry = self.document["images"].setdefault(image, {"username": str(username or "ubuntu"), "tags": []})
        entry["tags"] = sorted({*entry["tags"], *plugin.values()})
        return image

    def _group(self, title: str, given: Mapping[str, Any], common: Mapping[str, str]) -> str:
        name = self.free("node_group_templates", str(given["name"]), host=True)
        flavor = given["flavor"]
        if isinstance(flavor, dict):
            named = flavor.get("name") or flavor.get("id")
            self.lose(title, f"the flavor {named or _short(flavor)} is made by the scenario: make it, or map it")
            flavor = named or name
        fields = {key: value for key, value in given.items() if key in _GROUP}
        if not fields.get("volumes_per_node"):
            fields = {key: value for key, value in fields.items() if not key.startswith("volume")}
        self.document["node_group_templates"][name] = {**common, "flavor": str(flavor), **fields}
        unread = given.keys() - _GROUP - {"name", "flavor"}
        self.lost += [f"{title}: the node group {name}'s {field} is left out" for field in sorted(unread)]
        return name

    def _template(
        self,
        title: str,
        given: Mapping[str, Any],
        plugin: Mapping[str, str],
        groups: Mapping[str, str],
        places: Mapping[str, str],
    ) -> str:
        own = given.get("cluster_template") or {}
        self.rest(title, "template", own)
        name = str(own.get("name") or f"{plugin['plugin_name']}-{plugin['plugin_version']}")
        name = self.free("cluster_templates", name, host=True)
        counts = own.get("node_group_templates") or dict.fromkeys(groups, 1)
        self.document["cluster_templates"][name] = {
            **plugin,
            **places,
            "node_groups": {group: {"template": groups[group], "count": count} for group, count in counts.items()},
            **{key: own[key] for key in ("description", "cluster_configs", "anti_affinity") if key in own},
        }
        return name

    def _flows(self, title: str, cluster: str, named: Any, flows: Mapping[str, Any]) -> None:
        for one in [named] if isinstance(named, str) else named:
            flow = one["name"] if isinstance(one, dict) else one
            if isinstance(one, dict):
                self.lose(title, f"the flow {flow} runs only with the features {_short(one.get('features'))}")
            if flow not in flows:
                self.lose(title, f"the flow of jobs {flow} is in none of the files")
                continue
            self.run.add(flow)
            for job in flows[flow]:
                self._job(f"{cluster}-{flow}", cluster, job)

    def _job(self, title: str, cluster: str, given: Mapping[str, Any]) -> None:
        name = self.free("jobs", title)
        self.rest(name, "job", given)
        template: dict[str, Any] = {"type": given["type"]}
        if "main_lib" in given:
            template["mains"] = [self._binary(name, given["main_lib"])]
        if given.get("additional_libs"):
            template["libs"] = [self._binary(name, lib) for lib in given["additional_libs"]]
        sources = {
            kind: self._source(f"{name}-{kind}", given[f"{kind}_datasource"])
            for kind in ("input", "output")
            if f"{kind}_datasource" in given
        }
        job: dict[str, Any] = {"template": self.free("job_templates", name), "cluster": cluster, **sources}
        if given.get("configs"):
            job["configs"] = {key: str(value) for key, value in given["configs"].items()}
        if given.get("args"):
            job["args"] = [self._argument(str(arg), sources) for arg in given["args"]]
        self.document["job_templates"][job["template"]] = template
        self.document["jobs"][name] = job

    @staticmethod
    def _argument(text: str, sources: Mapping[str, str]) -> str:
        for kind, source in sources.items():
            text = text.replace(f"{{{kind}_datasource}}", f"datasource://{source}")
        return text

    def _binary(self, title: str, given: Mapping[str, Any]) -> str:
        source = str(given["source"])
        entry: dict[str, Any] = {"file": source, "credentials": _LOGIN}
        if given["type"] == "s3":
            places = {member: values.place(variable) for member, variable in _S3.items()}
            entry = {"url": f"s3://{values.place('S3_BUCKET')}/{Path(source).name}", "credentials": places}
            self.lose(title, f"{source} has to be put into S3 first")
        elif given["type"] == "manila":
            entry = {"url": f"manila://{values.place('SHARE_ID')}/{Path(source).name}"}
            self.lose(title, f"{source} has to be put on a share first")
        for name, known in self.document["job_binaries"].items():
            if known == entry:
                return name
        name = self.free("job_binaries", Path(source).name)
        self.document["job_binaries"][name] = entry
        return name

    def _source(self, title: str, given: Mapping[str, Any]) -> str:
        name, kind = self.free("data_sources", title), given["type"]
        place = str(given.get("source") or given.get("destination")).strip("/")
        if "source" in given:
            self.lose(name, f"the data of {given['source']} has to be put there first")
        entry: dict[str, Any] = {"type": kind, "url": f"/{place}"}
        if kind == "swift":
            entry = {"type": kind, "url": f"swift://{values.place('CONTAINER')}/{place}", "credentials": _LOGIN}
        elif kind == "s3":
            places = {member: values.place(variable) for member, variable in _S3.items()}
            entry = {"type": kind, "url": f"s3://{values.place('S3_BUCKET')}/{place}", "credentials": places}
        elif kind == "manila":
            entry["url"] = f"manila://{values.place('SHARE_ID')}/{place}"
        self.document["data_sources"][name] = entry
        return name

    def made(self, base: Path) -> Exported:
        """The project."""
        if wrong := [*reading.violations(self.document)]:
            raise ProjectError(Problem(0, 0, f"{'.'.join(map(str, path))}: {text}") for path, text in wrong)
        variables = {name: "a variable of the scenario" for _, name in values.names_in(self.document)}
        project = Project(msgspec.convert(self.document, Sections), base)
        return Exported(project, variables=variables, lost=list(dict.fromkeys(self.lost)))


def _short(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) < 100 else f"{text[:99]}…"
