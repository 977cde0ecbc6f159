"""Keystone in small: who calls, with which token, on behalf of which project, and where the services are."""

from saharaclient.local.web.caller import Identity

__all__ = ["Identity"]
