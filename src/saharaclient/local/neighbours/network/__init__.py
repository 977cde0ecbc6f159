"""The network service: networks and security groups."""
