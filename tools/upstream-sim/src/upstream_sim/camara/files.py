"""Writes the Câmara's yearly bulk files row by row, so that no year is held in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from upstream_sim.camara import documents
from upstream_sim.camara.bill import CamaraBill
from upstream_sim.control.poison import spoil_cells, undecodable
from upstream_sim.world import World

PREFIX: Final = "/camara/arquivos"
BOM: Final = b"\xef\xbb\xbf"
_ROWS_A_CHUNK: Final = 100
APPRECIATION_SINCE: Final = 2019
_ACCESSORY_SINCE: Final = 2001

BILL_COLUMNS: Final = (
    "id",
    "uri",
    "siglaTipo",
    "numero",
    "ano",
    "codTipo",
    "descricaoTipo",
    "ementa",
    "ementaDetalhada",
    "keywords",
    "dataApresentacao",
    "uriOrgaoNumerador",
    "uriPropAnterior",
    "uriPropPrincipal",
    "uriPropPosterior",
    "urlInteiroTeor",
    "urnFinal",
    "ultimoStatus_dataHora",
    "ultimoStatus_sequencia",
    "ultimoStatus_uriRelator",
    "ultimoStatus_idOrgao",
    "ultimoStatus_siglaOrgao",
    "ultimoStatus_uriOrgao",
    "ultimoStatus_regime",
    "ultimoStatus_descricaoTramitacao",
    "ultimoStatus_idTipoTramitacao",
    "ultimoStatus_descricaoSituacao",
    "ultimoStatus_idSituacao",
    "ultimoStatus_despacho",
    "ultimoStatus_url",
)
AUTHOR_COLUMNS: Final = (
    "idProposicao",
    "uriProposicao",
    "idDeputadoAutor",
    "uriAutor",
    "codTipoAutor",
    "tipoAutor",
    "nomeAutor",
    "siglaPartidoAutor",
    "uriPartidoAutor",
    "siglaUFAutor",
    "ordemAssinatura",
    "proponente",
)
THEME_COLUMNS: Final = ("uriProposicao", "siglaTipo", "numero", "ano", "codTema", "tema", "relevancia")


def quoted(values: list[str]) -> str:
    return ";".join('"' + value.replace('"', '""') + '"' for value in values) + "\n"


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _seconds(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:00")


def bill_cells(bill: CamaraBill) -> dict[str, str]:
    """One row of proposicoes-{ano}, by column; column names differ from the API's names where the Câmara's do."""
    item = documents.detail(bill)
    status, action = item["statusProposicao"], bill.last_action
    cells = {name: _text(item.get(name)) for name in BILL_COLUMNS[:17]}
    cells["siglaTipo"] = bill.identity.kind
    cells["dataApresentacao"] = _seconds(bill.presented)
    cells.update(
        ultimoStatus_dataHora=_seconds(action.shown_at),
        ultimoStatus_sequencia=_text(status["sequencia"]),
        ultimoStatus_uriRelator=_text(status["uriUltimoRelator"]),
        ultimoStatus_idOrgao=str(action.body.id),
        ultimoStatus_siglaOrgao=action.body.acronym,
        ultimoStatus_uriOrgao=status["uriOrgao"],
        ultimoStatus_regime=status["regime"],
        ultimoStatus_descricaoTramitacao=status["descricaoTramitacao"],
        ultimoStatus_idTipoTramitacao=status["codTipoTramitacao"],
        ultimoStatus_descricaoSituacao=_text(status["descricaoSituacao"]),
        ultimoStatus_idSituacao=_text(status["codSituacao"]),
        ultimoStatus_despacho=status["despacho"],
        ultimoStatus_url=_text(status["url"]),
        ultimoStatus_apreciacao=_text(status.get("apreciacao")),
    )
    return cells


def _author_rows(bill: CamaraBill) -> Iterator[list[str]]:
    people = {documents.HOST + f"/deputados/{person.id}": person for person in bill.authors}
    for row in documents.authors(bill):
        person = people.get(row["uri"] or "")
        yield [
            str(bill.id),
            documents.bill_uri(bill.id),
            "" if person is None else str(person.id),
            _text(row["uri"]),
            str(row["codTipo"]),
            row["tipo"],
            row["nome"],
            "" if person is None else person.party,
            "" if person is None else f"{documents.HOST}/partidos/{person.party_id}",
            "" if person is None else person.state,
            str(row["ordemAssinatura"]),
            str(row["proponente"]),
        ]


def _theme_rows(bill: CamaraBill) -> Iterator[list[str]]:
    kind, number, year = bill.identity
    for theme in documents.themes(bill):
        yield [
            documents.bill_uri(bill.id),
            kind,
            str(number),
            str(year),
            str(theme["codTema"]),
            theme["tema"],
            str(theme["relevancia"]),
        ]


class _Streamed(Response):
    """A response body sent in pieces, without a declared length."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        super().__init__(media_type="text/csv")
        self._chunks = chunks
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        if scope["method"] != "HEAD":
            async for chunk in self._chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


class FileRoutes:
    """Routes of `/arquivos/{set}/csv/{set}-{year}.csv`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sets: dict[
            str, tuple[Callable[[int], tuple[str, ...]], Callable[[CamaraBill, int], Iterator[list[str]]]]
        ] = {
            "proposicoes": (_bill_columns, self._bill_rows),
            "proposicoesAutores": (lambda _: AUTHOR_COLUMNS, lambda bill, _: _author_rows(bill)),
            "proposicoesTemas": (lambda _: THEME_COLUMNS, lambda bill, _: _theme_rows(bill)),
        }

    def routes(self) -> list[Route]:
        return [Route(PREFIX + "/{rest:path}", self.file, methods=["GET", "HEAD"])]

    async def file(self, request: Request) -> Response:
        name, _, rest = str(request.path_params["rest"]).partition("/csv/")
        year = rest.removeprefix(f"{name}-").removesuffix(".csv")
        if name not in self._sets or rest != f"{name}-{year}.csv" or not year.isdecimal():
            return PlainTextResponse("404 Not Found", 404)
        indices = self._presented_in(int(year))
        if not indices:
            return PlainTextResponse("404 Not Found", 404)
        return _Streamed(self._chunks(name, int(year), indices))

    def _presented_in(self, year: int) -> list[int]:
        """Indices of the bills presented in the file's year, whatever the year of their number."""
        house = self._world.nation.camara
        found = list(house.corpus.of_year(year))
        found += [house.corpus.total + number for number, made in enumerate(house.created) if made.at.year == year]
        return [index for index in found if not house.is_deleted(index)]

    def _bill_rows(self, bill: CamaraBill, year: int) -> Iterator[list[str]]:
        cells = bill_cells(bill)
        variant = self._world.faults.poisons["camara"].get(bill.id)
        if variant is not None:
            cells = spoil_cells(cells, variant)
        yield [cells[name] for name in _bill_columns(year)]

    async def _chunks(self, name: str, year: int, indices: list[int]) -> AsyncIterator[bytes]:
        columns, rows_of = self._sets[name]
        yield BOM + quoted(list(columns(year))).encode()
        for start in range(0, len(indices), _ROWS_A_CHUNK):
            lines = [
                quoted(row)
                for index in indices[start : start + _ROWS_A_CHUNK]
                for row in rows_of(CamaraBill(self._world.nation, index), year)
            ]
            yield undecodable("".join(lines).encode())
            await asyncio.sleep(0)


def _bill_columns(year: int) -> tuple[str, ...]:
    return (*BILL_COLUMNS, "ultimoStatus_apreciacao") if year >= APPRECIATION_SINCE else BILL_COLUMNS
