"""Messages sorted for the store: whatever bytes come, nothing is raised and nothing is dropped."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import orjson
from api_gateway.store.windows.window_counts import TouchedWindow
from api_gateway.worker.messages import KILLER, REJECTED, UNREADABLE, DecodedBatch, decode_messages
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.vocabulary import Source
from legis.events import RecordRejected, Walk, WindowEnded, WindowRef, YearSighted, encode
from legis.streams.consumer import Delivery

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def delivery(payload: bytes, deliveries: int = 1) -> Delivery:
    return Delivery("1-0", payload, None, deliveries)


def sort(*what: Any) -> DecodedBatch:
    return asyncio.run(decode_messages(*what))


scalars = st.none() | st.integers(-(2**62), 2**62) | st.text(max_size=9)
almost_events = st.dictionaries(
    st.sampled_from(["kind", "source", "window", "bill", "version", "upstream_id"]),
    scalars | st.dictionaries(st.sampled_from(["window_id", "walk", "index", "upstream_id"]), scalars),
)


@given(st.binary(max_size=200) | almost_events.map(orjson.dumps))
def test_garbage_is_parked_whole(payload: bytes) -> None:
    batch = sort([delivery(payload)], ["t"], 5)
    assert not batch.observed
    assert [(x.stage, x.payload, x.trace_id) for x in batch.letters] == [(UNREADABLE, payload, "t")]


def test_a_killer_is_not_even_decoded() -> None:
    ref = WindowRef(window_id="w", walk=Walk.VOTES, index=4)
    event = RecordRejected(
        source=Source.SENADO, published_at=NOW, window=ref, upstream_id="9", url="u", error="e", raw="r"
    )
    spared = sort([delivery(encode(event), 5)], [None], 5)
    parked = sort([delivery(encode(event), 6)], [None], 5)
    assert [(x.stage, x.payload, x.url, x.window) for x in spared.letters] == [(REJECTED, b"r", "u", ref)]
    assert [(x.stage, x.payload, x.source, x.upstream_id, x.window) for x in parked.letters] == [
        (KILLER, encode(event), "senado", "9", ref)
    ]
    assert parked.windows.keys() == {"w"}


def test_the_end_of_a_window_and_its_items_meet_in_any_order() -> None:
    ref = WindowRef(window_id="w", walk=Walk.VOTES, index=0)
    item = RecordRejected(
        source=Source.CAMARA, published_at=NOW, window=ref, upstream_id=None, url=None, error="", raw=""
    )
    end = WindowEnded(
        source=Source.CAMARA, published_at=NOW, window_id="w", walk=Walk.VOTES, lo=1, hi=2, items=1, max_read_seq=3
    )
    orders: list[list[RecordRejected | WindowEnded]] = [[item, end], [end, item]]
    for events in orders:
        batch = sort([delivery(encode(event)) for event in events], [None, None], 5)
        assert batch.windows["w"].end == end


def test_only_windows_that_may_be_complete_are_looked_at_again() -> None:
    """A list is counted after its window was asked whether it has ended, so that window is looked at in any case."""
    observed = TouchedWindow("camara", Walk.BACKFILL, 5)
    batch = DecodedBatch(windows={"open": observed, "ended before": observed})
    assert set(batch.to_close(frozenset({"ended before", "of another batch"}))) == {"ended before"}

    end = WindowEnded(
        source="camara",
        published_at=NOW,
        window_id="ends here",
        walk=Walk.BACKFILL,
        lo=0,
        hi=1,
        items=0,
        max_read_seq=1,
    )
    batch.end(end)
    listed = YearSighted(
        source="camara", published_at=NOW, window=WindowRef(window_id="of a list", walk=Walk.RECONCILE, index=0),
        read_seq=5, year=2026, part=0, parts=1, upstream_ids=(), url="http://upstream", fetched_at=NOW,
    )  # fmt: skip
    batch.lists.append(listed)
    batch.touch("camara", listed.window, listed.read_seq)
    assert set(batch.to_close(frozenset())) == {"ends here", "of a list"}
