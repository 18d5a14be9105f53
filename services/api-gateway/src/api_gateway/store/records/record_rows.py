"""Loads, locks and writes rows of the table `record`."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from legis.domain.records.any_record import AnyRecord, dump_claims, load_record
from legis.domain.records.record import RecordFlag
from legis.domain.records.vote_completion import completed
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.vocabulary import QualityFlagCode
from legis.domain.voting import VoteResult, VotingFlag, VotingFlagCode

from api_gateway.documents import render
from api_gateway.documents.records.record_documents import document_body, summary_body
from api_gateway.documents.render import Stamp
from api_gateway.store.bill_state.list_doubts import Doubt
from api_gateway.store.bills.doubt_rows import load_doubts
from api_gateway.store.database.connections import Connection
from api_gateway.store.database.postgres_errors import WriteConflict
from api_gateway.store.record_state.apply_records import Judgement, RecordState, StoredRecord
from api_gateway.store.record_state.record_lists import field_of

# Ordered by id, so that two workers with common records wait for each other instead of running into a deadlock.
_LOCK = """
SELECT id, record, provenance, doubts, version, read_seq, created_at, changed_at, change_seq, last_seen_at, removed_at
FROM record WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE
"""
_COLUMNS = {
    "id": "text", "kind": "text", "source": "text", "upstream_id": "text", "house": "text", "record": "bytea",
    "document": "bytea", "summary": "bytea", "provenance": "bytea", "doubts": "bytea", "fingerprint": "text",
    "version": "integer", "change_seq": "bigint", "read_seq": "bigint", "created_at": "timestamptz",
    "changed_at": "timestamptz", "last_seen_at": "timestamptz", "removed_at": "timestamptz",
}  # fmt: skip
_ROWS = f"""
unnest({", ".join(f"${i}::{kind}[]" for i, kind in enumerate(_COLUMNS.values(), 1))}) AS n({", ".join(_COLUMNS)})
"""
_INSERT = f"""
INSERT INTO record ({", ".join(_COLUMNS)}) SELECT {", ".join(f"n.{name}" for name in _COLUMNS)} FROM {_ROWS}
ON CONFLICT DO NOTHING RETURNING id
"""
_UPDATE = f"""
UPDATE record AS r SET {", ".join(f"{x} = n.{x}" for x in _COLUMNS if x not in {"id", "kind", "created_at"})}
FROM {_ROWS} WHERE r.id = n.id RETURNING r.id
"""
_TOUCH = """
UPDATE record AS r SET provenance = n.provenance, read_seq = n.read_seq, last_seen_at = n.last_seen_at
FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::timestamptz[]) AS n(id, provenance, read_seq, last_seen_at)
WHERE r.id = n.id
"""


async def lock_records(connection: Connection, ids: Sequence[str]) -> dict[str, RecordState]:
    """The state of every id; stored records are locked until the transaction ends. At most two statements."""
    states = {key: RecordState(key) for key in ids}
    doubted = []
    for row in await connection.fetch(_LOCK, sorted(ids)):
        state = states[row["id"]]
        state.stored, has_doubts = _stored(row)
        state.before, state.seen_at = state.stored.record, row["last_seen_at"]
        state.removed_before = state.stored.removed_at is not None
        doubted += [row["id"]] if has_doubts else []
    for key, doubts in (await load_doubts(connection, doubted)).items():
        states[key].lists.load(doubts)
    return states


class WrittenRecord:
    """Everything that a row is made of. The stamp is set last, when the change log is locked."""

    def __init__(self, state: RecordState) -> None:
        now = state.now
        self.state = state
        self.stamp: Stamp | None = None
        self.shown = shown_record(state)
        self._document = document_body(self.shown, [now.provenance[part] for part in sorted(now.provenance)])
        self._summary = summary_body(self.shown)
        self.claims = dump_claims(now.record).encode()
        self.house = now.record.house.value if now.record.house else None

    def row(self) -> tuple[Any, ...]:
        """The values of the row. The stamp must be set."""
        now, stamp = self.state.now, self.stamp
        if stamp is None:
            raise LookupError(f"{self.state.bill_id} has no stamp yet")
        fingerprint = hashlib.sha256(self.claims).hexdigest()[:32]
        document = render.seal_document(self._document, stamp)
        summary = render.seal_summary(self._summary, stamp)
        return (
            self.state.bill_id, now.record.kind.value, self.state.source_name or None, now.record.upstream_id,
            self.house, self.claims, document, summary, _provenance(now), _doubts(self.state), fingerprint,
            stamp.version, stamp.change_seq, now.read_seq, stamp.created_at, stamp.changed_at,
            self.state.seen_at or stamp.changed_at, stamp.removed_at,
        )  # fmt: skip


async def write_records(connection: Connection, written: Sequence[WrittenRecord]) -> None:
    """Writes rows whose stamps are set. Raises WriteConflict where another worker inserted a record meanwhile."""
    for statement, rows in (
        (_INSERT, [one.row() for one in written if one.state.created]),
        (_UPDATE, [one.row() for one in written if not one.state.created]),
    ):
        if rows:
            done = await connection.fetch(statement, *(list(column) for column in zip(*rows, strict=True)))
            if len(done) != len(rows):
                raise WriteConflict(f"{len(rows) - len(done)} records were written by another worker meanwhile")


async def touch_records(connection: Connection, states: Sequence[RecordState]) -> None:
    """Stores when these records were last read, of which nothing else changed."""
    rows = [(s.bill_id, _provenance(s.now), s.now.read_seq, s.seen_at) for s in states]
    if rows:
        await connection.execute(_TOUCH, *(list(column) for column in zip(*rows, strict=True)))


def shown_record(state: RecordState) -> AnyRecord:
    """The record as it is served: votings completed, and warnings of lists in doubt added."""
    record, judgement = state.now.record, state.now.judgement
    doubts = [state.lists.doubts[name] for name in sorted(state.lists.doubts)]
    if isinstance(record, VoteEventRecord):
        code = VotingFlagCode.LIST_IN_DOUBT
        found = [*judgement.flags, *(VotingFlag(code=code, detail=_detail(doubt)) for doubt in doubts)]
        if judgement.result is not None and record.result is VoteResult.UNKNOWN:
            told = {"result": judgement.result, "result_text": record.result_text or judgement.result_text}
            record = record.model_copy(update=told)
        return completed(record, found).model_copy(update={"duplicate_of": judgement.duplicate_of})
    flags = [
        RecordFlag(code=QualityFlagCode.LIST_IN_DOUBT, field=field_of(doubt), detail=_detail(doubt)) for doubt in doubts
    ]
    return record.model_copy(update={"flags": (*record.flags, *flags)}) if flags else record


def _detail(doubt: Doubt) -> str:
    return f"{field_of(doubt)}: kept as stored, upstream shows less since {doubt.first_at:%Y-%m-%dT%H:%M:%SZ}"


def _stored(row: Any) -> tuple[StoredRecord, bool]:
    provenance, added = orjson.loads(row["provenance"]), orjson.loads(row["doubts"])
    stored = StoredRecord(
        record=load_record(row["record"]),
        version=row["version"],
        read_seq=row["read_seq"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        change_seq=row["change_seq"],
        provenance=provenance["parts"],
        field_seqs=provenance["fields"],
        judgement=_judgement(added),
        removed_at=row["removed_at"],
    )
    return stored, bool(added.get("lists"))


def _judgement(added: Mapping[str, Any]) -> Judgement:
    flags = tuple(VotingFlag(code=VotingFlagCode(code), detail=detail) for code, detail in added.get("flags", ()))
    result = VoteResult(added["result"]) if "result" in added else None
    return Judgement(flags, added.get("duplicate_of"), result, added.get("result_text"))


def _provenance(now: StoredRecord) -> bytes:
    return orjson.dumps({"parts": now.provenance, "fields": now.field_seqs})


def _doubts(state: RecordState) -> bytes:
    judgement = state.now.judgement
    added: dict[str, Any] = {
        "lists": sorted(state.lists.doubts),
        "flags": [(flag.code.value, flag.detail) for flag in judgement.flags],
        "duplicate_of": judgement.duplicate_of,
        "result": judgement.result and judgement.result.value,
        "result_text": judgement.result_text,
    }
    return orjson.dumps({name: value for name, value in added.items() if value})
