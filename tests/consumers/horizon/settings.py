"""What Horizon is told beyond its defaults; it reads this from its folder of local settings."""

import os

SECRET_KEY = "of a test"
ALLOWED_HOSTS = ["127.0.0.1"]
OPENSTACK_KEYSTONE_URL = os.environ["OS_AUTH_URL"]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # no database
COMPRESS_ENABLED = COMPRESS_OFFLINE = False
COMPRESS_PRECOMPILERS = ()  # nobody looks at the styles
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
