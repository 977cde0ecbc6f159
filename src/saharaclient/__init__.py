"""Python client for OpenStack Sahara, the data processing service.

`saharaclient.client.Client` makes a client from a Keystone session.
"""

__version__ = "5.0.0"
