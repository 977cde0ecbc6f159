"""The commands of data sources in API 1.1, written once in `saharaclient.osc.data_sources`."""

from saharaclient.osc.data_sources import (
    CreateDataSource,
    DeleteDataSource,
    ListDataSources,
    ShowDataSource,
    UpdateDataSource,
)
