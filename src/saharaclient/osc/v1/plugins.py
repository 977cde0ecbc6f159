"""The commands of plugins in API 1.1, written once in `saharaclient.osc.plugins`."""

from saharaclient.osc.plugins import (
    GetPluginConfigs,
    ListPlugins,
    ShowPlugin,
    UpdatePlugin,
)
