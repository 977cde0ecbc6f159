"""The one poll for all who look: what is read when, with a clock that the tests move."""

import asyncio
import threading

import pytest

from saharaclient.console.board import LONGEST_PAUSE, Board, Look

A, B = Look("a"), Look("b")
SELDOM = Look("c", every=30.0)


class Source:
    """Something to read that counts what is asked of it."""

    def __init__(self):
        self.asked, self.value, self.error = [], 0, None
        self.hold = threading.Event()
        self.hold.set()

    def read(self, look):
        self.asked.append(look)
        self.hold.wait(10)
        if self.error:
            raise self.error
        return self.value


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def source():
    return Source()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def board(source, clock):
    return Board(source.read, clock)


async def pass_time(board, clock, seconds, step=0.1):
    """Let the poll live through so many seconds of its clock."""
    for _ in range(round(seconds / step)):
        clock.now += step
        look = board._next()
        if look is not None:
            await board._start(look)


def test_many_who_open_a_page_at_once_cost_one_read(board, source):
    async def main():
        source.hold.clear()
        waiting = [asyncio.create_task(board.see([A], patience=5)) for _ in range(20)]
        await asyncio.sleep(0.05)
        source.hold.set()
        return await asyncio.gather(*waiting)

    assert all(seen.value == 0 and seen.at for (seen,) in asyncio.run(main()))
    assert source.asked == [A]


def test_a_slow_read_is_not_waited_for(board, source):
    async def main():
        source.hold.clear()
        (before,) = await board.see([A], patience=0.01)
        assert before.at is None
        source.hold.set()
        (after,) = await board.see([A], patience=5)
        assert after.at is not None

    asyncio.run(main())
    assert source.asked == [A]


def test_what_is_watched_is_read_in_turn_and_at_most_once_a_second(board, source, clock):
    async def main():
        with board.watching([A, B]), board.watching([A]), board.watching([A]):
            await pass_time(board, clock, 10)

    asyncio.run(main())
    assert 9 <= len(source.asked) <= 11
    assert abs(source.asked.count(A) - source.asked.count(B)) <= 1


def test_a_change_is_seen_within_two_seconds(source, clock):
    """On any page: none of them looks at more than two things that change by themselves."""
    read = {A: [], B: []}
    board = Board(lambda look: (read[look].append(clock.now), source.read(look))[1], clock)

    async def main():
        with board.watching([A, B]):
            await pass_time(board, clock, 60)

    asyncio.run(main())
    for times in read.values():
        assert len(times) > 25
        assert max(after - before for before, after in zip(times, times[1:], strict=False)) <= 2.2  # steps of a tenth


def test_what_takes_no_request_takes_nobody_elses_turn(board, source, clock):
    own = Look("own", every=2.0, asks=False)

    async def main():
        with board.watching([A, B, own]):
            await pass_time(board, clock, 20)

    asyncio.run(main())
    assert source.asked.count(own) >= 9
    assert min(source.asked.count(A), source.asked.count(B)) >= 9


def test_nothing_is_read_when_nobody_looks(board, source, clock):
    async def main():
        with board.watching([A]):
            await pass_time(board, clock, 3)
        source.asked.clear()
        await pass_time(board, clock, 100)

    asyncio.run(main())
    assert source.asked == []
    assert board.viewers == 0


def test_what_seldom_changes_is_seldom_read(board, source, clock):
    async def main():
        with board.watching([SELDOM]):
            await pass_time(board, clock, 95)

    asyncio.run(main())
    assert len(source.asked) == 4


def test_what_takes_the_server_long_is_read_less_often(board, source, clock):
    read = source.read

    def slow(look):
        clock.now += 3.0
        return read(look)

    board._read = slow

    async def main():
        with board.watching([A]):
            await pass_time(board, clock, 100)

    asyncio.run(main())
    assert len(source.asked) in (3, 4)


def test_what_fails_is_asked_for_less_and_less_and_what_was_read_stays(board, source, clock):
    async def main():
        with board.watching([A]):
            await pass_time(board, clock, 2)
            source.value, source.error = 1, OSError("no way")
            source.asked.clear()
            await pass_time(board, clock, 300)
            (seen,) = await board.see([A])
            assert (seen.value, str(seen.error)) == (0, "no way")
            failed = len(source.asked)
            source.error = None
            await pass_time(board, clock, LONGEST_PAUSE + 1)
            (seen,) = await board.see([A])
            assert (seen.value, seen.error) == (1, None)
            return failed

    assert asyncio.run(main()) < 20


def test_the_version_grows_with_changes_alone(board, source, clock):
    async def main():
        with board.watching([A]):
            await pass_time(board, clock, 3)
            first, reads = board.version([A]), board.version([A], reads=True)
            await pass_time(board, clock, 3)
            assert board.version([A]) == first
            assert board.version([A], reads=True) > reads
            source.value = 1
            await pass_time(board, clock, 2)
            assert board.version([A]) == first + 1

    asyncio.run(main())
