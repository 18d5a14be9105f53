"""Sends requests for votings and events, and returns wire models."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic

from legis.clock import Clock, utc_now
from legis.domain.records.record import record_id
from legis.domain.vocabulary import Source
from legis.errors import RecordGone
from legis.upstream import UpstreamAnswer, UpstreamClient

from ingest_camara.client.answers import Envelope, M, open_envelope, read_record, read_rows, rejected
from ingest_camara.client.list_pages import Listed, Params, read_list
from ingest_camara.wire.event_records import AgendaRow, EventItem
from ingest_camara.wire.vote_event_records import OrientationRow, VotingDetail
from ingest_camara.wire.voting_records import MemberVote, Voting


@dataclass(frozen=True, slots=True)
class Answered(Generic[M]):
    """One record with the HTTP response it came in."""

    record: M
    answer: UpstreamAnswer


class RecordsApi:
    """`/votacoes` and `/eventos`. Raises the errors of `legis.upstream`, and RecordRejected for what does not fit.

    Lists that belong to a record are None where upstream responds 404 for them.
    """

    def __init__(self, upstream: UpstreamClient, base_url: str, clock: Clock = utc_now) -> None:
        self._upstream = upstream
        self._base = base_url
        self.now = clock

    async def votings_between(self, first: date, last: date) -> Listed[Voting]:
        """`/votacoes` of these days, both included, which must be of one year and at most three months apart.

        One client found the last day left out, so the day after it is requested too; without a last day upstream lists
        up to the end of the year.
        """
        days = _days(first, last + timedelta(days=1)) if last.month < 12 or last.day < 31 else _days(first, None)
        return await self._list("/votacoes", "votacoes", {**days, "ordenarPor": "id"}, Voting, _voting)

    async def voting(self, upstream_id: str) -> Answered[VotingDetail]:
        """`/votacoes/{id}`. Raises RecordGone for 404."""
        return await self._record(f"/votacoes/{upstream_id}", "votacao", upstream_id, VotingDetail, _voting)

    async def votes(self, upstream_id: str) -> tuple[MemberVote, ...] | None:
        """`/votacoes/{id}/votos`. Upstream refuses this request with any parameter."""
        return await self._rows(f"/votacoes/{upstream_id}/votos", "votos", _voting(upstream_id), MemberVote)

    async def orientations(self, upstream_id: str) -> tuple[OrientationRow, ...] | None:
        """`/votacoes/{id}/orientacoes`: of the plenary only."""
        path = f"/votacoes/{upstream_id}/orientacoes"
        return await self._rows(path, "orientacoes", _voting(upstream_id), OrientationRow)

    async def events_between(self, first: date, last: date) -> Listed[EventItem]:
        """`/eventos` that begin on these days, both included."""
        return await self._list(
            "/eventos", "eventos", {**_days(first, last), "ordenarPor": "dataHoraInicio"}, EventItem, _event
        )

    async def event(self, upstream_id: str) -> Answered[EventItem]:
        """`/eventos/{id}`. Raises RecordGone for 404."""
        return await self._record(f"/eventos/{upstream_id}", "evento", upstream_id, EventItem, _event)

    async def agenda(self, upstream_id: str) -> tuple[AgendaRow, ...] | None:
        """`/eventos/{id}/pauta`."""
        return await self._rows(f"/eventos/{upstream_id}/pauta", "pauta", _event(upstream_id), AgendaRow)

    async def lists_any(self, path: str, first: date, last: date) -> bool:
        """Whether a list (`/votacoes`, `/eventos`) has any row of these days."""
        envelope = await self._get(path, path.strip("/"), {**_days(first, last), "itens": 1})
        return bool(envelope.data or envelope.total)

    def address(self, path: str, upstream_id: str) -> str:
        """The URL of one record."""
        return f"{self._base}{path}/{upstream_id}"

    async def _list(
        self, path: str, endpoint: str, params: Params, model: type[M], our_id: Callable[[str], str]
    ) -> Listed[M]:
        async def get(page: Params) -> Envelope:
            return await self._get(path, endpoint, page)

        return await read_list(get, {**params, "ordem": "ASC"}, model, our_id)

    async def _record(
        self, path: str, name: str, upstream_id: str, model: type[M], our_id: Callable[[str], str]
    ) -> Answered[M]:
        envelope = await self._get(path, name)
        answer = envelope.answer
        try:
            record = read_record(envelope.data, model, name, suspect=envelope.suspect)
            if (found := getattr(record, "id", None)) != upstream_id:
                raise ValueError(f"asked for {upstream_id}, got {found}")
        except ValueError as error:
            raise rejected(error, answer.body, our_id(upstream_id), answer.url) from None
        return Answered(record, answer)

    async def _rows(self, path: str, name: str, our_id: str, model: type[M]) -> tuple[M, ...] | None:
        try:
            envelope = await self._get(path, name)
        except RecordGone:
            return None
        return read_rows(envelope, model, name, our_id)

    async def _get(self, path: str, endpoint: str, params: Mapping[str, str | int] | None = None) -> Envelope:
        return open_envelope(await self._upstream.get(self._base + path, endpoint=endpoint, params=params))


def _voting(upstream_id: str) -> str:
    return record_id(Source.CAMARA, "vote", upstream_id)


def _event(upstream_id: str) -> str:
    return record_id(Source.CAMARA, "event", upstream_id)


def _days(first: date, last: date | None) -> dict[str, str | int]:
    days: dict[str, str | int] = {"dataInicio": first.isoformat()}
    return days if last is None else {**days, "dataFim": last.isoformat()}
