"""Builds the Câmara's JSON objects, with their fields in the recorded order."""

from datetime import datetime
from typing import Any, Final

from upstream_sim.camara.bill import Action, CamaraBill
from upstream_sim.congress.people import Person

HOST: Final = "https://dadosabertos.camara.leg.br/api/v2"
_DOCUMENT: Final = "https://www.camara.leg.br/proposicoesWeb/prop_mostrarintegra?codteor="
Json = dict[str, Any]

_SENADO_BODY: Final = 78
_EXECUTIVE_BODY: Final = 253


def bill_uri(identifier: int) -> str:
    return f"{HOST}/proposicoes/{identifier}"


def minutes(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M") if at.year > 999 else at.isoformat()[:16]


def list_item(bill: CamaraBill) -> Json:
    sigla, number, year = bill.identity
    return {
        "id": bill.id,
        "uri": bill_uri(bill.id),
        "siglaTipo": f"{sigla}    " if bill.odd.padded else sigla,
        "codTipo": bill.kind.code,
        "numero": number,
        "ano": year,
        "ementa": None if bill.odd.empty_title and bill.index % 2 else bill.listed_title,
        "dataApresentacao": minutes(bill.presented),
    }


def action_item(bill: CamaraBill, action: Action) -> Json:
    """The JSON of one tramitação, which is also the shape of statusProposicao."""
    urgent = "urgencia" in bill.step_names
    committee = bill.kind.law and not urgent and bill.place.kind != "PEC"
    item: Json = {
        "dataHora": minutes(action.shown_at),
        "sequencia": action.sequence,
        "siglaOrgao": action.body.acronym,
        "uriOrgao": f"{HOST}/orgaos/{action.body.id}",
        "uriUltimoRelator": f"{HOST}/deputados/{bill.rapporteur.id}" if "relator" in bill.step_names else None,
        "regime": regime(bill),
        "descricaoTramitacao": action.step.name,
        "codTipoTramitacao": action.step.code,
        "descricaoSituacao": action.situation.text,
        "codSituacao": action.situation.code,
        "despacho": action.text,
        "url": None if action.document is None else f"{_DOCUMENT}{action.document}",
        "ambito": "Regimental",
    }
    if not bill.odd.no_consideration:
        item["apreciacao"] = (
            "Proposição Sujeita à Apreciação Conclusiva pelas Comissões - Art. 24 II"
            if committee
            else "Proposição Sujeita à Apreciação do Plenário"
        )
    return item


def regime(bill: CamaraBill) -> str:
    """The present regime; the API gives it for every past step too."""
    if bill.odd.dotted_regime:
        return "."
    if bill.place.kind == "PEC":
        return "Especial (Art. 202 c/c 191, I, RICD)"
    return "Urgência (Art. 155, RICD)" if "urgencia" in bill.step_names else "Ordinária (Art. 151, III, RICD)"


def keywords(bill: CamaraBill) -> str:
    if not bill.kind.law or bill.place.year < 1950:
        return ""
    words = ", ".join(bill.text.keywords)
    if bill.index % 40 == 3:
        return f"{words}.\r\n_ {bill.text.themes[0].name}, regulamentação."
    return f"{words}." if bill.index % 3 else f"{words}. _{bill.text.themes[0].name}."


def full_text_url(bill: CamaraBill) -> str | None:
    if bill.place.year < 2001 and bill.index % 17:
        return None
    return f"{_DOCUMENT}{2_000_000 + bill.index}"


def detail(bill: CamaraBill) -> Json:
    sigla, number, year = bill.identity
    item: Json = {
        "id": bill.id,
        "uri": bill_uri(bill.id),
        "siglaTipo": f"{sigla}    " if bill.odd.padded else sigla,
        "codTipo": bill.kind.code,
        "numero": number,
        "ano": year,
        "ementa": None if bill.odd.empty_title and bill.index % 2 else bill.title,
        "dataApresentacao": minutes(bill.presented),
        "uriOrgaoNumerador": None if bill.index % 20 == 5 else f"{HOST}/orgaos/180",
        "statusProposicao": action_item(bill, bill.last_action),
        "uriAutores": f"{bill_uri(bill.id)}/autores",
        "descricaoTipo": bill.kind.description,
        "ementaDetalhada": bill.text.explanation,
        "keywords": keywords(bill),
        "uriPropPrincipal": principal_uri(bill),
        "uriPropAnterior": None,
        "uriPropPosterior": later_uri(bill),
        "urlInteiroTeor": full_text_url(bill),
        "urnFinal": None,
        "texto": None,
        "justificativa": None,
    }
    if bill.odd.extra_key:
        item["situacaoSigilo"] = "Ostensivo"
    return item


def principal_uri(bill: CamaraBill) -> str | None:
    """The address of the parent, which the API leaves out for opinions and substitutes."""
    if bill.principal is None or bill.place.kind in ("PRL", "SBT"):
        return None
    return bill_uri(bill.nation.camara.id_of(bill.principal))


def later_uri(bill: CamaraBill) -> str | None:
    """The address of the Senado's record, in a field that is almost never filled."""
    pair = bill.nation.pairs.of_camara.get(bill.index)
    if pair is None or bill.place.kind != "PEC" or bill.index % 4:
        return None
    kind, number, year = pair.senado_identity
    return f"http://legis.senado.leg.br/dadosabertos/materia/{kind}/{number}/{year}"


def authors(bill: CamaraBill) -> list[Json]:
    if not bill.authors:
        body, name, code, kind = (
            (_SENADO_BODY, "Senado Federal", 40000, "Órgão do Poder Legislativo")
            if bill.from_senado
            else (_EXECUTIVE_BODY, "Poder Executivo", 30000, "Órgão do Poder Executivo")
        )
        return [_author(f"{HOST}/orgaos/{body}", name, code, kind, 1, 1)]
    rows = [
        _author(
            f"{HOST}/deputados/{person.id}",
            person.name,
            10000,
            "Deputado(a)",
            order,
            int(order == 1 or len(bill.authors) < 5),
        )
        for order, person in enumerate(bill.authors, start=1)
    ]
    if bill.index % 97 == 11:
        rows.append(_author(None, "Sociedade Civil Organizada", 20000, "Entidade Externa", len(rows) + 1, 0))
    return rows


def _author(uri: str | None, name: str, code: int, kind: str, order: int, proponent: int) -> Json:
    return {"uri": uri, "nome": name, "codTipo": code, "tipo": kind, "ordemAssinatura": order, "proponente": proponent}


def themes(bill: CamaraBill) -> list[Json]:
    if not bill.kind.law:
        return []
    return [{"codTema": theme.code, "tema": theme.name, "relevancia": 0} for theme in bill.text.themes]


def related_item(bill: CamaraBill) -> Json:
    """A related bill: the only JSON of the API with codTipo, numero and ano as strings."""
    item = list_item(bill)
    return {
        "id": item["id"],
        "uri": item["uri"],
        "siglaTipo": item["siglaTipo"],
        "codTipo": str(item["codTipo"]),
        "numero": str(item["numero"]),
        "ano": str(item["ano"]),
        "ementa": item["ementa"],
        "dataApresentacao": item["dataApresentacao"],
    }


def deputy_item(person: Person, legislature: int = 57) -> Json:
    return {
        "id": person.id,
        "uri": f"{HOST}/deputados/{person.id}",
        "nome": person.name,
        "siglaPartido": person.party,
        "uriPartido": f"{HOST}/partidos/{person.party_id}",
        "siglaUf": person.state,
        "idLegislatura": legislature,
        "urlFoto": f"https://www.camara.leg.br/internet/deputado/bandep/{person.id}.jpg",
        "email": None if person.id % 5 == 0 else f"dep.{person.id}@camara.leg.br",
    }
