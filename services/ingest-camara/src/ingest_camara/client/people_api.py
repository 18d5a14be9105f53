"""Requests deputies, bodies, boards, leaders, parties and blocs; returns wire models without contact data."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from legis.errors import RecordRejected, UpstreamSchemaChanged, UpstreamUnavailable
from legis.upstream import UpstreamClient

from ingest_camara.client.answers import Envelope, open_envelope, raw_of, read_record, rejected
from ingest_camara.wire.people_records import without_contact
from ingest_camara.wire.wire_model import WireModel

M = TypeVar("M", bound=WireModel)

PAGE_SIZE = 100
_MOST_PAGES = 200
_SUSPICIOUS = 3
"""A list with at least this many rows, none of them readable, means that its shape changed."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer came from. `sha256` is that of the answer without contact data."""

    url: str
    fetched_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Listed(Generic[M]):
    """All rows of a list, from as many pages as it has; rows that do not fit are in `broken`."""

    rows: tuple[M, ...]
    broken: tuple[RecordRejected, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Single(Generic[M]):
    """One record."""

    record: M
    origin: Origin


@dataclass(slots=True)
class _Pages(Generic[M]):
    rows: list[M] = field(default_factory=list)
    broken: list[RecordRejected] = field(default_factory=list)
    received: int = 0
    total: int | None = None
    hash: Any = field(default_factory=hashlib.sha256)


class PeopleApi:
    """The endpoints about people and bodies. Raises the errors of `legis.upstream`; RecordGone for 404."""

    def __init__(self, upstream: UpstreamClient, base_url: str) -> None:
        self._upstream = upstream
        self._base = base_url

    def address(self, path: str) -> str:
        """The URL of a path."""
        return self._base + path

    async def rows(
        self, path: str, model: type[M], params: Mapping[str, str | int] | None = None, *, paged: bool = True
    ) -> Listed[M]:
        """Every row of a list, page by page where it has pages.

        Raises UpstreamUnavailable when fewer rows came than upstream counts, UpstreamSchemaChanged when none fits.
        """
        pages: _Pages[M] = _Pages()
        for number in range(1, _MOST_PAGES + 1):
            asked = {**(params or {}), **({"itens": PAGE_SIZE, "pagina": number} if paged else {})}
            envelope = await self._get(path, asked)
            size = _take(pages, envelope, model, _name(path))
            if not (paged and envelope.has_next and size):  # `next` is sometimes given on the last page
                break
        url, total = self._base + path, pages.total
        if total is not None and pages.received < total:
            raise UpstreamUnavailable(f"{pages.received} of {total} rows in {url}")
        if not pages.rows and len(pages.broken) >= _SUSPICIOUS:
            raise UpstreamSchemaChanged(f"none of {len(pages.broken)} rows fits, in {url}: {pages.broken[0]}")
        origin = Origin(envelope.answer.url, envelope.answer.fetched_at, pages.hash.hexdigest())
        return Listed(tuple(pages.rows), tuple(pages.broken), origin)

    async def one(self, path: str, model: type[M], record_id: str) -> Single[M]:
        """One record. Raises RecordRejected, which names `record_id`, when it does not fit."""
        envelope = await self._get(path, {})
        raw, answer = raw_of(without_contact(envelope.data)), envelope.answer
        try:
            record = read_record(envelope.data, model, _name(path), suspect=envelope.suspect)
        except ValueError as error:
            raise rejected(error, raw, record_id, answer.url) from None
        return Single(record, Origin(answer.url, answer.fetched_at, hashlib.sha256(raw).hexdigest()))

    async def _get(self, path: str, params: Mapping[str, str | int]) -> Envelope:
        return open_envelope(await self._upstream.get(self._base + path, endpoint=_name(path), params=params or None))


def _take(pages: _Pages[M], envelope: Envelope, model: type[M], name: str) -> int:
    """Adds the rows of a page; returns how many it has."""
    if not isinstance(envelope.data, list):
        raise UpstreamUnavailable(f"'dados' is no list in {envelope.answer.url}")
    for row in envelope.data:
        raw = raw_of(without_contact(row))
        pages.hash.update(raw)
        try:
            pages.rows.append(read_record(row, model, name, suspect=envelope.suspect))
        except ValueError as error:
            pages.broken.append(rejected(error, raw, None, envelope.answer.url))
    pages.received += len(envelope.data)
    pages.total = envelope.total
    return len(envelope.data)


def _name(path: str) -> str:
    """The endpoint's name in metrics: the last word of the path, without numbers."""
    return next((part for part in reversed(path.split("/")) if part and not part.isdigit()), path)
