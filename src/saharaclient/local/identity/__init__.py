"""Keystone in small: who calls, with which token, on behalf of which project, and where the services are."""

from saharaclient.local.identity.caller import Identity

__all__ = ["Identity"]
