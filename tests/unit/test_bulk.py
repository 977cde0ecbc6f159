"""Many calls at once: order, errors, bounds."""

import threading
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saharaclient import bulk
from tests.support import URL, make_client


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 9))
def test_outcomes_come_in_order_with_value_or_error(items, width):
    def call(item):
        if item == 3:
            raise LookupError(item)
        return item * 2

    outcomes = list(bulk.each(call, items, width))
    assert [o.item for o in outcomes] == items
    for outcome in outcomes:
        if outcome.item == 3:
            assert isinstance(outcome.error, LookupError)
            with pytest.raises(LookupError):
                outcome.result()
        else:
            assert (outcome.value, outcome.error, outcome.result()) == (outcome.item * 2, None, outcome.item * 2)


def test_no_more_than_the_width_run_at_once_and_all_of_it_does():
    running, most, lock = 0, 0, threading.Lock()

    def call(_):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1

    list(bulk.each(call, range(40), width=5))
    assert most == 5


def test_an_endless_iterable_is_taken_as_needed():
    taken = []

    def endless():
        while True:
            taken.append(len(taken))
            yield len(taken)

    outcomes: Any = bulk.each(lambda item: item, endless(), width=3)
    assert [next(outcomes).item for _ in range(10)] == list(range(1, 11))
    outcomes.close()
    assert len(taken) <= 10 + 2 * 3
    assert not [t for t in threading.enumerate() if t.name.startswith("saharaclient-bulk")]


def test_the_width_must_be_positive():
    with pytest.raises(ValueError, match="width"):
        bulk.each(len, [], width=0)


@pytest.mark.parametrize("given", [0, 1, 5, 30])
def test_a_source_that_fails_loses_no_outcome(given):
    """What was done for its items is told first, then its error raised."""

    def source():
        yield from range(given)
        raise LookupError("the source")

    told = []
    with pytest.raises(LookupError, match="the source"):
        for outcome in bulk.each(lambda item: item * 2, source(), width=4):
            told.append((outcome.item, outcome.value))
    assert told == [(n, n * 2) for n in range(given)]


def test_a_shared_page_can_be_worked_on(requests_mock):
    requests_mock.get(f"{URL}/clusters", json={"clusters": [{"id": str(n), "name": f"c{n}"} for n in range(500)]})
    page = make_client().clusters.list()
    outcomes = list(bulk.each(lambda cluster: (cluster.id, cluster.name, vars(cluster)["id"]), [*page, *page], width=8))
    assert [o.error for o in outcomes if o.error] == []
    assert outcomes[499].value == ("499", "c499", "499")
