"""The object storage: accounts, containers and objects."""
