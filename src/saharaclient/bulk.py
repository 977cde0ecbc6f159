"""Many requests at once, from a bounded number of threads."""

from __future__ import annotations

import contextvars
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Outcome(Generic[Item, Value]):
    """What became of one item: its value, or the error.

    Attributes:
        item: the item.
        value: what the call returned, or None if it failed.
        error: what the call raised, or None.
    """

    item: Item
    value: Value | None = None
    error: Exception | None = None

    def result(self) -> Value:
        """The value.

        Raises:
            Exception: the error, if there is one.
        """
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # None is then what the call returned


def each(call: Callable[[Item], Value], items: Iterable[Item], width: int = 8) -> Iterator[Outcome[Item, Value]]:
    """Call for each item, several at once, and yield what became of each in the order of the items.

    Items are taken as needed: of a long or endless iterable only about twice `width` are under way or waiting to be
    yielded. If the caller stops early, what is under way is finished and nothing more is begun.

    Args:
        call: is given an item; for instance ``client.clusters.get``.
        items: the items.
        width: calls at once, at least 1. As many connections are opened, and up to 100 of them kept.

    Returns:
        An iterator of outcomes; an error of one item does not stop the others. If `items` raises, the outcomes of those
        that it had given come first, then its error.

    Raises:
        ValueError: `width` is less than 1.
    """
    if width < 1:
        raise ValueError(f"width must be at least 1, not {width}")
    return _each(call, items, width)


def _each(call: Callable[[Item], Value], items: Iterable[Item], width: int) -> Iterator[Outcome[Item, Value]]:
    def attempt(item: Item) -> Outcome[Item, Value]:
        try:
            return Outcome(item, value=call(item))
        except Exception as error:
            return Outcome(item, error=error)

    waiting: deque[Future[Outcome[Item, Value]]] = deque()
    pool = ThreadPoolExecutor(width, thread_name_prefix="saharaclient-bulk")
    source, failure = iter(items), None
    try:
        while True:
            try:
                item = next(source)
            except StopIteration:
                break
            except Exception as error:
                failure = error  # what was done for the items before is told first
                break
            waiting.append(pool.submit(contextvars.copy_context().run, attempt, item))
            if len(waiting) >= 2 * width:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
        if failure is not None:
            raise failure
    finally:
        pool.shutdown(cancel_futures=True)
