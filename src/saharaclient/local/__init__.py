"""The embedded service: a Sahara on one machine, with the few neighbours it needs. Needs the extra `local`.

`LocalSahara` runs it inside a Python program; the command `sahara-local` runs it by itself.
"""

from saharaclient.local.embedded import LocalSahara

__all__ = ["LocalSahara"]
