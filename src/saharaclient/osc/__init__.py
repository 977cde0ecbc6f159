"""The `openstack dataprocessing` commands."""
