"""The first reading of a record, whatever its number in the order of readings is."""

from datetime import UTC, datetime

import pytest
from api_gateway.store.bill_state.list_doubts import SettleRule
from api_gateway.store.record_state.apply_records import RecordState
from api_gateway.store.record_state.observed_record import RecordItem
from legis.domain.bill import Provenance
from legis.domain.records.event_record import EventRecord, EventStatus
from legis.domain.vocabulary import ReadingPart, Source

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("first", [0, 1, 7])
def test_every_field_of_the_first_reading_is_kept(first: int) -> None:
    event = EventRecord(
        id="camara-event-1", source=Source.CAMARA, upstream_id="1", start=NOW, status=EventStatus.CONFIRMED
    )
    source = Provenance(url="https://x.test", fetched_at=NOW, payload_sha256="0" * 64, parser_version="1")
    state = RecordState(event.id)
    state.lists.rule = SettleRule(600.0, None)
    for seq in (first, first + 7):
        state.observe(RecordItem(Source.CAMARA, event, seq, source, ReadingPart.LIST, None))
    assert [draft.version for draft in state.drafts] == [1]
    assert (state.now.record.start, state.now.field_seqs["start"]) == (NOW, first + 7)
