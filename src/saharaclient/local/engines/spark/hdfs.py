"""HDFS as the plugin `spark` of Sahara has it, in name: templates that were written for it are taken.

Its processes start nothing, and its configuration has no effect: files and objects are this machine's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.local.engines.base import ConfigOption

if TYPE_CHECKING:
    from saharaclient.local.engines.base import ClusterSpec

SERVICE = "HDFS"
PROCESSES = ("namenode", "datanode")
NO_EFFECT = "Taken, and without effect: there is no HDFS here."

# What holds for a whole cluster; all else may differ between node groups.
_OF_CLUSTER = """
dfs.block.size dfs.permissions dfs.replication dfs.replication.max dfs.replication.min io.file.buffer.size
"""

# By the part that their names begin with.
_OF_NODE = {
    "": "local.cache.size webinterface.private.actions",
    "dfs.": """access.time.precision balance.bandwidthPerSec block.access.key.update.interval
        block.access.token.enable block.access.token.lifetime blockreport.initialDelay
        blockreport.intervalMsec client.block.write.retries client.local.interfaces
        client.use.datanode.hostname default.chunk.view.size df.interval heartbeat.interval hosts
        hosts.exclude http.address https.address https.client.keystore.resource https.enable
        https.need.client.auth https.server.keystore.resource image.transfer.bandwidthPerSec max.objects
        name.edits.dir permissions.supergroup replication.considerLoad replication.interval
        safemode.extension safemode.threshold.pct secondary.http.address
        secondary.namenode.kerberos.internal.spnego.principal support.append web.ugi webhdfs.enabled""",
    "dfs.datanode.": """address data.dir.perm dns.interface dns.nameserver drop.cache.behind.reads
        drop.cache.behind.writes du.reserved failed.volumes.tolerated handler.count http.address
        https.address ipc.address max.xcievers plugins readahead.bytes sync.behind.writes
        use.datanode.hostname""",
    "dfs.namenode.": """avoid.read.stale.datanode avoid.write.stale.datanode decommission.interval
        decommission.nodes.per.interval delegation.key.update-interval delegation.token.max-lifetime
        delegation.token.renew-interval edits.toleration.length handler.count
        invalidate.work.pct.per.iteration kerberos.internal.spnego.principal logging.level plugins
        replication.work.multiplier.per.iteration rpc-address safemode.min.datanodes stale.datanode.interval
        write.stale.datanode.ratio""",
    "fs.": """checkpoint.dir checkpoint.edits.dir checkpoint.period checkpoint.size file.impl ftp.impl har.impl
        har.impl.disable.cache hdfs.impl hftp.impl hsftp.impl kfs.impl ramfs.impl s3.block.size
        s3.buffer.dir s3.impl s3.maxRetries s3.sleepTimeSeconds s3n.impl trash.interval webhdfs.impl""",
    "fs.swift.": """blocksize connect.timeout impl requestsize service.sahara.auth.url service.sahara.http.port
        service.sahara.https.port service.sahara.location-aware service.sahara.password
        service.sahara.public service.sahara.region service.sahara.tenant service.sahara.username
        socket.timeout""",
    "hadoop.": """http.authentication.cookie.domain http.authentication.kerberos.keytab
        http.authentication.kerberos.principal http.authentication.signature.secret.file
        http.authentication.simple.anonymous.allowed http.authentication.token.validity
        http.authentication.type http.filter.initializers jetty.logs.serve.aliases logfile.count
        logfile.size native.lib relaxed.worker.version.check rpc.socket.factory.class.ClientProtocol
        rpc.socket.factory.class.default security.authentication security.authorization
        security.group.mapping security.instrumentation.requires.admin security.token.service.use_ip
        security.uid.cache.secs security.use-weak-http-crypto skip.worker.version.check socks.server tmp.dir
        util.hash.type""",
    "io.": """bytes.per.checksum compression.codecs mapfile.bloom.error.rate mapfile.bloom.size
        seqfile.compress.blocksize seqfile.lazydecompress seqfile.sorter.recordlimit serializations
        skip.checksum.errors""",
    "ipc.": """client.connect.max.retries client.connection.maxidletime client.fallback-to-simple-auth-allowed
        client.idlethreshold client.kill.max client.tcpnodelay server.listen.queue.size server.tcpnodelay""",
    "net.topology.": "impl",
    "topology.": "node.switch.mapping.impl script.file.name script.number.args",
}
_OF_PROCESS = ("Data Node Heap Size", "Name Node Heap Size")


def _names() -> dict[str, bool]:
    """Every name of the configuration, and whether it holds for a whole cluster."""
    of_node = [prefix + name for prefix, names in _OF_NODE.items() for name in names.split()]
    return {**dict.fromkeys(_OF_CLUSTER.split(), True), **dict.fromkeys([*of_node, *_OF_PROCESS], False)}


CONFIGS = tuple(
    ConfigOption(name, NO_EFFECT, "", target=SERVICE, scope="cluster" if whole else "node")
    for name, whole in _names().items()
)


def info(cluster: ClusterSpec) -> dict[str, dict[str, str]]:
    """What a cluster tells of its processes of HDFS; nothing where it has none."""
    named = {process for instance in cluster.instances for process in instance.processes}
    told = "starts nothing: there is no HDFS here, jobs read and write objects and files of this machine"
    shown = {process: told for process in PROCESSES if process in named}
    return {SERVICE: shown} if shown else {}
