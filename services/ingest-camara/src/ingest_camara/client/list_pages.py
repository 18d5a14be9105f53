"""Reads all pages of a list of votings or events, and reads it again when it changed meanwhile."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic

from legis.errors import RecordRejected, UpstreamSchemaChanged, UpstreamUnavailable

from ingest_camara.client.answers import Envelope, M, raw_of, read_record, rejected

PAGE_SIZE = 100
_TRIES = 4
_MOST_PAGES = 200
_SUSPICIOUS = 10
"""A list with at least this many rows, none of them readable, means that its shape changed."""

_LONGEST_ID = 40

Params = Mapping[str, str | int]


@dataclass(slots=True)
class Listed(Generic[M]):
    """The rows of a list by upstream's id; rows that do not fit are in `broken`, under the id that `our_id` makes of
    upstream's. `unnamed` of these have no readable id.
    """

    our_id: Callable[[str], str]
    url: str = ""
    fetched_at: datetime | None = None
    rows: dict[str, M] = field(default_factory=dict)
    broken: list[RecordRejected] = field(default_factory=list)
    received: int = 0
    totals: set[int] = field(default_factory=set)
    hollow_end: bool = False

    @property
    def whole(self) -> bool:
        """Whether upstream's total is the number of rows on every page that gives one."""
        return not self.totals or self.totals == {self.received}

    @property
    def names_all(self) -> bool:
        """Whether every row of the list is here by its id; only then may another record be called missing.

        A page without rows where another promised some ends the list, and proves nothing where upstream gives no total.
        """
        return self.whole and not self.unnamed and (bool(self.totals) or not self.hollow_end)

    @property
    def unnamed(self) -> int:
        """Rows without a readable id."""
        return sum(letter.upstream_id is None for letter in self.broken)

    def ids(self) -> list[str]:
        """Our ids of all rows, also of those that do not fit."""
        named = [letter.upstream_id for letter in self.broken if letter.upstream_id is not None]
        return sorted({*map(self.our_id, self.rows), *named})

    def reject(self, key: str, error: Exception) -> None:
        """Moves a row that fits its model, and yet gives no record, to the broken ones."""
        row = self.rows.pop(key)
        self.broken.append(rejected(error, raw_of(row.model_dump()), our_readable_id(key, self.our_id), self.url))


async def read_list(
    get: Callable[[Params], Awaitable[Envelope]], params: Params, model: type[M], our_id: Callable[[str], str]
) -> Listed[M]:
    """The list, whose rows shift between pages while it is read: a walk counts if it met as many rows as upstream's
    total, or if the walk before it met the same.

    Raises UpstreamUnavailable after several walks without either, UpstreamSchemaChanged when no row fits.
    """
    before: Listed[M] | None = None
    for _ in range(_TRIES):
        found = await _walk(get, params, model, our_id)
        if found.whole or (before is not None and before.ids() == found.ids() and before.totals == found.totals):
            return found
        before = found
    raise UpstreamUnavailable(f"the list moved during each of {_TRIES} walks: {before.url if before else ''}")


async def _walk(
    get: Callable[[Params], Awaitable[Envelope]], params: Params, model: type[M], our_id: Callable[[str], str]
) -> Listed[M]:
    found: Listed[M] = Listed(our_id)
    for page in range(1, _MOST_PAGES + 1):
        envelope = await get({**params, "itens": PAGE_SIZE, "pagina": page})
        if not isinstance(envelope.data, list):
            raise UpstreamUnavailable(f"'dados' is no list in {envelope.answer.url}")
        _take(found, envelope, model)
        if not envelope.data or not envelope.has_next:
            if not found.rows and len(found.broken) >= _SUSPICIOUS:
                raise UpstreamSchemaChanged(f"none of {len(found.broken)} rows fits, in {envelope.answer.url}")
            found.hollow_end = page > 1 and not envelope.data
            return found
    raise UpstreamUnavailable(f"more than {_MOST_PAGES} pages in one list")


def _take(found: Listed[M], envelope: Envelope, model: type[M]) -> None:
    answer = envelope.answer
    if found.fetched_at is None:
        found.url, found.fetched_at = answer.url, answer.fetched_at
    found.received += len(envelope.data)
    if envelope.total is not None:
        found.totals.add(envelope.total)
    for row in envelope.data:
        try:
            record = read_record(row, model, "lista", suspect=envelope.suspect)
        except ValueError as error:
            found.broken.append(rejected(error, raw_of(row), _id_of(row, found.our_id), answer.url))
        else:
            found.rows.setdefault(str(getattr(record, "id", "")), record)


def _id_of(row: object, our_id: Callable[[str], str]) -> str | None:
    """Our id of a broken row; None where upstream's cannot be read."""
    value = row.get("id") if isinstance(row, dict) else None
    return our_readable_id(str(value), our_id) if isinstance(value, str | int) else None


def our_readable_id(text: str, our_id: Callable[[str], str]) -> str | None:
    """Our id for one of upstream's as it writes them (`80001`, `2258609-75`); None for any other text."""
    digits = text.replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(text) <= _LONGEST_ID):
        return None
    return our_id(text.lstrip("0") if text.isdigit() else text)
