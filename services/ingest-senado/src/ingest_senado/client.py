"""Asks the Senado's `/processo` and `/votacao` services, and never takes an empty or foreign answer for an answer."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Generic, TypeVar

from legis.domain.brasilia_time import local_day, parse_local
from legis.domain.identity.identifiers import parse_label
from legis.errors import RecordRejected, UpstreamSchemaChanged, UpstreamUnavailable
from legis.upstream import UpstreamAnswer, UpstreamClient
from pydantic import ValidationError

from ingest_senado.wire.bodies import Record, split_rows, whole
from ingest_senado.wire.process import Detail, ListRow
from ingest_senado.wire.rapporteur import RapporteurRow
from ingest_senado.wire.record import Wire, count_unknown
from ingest_senado.wire.voting import VotingRow

W = TypeVar("W", bound=Wire)

ACCEPT = "application/json;charset=UTF-8"
"""With its parameter, so that the body comes as it is: one record with bytes that no JSON reader takes must not cost
the whole list. What is cut or no JSON at all is found here, when rows are taken apart."""

LIST_TIMEOUT = 120.0
DETAIL_TIMEOUT = 60.0
WHOLE_PAGE = 5
"""From so many rows on, a list of which none can be read means that the shape changed, not that rows are bad."""

_BREATH = 200


class EmptyAnswer(UpstreamUnavailable):
    """200 without a row, twice, where rows must be. The Senado answers so under load and while services die."""


class Emptiness(Enum):
    """What an answer without rows may mean."""

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
    """A whole list answer: what fits, what does not, and where and when it was got."""

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
    """A single record's answer."""

    url: str
    fetched_at: datetime
    received: Received[W] = field(repr=False)


class SenadoClient:
    """The `/processo` family. Every method may raise UpstreamUnavailable and its kin; rows that do not fit are data."""

    def __init__(self, upstream: UpstreamClient, base_url: str) -> None:
        self.upstream = upstream
        self._base = base_url.rstrip("/")

    async def year(self, year: int, empty: Emptiness = Emptiness.IMPOSSIBLE) -> Page[ListRow]:
        """All processes whose label bears that year."""
        page = await self._rows(ListRow, "processo", {"ano": year}, empty)
        _require(
            page, lambda row: (label := parse_label(row.identificacao)) is None or label.year == year, f"ano={year}"
        )
        return page

    async def changed(self, days: int, empty: Emptiness) -> Page[ListRow]:
        """All processes updated in the last `days` days (1 to 30)."""
        page = await self._rows(ListRow, "processo", {"numdias": days}, empty)
        oldest = local_day(page.server_date or page.fetched_at) - timedelta(days=days + 2)
        _require(page, lambda row: day_of(row.dataUltimaAtualizacao, oldest) >= oldest, f"numdias={days}")
        return page

    async def in_progress(self) -> Page[ListRow]:
        """All processes still being considered: more than ten thousand rows."""
        page = await self._rows(ListRow, "processo", {"tramitando": "S"}, Emptiness.IMPOSSIBLE)
        _require(page, lambda row: row.tramitando in (None, "Sim"), "tramitando=S")
        return page

    async def detail(self, process_id: str) -> One[Detail]:
        """One process. Raises RecordGone on 404 and RecordRejected when it does not fit."""
        answer, record = await self._whole("processo/{id}", f"processo/{process_id}")
        received = _fit(Detail, record, answer.url, process_id)
        if str(received.value.id) != process_id:
            raise UpstreamUnavailable(f"asked for process {process_id}, got {received.value.id}")
        return One(answer.url, answer.fetched_at, received)

    def address(self, process_id: str) -> str:
        """Where a process's detail is asked for."""
        return f"{self._base}/processo/{process_id}"

    async def rapporteurs(self, process_id: str) -> Page[RapporteurRow]:
        """All duties to report on one process; none is normal."""
        page = await self._rows(RapporteurRow, "processo/relatoria", {"idProcesso": process_id}, Emptiness.NORMAL)
        _require(page, lambda row: str(row.idProcesso) == process_id, f"idProcesso={process_id}")
        return _only(page, lambda row: str(row.idProcesso) == process_id)

    async def votings(self, process_id: str, empty: Emptiness = Emptiness.NORMAL) -> Page[VotingRow]:
        """All votings on one process."""
        page = await self._rows(VotingRow, "votacao", {"idProcesso": process_id}, empty)
        _require(page, lambda row: str(row.idProcesso) == process_id, f"idProcesso={process_id}")
        return _only(page, lambda row: str(row.idProcesso) == process_id)

    async def votings_between(self, first: date, last: date) -> Page[VotingRow]:
        """All votings of a stretch of at most a year; a recess has none."""
        params = {"dataInicio": first.isoformat(), "dataFim": last.isoformat()}
        page = await self._rows(VotingRow, "votacao", params, Emptiness.POSSIBLE)
        _require(page, lambda row: first <= day_of(row.dataSessao, first) <= last, f"dataInicio={first}")
        return page

    async def close(self) -> None:
        """Closes connections."""
        await self.upstream.close()

    async def _get(self, endpoint: str, path: str, params: Mapping[str, str | int], timeout: float) -> UpstreamAnswer:
        url = f"{self._base}/{path}"
        return await self.upstream.get(url, endpoint=endpoint, params=params, accept=ACCEPT, total_timeout=timeout)

    async def _whole(self, endpoint: str, path: str) -> tuple[UpstreamAnswer, Record]:
        """A single record. A body that was cut short is asked for once more before it fails the window."""
        answer = await self._get(endpoint, path, {}, DETAIL_TIMEOUT)
        try:
            return answer, whole(answer.body)
        except UpstreamUnavailable:
            answer = await self._get(endpoint, path, {}, DETAIL_TIMEOUT)
            return answer, whole(answer.body)

    async def _rows(self, model: type[W], path: str, params: Mapping[str, str | int], empty: Emptiness) -> Page[W]:
        asked = dict(params)
        for attempt in (1, 2):
            answer = await self._get(path, path, params, LIST_TIMEOUT)
            try:
                page = await _page(model, answer)
            except UpstreamUnavailable:
                if attempt == 2:
                    raise
                continue
            if page.rows or page.rejected:
                return page
            if answer.body.strip() and (empty is Emptiness.NORMAL or (attempt == 2 and empty is Emptiness.POSSIBLE)):
                return page
        raise EmptyAnswer(f"{path} {asked}: 200 without rows, twice")


async def _page(model: type[W], answer: UpstreamAnswer) -> Page[W]:
    rows: list[Received[W]] = []
    rejected: list[RecordRejected] = []
    for number, record in enumerate(split_rows(answer.body, model.key), 1):
        try:
            rows.append(_fit(model, record, answer.url))
        except RecordRejected as error:
            rejected.append(error)
        if number % _BREATH == 0:
            await asyncio.sleep(0)  # a year has thousands of rows; health checks must not wait for all of them
    if not rows and len(rejected) >= WHOLE_PAGE:
        raise UpstreamSchemaChanged(f"none of {len(rejected)} rows fits {model.__name__}: {rejected[0]}")
    return Page(answer.url, answer.fetched_at, answer.server_date, tuple(rows), tuple(rejected))


def _fit(model: type[W], record: Record, url: str, known_id: str | None = None) -> Received[W]:
    found = record.value.get(model.key) if isinstance(record.value, dict) else None
    upstream_id = known_id or (str(found) if isinstance(found, int | str) and found != "" else None)
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


def _require(page: Page[W], fits: Callable[[W], bool], asked: str) -> None:
    """Unknown parameters are silently ignored upstream, so rows that mostly miss the filter mean it was not heard."""
    strangers = sum(not fits(value) for value in page.values)
    if strangers * 2 > len(page.rows):
        raise UpstreamSchemaChanged(f"{strangers} of {len(page.rows)} rows do not satisfy {asked}: filter ignored?")


def _only(page: Page[W], fits: Callable[[W], bool]) -> Page[W]:
    return replace(page, rows=tuple(item for item in page.rows if fits(item.value)))


def _year(label: str, otherwise: int) -> int:
    found = parse_label(label)
    return otherwise if found is None else found.year


def day_of(text: str | None, otherwise: date) -> date:
    """The calendar day of an upstream date or time, or `otherwise` where there is none that can be read."""
    try:
        found = parse_local(text)
    except ValueError:
        return otherwise
    return otherwise if found is None else found.date
