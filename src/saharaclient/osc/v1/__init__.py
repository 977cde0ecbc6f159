"""Where OpenStackClient finds the commands of API 1.1."""
