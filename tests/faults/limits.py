"""The times and sizes that the matrix gives its clients; the more patient the slower the server is."""

from tests.services import REAL

_PACE = 4.0 if REAL else 1.0  # a real server may take seconds for one request on a busy machine

# After a silence there is time for another attempt, after a whole reply's time there is none.
SILENCE = 6.0 * _PACE  # seconds that a client bears a silent server
PATIENCE = 14.0 * _PACE  # seconds from the first attempt after which it is not tried again
REPLY = 16.0 * _PACE  # seconds that a reply may take
WAIT = 30.0 * _PACE  # seconds that a client waits for a state
LAG = SILENCE / 3  # seconds; a cell that the machine or the server held up longer shows nothing and is run again
ATTEMPTS = 4  # at a cell
REPLY_SIZE = 1024 * 1024  # bytes that a client reads
# cells at once: of those that work, and of those that only wait
BUSY, WAITING = (2, 24) if REAL else (6, 96)
