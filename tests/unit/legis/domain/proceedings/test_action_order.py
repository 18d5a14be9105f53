"""The one order of proceedings: sequence first, days where there is none."""

from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.bill import Action
from legis.domain.proceedings.action_order import in_order, order_doubts
from legis.domain.vocabulary import ActionKind


def action(name: str, day: str | None = None, order: int | None = None, hour: int | None = None) -> Action:
    on = date.fromisoformat(day) if day else None
    at = datetime(on.year, on.month, on.day, hour, tzinfo=UTC) if on and hour is not None else None
    return Action(date=on, at=at, order=order, kind=ActionKind.OTHER, description=name)


def names(actions: list[Action]) -> str:
    return "".join(entry.description or "" for entry in in_order(actions))


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ([action("a", "2018-11-21", 1), action("c", "2019-03-20", 3), action("b", "2018-12-04")], "abc"),
        ([action("b", "2018-11-21", 2), action("a", "2018-12-04", 1)], "ab"),  # the sequence beats the day
        ([action("a", "2018-11-21", 1), action("b", "2018-11-21")], "ab"),
        ([action("b", "2018-11-21", 1, 10), action("a", "2018-11-21", None, 9), action("c", "2018-11-21", None, 11)],
         "abc"),
        ([action("b", "2018-01-02", 1), action("a", "2018-01-01")], "ab"),
        # behind the nearest earlier one and what follows it without a day
        ([action("a", "2018-01-01", 1), action("b", None, 2), action("c", "2018-01-02")], "abc"),
        ([action("b", "2018-01-01", 1), action("a")], "ab"),  # undated and without a place: before all
        ([action("b", "2018-01-02"), action("a", "2018-01-01"), action("c", "2018-01-02", None, 3)], "abc"),
        # mistyped days in the sequence do not carry the others away
        ([action("a", "2018-01-01", 1), action("b", "2202-01-02", 2), action("c", "2018-01-03", 3),
          action("e", "2018-01-09", 5), action("d", "2018-01-05")], "abcde"),
        ([action("a", "2018-01-01", 1), action("b", "2018-01-02", 2), action("d", "2018-01-09", 5),
          action("e", "0202-01-10", 6), action("c", "2018-01-05")], "abcde"),
        ([], ""),
    ],
)  # fmt: skip
def test_order(given_: list[Action], expected: str) -> None:
    for arranged in permutations(given_) if len(given_) < 5 else [given_, given_[::-1]]:
        assert names(list(arranged)) == expected


ACTIONS = st.lists(
    st.builds(
        lambda day, order, hour: action("x", day and day.isoformat(), order, hour),
        st.none() | st.dates(date(2018, 1, 1), date(2018, 1, 9)),
        st.none() | st.integers(1, 5),
        st.none() | st.integers(0, 23),
    ),
    max_size=9,
)


@given(ACTIONS)
def test_nothing_is_lost_and_the_order_stays(actions: list[Action]) -> None:
    once = in_order(actions)
    assert sorted(map(repr, once)) == sorted(map(repr, actions))
    assert in_order(once) == once
    sequence = [entry.order for entry in once if entry.order is not None]
    assert sequence == sorted(sequence)


def test_doubts() -> None:
    clean = in_order([action("a", "2018-01-01", 1), action("b", "2018-01-02", 2)])
    assert list(order_doubts(clean)) == []
    loose = in_order([action("a", "2018-01-01", 1), action("b", "2018-01-02")])
    assert [code for code, _ in order_doubts(loose)] == ["ORDER_MISSING"]
    assert "1 of 2" in next(order_doubts(loose))[1]
    backwards = in_order([action("a", "2018-01-03", 1), action("b", None, 2), action("c", "2018-01-02", 3)])
    ((code, told),) = order_doubts(backwards)
    assert (code, "2018-01-02" in told, "2018-01-03" in told) == ("ORDER_CONTRADICTS", True, True)
    assert (
        list(order_doubts(in_order([action("a", "2018-01-01"), action("b", "2018-01-02")]))) == []
    )  # never a sequence
