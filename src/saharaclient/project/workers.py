"""Threads that do what they are given, and tell what became of it."""

from __future__ import annotations

import contextvars
import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Task = TypeVar("Task")
_SLICE = 1.0  # seconds after which a thread without work looks whether the program goes on


def is_over() -> bool:
    """Whether the program ends: a second Ctrl-C may have cut off what would have told the threads."""
    return not threading.main_thread().is_alive()


class Workers(Generic[Task]):
    """Several threads, as a context: at its end what was not begun is left to `do`, and what is under way is finished.

    Futures of the standard library would do, but a Ctrl-C while many are waited for can leave one of them locked, and
    its thread waits for ever.

    Args:
        do: does a task.
        number: of threads.
    """

    def __init__(self, do: Callable[[Task], object], number: int) -> None:
        self._do = do
        self._given: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[tuple[Task, BaseException | None]] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=contextvars.copy_context().run, args=(self._work,), name=f"saharaclient-apply_{n}")
            for n in range(number)
        ]

    def __enter__(self) -> Workers[Task]:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._given.put(None)
        for thread in self._threads:
            thread.join()

    def give(self, task: Task) -> None:
        """Have a task done by the next thread that is free."""
        self._given.put(task)

    def next(self) -> tuple[Task, BaseException | None]:
        """Wait for a task to end; returns it, and why it failed if it did."""
        return self._ended.get()

    def _work(self) -> None:
        while not is_over():
            try:
                task = self._given.get(timeout=_SLICE)
            except queue.Empty:
                continue
            if task is None:
                self._given.put(None)  # for the next thread
                return
            try:
                self._do(task)
            except BaseException as error:
                self._ended.put((task, error))
            else:
                self._ended.put((task, None))
