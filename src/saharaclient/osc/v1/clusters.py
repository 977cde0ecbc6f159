"""The commands of clusters in API 1.1, written once in `saharaclient.osc.clusters`."""

from saharaclient.osc.clusters import (
    CreateCluster,
    DeleteCluster,
    ListClusters,
    ScaleCluster,
    ShowCluster,
    UpdateCluster,
    VerificationUpdateCluster,
    WaitCluster,
)

__all__ = [
    "CreateCluster",
    "DeleteCluster",
    "ListClusters",
    "ScaleCluster",
    "ShowCluster",
    "UpdateCluster",
    "VerificationUpdateCluster",
    "WaitCluster",
]
