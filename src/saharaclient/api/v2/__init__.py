"""Managers that only API 2 has."""
