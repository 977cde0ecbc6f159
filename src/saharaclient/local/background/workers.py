"""Background work: tasks about one thing run one after the other, tasks about different things at the same time."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    Work = Callable[[], None]


class Workers:
    """Threads with a queue for each key, so that no thread is idle because it waits for another one's key.

    Args:
        name: What the threads are called.
        size: How many keys are worked on at the same time.
    """

    def __init__(self, name: str, size: int) -> None:
        self._name = name
        self._size = size
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._queues: dict[str, deque[tuple[Work, Future[None]]]] = {}

    def start(self) -> None:
        """From now on tasks are run."""
        self._pool = ThreadPoolExecutor(self._size, thread_name_prefix=self._name)

    def stop(self) -> None:
        """Cancels the tasks that have not begun, and waits for those under way."""
        with self._lock:
            pool, self._pool = self._pool, None
            for queue in self._queues.values():
                for _, future in queue:
                    future.cancel()
        if pool:
            pool.shutdown(cancel_futures=True)

    def submit(self, key: str, work: Work) -> Future[None]:
        """Runs a task after those of the same key. Once `stop` was called its future is cancelled at once."""
        future: Future[None] = Future()
        with self._lock:
            if self._pool is None:
                future.cancel()
            elif key in self._queues:
                self._queues[key].append((work, future))
            else:
                self._queues[key] = deque([(work, future)])
                self._pool.submit(self._drain, key)
        return future

    def after_commit(self, session: Session, key: str, work: Work) -> None:
        """Runs a task once the session's transaction is in the database."""
        event.listen(session, "after_commit", lambda _session: self.submit(key, work), once=True)

    def _drain(self, key: str) -> None:
        while True:
            with self._lock:
                queue = self._queues[key]
                if not queue:
                    del self._queues[key]
                    return
                work, future = queue.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                work()
            except BaseException as error:  # noqa: BLE001, RUF100 - it is the one's who waits for the future
                future.set_exception(error)
            else:
                future.set_result(None)
