"""The commands of clusters in API 2, written once in `saharaclient.osc.clusters`."""

from saharaclient.osc.clusters import (
    CreateCluster,
    DeleteCluster,
    ListClusters,
    ScaleCluster,
    ShowCluster,
    UpdateCluster,
    UpdateKeypairCluster,
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
    "UpdateKeypairCluster",
    "VerificationUpdateCluster",
    "WaitCluster",
]
