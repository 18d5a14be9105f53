"""Models of the JSON of `/votacoes/{id}` and its orientações, with upstream's own field names."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from ingest_camara.wire.voting_records import Voting
from ingest_camara.wire.wire_model import Key, Text, WireModel


class VotedProposal(WireModel):
    """A proposição in `proposicoesAfetadas` and in the items of an agenda."""

    id: Key
    uri: Text = None
    siglaTipo: Text = None
    codTipo: Text = None
    numero: Text = None
    ano: Text = None
    ementa: Text = None
    dataApresentacao: Text = None


class LastPresentation(WireModel):
    """`ultimaApresentacaoProposicao`: the last motion that was put before the voting."""

    dataHoraRegistro: Text = None
    descricao: Text = None
    uriProposicaoCitada: Text = None


def _proposals(value: Any) -> Any:
    return () if value is None else value


class VotingDetail(Voting):
    """The `dados` of `/votacoes/{id}`. `objetosPossiveis` are guesses and not read; `efeitosRegistrados` repeats the
    fields beside it.
    """

    idEvento: Text = None
    idOrgao: Text = None
    dataHoraUltimaAberturaVotacao: Text = None
    descUltimaAberturaVotacao: Text = None
    ultimaApresentacaoProposicao: LastPresentation | None = None
    efeitosRegistrados: Any = None
    objetosPossiveis: Any = None
    proposicoesAfetadas: Annotated[tuple[VotedProposal, ...], BeforeValidator(_proposals)] = ()


class OrientationRow(WireModel):
    """A row of `/votacoes/{id}/orientacoes`. `codTipoLideranca` is P (party) or B (bloc, federation, leadership)."""

    orientacaoVoto: Text = None
    codTipoLideranca: Text = None
    siglaPartidoBloco: Text = None
    codPartidoBloco: Text = None
    uriPartidoBloco: Text = None
