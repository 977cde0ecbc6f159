"""What Rally is told by its own `--plugin-paths`: it knows the plugins of its day, and networks with a router alone."""

from rally.task import context
from rally_openstack.task.contexts.network import existing_network
from rally_openstack.task.scenarios.sahara import consts

PROCESSES = {"master": ["namenode", "jobtracker"], "worker": ["datanode", "tasktracker"]}
consts.NODE_PROCESSES["fake"] = {"0.1": PROCESSES}
# it gives every cluster a factor of replication, which the plugin has no configuration for
NUMBER = {"target": "general", "config_name": "Heat Wait Condition timeout"}
consts.REPLICATION_CONFIGS["fake"] = {"0.1": NUMBER}


@context.configure(name="network_without_router", platform="openstack", order=351)
class NetworkWithoutRouter(existing_network.ExistingNetwork):
    """The network `private`: Rally asks which router networks have, and that of its own making alone have one."""

    def setup(self):
        super().setup()
        for tenant in self.context["tenants"].values():
            private = [network for network in tenant["networks"] if network["name"] == "private"]
            tenant["networks"] = [{"router_id": None, **network} for network in private]
