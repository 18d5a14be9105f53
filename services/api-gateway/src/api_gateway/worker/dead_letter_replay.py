"""Replays a dead letter: publishes its payload on the stream again, or requests its record from the source again."""

from dataclasses import dataclass
from enum import StrEnum

from legis.clock import utc_now
from legis.domain.identity.source_registry import can_be_asked_for
from legis.errors import EventUnreadable
from legis.events import BillObserved, RecordObserved, WindowRef, decode
from legis.streams.publisher import Publisher

from api_gateway.store.database.connections import Pool
from api_gateway.store.dead_letters.dead_letter_admin import (
    StoredDeadLetter,
    load_dead_letter,
    request_record,
    resolve_dead_letter,
    set_dead_letter_note,
)
from api_gateway.store.windows.replay_window import replay_window_id
from api_gateway.worker.messages import REJECTED, SET_ASIDE


class Replay(StrEnum):
    """The outcome of a replay."""

    PUBLISHED = "published"
    ASKED = "asked"
    RESOLVED = "resolved"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Replayed:
    """The outcome of the replay of one dead letter, with a reason for people."""

    id: int
    outcome: Replay
    detail: str


async def replay(pool: Pool, publisher: Publisher, letter_id: int) -> Replayed:
    """Replays a dead letter. The result is known when the worker has handled it: the dead letter is then resolved, or
    has one more try.

    A replayed payload passes the same checks as any event, so an old one never overwrites newer data. Raises
    StoreUnavailable and StreamUnavailable.
    """
    found = await load_dead_letter(pool, letter_id)
    if found is None:
        return Replayed(letter_id, Replay.UNKNOWN, "there is no such dead letter")
    letter, payload = found
    if letter.resolved_at is not None:
        return Replayed(letter_id, Replay.RESOLVED, letter.note or "it was resolved before")
    if letter.stage in (REJECTED, SET_ASIDE):
        return await _ask(pool, letter)
    try:
        event = decode(payload)
    except (EventUnreadable, RecursionError) as error:
        return await _ask(pool, letter, f"its payload is still unreadable: {str(error)[:200]}")
    if isinstance(event, BillObserved | RecordObserved):
        window = WindowRef(window_id=replay_window_id(letter_id), walk=event.window.walk, index=0)
        again = event.model_copy(update={"window": window, "published_at": utc_now()})
        await set_dead_letter_note(pool, letter_id, f"published again at {utc_now():%Y-%m-%dT%H:%M:%SZ}")
        await publisher.publish([(again, None)])
        return Replayed(letter_id, Replay.PUBLISHED, "its payload is on the stream again")
    if letter.upstream_id is not None:
        return await _ask(pool, letter)
    note = "it told of a window, which has been read again since"
    await resolve_dead_letter(pool, letter_id, note)
    return Replayed(letter_id, Replay.RESOLVED, note)


async def _ask(pool: Pool, letter: StoredDeadLetter, why: str = "") -> Replayed:
    upstream_id = letter.upstream_id or ""
    if not can_be_asked_for(letter.source or "", upstream_id):
        text = "it names no record that its source could be asked for; it comes again with its list"
        return Replayed(letter.id, Replay.IMPOSSIBLE, f"{why}; {text}" if why else text)
    await request_record(pool, letter.source, upstream_id)
    await set_dead_letter_note(pool, letter.id, f"asked for again at {utc_now():%Y-%m-%dT%H:%M:%SZ}")
    return Replayed(letter.id, Replay.ASKED, "its source is asked for the record with the next look at what changed")
