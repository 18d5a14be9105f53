"""Parses a list response: rows that fit, records that do not, and what a response without rows may mean."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import Generic, TypeVar

from legis.domain.brasilia_time import parse_local
from legis.errors import RecordRejected, UpstreamSchemaChanged, UpstreamUnavailable
from legis.upstream import UpstreamAnswer
from pydantic import ValidationError

from ingest_senado.wire.json_records import Record, split_rows
from ingest_senado.wire.wire_model import WireModel, count_unknown

W = TypeVar("W", bound=WireModel)

WHOLE_PAGE = 5
"""A list of at least this many rows, none of them readable, means that the shape changed, not that rows are bad."""

_ROWS_BETWEEN_YIELDS = 200

_MOST_DIGITS = 20
"""Digits of an id by which the source can be asked for a record; a longer number is none."""


class EmptyAnswer(UpstreamUnavailable):
    """Two responses with status 200 and no row, where there must be rows.

    The Senado responds so under load and while its services fail.
    """


class Emptiness(Enum):
    """The possible meaning of a response without rows."""

    NORMAL = "one such answer is believed"
    POSSIBLE = "believed when a second answer says the same"
    IMPOSSIBLE = "never believed"


@dataclass(frozen=True, slots=True)
class Received(Generic[W]):
    """A record that fits, with the exact bytes it came as."""

    value: W
    record: Record


@dataclass(frozen=True, slots=True)
class Page(Generic[W]):
    """A whole list response: rows that fit, records that do not, and its address and time."""

    url: str
    fetched_at: datetime
    server_date: datetime | None = None
    rows: tuple[Received[W], ...] = ()
    rejected: tuple[RecordRejected, ...] = ()

    @property
    def values(self) -> tuple[W, ...]:
        """The rows that fit."""
        return tuple(item.value for item in self.rows)


@dataclass(frozen=True, slots=True)
class One(Generic[W]):
    """The response with a single record."""

    url: str
    fetched_at: datetime
    received: Received[W] = field(repr=False)


async def read_page(model: type[W], answer: UpstreamAnswer) -> Page[W]:
    rows: list[Received[W]] = []
    rejected: list[RecordRejected] = []
    for number, record in enumerate(split_rows(answer.body, model.key), 1):
        try:
            rows.append(fit(model, record, answer.url))
        except RecordRejected as error:
            rejected.append(error)
        if number % _ROWS_BETWEEN_YIELDS == 0:
            await asyncio.sleep(0)  # a year has thousands of rows; health checks must not wait for all of them
    if not rows and len(rejected) >= WHOLE_PAGE:
        raise UpstreamSchemaChanged(f"none of {len(rejected)} rows fits {model.__name__}: {rejected[0]}")
    return Page(answer.url, answer.fetched_at, answer.server_date, tuple(rows), tuple(rejected))


def fit(model: type[W], record: Record, url: str, known_id: str | None = None) -> Received[W]:
    upstream_id = known_id or id_of(model, record)
    if record.undecodable:
        raise RecordRejected("not UTF-8", raw=record.raw, upstream_id=upstream_id, source_url=url)
    try:
        value = model.model_validate(record.value)
    except ValidationError as error:
        problem = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:5])
        raise RecordRejected(
            f"{model.__name__}: {problem}", raw=record.raw, upstream_id=upstream_id, source_url=url
        ) from error
    count_unknown(value)
    return Received(value, record)


def id_of(model: type[WireModel], record: Record) -> str | None:
    """Our id of the record that a row is about, which may not fit; of a process its number. None where the row names
    none, or what it has for one is no number: then it might be any record's.
    """
    if model.id_prefix is None:
        return None
    found = record.value.get(model.key) if isinstance(record.value, dict) else None
    text = str(found).strip() if isinstance(found, int | str) else ""
    return model.id_prefix + text if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def require_filter(page: Page[W], fits: Callable[[W], bool], asked: str) -> None:
    """Raises UpstreamSchemaChanged when more than half of the rows miss the filter `asked`.

    Upstream ignores unknown parameters silently, so such rows mean that the filter was not applied.
    """
    strangers = sum(not fits(value) for value in page.values)
    if strangers * 2 > len(page.rows):
        raise UpstreamSchemaChanged(f"{strangers} of {len(page.rows)} rows do not satisfy {asked}: filter ignored?")


def only(page: Page[W], fits: Callable[[W], bool]) -> Page[W]:
    return replace(page, rows=tuple(item for item in page.rows if fits(item.value)))


def day_of(text: str | None, otherwise: date) -> date:
    """The calendar day of an upstream date or time; `otherwise` where it is missing or unreadable."""
    try:
        found = parse_local(text)
    except ValueError:
        return otherwise
    return otherwise if found is None else found.date
