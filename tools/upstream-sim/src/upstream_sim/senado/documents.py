"""Builds the JSON objects of the Senado's /processo services: absent values are left out of bills, null elsewhere."""

from typing import Any, Final

from upstream_sim.congress.people import Person
from upstream_sim.senado.bill import SenadoBill
from upstream_sim.senado.proceedings import autuation, dispatches, document_id

Json = dict[str, Any]
_GETTER: Final = "https://legis.senado.gov.br/sdleg-getter/documento?dm="


def yes_no(value: bool) -> str:
    return "Sim" if value else "Não"


def updated_at(bill: SenadoBill, digits: int = 3) -> str:
    """The moment of the last update: the list has three decimal digits, the detail six."""
    at = bill.moved_at
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}" + "0" * (digits - 3)


def list_row(bill: SenadoBill) -> Json:
    situation, since = bill.current
    row: Json = {
        "id": bill.id,
        "codigoMateria": bill.materia,
        "identificacao": bill.identification,
        "objetivo": "Revisora" if bill.is_review else "Iniciadora",
        "casaIdentificadora": bill.kind.house,
        "enteIdentificador": bill.ente,
        "tipoConteudo": "Norma Geral" if bill.kind.law else "Requerimento",
        "ementa": bill.title,
        "tipoDocumento": bill.kind.document,
        "dataApresentacao": bill.presented.strftime("%Y-%m-%d"),
        "autoria": bill.author_text,
        "tramitando": yes_no(bill.in_progress),
    }
    if situation is not None:
        row["situacaoAtual"] = situation.text
        row["dataSituacaoAtual"] = since.strftime("%Y-%m-%d")
    approved, law = bill.taken("aprovada"), bill.taken("norma")
    if approved is not None:
        row["dataDeliberacao"] = approved.at.strftime("%Y-%m-%d")
        row["siglaTipoDeliberacao"] = "APROVADA_NO_PLENARIO"
    if law is not None:
        row["normaGerada"] = f"Lei nº {bill.law_number(law.at)} de {law.at:%d/%m/%Y}"
    row["ultimaInformacaoAtualizada"] = "PUBLICACAO_OFICIAL" if bill.index % 4 == 1 else "EVENTO_LEGISLATIVO"
    row["dataUltimaAtualizacao"] = updated_at(bill)
    row["urlDocumento"] = f"{_GETTER}{document_id(bill)}"
    if bill.odd % 100 == 13:
        row["apelido"] = f"Lei {bill.text.themes[0].name}"
    if bill.odd % 200 == 17:
        row["siglaRegimeTramitacao"] = "ORD"
    return row


def _author(person: Person, order: int) -> Json:
    return {
        "autor": person.name,
        "sexo": "F" if person.female else "M",
        "siglaTipo": "SENADOR",
        "descricaoTipo": "SENADOR",
        "ordem": order,
        "outrosAutoresNaoInformados": "Não",
        "codigoParlamentar": person.id,
        "uf": person.state,
        "siglaPartido": person.party,
        "partido": person.party_name,
        "siglaCargo": "SENADOR",
        "cargo": "Senadora" if person.female else "Senador",
        "idEnte": 1,
        "siglaEnte": "SF",
        "casaEnte": "SF",
        "ente": "Senado Federal",
    }


def authorship(bill: SenadoBill) -> list[Json]:
    if bill.authors:
        return [_author(person, order) for order, person in enumerate(bill.authors, start=1)]
    code, kind, ente, house, name = (
        ("CAMARA", "Câmara dos Deputados", 2, "CD", "Câmara dos Deputados")
        if bill.is_review
        else ("PRESIDENTE_REPUBLICA", "Presidente da República", 3, "PR", "Presidência da República")
    )
    return [
        {
            "autor": name,
            "siglaTipo": code,
            "descricaoTipo": kind,
            "ordem": 1,
            "outrosAutoresNaoInformados": "Não",
            "idEnte": ente,
            "siglaEnte": house,
            "casaEnte": house,
            "ente": name,
        }
    ]


def _content(bill: SenadoBill) -> Json:
    content: Json = {
        "id": 2_000_000 + bill.index * 10,
        "idTipo": 11 if bill.kind.law else 20,
        "siglaTipo": "NORMA_GERAL" if bill.kind.law else "REQUERIMENTO",
        "tipo": "Norma Geral" if bill.kind.law else "Requerimento",
        "ementa": bill.title,
        "tipoNormaIndicada": bill.kind.norm,
    }
    if bill.text.explanation:
        content["explicacaoEmenta"] = bill.text.explanation
    if bill.kind.law and bill.index % 3 == 0:
        content["assuntoGeral"] = bill.text.themes[0].senado_path.partition(" / ")[0]
        content["assuntoEspecifico"] = bill.text.themes[0].name
    return content


def _document(bill: SenadoBill) -> Json:
    document: Json = {
        "id": document_id(bill),
        "siglaTipo": bill.kind.document_code,
        "tipo": bill.kind.document,
        "dataApresentacao": bill.presented.strftime("%Y-%m-%d"),
        "indexacao": " " + " ,  ".join(word.upper() for word in bill.text.keywords) + " .",
        "url": f"{_GETTER}{document_id(bill)}",
        "autoria": authorship(bill),
        "resumoAutoria": bill.author_text,
    }
    if bill.index % 3 != 2:
        document["dataLeitura"] = bill.presented.strftime("%Y-%m-%d")
        document["casaLeitura"] = "SF"
    return document


def _other_numbers(bill: SenadoBill) -> list[Json]:
    """The Câmara's number, zero-padded, where the bill came from the Câmara."""
    if not bill.is_review:
        return []
    kind, number, year = bill.origin
    return [
        {
            "idOutroProcesso": bill.id - 1,
            "sigla": kind,
            "numero": f"{number:05d}",
            "ano": year,
            "casaIdentificadora": "CD",
            "siglaEnteIdentificador": "CD",
            "enteIdentificador": "Câmara dos Deputados",
            "externaAoCongresso": "Não",
            "tramitando": "Não",
        }
    ]


def _origin(bill: SenadoBill) -> Json:
    kind, number, year = bill.origin
    house = "CN" if bill.place.kind == "MPV" else "CD" if bill.is_review else "SF"
    return {
        "idProcessoCasaInicial": bill.id - 1 if bill.is_review else bill.id,
        "identificacaoProcessoInicial": f"{kind} {number}/{year}" if bill.is_review else bill.identification,
        "siglaCasaIniciadora": house,
    }


def _joint_committee(bill: SenadoBill) -> Json:
    """An object for provisional measures; for other bills an empty object in a string, or nothing."""
    if bill.place.kind == "MPV":
        name = f"Comissão Mista da Medida Provisória nº {bill.number_text}, de {bill.identity.year}"
        return {"comissaoMpv": {"codigo": 2237, "sigla": f"CM{bill.identification}", "casa": "CN", "nome": name}}
    return {} if bill.odd % 10 == 4 else {"comissaoMpv": "{}"}


def _deliberation(bill: SenadoBill) -> Json:
    approved = bill.taken("aprovada")
    if approved is None:
        return {}
    return {
        "data": approved.at.strftime("%Y-%m-%d"),
        "siglaTipo": "APROVADA_NO_PLENARIO",
        "tipoDeliberacao": "Aprovada no Plenário",
        "siglaDestino": "CAMARA",
        "destino": "À Câmara dos Deputados",
    }


def _norm(bill: SenadoBill) -> Json:
    law = bill.taken("norma")
    if law is None:
        return {}
    day = law.at.strftime("%Y-%m-%d")
    return {
        "codigo": 30_000_000 + bill.index,
        "tipo": bill.kind.norm,
        "numero": bill.law_number(law.at).replace(".", ""),
        "anoAssinatura": law.at.year,
        "dataAssinatura": day,
        "descricao": f"Lei nº {bill.law_number(law.at)} de {law.at:%d/%m/%Y}",
        "dataPublicacao": day,
    }


def detail(bill: SenadoBill) -> Json:
    situation, since = bill.current
    found: Json = {
        "id": bill.id,
        "codigoMateria": bill.materia,
        "identificacao": bill.identification,
        "sigla": bill.identity.kind,
        "descricaoSigla": bill.kind.description,
        "numero": bill.number_text,
        "ano": bill.identity.year,
        "objetivo": "Revisora" if bill.is_review else "Iniciadora",
        "casaIdentificadora": bill.kind.house,
        "siglaEnteIdentificador": bill.ente,
        "identificacaoExterna": {},
        "conteudo": _content(bill),
        "documento": _document(bill),
        "tramitando": yes_no(bill.in_progress),
        "dataInicioEfetivo": bill.presented.strftime("%Y-%m-%d"),
    }
    if situation is not None:
        found.update(
            situacaoAtual=situation.text,
            siglaSituacaoAtual=situation.acronym,
            dataSituacaoAtual=since.strftime("%Y-%m-%d"),
        )
    found["classificacoes"] = [
        {
            "codigo": theme.senado_class,
            "descricao": theme.senado_path.partition(" / ")[2],
            "descricaoHierarquia": theme.senado_path,
        }
        for theme in bill.text.themes
    ]
    found["autoriaIniciativa"] = authorship(bill)
    others = _other_numbers(bill)
    if others:
        found["outrosNumeros"] = others
    found.update(_origin(bill))
    found.update(_joint_committee(bill))
    found["despachos"] = dispatches(bill)
    found["autuacoes"] = [autuation(bill)]
    found["deliberacao"] = _deliberation(bill)
    found["normaGerada"] = _norm(bill)
    found["ultimaInformacaoAtualizada"] = "PUBLICACAO_OFICIAL" if bill.index % 4 == 1 else "EVENTO_LEGISLATIVO"
    found["dthUltimaAtualizacao"] = updated_at(bill, 6)
    return found
