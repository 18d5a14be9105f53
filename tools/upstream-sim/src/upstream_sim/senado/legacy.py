"""Serves the Senado's deprecated /materia services: one root, strings only, and lists of one element as objects."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from upstream_sim.congress.nation import Nation
from upstream_sim.congress.people import Colegiado
from upstream_sim.query import BadQuery
from upstream_sim.senado.bill import Informe, SenadoBill, index_of_materia
from upstream_sim.senado.documents import yes_no
from upstream_sim.senado.search import INVALID_DETAIL, Search
from upstream_sim.world import World, json_response

Json = dict[str, Any]
Endpoint = Callable[[Request], Awaitable[Response]]
_HOUSES: Final = {"SF": "Senado Federal", "CN": "Congresso Nacional", "CD": "Câmara dos Deputados"}
_GLOSSARY: Final = "http://legis.senado.leg.br/dadosabertos/glossario/lista"
_DEPRECATION: Final = {
    "Deprecation": "Mon, 10 Mar 2025 00:00:00 GMT",
    "Sunset": "Sun, 01 Feb 2026 00:00:00 GMT",
    "Link": '<https://legis.senado.leg.br/dadosabertos/processo>; rel="successor"',
}
_MOST_ROWS: Final = 2000


def collapsed(rows: list[Any]) -> Any:
    """A list of one element as that element, as by the Senado's XML-to-JSON conversion; other lists are unchanged."""
    return rows[0] if len(rows) == 1 else rows


def envelope(nation: Nation, root: str, version: str, text: str, payload: Json) -> Json:
    return {
        root: {
            "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "@xsi:noNamespaceSchemaLocation": f"http://legis.senado.leg.br/dadosabertos/dados/{root}v{version}.xsd",
            "Metadados": {
                "Versao": nation.clock.now().strftime("%d/%m/%Y %H:%M:%S"),
                "VersaoServico": version,
                "DataVersaoServico": "2017-02-01",
                "DescricaoDataSet": text,
            },
            **payload,
        }
    }


def identification(bill: SenadoBill) -> Json:
    found: Json = {
        "CodigoMateria": str(bill.materia),
        "SiglaCasaIdentificacaoMateria": bill.kind.house,
        "NomeCasaIdentificacaoMateria": _HOUSES[bill.kind.house],
        "SiglaSubtipoMateria": bill.identity.kind,
        "DescricaoSubtipoMateria": bill.kind.description.upper(),
        "NumeroMateria": f"{bill.identity.number:05d}",
        "AnoMateria": str(bill.identity.year),
    }
    if bill.kind.law:
        found["DescricaoObjetivoProcesso"] = "Revisora" if bill.is_review else "Iniciadora"
    return {
        **found,
        "DescricaoIdentificacaoMateria": bill.identification,
        "IndicadorTramitando": yes_no(bill.in_progress),
    }


def _basics(bill: SenadoBill) -> Json:
    day = bill.presented.strftime("%Y-%m-%d")
    found: Json = {"EmentaMateria": bill.title}
    if bill.text.explanation:
        found["ExplicacaoEmentaMateria"] = bill.text.explanation
    return {
        **found,
        "IndicadorComplementar": "Não",
        "DataApresentacao": day,
        "DataLeitura": day,
        "SiglaCasaLeitura": "SF",
        "NomeCasaLeitura": "Senado Federal",
    }


def _authors(bill: SenadoBill) -> list[Json]:
    if not bill.authors:
        code, kind = (
            ("CAMARA", "Câmara dos Deputados")
            if bill.is_review
            else ("PRESIDENTE_REPUBLICA", "Presidente da República")
        )
        return [
            {
                "NomeAutor": bill.author_text,
                "SiglaTipoAutor": code,
                "DescricaoTipoAutor": kind,
                "NumOrdemAutor": "1",
                "IndicadorOutrosAutores": "Não",
            }
        ]
    return [
        {
            "NomeAutor": person.name,
            "SiglaTipoAutor": "SENADOR",
            "DescricaoTipoAutor": "Senador",
            "UfAutor": person.state,
            "NumOrdemAutor": str(order),
            "IndicadorOutrosAutores": "Não",
            "IdentificacaoParlamentar": {
                "CodigoParlamentar": str(person.id),
                "NomeParlamentar": person.name,
                "NomeCompletoParlamentar": person.name,
                "SexoParlamentar": "Feminino" if person.female else "Masculino",
                "FormaTratamento": "Senadora" if person.female else "Senador",
                "UrlFotoParlamentar": f"http://www.senado.leg.br/senadores/img/fotos-oficiais/senador{person.id}.jpg",
                "UrlPaginaParlamentar": f"http://www25.senado.leg.br/web/senadores/senador/-/perfil/{person.id}",
                "EmailParlamentar": f"sen.{person.id}@senado.leg.br",
                "SiglaPartidoParlamentar": person.party,
                "UfParlamentar": person.state,
            },
        }
        for order, person in enumerate(bill.authors, start=1)
    ]


def _place(body: Colegiado) -> Json:
    return {
        "CodigoLocal": str(body.office_id),
        "TipoLocal": "A",
        "SiglaCasaLocal": "SF",
        "NomeCasaLocal": "Senado Federal",
        "SiglaLocal": body.office,
        "NomeLocal": body.office_name,
    }


def _standing(bill: SenadoBill) -> Json:
    situation, since = bill.current
    if situation is None:
        return {}
    row = {
        "NumeroAutuacao": "1",
        "Situacao": {
            "DataSituacao": since.strftime("%Y-%m-%d"),
            "CodigoSituacao": str(situation.id),
            "SiglaSituacao": situation.acronym,
            "DescricaoSituacao": situation.text,
        },
        "Local": {"DataLocal": since.strftime("%Y-%m-%d"), **_place(bill.history[-1].colegiado)},
    }
    return {"SituacaoAtual": {"Autuacoes": {"Autuacao": row if bill.index % 3 else [row]}}}


def detail(bill: SenadoBill) -> Json:
    origin = "CD" if bill.is_review else bill.kind.house
    found: Json = {
        "IdentificacaoMateria": identification(bill),
        "DadosBasicosMateria": _basics(bill),
        "Autoria": {"Autor": _authors(bill)},
        "OrigemMateria": {
            "NomePoderOrigem": "Legislativo",
            "SiglaCasaOrigem": origin,
            "NomeCasaOrigem": _HOUSES[origin],
        },
        "CasaIniciadoraNoLegislativo": {"SiglaCasaIniciadora": origin, "NomeCasaIniciadora": _HOUSES[origin]},
    }
    if bill.is_review:
        kind, number, year = bill.origin
        found["OutrosNumerosDaMateria"] = {
            "OutroNumeroDaMateria": {
                "IdentificacaoMateria": {
                    "SiglaCasaIdentificacaoMateria": "CD",
                    "NomeCasaIdentificacaoMateria": "Câmara dos Deputados",
                    "SiglaSubtipoMateria": kind,
                    "DescricaoSubtipoMateria": "PROJETO DE LEI",
                    "NumeroMateria": f"{number:05d}",
                    "AnoMateria": str(year),
                },
                "DescricaoTipoNumeracao": "CasaIniciadora",
            }
        }
    url = f"http://legis.senado.leg.br/dadosabertos/materia/movimentacoes/{bill.materia}?v=6"
    service = {"NomeServico": "MovimentacaoMateria", "DescricaoServico": "Movimentações da matéria", "UrlServico": url}
    return {**found, **_standing(bill), "OutrasInformacoes": {"Servico": [service]}, "UrlGlossario": _GLOSSARY}


def movements(bill: SenadoBill) -> Json:
    rows = [_movement(bill, informe) for informe in reversed(bill.history)]
    found: Json = {"IdentificacaoMateria": identification(bill), **_standing(bill)}
    if bill.kind.law:  # requests without movements have no container at all
        found["Tramitacoes"] = {"Tramitacao": collapsed(rows)}
    return {**found, "UrlGlossario": _GLOSSARY}


def _movement(bill: SenadoBill, informe: Informe) -> Json:
    day, place = informe.at.strftime("%Y-%m-%d"), {"Local": _place(informe.colegiado)}
    row: Json = {
        "CodigoTramitacao": str(5_000_000 + bill.index * 40 + informe.number),
        "NumeroAutuacao": "1",
        "DataTramitacao": day,
        "NumeroOrdemTramitacao": "1",
        "TextoTramitacao": informe.text.replace("\r\n", "\n      "),
        "IndicadorRecebimento": "S",
        "DataRecebimento": day,
        "OrigemTramitacao": place,
        "DestinoTramitacao": place,
    }
    if informe.situation is not None:
        row["Situacao"] = {
            "CodigoSituacao": str(informe.situation.id),
            "SiglaSituacao": informe.situation.acronym,
            "DescricaoSituacao": informe.situation.text,
        }
    return {"IdentificacaoTramitacao": row}


def _found_row(bill: SenadoBill) -> Json:
    author = _authors(bill)[0]
    principal = {name: value for name, value in author.items() if name not in ("DescricaoTipoAutor", "NumOrdemAutor")}
    return {
        "IdentificacaoMateria": identification(bill),
        "DadosBasicosMateria": _basics(bill),
        "AutoresPrincipais": {"AutorPrincipal": principal},
        **_standing(bill),
    }


def _updated_row(bill: SenadoBill) -> Json:
    at = bill.moved_at.strftime("%Y-%m-%d %H:%M:%S")
    updates = [
        {
            "InformacaoAtualizada": name,
            "UrlServicoAfetado": f"dadosabertos/materia/movimentacoes/{bill.materia}?v=4",
            "DataUltimaAtualizacao": at,
        }
        for name in (("Tramitacao-Situacao",) if bill.index % 2 else ("Tramitacao-Situacao", "MateriasAnexadas"))
    ]
    return {"IdentificacaoMateria": identification(bill), "AtualizacoesRecentes": {"Atualizacao": collapsed(updates)}}


class LegacyRoutes:
    """Routes of the four /materia services that are still in use by clients."""

    def __init__(self, world: World, search: Search) -> None:
        self._nation, self._search = world.nation, search

    def table(self) -> dict[str, Endpoint]:
        return {
            "/materia/pesquisa/lista": self.searched,
            "/materia/atualizadas": self.updated,
            "/materia/movimentacoes/{code:int}": self._one(
                "MovimentacaoMateria", "6", "Movimentações da matéria", movements
            ),
            "/materia/{code:int}": self._one("DetalheMateria", "5", "Dados básicos da matéria", detail),
        }

    def _answer(self, root: str, version: str, text: str, payload: Json) -> Response:
        return json_response(envelope(self._nation, root, version, text, payload), headers=_DEPRECATION)

    def _one(self, root: str, version: str, text: str, render: Callable[[SenadoBill], Json]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            index, house = index_of_materia(request.path_params["code"]), self._nation.senado
            unknown = index is None or index >= house.size or house.is_deleted(index)
            payload = {} if unknown or index is None else {"Materia": render(SenadoBill(self._nation, index))}
            return self._answer(root, version, text, payload)

        return endpoint

    def _rows(self, root: str, version: str, text: str, rows: list[Json]) -> Response:
        return self._answer(root, version, text, {"Materias": {"Materia": collapsed(rows)}} if rows else {})

    async def searched(self, request: Request) -> Response:
        query = {
            name: value
            for name, value in request.query_params.items()
            if name in ("sigla", "numero", "ano", "tramitando")
        }
        if not {"ano", "numero"} & query.keys():
            query["ano"] = str(self._nation.clock.now().year)
        found = self._search.find(query, [])[:_MOST_ROWS]
        rows = [_found_row(SenadoBill(self._nation, index)) for index in found]
        return self._rows("PesquisaBasicaMateria", "5", "Efetua a pesquisa de matérias", rows)

    async def updated(self, request: Request) -> Response:
        days = request.query_params.get("numdias", "5")
        if not days.isdecimal() or not 1 <= int(days) <= 30:
            raise BadQuery(INVALID_DETAIL)
        rows = [_updated_row(SenadoBill(self._nation, index)) for index in self._search.find({"numdias": days}, [])]
        return self._rows("ListaMateriasAtualizadas", "4", "Lista as matérias atualizadas nos últimos dias", rows)
