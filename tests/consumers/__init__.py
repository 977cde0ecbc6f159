"""Other people's programs against the embedded service, live and unmodified: `make test-consumers`."""
