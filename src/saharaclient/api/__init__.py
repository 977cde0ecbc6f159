"""The resources of a Sahara server and their managers, both API versions."""
