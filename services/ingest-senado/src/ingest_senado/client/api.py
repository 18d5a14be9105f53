"""Sends requests to the Senado's `/processo` and `/votacao` services, and checks empty and wrong responses."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeVar

from legis.domain.brasilia_time import local_day
from legis.domain.identity.identifiers import parse_label
from legis.errors import UpstreamUnavailable
from legis.upstream import UpstreamAnswer, UpstreamClient

from ingest_senado.client.answers import Emptiness, EmptyAnswer, One, Page, day_of, fit, only, read_page, require_filter
from ingest_senado.wire.bill_records import Detail, ListRow
from ingest_senado.wire.json_records import Record, whole
from ingest_senado.wire.rapporteur_records import RapporteurRow
from ingest_senado.wire.voting_records import VotingRow
from ingest_senado.wire.wire_model import WireModel

W = TypeVar("W", bound=WireModel)
V = TypeVar("V", bound=VotingRow)

ACCEPT = "application/json;charset=UTF-8"
"""The Accept header. With its parameter the HTTP client leaves the body as it is.

One record with bytes that no JSON reader accepts must not cost the whole list. A body that is cut or not JSON at all is
found in this package, when its rows are parsed.
"""

LIST_TIMEOUT = 120.0
DETAIL_TIMEOUT = 60.0


class SenadoApi:
    """The `/processo` family. Rows that do not fit are returned as data.

    Every method may raise UpstreamUnavailable and the other errors of `legis.upstream`.
    """

    def __init__(self, upstream: UpstreamClient, base_url: str) -> None:
        self.upstream = upstream
        self._base = base_url.rstrip("/")

    async def year(self, year: int, empty: Emptiness = Emptiness.IMPOSSIBLE) -> Page[ListRow]:
        """All processes whose label has that year."""
        page = await self._rows(ListRow, "processo", {"ano": year}, empty)
        require_filter(
            page, lambda row: (label := parse_label(row.identificacao)) is None or label.year == year, f"ano={year}"
        )
        return page

    async def changed(self, days: int, empty: Emptiness) -> Page[ListRow]:
        """All processes updated in the last `days` days (1 to 30)."""
        page = await self._rows(ListRow, "processo", {"numdias": days}, empty)
        oldest = local_day(page.server_date or page.fetched_at) - timedelta(days=days + 2)
        require_filter(page, lambda row: day_of(row.dataUltimaAtualizacao, oldest) >= oldest, f"numdias={days}")
        return page

    async def in_progress(self) -> Page[ListRow]:
        """All processes still being considered: more than ten thousand rows."""
        page = await self._rows(ListRow, "processo", {"tramitando": "S"}, Emptiness.IMPOSSIBLE)
        require_filter(page, lambda row: row.tramitando in (None, "Sim"), "tramitando=S")
        return page

    async def of_matter(self, code: int) -> Page[ListRow]:
        """The process of a matter, by the older code; an empty list where there is none."""
        return await self._rows(ListRow, "processo", {"codigoMateria": code}, Emptiness.NORMAL)

    async def detail(self, process_id: str) -> One[Detail]:
        """One process. Raises RecordGone on 404 and RecordRejected when it does not fit."""
        answer, record = await self._whole("processo/{id}", f"processo/{process_id}")
        received = fit(Detail, record, answer.url, process_id)
        if str(received.value.id) != process_id:
            raise UpstreamUnavailable(f"asked for process {process_id}, got {received.value.id}")
        return One(answer.url, answer.fetched_at, received)

    def address(self, process_id: str) -> str:
        """The URL of a process's detail."""
        return f"{self._base}/processo/{process_id}"

    async def rapporteurs(self, process_id: str) -> Page[RapporteurRow]:
        """All duties to report on one process; an empty list is normal."""
        page = await self._rows(RapporteurRow, "processo/relatoria", {"idProcesso": process_id}, Emptiness.NORMAL)
        require_filter(page, lambda row: str(row.idProcesso) == process_id, f"idProcesso={process_id}")
        return only(page, lambda row: str(row.idProcesso) == process_id)

    async def votings(self, process_id: str, empty: Emptiness = Emptiness.NORMAL) -> Page[VotingRow]:
        """All votings on one process."""
        page = await self._rows(VotingRow, "votacao", {"idProcesso": process_id}, empty)
        require_filter(page, lambda row: str(row.idProcesso) == process_id, f"idProcesso={process_id}")
        return only(page, lambda row: str(row.idProcesso) == process_id)

    async def votings_between(self, first: date, last: date, model: type[V]) -> Page[V]:
        """All votings between two days, at most a year apart; a recess has none. `model` says for which record they are
        read.
        """
        params = {"dataInicio": first.isoformat(), "dataFim": last.isoformat()}
        page = await self._rows(model, "votacao", params, Emptiness.POSSIBLE)
        require_filter(page, lambda row: first <= day_of(row.dataSessao, first) <= last, f"dataInicio={first}")
        return page

    async def close(self) -> None:
        """Closes connections."""
        await self.upstream.close()

    async def _get(self, endpoint: str, path: str, params: Mapping[str, str | int], timeout: float) -> UpstreamAnswer:
        url = f"{self._base}/{path}"
        return await self.upstream.get(url, endpoint=endpoint, params=params, accept=ACCEPT, total_timeout=timeout)

    async def _whole(self, endpoint: str, path: str) -> tuple[UpstreamAnswer, Record]:
        """A single record. A body that was cut short is requested once more before its window fails."""
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
                page = await read_page(model, answer)
            except UpstreamUnavailable:
                if attempt == 2:
                    raise
                continue
            if page.rows or page.rejected:
                return page
            if answer.body.strip() and (empty is Emptiness.NORMAL or (attempt == 2 and empty is Emptiness.POSSIBLE)):
                return page
        raise EmptyAnswer(f"{path} {asked}: 200 without rows, twice")
