"""Models of proceedings, rapporteurs, texts, votings and updates of the deprecated `/materia` services."""

from typing import ClassVar

from ingest_senado.legacy.legacy_bill_records import Identification, LegacySituation, Member, Place
from ingest_senado.wire.legacy_envelopes import Nested
from ingest_senado.wire.wire_model import Many, Text, Whole, WireModel, names


class Committee(WireModel):
    """`IdentificacaoComissao`."""

    CodigoComissao: Whole | None = None
    SiglaComissao: Text | None = None
    NomeComissao: Text | None = None
    SiglaCasaComissao: Text | None = None

    implied: ClassVar[frozenset[str]] = names("NomeCasaComissao")


class LegacyText(WireModel):
    """One `Texto`."""

    CodigoTexto: Text | None = None
    DescricaoTipoTexto: Text | None = None
    FormatoTexto: Text | None = None
    DataTexto: Text | None = None
    UrlTexto: Text | None = None
    DescricaoTexto: Text | None = None
    NumeroEmenda: Text | None = None

    carried: ClassVar[frozenset[str]] = names("TipoDocumento AutoriaTexto IdentificacaoComissao")


class PlaceNode(WireModel):
    """`OrigemTramitacao` or `DestinoTramitacao`."""

    Local: Place | None = None


class Step(WireModel):
    """`IdentificacaoTramitacao`."""

    CodigoTramitacao: Whole
    DataTramitacao: Text | None = None
    NumeroOrdemTramitacao: Whole | None = None
    TextoTramitacao: Text | None = None
    OrigemTramitacao: PlaceNode | None = None
    Situacao: LegacySituation | None = None

    carried: ClassVar[frozenset[str]] = names("NumeroAutuacao IndicadorRecebimento DataRecebimento DestinoTramitacao")


class StepNode(Nested):
    """One `Tramitacao`."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {"Textos": ("Texto",)}

    IdentificacaoTramitacao: Step
    Textos: Many[LegacyText] = ()

    carried: ClassVar[frozenset[str]] = names("Publicacoes")


class Movements(Nested):
    """`MovimentacaoMateria.Materia` up to version 6; from 7 on all is under `Autuacoes`, which goes into the extras."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {"Tramitacoes": ("Tramitacao",)}

    Tramitacoes: Many[StepNode] = ()

    carried: ClassVar[frozenset[str]] = names(
        "Despachos OrdensDoDia Prazos CalendarioTramitacao DeliberacoesMPV Autuacoes"
    )
    implied: ClassVar[frozenset[str]] = names("IdentificacaoMateria SituacaoAtual AtualizacoesRecentes UrlGlossario")


class LegacyRapporteur(WireModel):
    """One `Relator`."""

    IdentificacaoParlamentar: Member | None = None
    IdentificacaoComissao: Committee | None = None
    DataDesignacao: Text | None = None
    DataDestituicao: Text | None = None
    DescricaoMotivoDestituicao: Text | None = None

    carried: ClassVar[frozenset[str]] = names("CodigoTipoRelator DescricaoTipoRelator")


class LegacyVote(WireModel):
    """One `VotoParlamentar`, with a sign in some years and only a description in others."""

    IdentificacaoParlamentar: Member | None = None
    SiglaVoto: Text | None = None
    DescricaoVoto: Text | None = None


class Sitting(WireModel):
    """`SessaoPlenaria`."""

    CodigoSessao: Whole | None = None
    SiglaCasaSessao: Text | None = None
    DataSessao: Text | None = None
    HoraInicioSessao: Text | None = None

    carried: ClassVar[frozenset[str]] = names("CodigoSessaoLegislativa SiglaTipoSessao NumeroSessao")
    implied: ClassVar[frozenset[str]] = names("NomeCasaSessao")


class LegacyVoting(Nested):
    """One `Votacao`. `CodigoSessaoVotacao` is missing in the answers of early 2019."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {"Votos": ("VotoParlamentar",)}

    CodigoSessaoVotacao: Whole | None = None
    SessaoPlenaria: Sitting | None = None
    IndicadorVotacaoSecreta: Text | None = None
    DescricaoVotacao: Text | None = None
    DescricaoResultado: Text | None = None
    TotalVotosSim: Whole | None = None
    TotalVotosNao: Whole | None = None
    TotalVotosAbstencao: Whole | None = None
    Votos: Many[LegacyVote] = ()

    carried: ClassVar[frozenset[str]] = names("SequencialVotacao")
    implied: ClassVar[frozenset[str]] = names("Tramitacao")


class UpdateEntry(WireModel):
    """One `Atualizacao`."""

    DataUltimaAtualizacao: Text | None = None

    implied: ClassVar[frozenset[str]] = names("InformacaoAtualizada UrlServicoAfetado")


class UpdatedRow(Nested):
    """A row of `/materia/atualizadas`: the bill that moved, and when."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {"AtualizacoesRecentes": ("Atualizacao",)}

    IdentificacaoMateria: Identification
    AtualizacoesRecentes: Many[UpdateEntry] = ()

    @property
    def updated_at(self) -> str | None:
        """The newest of the update stamps."""
        return max((entry.DataUltimaAtualizacao or "" for entry in self.AtualizacoesRecentes), default="") or None
