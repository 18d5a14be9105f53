"""Models of votings beside `/votacao`: orientations of the plenary's votings, and the votings of committees."""

from typing import ClassVar

from legis.domain.records.record import record_id
from legis.domain.vocabulary import Source

from ingest_senado.wire.legacy_envelopes import Nested
from ingest_senado.wire.wire_model import Many, Text, Whole, WireModel, names


class BenchRow(WireModel):
    """The orientation of one bench, which has a name and no code."""

    partido: Text
    voto: Text | None = None

    implied: ClassVar[frozenset[str]] = names("dataHora")


class OrientationRow(WireModel):
    """A voting with its orientations. Its votes and totals are those of `/votacao`, without codes."""

    key: ClassVar[str] = "sequencialVotacao"

    sequencialVotacao: Whole
    dataInicioVotacao: Text | None = None
    orientacoesLideranca: Many[BenchRow] = ()

    carried: ClassVar[frozenset[str]] = names(
        "codigoVotacaoSve dataTerminoVotacao dispositivo presidenteSessao qtdObstrucoes qtdVotosAbstencao qtdVotosNao "
        "qtdVotosSim quorumFinal quorumInicial"
    )
    implied: ClassVar[frozenset[str]] = names(
        "anoMateria descricaoMateria descricaoSessao descricaoVotacao numeroMateria numeroSessao siglaTipoMateria "
        "tipoSessao votosLideranca votosParlamentar"
    )


class CommitteeVote(WireModel):
    """The vote of a member in a committee. `CodigoParlamentar` numbers deputies too."""

    NomeParlamentar: Text
    CodigoParlamentar: Whole | None = None
    SiglaCasaParlamentar: Text | None = None
    SiglaPartidoParlamentar: Text | None = None
    SiglaUfParlamentar: Text | None = None
    QualidadeVoto: Text | None = None

    implied: ClassVar[frozenset[str]] = names("VotoPresidente")


class CommitteeVotingRow(Nested):
    """A voting of a committee. Nothing says how it ended."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {"Votos": ("Voto",)}
    key: ClassVar[str] = "CodigoVotacao"
    id_prefix: ClassVar[str | None] = record_id(Source.SENADO, "committee-vote", "")

    CodigoVotacao: Whole
    CodigoReuniao: Whole | None = None
    CodigoColegiado: Whole | None = None
    SiglaColegiado: Text | None = None
    NomeColegiado: Text | None = None
    SiglaCasaColegiado: Text | None = None
    DataHoraInicioReuniao: Text | None = None
    DescricaoVotacao: Text | None = None
    IdentificacaoMateria: Text | None = None
    TotalVotosSim: Whole | None = None
    TotalVotosNao: Whole | None = None
    TotalVotosAbstencao: Whole | None = None
    Votos: Many[CommitteeVote] = ()

    carried: ClassVar[frozenset[str]] = names(
        "CodigoParlamentarPresidente NomeParlamentarPresidente NumeroReuniaoColegiado TipoReuniao"
    )
    implied: ClassVar[frozenset[str]] = names("DescricaoIdentificacaoMateria")
