"""Models of the JSON of deputies, their history, boards, leaders and parties, with upstream's own field names.

Contact data and the CPF are removed before a record is parsed, so they are in no model, hash, log or dead letter.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, Field, model_validator

from ingest_camara.wire.wire_model import Key, Text, WireModel

PERSONAL = frozenset({"cpf", "email", "gabinete", "telefone"})
"""Fields of a person that are never read: CPF, e-mail, office with its room and telephone."""


def without_contact(raw: Any) -> Any:
    """The JSON value without the fields of PERSONAL, at any depth."""
    if isinstance(raw, Mapping):
        return {name: without_contact(value) for name, value in raw.items() if name not in PERSONAL}
    if isinstance(raw, list):
        return [without_contact(value) for value in raw]
    return raw


class PersonModel(WireModel):
    """A record about a person, parsed without contact data."""

    @model_validator(mode="before")
    @classmethod
    def _impersonal(cls, raw: Any) -> Any:
        return without_contact(raw)


class DeputyRow(PersonModel):
    """A row of `/deputados`. With `idLegislatura`, one row for each party and spelling that the deputy had in it."""

    id: Key
    uri: Text = None
    nome: Text = None
    siglaPartido: Text = None
    uriPartido: Text = None
    siglaUf: Text = None
    idLegislatura: Text = None
    urlFoto: Text = None


class DeputyStatus(DeputyRow):
    """The `ultimoStatus` of a detail, and every row of `/deputados/{id}/historico`, whose time is `dataHora`."""

    data: Text = Field(None, validation_alias=AliasChoices("data", "dataHora"))
    nomeEleitoral: Text = None
    situacao: Text = None
    condicaoEleitoral: Text = None
    descricaoStatus: Text = None


class DeputyDetail(PersonModel):
    """The `dados` of `/deputados/{id}`."""

    id: Key
    uri: Text = None
    nomeCivil: Text = None
    ultimoStatus: DeputyStatus | None = None
    sexo: Text = None
    urlWebsite: Text = None
    redeSocial: list[Text] | None = None
    dataNascimento: Text = None
    dataFalecimento: Text = None
    ufNascimento: Text = None
    municipioNascimento: Text = None
    escolaridade: Text = None


class BoardSeat(DeputyRow):
    """A row of `/legislaturas/{id}/mesa`: one deputy in one office of the board."""

    titulo: Text = None
    codTitulo: Text = None
    dataInicio: Text = None
    dataFim: Text = None


class Bench(WireModel):
    """The bench (bancada) that somebody leads: a party, a bloc, the government."""

    tipo: Text = None
    nome: Text = None
    uri: Text = None


class Leadership(PersonModel):
    """A row of `/legislaturas/{id}/lideres`."""

    titulo: Text = None
    dataInicio: Text = None
    dataFim: Text = None
    bancada: Bench | None = None
    parlamentar: DeputyRow


class BodySeat(WireModel):
    """A row of `/deputados/{id}/orgaos`."""

    idOrgao: Text = None
    uriOrgao: Text = None
    siglaOrgao: Text = None
    nomeOrgao: Text = None
    nomePublicacao: Text = None
    titulo: Text = None
    codTitulo: Text = None
    dataInicio: Text = None
    dataFim: Text = None


class PartyRow(WireModel):
    """A row of `/partidos` and of `/blocos/{id}/partidos`."""

    id: Text = None
    uri: Text = None
    sigla: Text = None
    nome: Text = None
