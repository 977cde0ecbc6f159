"""Sahara's API, versions 1.0, 1.1 and 2, as data: routes, schemas and field names; what it does to clusters is beside it."""
