"""A Spark Connect server; a program of its own, which ``spark-submit`` runs.

It says that it is ready once a query has come back from it, as to any client: what Spark loads for its first query
takes several times as long as a query does, and nobody shall wait for that.
"""

from __future__ import annotations

import os
import sys
import uuid
from typing import Any

from py4j.protocol import Py4JError, Py4JJavaError  # type: ignore[import-untyped]
from pyspark.sql import SparkSession  # type: ignore[import-untyped, unused-ignore]

QUERY = "SELECT sum(id) FROM range(10)"
PATIENCE = 60  # seconds for its answer: jobs may have taken all cores, and the server serves nevertheless


def main() -> int:
    """Serve until the process is ended; the exit status."""
    spark = SparkSession.builder.getOrCreate()
    gateway: Any = spark.sparkContext._gateway  # the way into Spark's own process, which is the server
    # Scala's object: of the class of the same name only a part can be called.
    service = getattr(getattr(gateway.jvm.org.apache.spark.sql.connect.service, "SparkConnectService$"), "MODULE$")
    port = service.localPort()
    try:
        _ask(gateway, port, os.environ["SPARK_CONNECT_AUTHENTICATE_TOKEN"])
    except Py4JJavaError as error:
        sys.stderr.write(f"The first query has no answer: {error.java_exception.toString()}\n")
    sys.stdout.write(f"Spark Connect serves at port {port}, with its page at {spark.sparkContext.uiWebUrl}\n")
    sys.stdout.flush()
    try:
        service.server().awaitTermination()
    except Py4JError:
        return 1  # Spark's process has ended
    return 0


def _ask(gateway: Any, port: int, token: str) -> None:
    """Send the server a query over the network and read the answer to its end."""
    proto, grpc = gateway.jvm.org.apache.spark.connect.proto, gateway.jvm.org.sparkproject.connect.grpc
    metadata = grpc.Metadata()
    key = grpc.Metadata.Key.of("Authorization", grpc.Metadata.ASCII_STRING_MARSHALLER)
    metadata.put(key, f"Bearer {token}")
    interceptors = gateway.new_array(grpc.ClientInterceptor, 1)
    interceptors[0] = grpc.stub.MetadataUtils.newAttachHeadersInterceptor(metadata)
    channel = grpc.netty.NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build()
    try:
        stub = proto.SparkConnectServiceGrpc.newBlockingStub(channel).withInterceptors(interceptors)
        user, session = proto.UserContext.newBuilder().build(), str(uuid.uuid4())
        query = proto.Relation.newBuilder().setSql(proto.SQL.newBuilder().setQuery(QUERY))
        request = proto.ExecutePlanRequest.newBuilder().setUserContext(user).setSessionId(session)
        request = request.setPlan(proto.Plan.newBuilder().setRoot(query)).build()
        answer = stub.withDeadlineAfter(PATIENCE, gateway.jvm.java.util.concurrent.TimeUnit.SECONDS).executePlan(
            request
        )
        while answer.hasNext():
            answer.next()
        stub.releaseSession(proto.ReleaseSessionRequest.newBuilder().setUserContext(user).setSessionId(session).build())
    finally:
        channel.shutdownNow()


if __name__ == "__main__":
    sys.exit(main())
