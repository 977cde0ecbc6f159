"""The life of a cluster and a job in a real browser, on the embedded service; `tests/real` sees the same."""

from tests.console.life_cycle import follow_a_life


def test_a_life(reader, sahara, templates, unique):
    follow_a_life(reader, sahara, templates, unique)
