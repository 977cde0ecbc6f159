"""The compute service: flavors and keypairs."""
