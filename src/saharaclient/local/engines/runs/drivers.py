"""Drivers of jobs that run elsewhere: where each is, what it prints, how it ended. When to ask is `remote`'s."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PLACE = "driver"
"""The file in a run's folder that says where its driver is."""

_LABEL = "sahara-job"
_POD, _TAGS, _TRIES = "spark.kubernetes.driver.pod.name", "spark.yarn.tags", "spark.yarn.maxAppAttempts"
_STREAMS = ("stdout", "stderr")
_NO_DEFAULTS = False  # of Java's system properties
_OFF = False  # as YARN takes it where nothing is said
_TIMEOUT = 10.0
_HEAD = re.compile(rb"LogType:(\S+)\n(?:[^\n]*\n)??LogLength:(\d+)\nLogContents:\n")


class Gone(Exception):
    """What a driver has printed is nowhere any more."""


class Driver(Protocol):
    """A job's driver. What asks a cluster raises ``Py4JError`` or ``OSError`` where it does not answer.

    Attributes:
        attempt: Which try it is whose output was read last: each prints anew.
    """

    attempt: str

    def place(self) -> str | None:
        """Where it is, for people; None as long as there is none."""

    def output(self) -> Mapping[str, bytes]:
        """All that it has printed, by stream; raises `Gone`."""

    def exit_status(self) -> int:
        """How it ended, where the program that submitted it has ended well."""

    def kill(self) -> None:
        """End it, if there is one."""


def properties(job_id: str, chosen: Mapping[str, str]) -> dict[str, str]:
    """The Spark properties by which a job's driver is found again, and a spark-submit stays until it has ended."""
    own = f"{_LABEL}-{job_id}"
    if chosen["spark.master"] == "yarn":
        tags = ",".join([*filter(None, [chosen.get(_TAGS)]), own])
        tries = chosen.get(_TRIES, "1")  # what a job has done is not done twice unless somebody wants it
        return {_TAGS: tags, _TRIES: tries, "spark.yarn.submit.waitAppCompletion": "true"}
    return {_POD: chosen.get(_POD, f"{own}-driver"), "spark.kubernetes.submission.waitAppCompletion": "true"}


class Pod:
    """A driver in a pod of Kubernetes; one that has ended stays until somebody deletes it.

    Args:
        jvm: A Java with Spark's jars.
        conf: The job's Spark properties.
    """

    def __init__(self, jvm: Any, conf: Mapping[str, str]) -> None:
        k8s, spark = jvm.org.apache.spark.deploy.k8s, jvm.org.apache.spark.SparkConf(_NO_DEFAULTS)
        for name, value in conf.items():
            spark.set(name, value)
        self._namespace = conf.get("spark.kubernetes.namespace", "default")
        self._name = self.attempt = conf[_POD]
        self._master = conf["spark.master"].removeprefix("k8s://")
        self._container = conf.get(
            "spark.kubernetes.driver.podTemplateContainerName", "spark-kubernetes-driver"
        )  # there may be others beside it
        client = k8s.SparkKubernetesClientFactory.createKubernetesClient(
            self._master,
            jvm.scala.Option.apply(self._namespace),
            "spark.kubernetes.authenticate.submission",
            getattr(getattr(k8s, "SparkKubernetesClientFactory$ClientType$"), "MODULE$").Submission(),
            spark,
            jvm.scala.Option.empty(),
        )
        self._pod = client.pods().inNamespace(self._namespace).withName(self._name)
        self._read = jvm.org.apache.commons.io.IOUtils.toByteArray

    def place(self) -> str | None:
        """The pod, once there is one."""
        if self._pod.get() is None:
            return None
        return f"pod {self._name} in namespace {self._namespace} of {self._master}"

    def output(self) -> Mapping[str, bytes]:
        """The log of the pod, which makes no difference between its streams."""
        return {"stdout": bytes(self._read(self._pod.inContainer(self._container).getLogInputStream()))}

    def exit_status(self) -> int:
        """That of its container: spark-submit ends well however the driver did."""
        pod = self._pod.get()
        for status in pod.getStatus().getContainerStatuses() if pod is not None else ():
            ended = status.getState().getTerminated()
            if ended is not None and status.getName() == self._container:
                return int(ended.getExitCode())
        return 1  # deleted by somebody

    def kill(self) -> None:
        """Delete the pod; what it owns goes with it, its executors' pods among them."""
        self._pod.delete()


class Container:
    """A driver in the first container of an application of YARN.

    Args:
        jvm: A Java with Spark's jars, and YARN's configuration on its class path.
        conf: The job's Spark properties.
    """

    def __init__(self, jvm: Any, conf: Mapping[str, str]) -> None:
        self._jvm, self._yarn = jvm, jvm.org.apache.hadoop.yarn
        self._conf = self._yarn.conf.YarnConfiguration()
        self._client = self._yarn.client.api.YarnClient.createYarnClient()
        self._client.init(self._conf)
        self._client.start()
        self._tags = jvm.java.util.HashSet()
        self._tags.add(conf[_TAGS].rpartition(",")[2])
        self._node = self.attempt = ""

    def _application(self) -> Any | None:
        return next(iter(self._client.getApplications(None, None, self._tags)), None)

    def place(self) -> str | None:
        """The application, once there is one."""
        application = self._application()
        return None if application is None else f"{application.getApplicationId().toString()} of YARN"

    def output(self) -> Mapping[str, bytes]:
        """The logs of the container: its node has them while it runs, later the place where YARN gathers them."""
        application = self._application()
        if application is None:
            raise OSError("there is no application")
        attempt = self._client.getApplicationAttemptReport(application.getCurrentApplicationAttemptId())
        container = attempt.getAMContainerId()
        self.attempt = container.toString()
        if application.getFinalApplicationStatus().toString() == "UNDEFINED":
            node = self._client.getContainerReport(container).getNodeHttpAddress()
            self._node = node if "://" in node else f"http://{node}"
        return self._on_node(container) or self._gathered(application, container)

    def _on_node(self, container: Any) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for stream in _STREAMS if self._node else ():
            url = f"{self._node}/ws/v1/node/containers/{container.toString()}/logs/{stream}"
            try:
                reply = requests.get(url, timeout=_TIMEOUT)
            except requests.RequestException:
                break
            if reply.ok:
                found |= contents(reply.content)
        return found

    def _gathered(self, application: Any, container: Any) -> dict[str, bytes]:
        request, helpers = self._yarn.logaggregation.ContainerLogsRequest(), self._yarn.logaggregation.LogCLIHelpers()
        helpers.setConf(self._conf)
        request.setAppId(application.getApplicationId())
        request.setContainerId(container.toString())
        request.setAppOwner(application.getUser())
        request.setBytes(2**62)
        request.setAppFinished(True)
        request.setLogTypes(self._jvm.java.util.HashSet(list(_STREAMS)))
        printed = self._jvm.java.io.ByteArrayOutputStream()
        self._jvm.java.lang.System.setOut(self._jvm.java.io.PrintStream(printed))
        if helpers.dumpAContainerLogsForLogTypeWithoutNodeId(request) != 0:
            if not self._conf.getBoolean("yarn.log-aggregation-enable", _OFF):
                raise Gone("its node has it no longer, and yarn.log-aggregation-enable is off")
            raise OSError(f"{self.place()} has ended, and its logs are not gathered yet")
        return dict(contents(bytes(printed.toByteArray())))

    def exit_status(self) -> int:
        """What spark-submit said."""
        return 0

    def kill(self) -> None:
        """Kill the application, unless it has ended."""
        application = self._application()
        if application is not None and application.getFinalApplicationStatus().toString() == "UNDEFINED":
            self._client.killApplication(application.getApplicationId())


def contents(text: bytes) -> Iterator[tuple[str, bytes]]:
    """The logs in a text of YARN's, each behind a head that says how long it is."""
    position = 0
    while head := _HEAD.search(text, position):
        position = head.end() + int(head[2])
        yield head[1].decode(), text[head.end() : position]
