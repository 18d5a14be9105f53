"""Sends requests to the Câmara's API and returns wire models. Bills are made of them elsewhere (`normalizer`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from legis.errors import RecordGone, RecordRejected, UpstreamSchemaChanged
from legis.upstream import UpstreamAnswer, UpstreamClient

from ingest_camara.client.answers import Envelope, M, open_envelope, raw_of, read_record, read_rows, rejected
from ingest_camara.wire.bill_records import Author, Detail, ListItem, Related, Status, Theme
from ingest_camara.wire.voting_records import Deputy, MemberVote, Voting

_SUSPICIOUS_PAGE = 10
"""A page with at least this many rows, none of them readable, means that the shape of the page changed."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list. `received` counts its rows; `total` counts the whole list, where upstream gives it."""

    items: tuple[ListItem, ...]
    broken: tuple[RecordRejected, ...]
    received: int
    has_next: bool
    total: int | None


@dataclass(frozen=True, slots=True)
class DetailAnswer:
    """A detail with the HTTP response it came in."""

    detail: Detail
    answer: UpstreamAnswer


class CamaraApi:
    """The endpoints in use. Raises the errors of `legis.upstream`, and RecordRejected for a record that does not fit.

    Lists that belong to a bill are None where upstream responds 404 for them.
    """

    def __init__(self, upstream: UpstreamClient, base_url: str) -> None:
        self._upstream = upstream
        self._base = base_url
        self.clock_offset = timedelta(0)

    async def list_page(self, params: Mapping[str, str | int]) -> ListPage:
        """One page of `/proposicoes`. Raises UpstreamSchemaChanged when no row of a full page can be read."""
        envelope = await self._get("/proposicoes", "proposicoes", params)
        rows = envelope.data if isinstance(envelope.data, list) else [envelope.data]
        items: list[ListItem] = []
        broken: list[RecordRejected] = []
        for row in rows:
            try:
                items.append(read_record(row, ListItem, "lista", suspect=envelope.suspect))
            except ValueError as error:
                broken.append(rejected(error, raw_of(row), _id_of(row), envelope.answer.url))
        if not items and len(broken) >= _SUSPICIOUS_PAGE:
            raise UpstreamSchemaChanged(f"none of {len(broken)} rows fits, in {envelope.answer.url}: {broken[0]}")
        return ListPage(tuple(items), tuple(broken), len(rows), envelope.has_next, envelope.total)

    async def detail(self, upstream_id: str) -> DetailAnswer:
        """`/proposicoes/{id}`.

        Raises RecordGone for 404, and RecordRejected when the record does not fit or is that of another bill.
        """
        envelope = await self._get(f"/proposicoes/{upstream_id}", "proposicao")
        answer = envelope.answer
        try:
            detail = read_record(envelope.data, Detail, "proposicao", suspect=envelope.suspect)
        except ValueError as error:
            raise rejected(error, answer.body, upstream_id, answer.url) from None
        if detail.id != upstream_id:
            raise rejected(
                ValueError(f"asked for {upstream_id}, got {detail.id}"), answer.body, upstream_id, answer.url
            )
        return DetailAnswer(detail, answer)

    def address(self, upstream_id: str) -> str:
        """The URL of a bill's detail."""
        return f"{self._base}/proposicoes/{upstream_id}"

    async def authors(self, upstream_id: str) -> tuple[Author, ...] | None:
        """`/proposicoes/{id}/autores`."""
        return await self._rows(upstream_id, "autores", Author)

    async def themes(self, upstream_id: str) -> tuple[Theme, ...] | None:
        """`/proposicoes/{id}/temas`."""
        return await self._rows(upstream_id, "temas", Theme)

    async def proceedings(self, upstream_id: str) -> tuple[Status, ...] | None:
        """`/proposicoes/{id}/tramitacoes`. Upstream refuses this request with any parameter."""
        return await self._rows(upstream_id, "tramitacoes", Status)

    async def related(self, upstream_id: str) -> tuple[Related, ...] | None:
        """`/proposicoes/{id}/relacionadas`."""
        return await self._rows(upstream_id, "relacionadas", Related)

    async def votings(self, upstream_id: str) -> tuple[Voting, ...] | None:
        """`/proposicoes/{id}/votacoes`."""
        return await self._rows(upstream_id, "votacoes", Voting)

    async def votes(self, voting_id: str, upstream_id: str) -> tuple[MemberVote, ...] | None:
        """`/votacoes/{id}/votos`: empty for symbolic and secret votings; None for 404.

        Upstream refuses this request with any parameter.
        """
        return await self._rows_of(f"/votacoes/{voting_id}/votos", upstream_id, "votos", MemberVote)

    async def deputies(self) -> tuple[Deputy, ...]:
        """`/deputados`: those in office now, on one page."""
        envelope = await self._get("/deputados", "deputados")
        return read_rows(envelope, Deputy, "deputados", "deputados")

    async def _rows(self, upstream_id: str, name: str, model: type[M]) -> tuple[M, ...] | None:
        return await self._rows_of(f"/proposicoes/{upstream_id}/{name}", upstream_id, name, model)

    async def _rows_of(self, path: str, upstream_id: str, name: str, model: type[M]) -> tuple[M, ...] | None:
        """The rows of a list that belongs to a bill; None for 404.

        Upstream has responded 404 for all bills at once, so a 404 does not prove that the list is empty.
        """
        try:
            envelope = await self._get(path, name)
        except RecordGone:
            return None
        return read_rows(envelope, model, name, upstream_id)

    async def _get(self, path: str, endpoint: str, params: Mapping[str, str | int] | None = None) -> Envelope:
        answer = await self._upstream.get(self._base + path, endpoint=endpoint, params=params)
        if answer.server_date is not None:
            self.clock_offset = answer.server_date - answer.fetched_at
        return open_envelope(answer)


def _id_of(row: Any) -> str | None:
    """The id of a broken row, from the row's `id` or from its address; None where neither can be read."""
    if not isinstance(row, dict):
        return None
    for value in (row.get("id"), str(row.get("uri", "")).rpartition("/")[2]):
        if isinstance(value, str | int) and str(value).isascii() and str(value).isdigit():
            return str(value)[:20]
    return None
