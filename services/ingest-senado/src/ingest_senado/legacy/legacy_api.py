"""Sends requests to the deprecated `/materia` services, with pinned versions, because default versions changed."""

from typing import Any, TypeVar

from legis.errors import RecordGone, RecordRejected, UpstreamSchemaChanged
from legis.telemetry.logs import get_logger
from legis.upstream import UpstreamAnswer, UpstreamClient
from pydantic import ValidationError

from ingest_senado.client.answers import WHOLE_PAGE, Emptiness, EmptyAnswer, One, Page, Received
from ingest_senado.client.api import ACCEPT, DETAIL_TIMEOUT, LIST_TIMEOUT
from ingest_senado.legacy.legacy_bill_records import FlatRow, MateriaDetail, unwrap
from ingest_senado.legacy.legacy_history_records import (
    LegacyRapporteur,
    LegacyText,
    LegacyVoting,
    Movements,
    UpdatedRow,
)
from ingest_senado.wire.json_records import Record, whole
from ingest_senado.wire.legacy_envelopes import children
from ingest_senado.wire.wire_model import WireModel, count_unknown

log = get_logger(__name__)

W = TypeVar("W", bound=WireModel)

VERSIONS = {
    "": 5,
    "pesquisa/lista": 7,
    "atualizadas": 5,
    "movimentacoes": 6,
    "relatorias": 5,
    "textos": 5,
    "votacoes": 5,
}


class LegacyApi:
    """The `/materia` family. An envelope without its record raises RecordGone; these services may end any day."""

    def __init__(self, upstream: UpstreamClient, base_url: str) -> None:
        self.upstream = upstream
        self._base = base_url.rstrip("/")

    async def year(self, year: int) -> Page[FlatRow] | Page[MateriaDetail]:
        """All bills of a year: flat rows from version 7 on, nested ones before."""
        return await self._search({"ano": year}, Emptiness.IMPOSSIBLE if year >= 1946 else Emptiness.POSSIBLE)

    async def find(self, sigla: str, number: str, year: str) -> Page[FlatRow] | Page[MateriaDetail]:
        """The bills with that label; the way to the process id of a bill whose other responses do not give it."""
        return await self._search({"sigla": sigla, "numero": number, "ano": year}, Emptiness.POSSIBLE)

    async def changed(self, days: int) -> Page[UpdatedRow]:
        """The bills updated in the last `days` days (1 to 30)."""
        return await self._list(
            UpdatedRow, "atualizadas", "ListaMateriasAtualizadas", {"numdias": days}, Emptiness.POSSIBLE
        )

    async def detail(self, code: str) -> One[MateriaDetail]:
        """One bill. Raises RecordGone when the envelope holds none, and RecordRejected when it does not fit."""
        answer, payload = await self._one("", "DetalheMateria", code)
        return One(answer.url, answer.fetched_at, fit(MateriaDetail, payload, answer))

    async def movements(self, code: str) -> Movements:
        """The proceedings of a bill."""
        answer, payload = await self._one("movimentacoes", "MovimentacaoMateria", code)
        return fit(Movements, payload, answer).value

    async def rapporteurs(self, code: str) -> tuple[LegacyRapporteur, ...]:
        """All duties to report on a bill."""
        answer, payload = await self._one("relatorias", "RelatoriaMateria", code)
        nodes = [*children(payload, "RelatoriaAtual", "Relator"), *children(payload, "HistoricoRelatoria", "Relator")]
        return tuple(fit(LegacyRapporteur, node, answer).value for node in nodes)

    async def texts(self, code: str) -> tuple[LegacyText, ...]:
        """The documents of a bill."""
        answer, payload = await self._one("textos", "TextoMateria", code)
        return tuple(fit(LegacyText, node, answer).value for node in children(payload, "Textos", "Texto"))

    async def votings(self, code: str) -> tuple[LegacyVoting, ...]:
        """The votings of a bill."""
        answer, payload = await self._one("votacoes", "VotacaoMateria", code)
        return tuple(fit(LegacyVoting, node, answer).value for node in children(payload, "Votacoes", "Votacao"))

    async def close(self) -> None:
        """Closes connections."""
        await self.upstream.close()

    async def _one(self, service: str, root: str, code: str) -> tuple[UpstreamAnswer, dict[str, Any]]:
        path = f"materia/{service}/{code}" if service else f"materia/{code}"
        answer = await self._get(service or "{codigo}", path, {"v": VERSIONS[service]}, DETAIL_TIMEOUT)
        payload = open_envelope(answer, root).get("Materia")
        if not isinstance(payload, dict) or not payload:
            raise RecordGone(f"{path}: an envelope without a record")
        return answer, payload

    async def _search(self, filters: dict[str, str | int], empty: Emptiness) -> Page[FlatRow] | Page[MateriaDetail]:
        answer, nodes = await self._nodes("pesquisa/lista", "PesquisaBasicaMateria", filters, empty)
        if nodes and isinstance(nodes[0], dict) and "Codigo" in nodes[0]:
            return page(FlatRow, nodes, answer)
        return page(MateriaDetail, nodes, answer)

    async def _list(
        self, model: type[W], service: str, root: str, filters: dict[str, str | int], empty: Emptiness
    ) -> Page[W]:
        answer, nodes = await self._nodes(service, root, filters, empty)
        return page(model, nodes, answer)

    async def _nodes(
        self, service: str, root: str, filters: dict[str, str | int], empty: Emptiness
    ) -> tuple[UpstreamAnswer, list[Any]]:
        for attempt in (1, 2):
            params = {**filters, "v": VERSIONS[service]}
            answer = await self._get(service, f"materia/{service}", params, LIST_TIMEOUT)
            nodes = children(open_envelope(answer, root), "Materias", "Materia")
            if nodes or (attempt == 2 and empty is Emptiness.POSSIBLE):
                return answer, nodes
        raise EmptyAnswer(f"materia/{service} {filters}: 200 without rows, twice")

    async def _get(self, service: str, path: str, params: dict[str, str | int], timeout: float) -> UpstreamAnswer:
        url = f"{self._base}/{path}"
        return await self.upstream.get(
            url, endpoint=f"materia/{service}", params=params, accept=ACCEPT, total_timeout=timeout
        )


def open_envelope(answer: UpstreamAnswer, root: str) -> dict[str, Any]:
    """The content of a response's envelope; the notice that the service will be switched off is logged."""
    found = unwrap(whole(answer.body).value, root)
    notice = found.get("Metadados")
    if isinstance(notice, dict) and notice.get("Descontinuacao"):
        log.warning("deprecated service", root=root, notice=str(notice["Descontinuacao"])[:200])
    return found


def page(model: type[W], nodes: list[Any], answer: UpstreamAnswer) -> Page[W]:
    """Nodes as rows. Raises UpstreamSchemaChanged when none of many fits."""
    rows: list[Received[W]] = []
    misfits: list[RecordRejected] = []
    for node in nodes:
        try:
            rows.append(fit(model, node, answer))
        except RecordRejected as error:
            misfits.append(error)
    if not rows and len(misfits) >= WHOLE_PAGE:
        raise UpstreamSchemaChanged(f"none of {len(misfits)} rows fits {model.__name__}: {misfits[0]}")
    return Page(answer.url, answer.fetched_at, answer.server_date, tuple(rows), tuple(misfits))


def fit(model: type[W], node: Any, answer: UpstreamAnswer) -> Received[W]:
    """A node as a wire model. Raises RecordRejected with the node when it does not fit."""
    record = Record.of(node)
    try:
        value = model.model_validate(record.value)
    except ValidationError as error:
        raise RecordRejected(
            f"{model.__name__}: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}",
            raw=record.raw,
            source_url=answer.url,
        ) from error
    count_unknown(value)
    return Received(value, record)
