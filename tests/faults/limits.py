"""The times and sizes that the matrix gives its clients; the more patient the slower the server is."""

import os

REAL = "OS_AUTH_URL" in os.environ  # a real Keystone and Sahara, rather than the embedded service
_PACE = 5.0 if REAL else 1.0  # a real server may take seconds for one request on a busy machine

SILENCE = 6.0 * _PACE  # seconds that a client bears a silent server
REPLY = 10.0 * _PACE  # seconds that a reply may take
PATIENCE = 8.0 * _PACE  # seconds from the first attempt after which it is not tried again
WAIT = 15.0 * _PACE  # seconds that a client waits for a state
REPLY_SIZE = 1024 * 1024  # bytes that a client reads
# cells at once: of those that work, and of those that only wait
BUSY, WAITING = (2, 48) if REAL else (6, 64)
