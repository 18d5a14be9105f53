from itertools import pairwise

import pytest
from api_gateway.site.charts.bars import bars
from api_gateway.site.charts.day_strip import day_strip
from api_gateway.site.charts.month_columns import HEIGHT, WIDTH, columns
from api_gateway.site.charts.spans import span_bars
from api_gateway.site.charts.tile_map import box, tile_map
from hypothesis import given
from hypothesis import strategies as st

COUNTS = st.lists(st.integers(0, 10**7), min_size=1, max_size=60)


@given(COUNTS)
def test_columns_stand_side_by_side_and_are_as_high_as_their_counts(counts: list[int]) -> None:
    found = columns([(str(number), count) for number, count in enumerate(counts)])
    assert all(one.x >= 0 and one.x + one.width <= WIDTH + 0.01 for one in found)
    assert all(left.x + left.width < right.x for left, right in pairwise(found))
    assert all(one.y + one.height == pytest.approx(HEIGHT, abs=0.11) for one in found)
    for one in found:
        assert (one.height > 0) == (one.count > 0), "few is not none, and none is not few"
        assert one.highest == (one.count == max(counts) and one.count > 0)
    if max(counts):
        assert max(one.height for one in found) == HEIGHT


@given(COUNTS)
def test_bars_are_as_long_as_their_counts(counts: list[int]) -> None:
    found = bars([("x", "x", count) for count in counts], sum(counts))
    assert max(one.width for one in found) == (1000 if any(counts) else 0)
    assert all((one.width > 0) == (one.count > 0) for one in found)
    assert sum(one.share for one in found) == pytest.approx(1 if any(counts) else 0)


def test_no_rows_are_no_chart() -> None:
    assert columns([]) == bars([], 0) == span_bars([]) == ()


def test_a_day_is_one_stroke_and_grave_days_are_short() -> None:
    strip = day_strip(["FRESH", "PARTIAL", "STALE", "BLOCKED", "UNKNOWN", None, "LATER"])
    assert strip.width == 28
    paths = {one.shape: one.path for one in strip.strokes}
    assert paths == {
        "d-ok": "M2 4V28",
        "d-part": "M6 9V28",
        "d-warn": "M10 15V28",
        "d-bad": "M14 21V28M18 21V28",
        "d-none": "M22 26V28M26 26V28",
    }


def test_spans_share_one_scale() -> None:
    decision, law = span_bars([(100, 200, 1000), (0, 500, 500)])
    assert (decision.x, decision.width, decision.median) == (100, 900, 200)
    assert (law.x, law.width, law.median) == (0, 500, 500)
    assert span_bars([(0, 0, 0)])[0].width == 2, "a span of no day is still to be seen"


def test_every_state_has_its_own_tile_and_a_shade_by_rank() -> None:
    tiles = tile_map({"SP": 900, "RJ": 100, "AC": 1, "ZZ": 5})
    assert len({(one.x, one.y) for one in tiles}) == len(tiles) == 27
    assert all(one.x + 56 <= box()[0] and one.y + 56 <= box()[1] for one in tiles)
    shades = {one.code: one.shade for one in tiles}
    assert (shades["MG"], shades["AC"], shades["RJ"], shades["SP"]) == (0, 1, 2, 4)
    assert {one.code: one.count for one in tiles}["SP"] == 900
    assert max(one.shade for one in tile_map({one.code: 1 + n for n, one in enumerate(tiles)})) == 5
