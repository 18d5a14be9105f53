"""Reads sessions and meetings by keyset, for lists and calendars."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api_gateway.store.database.reader import Database
from api_gateway.store.records.record_reader import Key


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Events that match all that is set; `since` and `until` are instants of the start, `until` excluded."""

    house: str | None = None
    organization_id: str | None = None
    bill_id: str | None = None
    classifications: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventItem:
    """An event with what a calendar needs: how often its time, place or status changed, and when they last did.
    `removed` where its source has it no more.
    """

    id: str
    start_at: datetime | None
    sequence: int
    calendar_at: datetime
    removed: bool
    summary: bytes
    document: bytes | None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events with the key of each; `more` where others follow."""

    items: list[EventItem]
    keys: list[Key]
    more: bool


async def list_events(
    database: Database,
    wanted: EventFilter,
    *,
    after: Key | None,
    limit: int,
    newest_first: bool = False,
    whole: bool = False,
    with_removed: bool = False,
) -> EventPage:
    """Events by start; `after` is the key (`start_at`, id) of the last one of the page before. With `whole`, each has
    its document.
    """
    raise NotImplementedError


async def load_next_events(database: Database, bill_ids: list[str], now: datetime) -> dict[str, Any]:
    """The next event of each of these bills that has one, as it is shown in the bill's summary."""
    raise NotImplementedError
