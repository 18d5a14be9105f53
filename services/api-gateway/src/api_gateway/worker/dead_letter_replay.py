"""Gives a dead letter another try: its payload through the stream again, or its record asked for anew."""

from dataclasses import dataclass
from enum import StrEnum

from legis.clock import utc_now
from legis.domain.identity.source_registry import can_be_asked_for
from legis.errors import EventUnreadable
from legis.events import BillObserved, WindowRef, decode
from legis.streams.publisher import Publisher

from api_gateway.store.database.connections import Pool
from api_gateway.store.dead_letters.dead_letter_admin import (
    KeptLetter,
    ask_about_letter,
    load_letter,
    note_on_letter,
    resolve_letter,
)
from api_gateway.store.windows.replay_window import replay_window_id
from api_gateway.worker.messages import REJECTED, SET_ASIDE


class Replay(StrEnum):
    """What was done about a letter."""

    PUBLISHED = "published"
    ASKED = "asked"
    RESOLVED = "resolved"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Replayed:
    """The outcome for one letter, and why."""

    id: int
    outcome: Replay
    detail: str


async def replay(pool: Pool, publisher: Publisher, letter_id: int) -> Replayed:
    """Replays a letter. What it leads to is seen when the worker has stored it: the letter is then resolved, or has one
    try more.

    A payload goes through the same guards as any event, so an old one changes nothing that is newer. Raises
    StoreUnavailable and StreamUnavailable.
    """
    found = await load_letter(pool, letter_id)
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
    if isinstance(event, BillObserved):
        window = WindowRef(window_id=replay_window_id(letter_id), walk=event.window.walk, index=0)
        again = event.model_copy(update={"window": window, "published_at": utc_now()})
        await note_on_letter(pool, letter_id, f"published again at {utc_now():%Y-%m-%dT%H:%M:%SZ}")
        await publisher.publish([(again, None)])
        return Replayed(letter_id, Replay.PUBLISHED, "its payload is on the stream again")
    if letter.upstream_id is not None:
        return await _ask(pool, letter)
    note = "it told of a window, which has been read again since"
    await resolve_letter(pool, letter_id, note)
    return Replayed(letter_id, Replay.RESOLVED, note)


async def _ask(pool: Pool, letter: KeptLetter, why: str = "") -> Replayed:
    upstream_id = letter.upstream_id or ""
    if not can_be_asked_for(letter.source or "", upstream_id):
        text = "it names no record that its source could be asked for; it comes again with its list"
        return Replayed(letter.id, Replay.IMPOSSIBLE, f"{why}; {text}" if why else text)
    await ask_about_letter(pool, letter.source, upstream_id)
    await note_on_letter(pool, letter.id, f"asked for again at {utc_now():%Y-%m-%dT%H:%M:%SZ}")
    return Replayed(letter.id, Replay.ASKED, "its source is asked for the record with the next look at what changed")
