"""Runs a MapReduce job with Hadoop's local runner; its own program: ``python mapreduce.py JAVA CLASSPATH [OPTION…]``.

The job is the configuration that the class path's ``core-site.xml`` holds: its mapper, reducer, formats and folders,
by Hadoop's old names or new. Hadoop has no program that submits such a configuration and waits for its end.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from typing import TYPE_CHECKING
from urllib.parse import quote

from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway  # type: ignore[import-untyped]
from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRATCH = "mapreduce.cluster.local.dir"
STAGING = "mapreduce.jobtracker.staging.root.dir"


def main(java: str, classpath: str, *options: str) -> int:
    """Run the job; the exit status."""
    port, token = launch_gateway(
        classpath=classpath,
        javaopts=[*options],
        java_path=java,
        die_on_exit=True,
        enable_auth=True,
        redirect_stdout=sys.stdout,
        redirect_stderr=sys.stderr,
    )
    gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port, auth_token=token, auto_convert=True))
    hadoop = gateway.jvm.org.apache.hadoop
    try:
        conf = hadoop.mapred.JobConf()
        with _plain_name(conf.get(SCRATCH)) as scratch:
            conf.set(SCRATCH, scratch)
            conf.set(STAGING, scratch)
            job = hadoop.mapreduce.Job.getInstance(conf)
            verbose = True
            return 0 if job.waitForCompletion(verbose) else 1
    except Py4JJavaError as error:
        sys.stderr.write(f"{error.java_exception.toString()}\n")
        return 1
    finally:
        gateway.shutdown()


@contextlib.contextmanager
def _plain_name(folder: str) -> Iterator[str]:
    """The folder, or another one where its name is quoted in URLs: Hadoop's local runner keeps such quoting on."""
    if quote(folder) == folder:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="sahara-local-", dir="/tmp") as short:
        yield short


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
