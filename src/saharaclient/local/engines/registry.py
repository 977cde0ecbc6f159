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
    master, conf = settings.spark_master, settings.spark_conf
    spark = SparkEngine(conf) if master is None else ExternalSparkEngine(master, conf)
    return {"fake": FakeEngine(settings.fake_delay), "spark": spark}
