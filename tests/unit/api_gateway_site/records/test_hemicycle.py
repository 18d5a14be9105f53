"""The half circle of seats, from numbers alone."""

import math
import re

import pytest
from api_gateway.site.records.hemicycle import MOST_SEATS, hemicycle, rows, seats, seats_in_rows
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(("total", "expected"), [(513, 12), (81, 5), (1, 1), (594, 13)])
def test_rows(total: int, expected: int) -> None:
    assert rows(total) == expected


@given(st.integers(1, MOST_SEATS))
def test_every_seat_has_a_place_within_the_picture(total: int) -> None:
    assert sum(seats_in_rows(total)) == total
    found = seats(total)
    assert len({(seat.row, round(seat.angle, 6)) for seat in found}) == total
    assert all(0 < seat.x < 1000 and 0 < seat.y <= 500.01 for seat in found)


def test_longer_rows_have_more_seats() -> None:
    counts = seats_in_rows(513)
    assert counts == sorted(counts)


def test_seats_go_from_left_to_right_and_from_the_outside() -> None:
    found = seats(81)
    assert [seat.angle for seat in found] == sorted((seat.angle for seat in found), reverse=True)
    assert math.isclose(found[0].angle, math.pi)
    assert math.isclose(found[-1].angle, 0, abs_tol=1e-9)
    assert [seat.row for seat in found[:5]] == [4, 3, 2, 1, 0], "those at the left end stand beside one another"


def test_no_two_seats_touch() -> None:
    drawn = hemicycle([("sim", 513)])
    assert drawn is not None
    found = seats(513)
    least = min(math.dist((a.x, a.y), (b.x, b.y)) for i, a in enumerate(found) for b in found[i + 1 :])
    assert drawn.size < least


def test_one_path_for_each_option_in_their_order() -> None:
    drawn = hemicycle([("sim", 318), ("abst", 17), ("nao", 132), ("aus", 46)])
    assert drawn is not None
    assert [(path.shape, path.count) for path in drawn.paths] == [("sim", 318), ("abst", 17), ("nao", 132), ("aus", 46)]
    assert [path.d.count("h.1") for path in drawn.paths] == [318, 17, 132, 46]
    left = [int(x) for x in re.findall(r"M(\d+)", drawn.paths[0].d)]
    right = [int(x) for x in re.findall(r"M(\d+)", drawn.paths[3].d)]
    assert max(left) < min(right)
    assert len("".join(path.d for path in drawn.paths)) < 8300


def test_an_option_that_nobody_chose_has_no_path() -> None:
    drawn = hemicycle([("sim", 3), ("abst", 0), ("nao", 0), ("aus", 0)])
    assert drawn is not None
    assert [path.shape for path in drawn.paths] == ["sim"]


@pytest.mark.parametrize("total", [0, MOST_SEATS + 1])
def test_there_is_no_picture_of_nobody_and_of_too_many(total: int) -> None:
    assert hemicycle([("sim", total)]) is None


def test_the_tick_stands_beside_the_seat_that_made_the_majority() -> None:
    drawn = hemicycle([("sim", 400), ("nao", 113)], needed=257)
    assert drawn is not None
    assert drawn.tick is not None
    assert abs(drawn.tick.x1 - 500) <= 3, "the middle seat of 513 is at the top"
    assert drawn.tick.y2 < drawn.tick.y1 < 0
    assert hemicycle([("sim", 10)], needed=257).tick is None  # type: ignore[union-attr]
