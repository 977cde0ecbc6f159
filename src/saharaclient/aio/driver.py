"""What drives the asynchronous managers: the decisions of the synchronous ones, with pauses that hold no thread.

Of this package only this module and its `__init__` are written by hand; the others are made by ``tools/make_aio.py``.
"""

from __future__ import annotations

import asyncio
import contextvars
import copy
import functools
import inspect
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Self, TypeVar

from saharaclient._core import bounds, steps
from saharaclient._core.waiting import TRANSIENT
from saharaclient.api import base

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractContextManager

    from saharaclient._core.paging import Pager
    from saharaclient._core.tail import LogLine
    from saharaclient._core.waiting import Watch
    from saharaclient.api.client import AnyClient as SyncClient

P = ParamSpec("P")
T = TypeVar("T")

WIDTH = 16  # threads


class Driver:
    """Makes calls of synchronous managers in a bounded pool of threads; whatever waits, waits in the event loop.

    Args:
        width: threads, and so requests that are under way at once.

    Raises:
        ValueError: `width` is less than 1.
    """

    def __init__(self, width: int) -> None:
        if width < 1:
            raise ValueError(f"width must be at least 1, not {width}")
        self._pool = ThreadPoolExecutor(width, thread_name_prefix="saharaclient-aio")
        # A thousand calls begun at once would hold the loop up, were each handed to the pool there and then.
        self._handed = asyncio.Semaphore(2 * width)

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What a call of a synchronous manager returns or raises; between attempts at a request it holds no thread.

        Cancelled before a thread was free it sends nothing. Cancelled later, a request under way is read to its end,
        so that its connection is as good as before; nothing is sent any more.
        """
        taken = steps.Steps()
        made = functools.partial(function, *args, **kwargs)
        while True:
            try:
                return await self._in_thread(functools.partial(_unless_paused, taken, made))
            except _Paused as paused:
                await asyncio.sleep(paused.seconds)

    async def _in_thread(self, function: Callable[[], T]) -> T:
        async with self._handed:
            context = contextvars.copy_context()
            return await asyncio.get_running_loop().run_in_executor(self._pool, context.run, function)

    async def transfer(self, function: Callable[..., T], *args: Any, on_progress: Any, **kwargs: Any) -> T:
        """A call that moves a file; cancelled it ends at the next piece, and leaves no part of the file behind."""
        loop, ended = asyncio.get_running_loop(), False

        def moved(done: int, total: int | None) -> None:
            if ended:
                raise _Cancelled
            if on_progress is not None:
                loop.call_soon_threadsafe(on_progress, done, total)

        try:
            return await self.call(function, *args, on_progress=moved, **kwargs)
        except asyncio.CancelledError:
            ended = True
            raise

    async def wait(self, manager: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        """A wait of a synchronous manager, which says what to look at and how to judge it."""
        # The method is called twice: for its plan, and to make its own of what came of that.
        probe = copy.copy(manager)
        probe._wait = _take_plan
        try:
            return getattr(probe, method)(*args, **kwargs)
        except _Plan as plan:
            outcome = await self._outcome(manager._clock, *plan.plan)
        probe._wait = lambda *_: outcome()
        return getattr(probe, method)(*args, **kwargs)

    async def _outcome(
        self, clock: Any, watch: Watch, look: Callable[[bool], Any], on_progress: Any, _: object
    ) -> Callable[[], Any]:
        """What ends a wait: returns the resource, or raises the error."""
        try:
            found = await self._look_until_done(clock, watch, look, on_progress)
        except Exception as error:
            return functools.partial(_raise, error)
        return lambda: found

    async def _look_until_done(self, clock: Any, watch: Watch, look: Callable[[bool], Any], on_progress: Any) -> Any:
        while True:
            try:
                with bounds.deadline(clock, watch.deadline):
                    resource = await self.call(look, watch.closely)
            except TRANSIENT as fault:
                watch.missed(fault)
            else:
                if (
                    watch.saw(resource)
                    and on_progress is not None
                    and inspect.isawaitable(told := on_progress(resource))
                ):
                    await told
                if watch.is_done(resource):
                    return resource
            await asyncio.sleep(watch.pause())

    async def pages(self, read: Callable[[Pager], base.Page[base.R]], pager: Pager) -> AsyncIterator[base.R]:
        """The resources of a list, whose pages `read` reads one by one."""
        while not pager.done:
            for resource in await self.call(read, pager):
                yield resource

    async def whole(self, read: Callable[[], list[base.R]]) -> AsyncIterator[base.R]:
        """The resources of a list that has no pages."""
        for resource in await self.call(read):
            yield resource

    async def lines(self, manager: Any, *args: Any) -> AsyncIterator[LogLine]:
        """What `logs` of a synchronous manager gives, without its pauses."""
        probe, done = copy.copy(manager), object()
        probe._paced = iter
        iterator: Iterator[Any] = probe.logs(*args)
        while (line := await self._in_thread(functools.partial(next, iterator, done))) is not done:
            if isinstance(line, float):
                await asyncio.sleep(line)
            else:
                yield line

    async def close(self) -> None:
        """Let what is under way come to its end, and end the threads."""
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)


class _Paused(Exception):
    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class _Plan(BaseException):
    def __init__(self, plan: tuple[Any, ...]) -> None:
        super().__init__()
        self.plan = plan


class _Cancelled(Exception):
    """Ends a transfer whose task was cancelled."""


def _unless_paused(taken: steps.Steps, made: Callable[[], T]) -> T:
    try:
        result: T = taken.take(made)
    except steps.Pause as pause:
        raise _Paused(pause.seconds) from None
    return result


def _take_plan(*plan: Any) -> Any:
    raise _Plan(plan)


def _raise(error: Exception) -> None:
    raise error


class Manager(Generic[base.R]):
    """A manager over its synchronous counterpart.

    Args:
        sync: that.
        driver: what makes its calls.
    """

    _sync: Any

    def __init__(self, sync: Any, driver: Driver) -> None:
        self._sync = sync
        self._driver = driver


class AnyClient:
    """What the asynchronous clients of both API versions have in common."""

    _sync: SyncClient
    _driver: Driver

    def _start(self, sync: Any, width: int) -> None:
        self._sync, self._driver = sync, Driver(width)
        self._register_managers(sync, self._driver)

    def _register_managers(self, sync: Any, driver: Driver) -> None:
        raise NotImplementedError

    def deadline(self, seconds: float) -> AbstractContextManager[None]:
        """Within this block, what this task asks of the server takes no longer than so many seconds in all.

        Args:
            seconds: more than 0.

        Raises:
            ValueError: they are not.
        """
        return self._sync.deadline(seconds)

    async def close(self) -> None:
        """Let requests under way come to their end, then end the threads and close the connections.

        The session given stays open.
        """
        await self._driver.close()
        await asyncio.to_thread(self._sync.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
