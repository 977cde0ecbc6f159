"""Where OpenStackClient finds the commands of API 2."""
