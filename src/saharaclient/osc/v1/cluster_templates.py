"""The commands of cluster templates in API 1.1, written once in `saharaclient.osc.cluster_templates`."""

from saharaclient.osc.cluster_templates import (
    CreateClusterTemplate,
    DeleteClusterTemplate,
    ExportClusterTemplate,
    ImportClusterTemplate,
    ListClusterTemplates,
    ShowClusterTemplate,
    UpdateClusterTemplate,
)
