"""Readings of records with plain values, and rows as a test reads them back."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from api_gateway.store.record_state.observed_record import RecordItem
from api_gateway.store.records.record_writer import RecordBatch, store_records
from legis.domain.bill import Provenance
from legis.domain.records.any_record import AnyRecord
from legis.domain.records.event_record import AgendaItem, EventRecord, EventStatus
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.vote_event_record import MemberVote, VotedBill, VoteEventRecord
from legis.domain.vocabulary import Chamber, ReadingPart, Source
from legis.domain.voting import VoteCounts, VoteOption, VotePurpose
from legis.events import RecordGone, RecordObserved, RecordsSighted, Walk, WindowRef, encode

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SETTLE = 600.0
_indexes = itertools.count()


def reading(
    record: AnyRecord, seq: int, *, at: float = 0, part: ReadingPart = ReadingPart.DETAIL, trace_id: str | None = None
) -> RecordItem:
    """A reading at `NOON + at` seconds."""
    fetched = NOON + timedelta(seconds=at)
    event = RecordObserved(
        source=record.source or Source.CAMARA,
        published_at=fetched + timedelta(seconds=1),
        window=WindowRef(window_id="w1", walk=Walk.AGENDA, index=next(_indexes)),
        read_seq=seq,
        record=record,
        provenance=Provenance(
            url=f"https://example.test/{record.id}", fetched_at=fetched, payload_sha256="0" * 64, parser_version="1"
        ),
        part=part,
        marks={part: f"mark-{seq}"},
    )
    return RecordItem.of(event, encode(event), trace_id)


async def store(pool: Any, *items: RecordItem, now: datetime = NOON, **more: Any) -> Any:
    return await store_records(pool, RecordBatch(items, settle_seconds=SETTLE, clock=lambda: now, **more))


def event(number: int = 1, *, source: Source = Source.CAMARA, word: str = "event", **claims: Any) -> EventRecord:
    facts: dict[str, Any] = {"house": Chamber.CAMARA, "start": NOON + timedelta(days=1), "location": "Plenário 1"}
    facts |= {"status": EventStatus.CONFIRMED, "name": f"Reunião {number}"} | claims
    return EventRecord(id=f"{source.value}-{word}-{number}", source=source, upstream_id=str(number), **facts)


def agenda(*bills: str) -> tuple[AgendaItem, ...]:
    return tuple(AgendaItem(key=bill, order=place, bill_ids=(bill,)) for place, bill in enumerate(bills, 1))


def votes(options: Sequence[str], *, first: int = 1, parties: Sequence[str] = ("PT",), second: int = 0) -> Any:
    """One vote for each letter: Y, N, A (abstain), O (obstruction), P (presiding)."""
    words = {"Y": VoteOption.YES, "N": VoteOption.NO, "A": VoteOption.ABSTAIN, "O": VoteOption.OBSTRUCTION}
    return tuple(
        MemberVote(
            legislator_id=f"camara-deputy-{first + place}",
            name=f"Membro {first + place}",
            party=parties[place % len(parties)],
            state="SP",
            option=words.get(letter, VoteOption.PRESIDING),
            at=NOON + timedelta(seconds=second),
        )
        for place, letter in enumerate(options)
    )


def voting(number: int | str = 1, *, day: date = date(2026, 11, 19), bill: str | None = None, **claims: Any) -> Any:
    facts: dict[str, Any] = {"house": Chamber.CAMARA, "date": day, "plenary": True, "purpose": VotePurpose.PASSAGE}
    facts |= {"bills": (VotedBill(id=bill, identifier="PL 10/2024"),)} if bill else {}
    facts |= claims
    return VoteEventRecord(id=f"camara-vote-{number}", source=Source.CAMARA, upstream_id=str(number), **facts)


def totals(yes: int, no: int) -> VoteCounts:
    return VoteCounts(yes=yes, no=no)


def legislator(number: int = 1, *, source: Source = Source.CAMARA, **claims: Any) -> LegislatorRecord:
    word = "deputy" if source is Source.CAMARA else "senator"
    facts: dict[str, Any] = {"house": Chamber(source.value.upper()), "name": f"Fulana {number}"} | claims
    return LegislatorRecord(id=f"{source.value}-{word}-{number}", source=source, upstream_id=str(number), **facts)


def sighted(ids: Sequence[str], seq: int, *, at: float = 0, **more: Any) -> RecordsSighted:
    facts: dict[str, Any] = {"record_kind": "EVENT", "prefix": "camara-event-", "first": date(2026, 11, 20)}
    facts |= {"last": date(2026, 11, 30), "part": 0, "parts": 1} | more
    return RecordsSighted(
        source=Source.CAMARA,
        published_at=NOON,
        window=WindowRef(window_id=f"list-{seq}", walk=Walk.AGENDA, index=facts["part"]),
        read_seq=seq,
        ids=tuple(ids),
        url="https://example.test/list",
        fetched_at=NOON + timedelta(seconds=at),
        **facts,
    )


def gone(record: AnyRecord, seq: int, *, at: float = 0) -> RecordGone:
    return RecordGone(
        source=Source.CAMARA,
        published_at=NOON,
        window=WindowRef(window_id=f"gone-{seq}", walk=Walk.AGENDA, index=0),
        read_seq=seq,
        record_kind=record.kind,
        record_id=record.id,
        url="https://example.test/404",
        fetched_at=NOON + timedelta(seconds=at),
    )


async def row(pool: Any, table: str, key: str = "camara-event-1") -> Any:
    return await pool.fetchrow(f"SELECT * FROM {table} WHERE id = $1", key)


async def changes(pool: Any, about: str) -> list[Any]:
    return list(await pool.fetch("SELECT * FROM bill_change WHERE about = $1 ORDER BY seq", about))
