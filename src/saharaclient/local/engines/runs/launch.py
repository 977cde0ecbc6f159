"""What is launched for each job type. Starting and following it is `runs`'."""

from __future__ import annotations

import os
import stat
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from saharaclient.local.engines.base import SCRATCH, EngineError
from saharaclient.local.engines.java import quoted, temporary_files_in
from saharaclient.local.engines.runs import drivers, events
from saharaclient.local.engines.runs.properties import write_hadoop_xml, write_properties
from saharaclient.local.store import files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from saharaclient.local.engines.base import JobSpec
    from saharaclient.local.engines.runtime import SparkRuntime

MAIN_CLASS = "edp.java.main_class"
JAVA_OPTS = "edp.java.java_opts"
DRIVER_CLASSPATH = "edp.spark.driver.classpath"
GIVES_WAY = {
    "spark.dynamicAllocation.enabled": "true",
    "spark.dynamicAllocation.shuffleTracking.enabled": "true",
    "spark.dynamicAllocation.shuffleTracking.timeout": "30s",
    "spark.dynamicAllocation.executorIdleTimeout": "30s",
}
"""The Spark properties by which the executors of a program that stays open go when they have had nothing to do.

Those with results of shuffles go too, which are made again; those with cached data stay.
"""
_LOOPBACK = "127.0.0.1"
_WARNINGS = """
rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = stderr
appender.console.type = Console
appender.console.name = stderr
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yy/MM/dd HH:mm:ss} %p %c{1}: %m%n%ex
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Where jobs go.

    Args:
        runtime: Spark and Java.
        master: The Spark master's URL.
        properties: Spark properties of the cluster.
        warehouse: The folder of the cluster's tables, for Hive.
        local: Whether executors run on this machine, so that a driver need not be reached from others.
        environment: Further variables that programs need to find the master.
    """

    runtime: SparkRuntime
    master: str
    warehouse: Path
    properties: Mapping[str, str] = field(default_factory=dict)
    local: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Launch:
    """A command with the environment it needs beyond the harmless.

    Args:
        command: Program and arguments.
        environment: Variables.
        turn: A file to lock while it runs, where only one job at a time may.
        kill: A command that ends what of it is elsewhere, in the same environment.
    """

    command: list[str]
    environment: Mapping[str, str]
    turn: Path | None = None
    kill: list[str] | None = None


def launch(job: JobSpec, target: Target) -> Launch:
    """What is to be started for a job; files that it needs are written into the job's folder.

    Raises:
        EngineError: The job's type is unknown, or something that the type needs is missing.
    """
    build = _BUILDERS.get(job.type)
    if build is None:
        raise EngineError(f"Jobs of the type {job.type} do not run here; {', '.join(JOB_TYPES)} do.")
    scratch = job.folder / SCRATCH
    scratch.mkdir(mode=0o700, exist_ok=True)
    return build(job, target)


def _spark(job: JobSpec, target: Target) -> Launch:
    main = _main(job)
    options = []
    if zipfile.is_zipfile(main):
        main_class = _needed(job, MAIN_CLASS)
        options += ["--class", main_class]
        if main.suffix != ".jar":
            main = _named(main, job.folder / "main.jar")
    elif main.suffix != ".py":
        main = _named(main, job.folder / "main.py")  # spark-submit tells Python by the name alone
    by_kind: dict[str, list[str]] = {}
    for library in job.libs:
        kind = {".jar": "--jars", ".py": "--py-files", ".zip": "--py-files", ".egg": "--py-files"}
        if library.suffix == ".whl":  # which Spark takes for a package by another name alone
            (job.folder / "wheels").mkdir(mode=0o700, exist_ok=True)
            library = _named(library, job.folder / "wheels" / f"{library.stem}.zip")
        by_kind.setdefault(kind.get(library.suffix, "--files"), []).append(str(library))
    for option, libraries in by_kind.items():
        options += [option, ",".join(libraries)]
    if classpath := job.configs.get(DRIVER_CLASSPATH):
        options += ["--driver-class-path", classpath]
    return _submit(job, target, [*options, str(main), *job.args])


def _hive(job: JobSpec, target: Target) -> Launch:
    script = _main(job)
    variables = dict(job.params)
    for name, value in (("INPUT", job.input), ("OUTPUT", job.output)):
        if value is not None:
            variables.setdefault(name, value)
    defined = [word for name, value in variables.items() for word in ("--hivevar", f"{name}={value}")]
    jars = ["--jars", ",".join(map(str, job.libs))] if job.libs else []
    properties = tables(target)
    driver = ["--class", "org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver", "spark-internal"]
    return _submit(job, target, [*jars, *driver, "-f", str(script), *defined, *job.args], properties, turn_at(target))


def turn_at(target: Target) -> Path:
    """The file that whoever uses the tables of a cluster locks: only one process can open their catalog."""
    return target.warehouse / ".turn"


def tables(target: Target) -> dict[str, str]:
    """The Spark properties by which programs find the tables of a cluster, when it is their turn."""
    target.warehouse.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "spark.sql.warehouse.dir": str(target.warehouse),
        "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:;"
        f"databaseName={target.warehouse}/.metastore;create=true",
        "spark.submit.deployMode": "client",  # whatever holds for other jobs: the tables' catalog is a file here
    }


def in_scratch(folder: Path) -> dict[str, str]:
    """The Spark properties by which a program here keeps to a folder what it writes beside its data.

    Java's options come before those that somebody gives it, and leave them as they are.
    """
    return {"spark.driver.defaultJavaOptions": quoted([*temporary_files_in(folder), f"-Dderby.system.home={folder}"])}


def own_properties(target: Target) -> dict[str, str]:
    """The Spark properties that a program on a cluster cannot do without: where it is, and its secret."""
    fixed = {"spark.master": target.master}
    if target.local:
        fixed |= {"spark.driver.host": _LOOPBACK, "spark.driver.bindAddress": _LOOPBACK}
        fixed |= {name: value for name, value in target.properties.items() if name.startswith("spark.authenticate")}
    return fixed


def _submit(
    job: JobSpec, target: Target, arguments: list[str], extra: Mapping[str, str] | None = None, turn: Path | None = None
) -> Launch:
    """A spark-submit, its configuration in a file: a command line can be read by every user of the machine."""
    chosen = {
        (name if name.startswith("spark.") else f"spark.hadoop.{name}"): value
        for name, value in job.configs.items()
        if not name.startswith("edp.")
    }
    fixed = own_properties(target)
    for name in sorted(chosen.keys() & fixed.keys()):
        if chosen[name] != fixed[name]:
            raise EngineError(f"{name} is the cluster's own and cannot be set by a job: leave it out of its configs.")
    scratch = job.folder / SCRATCH
    defaults = {
        "spark.app.name": job.name,
        # A driver that others must reach listens on every address, and its pages ask nobody who he is.
        "spark.ui.enabled": str(target.local).lower(),
        "spark.ui.port": "0",
        "spark.ui.killEnabled": "false",
        "spark.hadoop.fs.defaultFS": "file:///",
    }
    if not target.local:
        del defaults["spark.hadoop.fs.defaultFS"]
    settings = {**defaults, **target.properties, **(extra or {}), **chosen, **fixed}
    elsewhere = settings.get("spark.submit.deployMode") == "cluster"
    if elsewhere:
        settings |= _driver_elsewhere(job, settings)
    else:
        settings = {**in_scratch(scratch), **events.properties(job.folder), **settings}
    conf, environment = job.folder / "spark.conf", _environment(job, target)
    write_properties(conf, settings)
    command = [str(target.runtime.home / "bin" / "spark-submit"), "--properties-file", str(conf), *arguments]
    if not elsewhere:
        return Launch(command, environment, turn)
    environment.pop("PYSPARK_DRIVER_PYTHON")  # the nodes have a Python of their own
    follow = [sys.executable, "-P", str(Path(__file__).with_name("remote.py"))]
    named = [str(target.runtime.java), str(conf)]
    return Launch([*follow, "submit", *named, *command], environment, kill=[*follow, "kill", *named])


def _driver_elsewhere(job: JobSpec, settings: Mapping[str, str]) -> dict[str, str]:
    """What a job needs whose driver runs in the cluster."""
    if settings["spark.master"].startswith("spark://"):
        raise EngineError(
            "spark.submit.deployMode=cluster is for YARN and Kubernetes: what a driver on a worker of a standalone "
            "master prints, and how it ends, is not told here. Leave it out."
        )
    return drivers.properties(job.id, settings)


def _shell(job: JobSpec, target: Target) -> Launch:
    main = _main(job)
    if not os.access(main, os.X_OK):
        main.chmod(main.stat().st_mode | stat.S_IXUSR)
    with main.open("rb") as file:
        interpreter = [] if file.read(2) in (b"#!", b"\x7fE") else ["/bin/sh"]
    return Launch([*interpreter, str(main), *job.args], {**_environment(job, target), **job.params})


def _java(job: JobSpec, target: Target) -> Launch:
    scratch = job.folder / SCRATCH
    # Hadoop's local runner takes no other paths.
    conf = _hadoop_conf(job, _hadoop_scratch(scratch) if quote(str(scratch)) == str(scratch) else None)
    classpath = os.pathsep.join([str(conf), *map(str, [*job.mains, *job.libs]), f"{target.runtime.home}/jars/*"])
    options = [*temporary_files_in(scratch), *job.configs.get(JAVA_OPTS, "").split()]
    command = [str(target.runtime.java), *options, "-cp", classpath, _needed(job, MAIN_CLASS), *job.args]
    return Launch(command, _environment(job, target))


def _map_reduce(job: JobSpec, target: Target) -> Launch:
    directories = {"mapreduce.input.fileinputformat.inputdir": job.input}
    directories["mapreduce.output.fileoutputformat.outputdir"] = job.output
    conf = _hadoop_conf(
        job,
        {name: value for name, value in directories.items() if value is not None}
        | {"mapreduce.framework.name": "local", "mapreduce.job.name": job.name, "fs.defaultFS": "file:///"}
        | _hadoop_scratch(job.folder / SCRATCH),
    )
    classpath = os.pathsep.join([str(conf), *map(str, [*job.mains, *job.libs]), f"{target.runtime.home}/jars/*"])
    # Hadoop's local runner says why a task failed in its log alone, and that nowhere unless it is told where.
    (conf / "log4j2.properties").write_text(_WARNINGS)
    program = Path(__file__).with_name("mapreduce.py")
    # -P: the folder of that program holds modules that would hide Python's own.
    arguments = [str(target.runtime.java), classpath, *temporary_files_in(job.folder / SCRATCH)]
    return Launch([sys.executable, "-P", str(program), *arguments], _environment(job, target))


def _hadoop_scratch(folder: Path) -> dict[str, str]:
    """The values by which Hadoop keeps to a folder what else is in folders of the machine, where others have theirs."""
    return dict.fromkeys(("hadoop.tmp.dir", "mapreduce.jobtracker.staging.root.dir"), str(folder))


def _hadoop_conf(job: JobSpec, extra: Mapping[str, str] | None = None) -> Path:
    """A folder for the class path: every Hadoop `Configuration` of the job reads the job's own values from it."""
    folder = job.folder / "conf"
    folder.mkdir(mode=0o700, exist_ok=True)
    own = {name: value for name, value in job.configs.items() if not name.startswith("edp.")}
    write_hadoop_xml(folder / "core-site.xml", {**(extra or {}), **own})
    return folder


def _environment(job: JobSpec, target: Target) -> dict[str, str]:
    conf = job.folder / "conf"
    conf.mkdir(mode=0o700, exist_ok=True)  # empty for Spark: nothing of the machine's own Spark settings gets in
    scratch = str(job.folder / SCRATCH)
    own = target.runtime.environment()
    if not target.local:
        # Executors elsewhere call the driver at its own address, and have a Python of their own.
        del own["SPARK_LOCAL_IP"], own["SPARK_PUBLIC_DNS"], own["PYSPARK_PYTHON"]
    return {
        **own,
        **target.environment,
        "SPARK_CONF_DIR": str(conf),
        "SPARK_LOCAL_DIRS": scratch,
        "TMPDIR": scratch,
        "PYTHONUNBUFFERED": "1",
    }


def _main(job: JobSpec) -> Path:
    if not job.mains:
        raise EngineError(f"{job.type} job {job.name} has no main: name one in its mains.")
    return job.mains[0]


def _needed(job: JobSpec, name: str) -> str:
    if not job.configs.get(name):
        raise EngineError(f"{job.type} job {job.name} must specify {name} in its configs.")
    return job.configs[name]


def _named(file: Path, link: Path) -> Path:
    """The same file under a name that says its kind; no symbolic link, in whose place Spark sends what it leads to."""
    link.unlink(missing_ok=True)
    files.link(file, link)
    return link


_BUILDERS: Mapping[str, Callable[[JobSpec, Target], Launch]] = {
    "Hive": _hive,
    "Java": _java,
    "MapReduce": _map_reduce,
    "Shell": _shell,
    "Spark": _spark,
}
JOB_TYPES = tuple(_BUILDERS)
SPARK_TYPES = ("Spark", "Hive")
"""The types whose jobs have executors on the cluster."""
