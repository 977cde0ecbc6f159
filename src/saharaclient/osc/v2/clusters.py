"""The commands of clusters in API 2, written once in `saharaclient.osc`."""

from saharaclient.osc.cluster_operations import ScaleCluster, VerificationUpdateCluster
from saharaclient.osc.clusters import (
    CreateCluster,
    DeleteCluster,
    ListClusters,
    ShowCluster,
    UpdateCluster,
    UpdateKeypairCluster,
)
