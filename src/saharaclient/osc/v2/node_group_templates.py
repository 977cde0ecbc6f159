"""The commands of node group templates in API 2, written once in `saharaclient.osc.node_group_templates`."""

from saharaclient.osc.node_group_templates import (
    CreateNodeGroupTemplate,
    DeleteNodeGroupTemplate,
    ExportNodeGroupTemplate,
    ImportNodeGroupTemplate,
    ListNodeGroupTemplates,
    ShowNodeGroupTemplate,
    UpdateNodeGroupTemplate,
)
