"""A share of the requests is traced, and no more than so many a second."""

from legis.telemetry.trace_ceiling import Ceiling


def test_a_ceiling_holds_each_second_and_begins_anew_with_the_next() -> None:
    now = 10.0
    ceiling = Ceiling(3, clock=lambda: now)
    assert [ceiling.allows() for _ in range(5)] == [True, True, True, False, False]
    now = 10.99
    assert not ceiling.allows()
    now = 11.0
    assert ceiling.allows()
