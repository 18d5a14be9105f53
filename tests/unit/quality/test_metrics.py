"""The figures of search quality, against values worked out by hand."""

from math import log2

import pytest
from quality.metrics import mean, ndcg, place, reciprocal

GRADES = {"a": 3, "b": 2, "c": 1}
BEST = 7 + 3 / log2(3) + 1 / 2


def test_the_best_order_is_one_and_nothing_is_zero() -> None:
    assert ndcg(["a", "b", "c"], GRADES) == 1
    assert ndcg(["x", "y"], GRADES) == 0
    assert ndcg([], GRADES) == 0


def test_a_grade_gains_two_to_its_power_less_one_and_loses_with_its_place() -> None:
    assert ndcg(["c", "x", "a"], GRADES) == pytest.approx((1 + 7 / 2) / BEST)


def test_hits_behind_the_depth_do_not_count_nor_are_they_asked_for() -> None:
    many = {str(number): 3 for number in range(30)}
    assert ndcg([str(number) for number in range(10)], many) == 1
    assert ndcg(["x"] * 10 + ["0"], many) == 0


def test_a_bill_given_twice_helps_once() -> None:
    assert ndcg(["a", "a", "a"], GRADES) == pytest.approx(7 / BEST)


def test_a_query_without_any_right_bill_has_no_figure() -> None:
    with pytest.raises(ValueError, match="no bill"):
        ndcg(["a"], {})


def test_the_reciprocal_rank_is_that_of_the_first_twenty_hits() -> None:
    found = [str(number) for number in range(30)]
    assert [place(found, one) for one in ("0", "3", "19", "20", "none")] == [1, 4, 20, None, None]
    assert [reciprocal(rank) for rank in (1, 4, None)] == [1, 0.25, 0]
    assert mean([reciprocal(1), reciprocal(4), reciprocal(None)]) == pytest.approx(1.25 / 3)
    assert mean([]) == 0
