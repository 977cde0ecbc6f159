"""The engines: what makes the service's clusters and jobs real. `base` says what an engine is."""
