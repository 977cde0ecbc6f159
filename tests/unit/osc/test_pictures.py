"""The drawing of timelines: where ticks are and what they say, what is where in a picture."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saharaclient.osc import pictures
from saharaclient.osc.bars import Bar, ticks_of

SVG = "{http://www.w3.org/2000/svg}"
SECONDS = {"s": 1, "min": 60, "h": 3600}
DAY = 86400
ROUND = {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30}
BARS = [
    Bar("cluster: create to Active", 0.0, 40.0, "done"),
    Bar("Wait until the Spark master reports workers alive", 10.0, 30.0, "failed", "w-1: no route to <host>", 1),
    Bar("job", 40.0, 2.0, "running"),
]


@given(st.floats(0.01, 1e7), st.integers(2, 10))
def test_ticks_are_round_few_and_where_they_say(total: float, at_most: int) -> None:
    ticks = ticks_of(total, at_most)
    assert 1 <= len(ticks) <= at_most + 1
    assert ticks[0][0] == 0
    step = ticks[1][0] if len(ticks) > 1 else 1
    assert step % DAY == 0 or any(step / size in ROUND for size in SECONDS.values())
    for second, label in ticks:
        number, unit = label.split(" ")
        assert second <= total * (1 + 1e-6)
        assert float(number) * SECONDS[unit] == pytest.approx(second)


def test_the_labels_are_indented_and_end_before_the_bars() -> None:
    drawn = ElementTree.fromstring(pictures.svg("Cluster c", BARS))
    place = {text.text: float(text.attrib["x"]) for text in drawn.iter(f"{SVG}text")}
    first = min(float(bar.attrib["x"]) for bar in drawn.iter(f"{SVG}rect"))
    assert place[BARS[1].name] > place[BARS[0].name] == place["job"]
    assert place[BARS[1].name] + pictures._width(BARS[1].name) < first
    assert first == pytest.approx(place["0 s"], abs=1)
    assert {"0 s", "10 s", "40 s"} <= place.keys()
    assert float(drawn.attrib["width"]) > place["30 s, w-1: no route to <host>"]


def test_a_picture_has_no_ground_and_follows_the_readers_colours() -> None:
    drawn = pictures.svg("Cluster c", BARS)
    assert "prefers-color-scheme: dark" in drawn
    assert not re.search(r'fill="|100%', drawn)


def test_the_text_is_indented_too() -> None:
    lines = pictures.text(BARS).splitlines()
    assert lines[0].startswith("cluster: create to Active ")
    assert lines[1].startswith("  Wait until the Spark master reports workers alive │")
    assert lines[1].endswith("   30 s  failed, w-1: no route to <host>")
    assert lines[2].endswith("    2 s  running")


@pytest.mark.parametrize("width", [20, 100, 120, 300])
def test_the_text_fits_the_terminal_where_its_words_do(width: int) -> None:
    lines = pictures.text(BARS, width).splitlines()
    assert max(map(len, lines)) <= max(width, 112)
    assert "██" in lines[0]
    assert lines[0].index("│") == lines[1].index("│")
