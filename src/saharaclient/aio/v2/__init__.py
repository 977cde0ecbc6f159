"""Asynchronous managers that only API 2 has."""
