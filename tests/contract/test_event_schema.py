"""What services say to each other stays readable: the golden schema, and what it means for a reader."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import EventUnreadable
from legis.events import (
    BillGone,
    BillObserved,
    Envelope,
    Event,
    RecordRejected,
    Walk,
    WindowEnded,
    WindowRef,
    YearNotRead,
    YearSighted,
    decode,
    encode,
)
from legis.events.json_schema import event_schema

GOLDEN = Path(__file__).parent / "golden" / "bill_observed.v1.json"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WINDOW = WindowRef(window_id="w1", walk=Walk.INCREMENTAL, index=0)


def observed(**claims: Any) -> BillObserved:
    return BillObserved(
        source=Source.CAMARA,
        published_at=NOW,
        window=WINDOW,
        read_seq=7,
        bill=Bill(source=Source.CAMARA, upstream_id="1", **claims),
        provenance=Provenance(url="u", fetched_at=NOW, payload_sha256="0" * 64, parser_version="1"),
        part=ReadingPart.LIST,
        marks={ReadingPart.LIST: "f"},
    )


EVENTS: list[Event] = [
    observed(title="Altera a Lei nº 8.069", keywords=("a",), introduced_at=NOW),
    RecordRejected(
        source=Source.SENADO, published_at=NOW, window=WINDOW, upstream_id=None, url=None, error="e", raw="{"
    ),
    WindowEnded(
        source=Source.SENADO, published_at=NOW, window_id="w1", walk=Walk.BACKFILL, lo=0, hi=9, items=2, max_read_seq=7
    ),
    YearSighted(
        source=Source.SENADO,
        published_at=NOW,
        window=WINDOW,
        read_seq=7,
        year=2024,
        part=0,
        parts=1,
        upstream_ids=("1", "2"),
        url="u",
        fetched_at=NOW,
    ),
    YearNotRead(source=Source.CAMARA, published_at=NOW, window=WINDOW, read_seq=7, year=1998, reason="404"),
    BillGone(
        source=Source.CAMARA, published_at=NOW, window=WINDOW, read_seq=7, upstream_id="1", url="u", fetched_at=NOW
    ),
]


def test_the_schema_is_the_golden_one() -> None:
    """Where a change is meant and old messages still read, `make golden` writes the new file."""
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(event_schema())
    assert event_schema() == GOLDEN.read_text()


def test_the_module_prints_the_schema() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "legis.events.json_schema"],
        capture_output=True,
        check=True,
        timeout=240,
        encoding="utf-8",
    )
    assert printed.stdout == GOLDEN.read_text()
    assert set(json.loads(printed.stdout)["discriminator"]["mapping"]) == {
        "bill_gone",
        "bill_observed",
        "record_gone",
        "record_observed",
        "record_rejected",
        "records_sighted",
        "window_ended",
        "year_not_read",
        "year_sighted",
    }


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_what_is_written_reads_back(event: Event) -> None:
    assert decode(encode(event)) == event


def test_unclaimed_and_claimed_as_nothing_stay_apart() -> None:
    back = decode(encode(observed(title=None, keywords=())))
    assert isinstance(back, BillObserved)
    assert back.bill.model_fields_set == {"source", "upstream_id", "title", "keywords"}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_a_newer_writers_additions_around_the_bill_are_ignored(event: Envelope) -> None:
    message = json.loads(encode(event))  # type: ignore[arg-type]
    assert decode(json.dumps({**message, "added_later": 1}).encode()) == event


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"kind": "bill_deleted"}, {"source": "alesp"}, {"published_at": "2026-11-23T12:00:00"}]
)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_what_this_code_cannot_understand_is_refused(event: Envelope, change: dict[str, Any]) -> None:
    message = json.loads(encode(event))  # type: ignore[arg-type]
    with pytest.raises(EventUnreadable):
        decode(json.dumps({**message, **change}).encode())


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"null", b"\xff"])
def test_what_is_no_event_is_refused(payload: bytes) -> None:
    with pytest.raises(EventUnreadable):
        decode(payload)
