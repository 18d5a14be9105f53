"""What is known of a bill does not hold from when a reading of it is queued until its entry has left the stream."""

import gc

import pytest
from legis.ingest.in_flight import InFlight, is_later


class Known:
    """A memory that only counts what it is told to forget."""

    def __init__(self) -> None:
        self.forgotten: list[str] = []

    def forget(self, upstream_id: str) -> None:
        self.forgotten.append(upstream_id)


def test_a_bill_is_on_the_way_until_its_last_entry_is_gone() -> None:
    bills = InFlight()
    for upstream_id in ("1", "2"):
        bills.queued(upstream_id)
    bills.finished_before(None, bills.moment)
    assert "1" in bills, "queued: it has no entry yet"
    bills.sent(["1", "2"], b"100-1")
    bills.finished_before(b"100-0", bills.moment)
    bills.finished_before(b"100-1", bills.moment)
    assert "1" in bills
    assert "2" in bills
    bills.queued("2")
    bills.sent(["2"], b"100-7")
    bills.finished_before(b"100-2", bills.moment)
    assert "1" not in bills
    assert "2" in bills
    bills.finished_before(None, bills.moment)
    assert "2" not in bills


def test_a_stream_that_was_seen_empty_before_it_was_sent_tells_nothing() -> None:
    bills = InFlight()
    bills.queued("1")
    moment = bills.moment
    bills.sent(["1"], b"5-0")
    bills.finished_before(None, moment)
    assert "1" in bills
    bills.finished_before(None, bills.moment)
    assert "1" not in bills


def test_what_was_not_sent_is_given_up_and_what_was_sent_is_not() -> None:
    bills = InFlight()
    for upstream_id in ("1", "2"):
        bills.queued(upstream_id)
    bills.sent(["2"], b"5-0")
    bills.given_up(["1", "2", "3"])
    assert "1" not in bills
    assert "2" in bills


def test_every_living_memory_is_told() -> None:
    bills, here, gone = InFlight(), Known(), Known()
    bills.register(here)
    bills.register(gone)
    bills.queued("1")
    assert here.forgotten == gone.forgotten == ["1"]
    del gone
    gc.collect()
    bills.queued("2")
    assert here.forgotten == ["1", "2"]
    assert len(bills._memories) == 1


@pytest.mark.parametrize(("entry", "than", "later"), [
    (b"10-0", b"9-9", True), (b"10-1", b"10-0", True), (b"10-0", b"10-0", False), (b"9-10", b"10-0", False),
])  # fmt: skip
def test_entries_are_in_order_of_time_and_number(entry: bytes, than: bytes, later: bool) -> None:
    assert is_later(entry, than) is later
