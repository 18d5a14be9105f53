"""Models of the rows of `/votacao`, with the Senado's field names."""

from typing import ClassVar

from legis.domain.records.record import record_id
from legis.domain.vocabulary import Source

from ingest_senado.wire.wire_model import Many, Text, Whole, WireModel, names


class VoteRow(WireModel):
    """The vote of one senator in one voting."""

    nomeParlamentar: Text
    codigoParlamentar: Whole | None = None
    siglaPartidoParlamentar: Text | None = None
    siglaUFParlamentar: Text | None = None
    siglaVotoParlamentar: Text | None = None
    descricaoVotoParlamentar: Text | None = None

    implied: ClassVar[frozenset[str]] = names("sexoParlamentar")


class VotingReport(WireModel):
    """The entry of the proceedings that reports the voting."""

    codigoColegiado: Whole | None = None
    siglaColegiado: Text | None = None
    nomeColegiado: Text | None = None
    casaColegiado: Text | None = None
    texto: Text | None = None

    carried: ClassVar[frozenset[str]] = names(
        "id idEvento idEnteAdm data casaEnteAdm siglaEnteAdm nomeEnteAdm numeroAutuacao"
    )


class VotingRow(WireModel):
    """One voting with its votes. Totals are null where the voting was nominal: its votes must be counted."""

    key: ClassVar[str] = "idProcesso"
    id_prefix: ClassVar[str | None] = ""

    codigoSessaoVotacao: Whole
    idProcesso: Whole | None = None
    identificacao: Text | None = None
    casaSessao: Text | None = None
    dataSessao: Text | None = None
    descricaoVotacao: Text | None = None
    resultadoVotacao: Text | None = None
    votacaoSecreta: Text | None = None
    totalVotosSim: Whole | None = None
    totalVotosNao: Whole | None = None
    totalVotosAbstencao: Whole | None = None
    informeLegislativo: VotingReport | None = None
    votos: Many[VoteRow] = ()

    carried: ClassVar[frozenset[str]] = names(
        "codigoSessao codigoSessaoLegislativa codigoVotacaoSve numeroSessao sequencialSessao "
        "sequencialVotacao siglaTipoSessao"
    )
    implied: ClassVar[frozenset[str]] = names("ano codigoMateria dataApresentacao ementa numero sigla")


class PlenaryVoting(VotingRow):
    """The same row where it is read for the voting, not for the process that was voted on."""

    key: ClassVar[str] = "codigoSessaoVotacao"
    id_prefix: ClassVar[str | None] = record_id(Source.SENADO, "vote", "")
