"""Whose fault it is that a record cannot be read, and what then becomes of the window."""

import json
from collections.abc import Callable

import pytest
from legis.errors import (
    BreakerOpen,
    LegisError,
    RecordRejected,
    RecordSetAside,
    StreamUnavailable,
    UpstreamBlocked,
    UpstreamRateLimited,
    UpstreamRequestRefused,
    UpstreamSchemaChanged,
    UpstreamUnavailable,
)
from legis.ingest.set_aside import (
    FEW,
    FIRST_REST_SECONDS,
    LONGEST_REST_SECONDS,
    MANY,
    MAX_FAILED_WINDOWS,
    SetAside,
    WindowFailures,
)
from legis.upstream import retry


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def window(aside: SetAside, failing: dict[str, LegisError], others: int = 5) -> tuple[list[str], LegisError | None]:
    """Reads a window; the ids that were set aside in it, and the error with which it ended."""
    troubles = WindowFailures(aside)
    letters: list[RecordRejected] = []
    for number in range(others):
        troubles.read(f"good {number}")
    try:
        for upstream_id, error in failing.items():
            if (letter := troubles.met(upstream_id, error)) is not None:
                letters.append(letter)
    except LegisError as error:
        return [str(one.upstream_id) for one in letters], error
    more, hopeful = troubles.end()
    return [str(one.upstream_id) for one in (*letters, *more)], hopeful


@pytest.mark.parametrize("error", [UpstreamRequestRefused("400"), UpstreamSchemaChanged("another's rows")])
def test_a_refusal_is_the_records_own_at_once(error: LegisError) -> None:
    assert window(SetAside(), {"1": error}) == (["1"], None)


def test_a_window_of_refused_records_alone_goes_on_too() -> None:
    assert window(SetAside(), {"1": UpstreamRequestRefused("400")}, others=0) == (["1"], None)


def test_a_failure_is_given_patience_and_then_set_aside_for_good() -> None:
    aside, error = SetAside(), UpstreamUnavailable("500")
    for _ in range(MAX_FAILED_WINDOWS - 1):
        assert window(aside, {"1": error}) == ([], error)
    for _ in range(3):
        assert window(aside, {"1": error}) == (["1"], None)


def test_one_that_recovers_is_given_patience_anew() -> None:
    aside, error = SetAside(), UpstreamUnavailable("500")
    for _ in range(MAX_FAILED_WINDOWS - 1):
        window(aside, {"1": error})
    aside.read("1")
    assert window(aside, {"1": error}) == ([], error)


def test_given_up_ones_are_told_even_while_there_is_hope_for_another() -> None:
    aside, error = SetAside(), UpstreamUnavailable("500")
    for _ in range(MAX_FAILED_WINDOWS):
        window(aside, {"old": error})
    assert window(aside, {"old": error, "new": error}) == (["old"], error)


@pytest.mark.parametrize(
    "error",
    [
        BreakerOpen("open"),
        UpstreamBlocked("403 for all"),
        UpstreamRateLimited("429"),
        StreamUnavailable("full"),
    ],
)
def test_what_stops_every_request_is_the_sources(error: LegisError) -> None:
    for _ in range(MAX_FAILED_WINDOWS + 1):
        assert window(SetAside(), {"1": error}) == ([], error)


def test_one_that_opens_the_circuit_each_time_loses_our_patience_too() -> None:
    aside = SetAside()
    for _ in range(MAX_FAILED_WINDOWS):
        told, error = window(aside, {"bad": UpstreamUnavailable("500"), "good": BreakerOpen("open")}, others=0)
        assert (told, isinstance(error, BreakerOpen)) == ([], True)
    told, error = window(aside, {"bad": UpstreamUnavailable("500"), "good": BreakerOpen("open")}, others=0)
    assert told == ["bad"], "told before the circuit speaks"
    assert WindowFailures(aside).resting("bad") is not None, "and not asked for again in the next window"


def test_one_that_was_given_up_is_asked_for_once() -> None:
    aside = SetAside()
    troubles = WindowFailures(aside)
    for _ in range(MAX_FAILED_WINDOWS):
        with troubles.asking("1"):
            assert not retry._once.get(), "while there is hope it is tried as often as any other"
        window(aside, {"1": UpstreamUnavailable("500")})
    with troubles.asking("1"):
        assert retry._once.get()
    assert not retry._once.get()
    aside.read("1")
    with troubles.asking("1"):
        assert not retry._once.get()


def test_many_refusals_without_one_record_are_the_sources() -> None:
    refused = {str(number): UpstreamRequestRefused("400") for number in range(MANY)}
    told, error = window(SetAside(), refused, others=0)
    assert isinstance(error, UpstreamRequestRefused)
    assert len(told) == MANY - 1
    assert window(SetAside(), refused, others=1) == (list(refused), None)


def test_many_failures_without_one_record_are_the_sources_for_ever() -> None:
    aside = SetAside()
    failing: dict[str, LegisError] = {str(number): UpstreamUnavailable("503") for number in range(FEW + 1)}
    for _ in range(MAX_FAILED_WINDOWS + 2):
        told, error = window(aside, failing, others=0)
        assert (told, isinstance(error, UpstreamUnavailable)) == ([], True)
    few: dict[str, LegisError] = dict(list(failing.items())[:FEW])
    for _ in range(MAX_FAILED_WINDOWS - 1):
        assert window(aside, few, others=0)[0] == []
    assert window(aside, few, others=0) == (list(few), None)


def test_a_defect_of_ours_costs_the_record_and_not_the_walk() -> None:
    troubles = WindowFailures(SetAside())
    letter = troubles.met("1", ZeroDivisionError("division by zero"), "http://upstream/1")
    assert isinstance(letter, RecordSetAside)
    assert "ZeroDivisionError" in str(letter)
    assert letter.source_url == "http://upstream/1"


def test_a_record_that_does_not_fit_keeps_what_came() -> None:
    rejected = RecordRejected("no id", raw=b"{}", upstream_id="1")
    assert WindowFailures(SetAside()).met("1", rejected) is rejected


def test_letters_of_two_records_are_two_and_of_one_record_one() -> None:
    aside = SetAside()
    one, again, other = (
        aside.letter(upstream_id, UpstreamRequestRefused(status), None)
        for upstream_id, status in (("1", "400"), ("1", "403"), ("2", "400"))
    )
    assert one.raw == again.raw != other.raw
    assert json.loads(other.raw) == {"set_aside": "2"}


def test_it_rests_longer_each_time_and_is_handed_on_meanwhile() -> None:
    time = Time()
    aside = SetAside(clock=time)
    ask: Callable[[], RecordRejected | None] = lambda: WindowFailures(aside).resting("1")  # noqa: E731
    first = aside.letter("1", UpstreamRequestRefused("400"), None)
    assert ask() is None, "once may be a hiccup: the next list asks again"
    for rest in (FIRST_REST_SECONDS, 2 * FIRST_REST_SECONDS, 4 * FIRST_REST_SECONDS):
        letter = aside.letter("1", UpstreamRequestRefused("400"), None)
        assert letter.raw == first.raw
        time.now += rest - 1
        assert ask() is letter
        time.now += 1
        assert ask() is None
    for _ in range(60):
        aside.letter("1", UpstreamRequestRefused("400"), None)
    time.now += LONGEST_REST_SECONDS
    assert ask() is None
    aside.letter("1", UpstreamRequestRefused("400"), None)
    aside.read("1")
    assert ask() is None


def test_what_fails_rests_from_the_first_time_on() -> None:
    time = Time()
    aside = SetAside(clock=time)
    letter = aside.letter("1", UpstreamUnavailable("it hung for a minute"), None)
    assert WindowFailures(aside).resting("1") is letter
    time.now += FIRST_REST_SECONDS
    assert WindowFailures(aside).resting("1") is None


def test_one_that_is_asked_for_alone_waits_or_is_set_aside() -> None:
    aside = SetAside()
    (letter,) = WindowFailures(aside).of_one("1", UpstreamRequestRefused("400"))
    assert letter.upstream_id == "1"
    for _ in range(MAX_FAILED_WINDOWS - 1):
        with pytest.raises(UpstreamUnavailable):
            WindowFailures(aside).of_one("2", UpstreamUnavailable("500"))
    (letter,) = WindowFailures(aside).of_one("2", UpstreamUnavailable("500"))
    assert letter.upstream_id == "2"
    with pytest.raises(BreakerOpen):
        WindowFailures(aside).of_one("3", BreakerOpen("open"))
