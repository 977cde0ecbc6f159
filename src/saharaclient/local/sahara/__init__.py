"""The data processing service: its API, its jobs and clusters, and their records."""
