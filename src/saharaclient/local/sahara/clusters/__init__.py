"""Clusters: their life, their instances, and what is told of their progress."""
