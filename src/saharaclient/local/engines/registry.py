"""Which engine stands behind which plugin, by the settings of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.local.engines.fake import FakeEngine
from saharaclient.local.engines.spark.external import ExternalSparkEngine
from saharaclient.local.engines.spark.standalone import SparkEngine

if TYPE_CHECKING:
    from saharaclient.local.engines.base import Engine
    from saharaclient.local.settings import Settings


def engines_for(settings: Settings) -> dict[str, Engine]:
    """The engines by their plugins' names.

    Raises:
        UnknownMaster: `Settings.spark_master` names no Spark master.
    """
    master, tools, conf = settings.spark_master, settings.tools, settings.spark_conf
    spark = SparkEngine(tools, conf) if master is None else ExternalSparkEngine(master, tools, conf)
    return {"fake": FakeEngine(settings.fake_delay), "spark": spark}
