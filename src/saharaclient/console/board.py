"""What has been read from Sahara, kept for all viewers; nothing here knows HTTP or what is read.

However many look, there is one poll: it asks for what somebody looks at, the stalest first, at most a request a second,
and for nothing while nobody looks. Opening a page asks at once for what is not known yet, once for all who open it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from saharaclient.api import base

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACE = 1.0  # seconds between two requests of the poll
SHARE = 10  # a read that took the server long is repeated after this many times as long
FRESH = 1.0  # seconds for which what was read is given to who asks next
KEPT = 300.0  # seconds for which what nobody looks at is remembered
LONGEST_PAUSE = 30.0  # seconds between two tries of what fails
PATIENCE = 0.2  # seconds that a page waits for what is being read


@dataclass(frozen=True)
class Look:
    """Something to read.

    Attributes:
        what: its kind.
        key: which one of the kind.
        every: seconds between two reads while somebody looks; None to read it once.
        asks: whether it takes a request; what does not may be read at any time.
    """

    what: str
    key: tuple[str, ...] = ()
    every: float | None = field(default=PACE, compare=False)
    asks: bool = field(default=True, compare=False)


@dataclass
class Seen:
    """What was read last, and how the last attempt went.

    Attributes:
        value: what was read; None if it has not been read yet.
        at: when it was read, in seconds of a monotonic clock; None if never.
        error: why the last attempt failed, or None.
    """

    value: Any = None
    at: float | None = None
    error: Exception | None = None
    tried: float = float("-inf")
    took: float = 0.0
    failures: int = 0

    @property
    def gone(self) -> bool:
        """Whether the server says that there is no such thing."""
        return isinstance(self.error, base.NotFound)

    def due(self, every: float | None) -> float:
        """When to read it again."""
        if self.failures:
            return self.tried + min(LONGEST_PAUSE, PACE * 2.0 ** min(self.failures, 10))
        if every is None:
            return float("inf")
        return self.tried + max(every, SHARE * self.took)


class Board:
    """Reads for all viewers.

    Args:
        read: reads a look; it is called in a thread.
        clock: seconds, monotonic.
    """

    def __init__(self, read: Callable[[Look], Any], clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._seen: dict[Look, Seen] = {}
        self._reading: dict[Look, asyncio.Task[None]] = {}
        self._watched: Counter[Look] = Counter()
        self._changes: Counter[Look] = Counter()  # how often what was read was not what it had been
        self._reads: Counter[Look] = Counter()
        self._wake = asyncio.Condition()
        self._asked = float("-inf")

    async def see(self, looks: list[Look], patience: float = PATIENCE) -> list[Seen]:
        """What is known of each look, after reading what is not fresh; who reads longer than `patience` comes later."""
        pending = [self._start(look) for look in looks if not self._is_fresh(look)]
        if pending:
            await asyncio.wait(pending, timeout=patience)
        return [self._seen.setdefault(look, Seen()) for look in looks]

    @contextlib.contextmanager
    def watching(self, looks: list[Look]) -> Iterator[None]:
        """Keep the looks fresh while the block runs."""
        self._watched.update(looks)
        try:
            yield
        finally:
            self._watched.subtract(looks)
            self._watched += Counter()

    @property
    def viewers(self) -> int:
        """How many times something is being watched."""
        return self._watched.total()

    def version(self, looks: list[Look], *, reads: bool = False) -> int:
        """A number that grows with each change of the looks; with `reads`, with each time they are read."""
        counted = self._reads if reads else self._changes
        return sum(counted[look] for look in looks)

    async def news(self, longest: float) -> None:
        """Wait until something has been read, or so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(longest), self._wake:
                await self._wake.wait()

    async def run(self) -> None:
        """The poll, until it is cancelled."""
        while True:
            look = self._next()
            if look is not None:
                self._start(look)
            self._forget()
            pause = self._asked + PACE - self._clock()
            await asyncio.sleep(pause if pause > 0 else PACE / 10)

    def _next(self) -> Look | None:
        now = self._clock()
        may_ask = now >= self._asked + PACE
        due = [
            (self._seen.setdefault(look, Seen()).due(look.every), number, look)
            for number, look in self._numbered()
            if may_ask or not look.asks
        ]
        waiting = [entry for entry in due if entry[0] <= now]
        return min(waiting)[2] if waiting else None

    def _numbered(self) -> Iterator[tuple[int, Look]]:
        yield from enumerate(look for look in self._watched if look not in self._reading)

    def _is_fresh(self, look: Look) -> bool:
        seen = self._seen.get(look)
        if seen is None:
            return False
        now = self._clock()
        if seen.failures:
            return now < seen.due(look.every)
        if look.every is None:
            return seen.at is not None
        if now < seen.tried + max(FRESH, min(SHARE * seen.took, LONGEST_PAUSE)):
            return True
        # the poll looks after what somebody watches
        return self._watched[look] > 0 and now < seen.due(look.every) + LONGEST_PAUSE

    def renew(self, look: Look, age: float) -> None:
        """Read a look again that is older than `age` seconds: it turned out to be incomplete."""
        seen = self._seen.get(look)
        if seen is not None and self._clock() > seen.tried + age and look not in self._reading:
            self._start(look)

    def _start(self, look: Look) -> asyncio.Task[None]:
        if look not in self._reading:
            if look.asks:
                self._asked = self._clock()
            self._reading[look] = asyncio.create_task(self._take(look))
        return self._reading[look]

    async def _take(self, look: Look) -> None:
        seen = self._seen.setdefault(look, Seen())
        begun = self._clock()
        before, changed = seen.value, True

        def read() -> tuple[Any, bool]:
            value = self._read(look)
            return value, value != before  # compared here, as a long list would hold everybody up

        try:
            seen.value, changed = await in_thread(read)
            changed = changed or seen.error is not None
            seen.at, seen.error, seen.failures = self._clock(), None, 0
        except Exception as error:
            changed = repr(error) != repr(seen.error)
            seen.error = error
            seen.failures += 1
        finally:
            seen.tried = self._clock()
            seen.took = seen.tried - begun
            self._reading.pop(look, None)
        self._reads[look] += 1
        if changed:
            self._changes[look] += 1
        async with self._wake:
            self._wake.notify_all()

    def _forget(self) -> None:
        oldest = self._clock() - KEPT
        for look in [k for k, seen in self._seen.items() if seen.tried < oldest and not self._watched[k]]:
            if look not in self._reading:
                del self._seen[look], self._reads[look], self._changes[look]


async def in_thread(call: Callable[[], Any]) -> Any:
    """What a call returns that runs in a thread which nobody waits for when the program ends."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def finish(result: Any, error: BaseException | None) -> None:
        if not future.done():
            future.set_exception(error) if error else future.set_result(result)

    def run() -> None:
        result, failure = None, None
        try:
            result = call()
        except BaseException as error:
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(finish, result, failure)

    threading.Thread(target=run, name="console-read", daemon=True).start()
    return await future
