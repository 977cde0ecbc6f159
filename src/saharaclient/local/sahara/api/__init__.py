"""Sahara's API, versions 1.0, 1.1 and 2, as data: routes, schemas and field names; what clusters do is beside it."""
