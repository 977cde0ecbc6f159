"""Faults between client and server: each operation ends in success or in one error that says what happened, in time.

Nothing is done twice that must not be, nothing hangs, nothing stays behind; see `rules.py` for what must come of what.
"""

import re
from pathlib import Path

import pytest

from tests.faults import table
from tests.faults.rules import CELLS, CONNECTION, SAMPLE, TIMED_OUT, effects, expected
from tests.faults.runner import longest
from tests.services import REAL

TABLE = Path(__file__).parents[2] / "docs/reference/faults-table.md"


def pytest_generate_tests(metafunc):
    if "cell" in metafunc.fixturenames:
        sample = REAL and not metafunc.config.getoption("--all-cells")
        metafunc.parametrize("cell", SAMPLE if sample else CELLS, ids=str)


def test_cell(cell, matrix):
    fault, _ = cell.facts
    result = matrix.results[cell]
    assert result.outcome == expected(cell), f"{result.error!r}; held up for {result.lag:.1f} s"
    assert result.seconds < longest(cell)
    faulty = [x for x in result.exchanges if x.faulty]
    assert faulty or not fault.connects, "the fault was met by nothing"

    if result.error is not None:
        check_error(result, faulty)
        unknown = result.outcome == CONNECTION and not cell.safe and fault.connects
        assert ("may have carried it out" in str(result.error)) == unknown

    check_once(cell, result)
    if cell.operation in ("create", "execute", "upload"):
        assert result.done == effects(cell, result.outcome)

    assert result.usable is None
    assert result.open <= 1, "connections are left open"
    assert result.left == 0
    assert result.files == []


def check_once(cell, result):
    changes = [x for x in result.exchanges if x.carried and x.method == cell.method]
    assert cell.safe or len(changes) <= 1, "sent twice to the server"
    assert result.done <= 1, "done twice by the server"


def check_error(result, faulty):
    """The error says which request it was, and what the server calls it if it told."""
    error = result.error
    assert str(error)
    told = [x.told for x in faulty if x.told]
    if result.outcome == TIMED_OUT and error.__cause__ is None:
        return  # no request failed, they were only too late
    assert error.method == (faulty[-1].method if faulty else error.method)
    assert error.url.startswith("http://127.0.0.1:")
    assert error.method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    if told and result.outcome not in (CONNECTION, TIMED_OUT):
        assert error.request_id == told[-1]


def test_nothing_is_done_twice_on_a_busy_machine(matrix):
    for cell, result in matrix.discarded:
        check_once(cell, result)


def test_no_other_host_was_sent_anything(matrix):
    assert matrix.elsewhere == []


def test_the_servers_own_log_tells_of_as_many_runs(matrix):
    """It has one line for each run that a cell asked for and the proxy let through."""
    if matrix.log is None:
        pytest.skip("the real server's log is its own business; what it has was counted in each cell")
    logged = len(re.findall(r'"POST /(v1\.1/\w+/jobs/[\w-]+/execute|v2/jobs) HTTP/1\.1" 202', matrix.log))
    ran = [*matrix.results.items(), *matrix.discarded]
    runs = [result for cell, result in ran if cell.operation == "execute"]
    carried = sum(x.carried for result in runs for x in result.exchanges if x.method == "POST")
    assert logged == carried == sum(result.done for result in runs)


def test_the_table_in_the_documentation_is_this_runs(matrix, request):
    if len(matrix.results) < len(CELLS):
        pytest.skip("only some of the cells were run")
    text = table.render(matrix.results)
    if target := request.config.getoption("--faults-table"):
        Path(target).write_text(text)
    elif REAL:  # the signs are the same, of fewer cells
        assert table.rows(TABLE.read_text()) == table.rows(text)
    else:
        assert TABLE.read_text() == text
