"""Projects as hypothesis makes them: any that the types allow and the plugin `fake` takes."""

import contextlib
import functools

from hypothesis import strategies as st

from saharaclient.project import Project
from saharaclient.project.types import SECTIONS

PROCESSES = {"m": ["namenode", "jobtracker"], "w": ["datanode", "tasktracker"]}
PLUGIN = {"plugin_name": "fake", "plugin_version": "0.1"}
ENVIRONMENT = {"LOGIN": "admin", "PASSWORD": "s3cret-of-tests"}
LOGIN = {"user": "${env:LOGIN}", "password": "${env:PASSWORD}"}

described = st.sampled_from(
    ["a text", "$${env:NOT}", "a: #b", "two\nlines", "yes", "0.1", "null", "é – 漢字 😀", "'\"", "- a", "2026-01-31"]
)
names = st.sampled_from(["a", "b2", "c-c", "on", "null", "x1e5"])


def some(strategy, **required):
    """Entries by name."""
    return st.dictionaries(names, strategy, max_size=3)


def optional(required, **fields):
    return st.fixed_dictionaries(required, optional=fields)


sharing = {"description": described, "is_protected": st.just(False), "is_public": st.booleans()}


@st.composite
def documents(draw, image="local-spark", network="private", flavors=("m1.tiny", "m1.small"), clusters=True):
    """A project's document; what is named is there."""
    document = {section: {} for section in SECTIONS}
    if draw(st.booleans()):
        tags = st.lists(st.sampled_from(["a", "b", "x.y"]), unique=True).map(lambda more: ["fake", "0.1", *more])
        document["images"] = {image: draw(optional({"username": names, "tags": tags}, description=described))}
    has_image = bool(document["images"])
    swift = optional(
        {"type": st.just("swift"), "url": st.just("swift://c.sahara/o"), "credentials": st.just(LOGIN)}, **sharing
    )
    hdfs = optional({"type": st.just("hdfs"), "url": st.just("hdfs://h/o")}, **sharing)
    document["data_sources"] = draw(some(swift | hdfs))
    binary = optional(
        {"url": st.sampled_from(["swift://c.sahara/p", "swift://c/q"]), "credentials": st.just(LOGIN)}, **sharing
    )
    document["job_binaries"] = draw(some(binary))
    group = optional(
        {"flavor": st.sampled_from(flavors), "node_processes": st.sampled_from([*PROCESSES.values()]), **same(PLUGIN)},
        **sharing,
        is_proxy_gateway=st.booleans(),
        auto_security_group=st.booleans(),
        availability_zone=st.just("nova"),
        use_autoconfig=st.booleans(),
    )
    document["node_group_templates"] = draw(some(group))
    document["cluster_templates"] = draw(some(cluster_templates(document, has_image and image, network, flavors)))
    document["job_templates"] = draw(some(job_templates(document)))
    if clusters and has_image:
        document["clusters"] = draw(some(whole_clusters(image, network)))
    return {section: entries for section, entries in document.items() if entries}


def same(values):
    return {name: st.just(value) for name, value in values.items()}


def cluster_templates(document, image, network, flavors):
    there = sorted(document["node_group_templates"])
    own = st.fixed_dictionaries(
        {
            "count": st.integers(0, 3),
            "flavor": st.sampled_from(flavors),
            "node_processes": st.sampled_from([*PROCESSES.values()]),
        }
    )
    group = own
    if there:
        group |= st.fixed_dictionaries({"count": st.integers(0, 3), "template": st.sampled_from(there)})
    more = {"image": st.just(image)} if image else {}
    return optional(
        same(PLUGIN),
        **sharing,
        **more,
        network=st.just(network),
        node_groups=st.dictionaries(names, group, min_size=1, max_size=3),
        anti_affinity=st.just(["datanode"]),
        use_autoconfig=st.booleans(),
    )


def whole_clusters(image, network):
    groups = {
        "m": {"count": 1, "flavor": "m1.tiny", "node_processes": PROCESSES["m"]},
        "w": {"count": 1, "flavor": "m1.tiny", "node_processes": PROCESSES["w"]},
    }
    return optional(
        {**same(PLUGIN), "image": st.just(image), "network": st.just(network), "node_groups": st.just(groups)},
        **sharing,
    )


def job_templates(document):
    there = sorted(document["job_binaries"])
    argument = optional(
        {"name": st.just("whom"), "location": st.just("WHO"), "mapping_type": st.just("params")},
        default=names,
        description=described,
    )
    streaming = optional({"type": st.just("MapReduce.Streaming")}, **sharing)
    if not there:
        return streaming
    fields = {"type": st.just("Shell"), "mains": st.just(there[:1])}
    return streaming | optional(
        fields, **sharing, libs=st.just(there[1:2]), interface=st.just([]) | argument.map(lambda a: [a])
    )


def project_of(document, base=None):
    import yaml

    return Project.parse(yaml.safe_dump(document, allow_unicode=True), base)


projects = documents().map(project_of)


def large(number, clusters=5):
    """A project of so many resources, a multiple of five, with clusters and jobs on top of templates and data."""
    each = range((number - 2 * clusters) // 5)
    plugin = {"plugin_name": "fake", "plugin_version": "0.1"}
    node = {**plugin, "flavor": "m1.tiny"}
    login = {"credentials": LOGIN}
    nodes = {"m": {**node, "node_processes": PROCESSES["m"]}, "w": {**node, "node_processes": PROCESSES["w"]}}
    groups = {"m": {"template": "n0", "count": 1}, "w": {"template": "n1", "count": 1}}
    run = {f"r{n}": {"template": f"t{n}", "cluster": f"c{n}", "args": ["datasource://s0"]} for n in range(clusters)}
    return project_of(
        {
            "images": {"local-spark": {"username": "ubuntu", "tags": ["0.1", "fake"]}},
            "node_group_templates": {f"n{n}": nodes["mw"[n % 2]] for n in each},
            "cluster_templates": {
                f"t{n}": {**plugin, "image": "local-spark", "network": "private", "node_groups": groups} for n in each
            },
            "clusters": {f"c{n}": {"template": f"t{n}"} for n in range(clusters)},
            "data_sources": {f"s{n}": {"type": "swift", "url": f"swift://c.sahara/{n}", **login} for n in each},
            "job_binaries": {f"b{n}": {"url": f"swift://c.sahara/b{n}", **login} for n in each},
            "job_templates": {f"t{n}": {"type": "Shell", "mains": [f"b{n}"]} for n in each[:-1]},
            "jobs": run,
        }
    )


@contextlib.contextmanager
def requests_of(client):
    """Method and URL of each request that is sent meanwhile, but for those for tokens and the catalog's discovery."""
    kind, sent = type(client.clusters.api), []
    plain = kind.request

    @functools.wraps(plain)
    def request(self, url, method, **kwargs):
        sent.append((method, url))
        return plain(self, url, method, **kwargs)

    kind.request = request
    try:
        yield sent
    finally:
        kind.request = plain
