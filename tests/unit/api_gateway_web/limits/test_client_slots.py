"""What waits on purpose is bounded for each client and over all, and what has ended is forgotten."""

from contextlib import ExitStack

import pytest
from api_gateway.web.pipeline.limits.client_slots import ClientSlots, TooMany


def refused(slots: ClientSlots, client: str) -> bool:
    try:
        with slots.slot(client):
            return False
    except TooMany:
        return True


def test_one_client_has_its_share_and_all_have_the_whole() -> None:
    slots = ClientSlots(2, 3)
    with ExitStack() as held:
        for client in ("a", "a"):
            held.enter_context(slots.slot(client))
        assert refused(slots, "a")
        assert not refused(slots, "b")
        held.enter_context(slots.slot("b"))
        assert refused(slots, "c"), "all are taken"
        assert slots.taken == 3
    assert slots.taken == 0
    assert not slots._taken, "nobody is remembered"


def test_a_slot_is_free_again_after_an_error() -> None:
    slots = ClientSlots(1, 1)
    with pytest.raises(ZeroDivisionError), slots.slot("a"):
        raise ZeroDivisionError
    assert not refused(slots, "a")
