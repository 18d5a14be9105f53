"""Models of the JSON of an evento and of the items of its pauta, with upstream's own field names."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from ingest_camara.wire.vote_event_records import VotedProposal
from ingest_camara.wire.wire_model import Key, Text, WireModel


class EventBody(WireModel):
    """A body (órgão) of an event."""

    id: Text = None
    uri: Text = None
    sigla: Text = None
    nome: Text = None
    apelido: Text = None
    codTipoOrgao: Text = None
    tipoOrgao: Text = None
    nomePublicacao: Text = None
    nomeResumido: Text = None


class Room(WireModel):
    """`localCamara`: the place inside the Câmara."""

    nome: Text = None
    predio: Text = None
    sala: Text = None
    andar: Text = None


def _bodies(value: Any) -> Any:
    return () if value is None else value


class EventItem(WireModel):
    """A row of `/eventos`, and the `dados` of `/eventos/{id}`, which has more fields."""

    id: Key
    uri: Text = None
    dataHoraInicio: Text = None
    dataHoraFim: Text = None
    situacao: Text = None
    descricaoTipo: Text = None
    descricao: Text = None
    localExterno: Text = None
    orgaos: Annotated[tuple[EventBody, ...], BeforeValidator(_bodies)] = ()
    localCamara: Room | None = None
    urlRegistro: Text = None
    urlDocumentoPauta: Text = None
    uriDeputados: Text = None
    uriConvidados: Text = None
    fases: Any = None
    requerimentos: Any = None


class Rapporteur(WireModel):
    """The `relator` of an agenda item; his contact data are not read."""

    id: Text = None
    uri: Text = None
    nome: Text = None
    siglaPartido: Text = None
    uriPartido: Text = None
    siglaUf: Text = None
    idLegislatura: Text = None
    urlFoto: Text = None
    email: Text = None


class RelatedProposal(VotedProposal):
    """`proposicaoRelacionada_`: the bill that an item's own proposição (an opinion, a request) is about."""

    id: Text = None  # type: ignore[assignment]  # empty where there is none


class AgendaRow(WireModel):
    """A row of `/eventos/{id}/pauta`. It has no id of its own; the underscores are upstream's.

    Up to June 2021 `uriProposicaoRelacionada` stood in the place of `proposicaoRelacionada_`.
    """

    ordem: Text = None
    topico: Text = None
    titulo: Text = None
    regime: Text = None
    codRegime: Text = None
    proposicao_: VotedProposal | None = None
    proposicaoRelacionada_: RelatedProposal | None = None
    uriProposicaoRelacionada: Text = None
    relator: Rapporteur | None = None
    textoParecer: Text = None
    situacaoItem: Text = None
    uriVotacao: Text = None
