"""Spark: standalone clusters on this machine, and masters that exist already."""
