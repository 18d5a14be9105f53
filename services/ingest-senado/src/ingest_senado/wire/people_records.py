"""Models of the Senado's answers on senators: lists, details, mandates, parties, committees, offices and leaves."""

from typing import ClassVar

from ingest_senado.wire.legacy_envelopes import Nested
from ingest_senado.wire.wire_model import Many, Text, Whole, WireModel, names


class SenatorIdentity(WireModel):
    """`IdentificacaoParlamentar`. `CodigoParlamentar` numbers deputies too."""

    key: ClassVar[str] = "CodigoParlamentar"

    CodigoParlamentar: Whole
    NomeParlamentar: Text | None = None
    NomeCompletoParlamentar: Text | None = None
    SexoParlamentar: Text | None = None
    SiglaPartidoParlamentar: Text | None = None
    UfParlamentar: Text | None = None
    UrlFotoParlamentar: Text | None = None
    UrlPaginaParlamentar: Text | None = None

    carried: ClassVar[frozenset[str]] = names("CodigoPublicoNaLegAtual")
    implied: ClassVar[frozenset[str]] = names("Bloco FormaTratamento MembroLideranca MembroMesa UrlPaginaParticular")


class LegislatureSpan(WireModel):
    """A legislature of a mandate, with its days."""

    NumeroLegislatura: Whole
    DataInicio: Text | None = None
    DataFim: Text | None = None


class Exercise(WireModel):
    """A stretch of time in which a senator held the seat, and why it ended."""

    DataInicio: Text | None = None
    DataFim: Text | None = None
    DescricaoCausaAfastamento: Text | None = None

    implied: ClassVar[frozenset[str]] = names("CodigoExercicio DataLeitura SiglaCausaAfastamento")


class MandateHolder(WireModel):
    """The senator for whom a substitute was elected."""

    CodigoParlamentar: Whole
    NomeParlamentar: Text | None = None

    implied: ClassVar[frozenset[str]] = names("DescricaoParticipacao")


class Mandate(Nested):
    """A mandate of eight years. Its list of parties repeats the affiliations; substitutes have entries of their own."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {"Exercicios": ("Exercicio",)}

    CodigoMandato: Whole | None = None
    DescricaoParticipacao: Text | None = None
    UfParlamentar: Text | None = None
    PrimeiraLegislaturaDoMandato: LegislatureSpan | None = None
    SegundaLegislaturaDoMandato: LegislatureSpan | None = None
    Titular: MandateHolder | None = None
    Exercicios: Many[Exercise] = ()

    implied: ClassVar[frozenset[str]] = names("Partidos Suplentes")


class SenatorRow(Nested):
    """A row of a list of senators: one mandate in the lists of today, all of them in that of a legislature."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {"Mandatos": ("Mandato",)}

    IdentificacaoParlamentar: SenatorIdentity
    Mandato: Many[Mandate] = ()
    Mandatos: Many[Mandate] = ()


class BasicData(WireModel):
    """`DadosBasicosParlamentar`, without the address."""

    DataNascimento: Text | None = None
    DataFalecimento: Text | None = None
    Naturalidade: Text | None = None
    UfNaturalidade: Text | None = None


class SenatorDetail(WireModel):
    """`/senador/{codigo}`. The rest of the answer lists services."""

    IdentificacaoParlamentar: SenatorIdentity
    DadosBasicosParlamentar: BasicData | None = None

    implied: ClassVar[frozenset[str]] = names("OutrasInformacoes UrlGlossario")


class PartyName(WireModel):
    """A party with the Senado's own code."""

    CodigoPartido: Whole | None = None
    SiglaPartido: Text | None = None
    NomePartido: Text | None = None


class Affiliation(WireModel):
    """The time in a party."""

    DataFiliacao: Text | None = None
    DataDesfiliacao: Text | None = None
    Partido: PartyName


class CommitteeName(WireModel):
    """`IdentificacaoComissao`."""

    CodigoComissao: Whole | None = None
    SiglaComissao: Text | None = None
    NomeComissao: Text | None = None
    SiglaCasaComissao: Text | None = None

    implied: ClassVar[frozenset[str]] = names("NomeCasaComissao")


class CommitteeSeat(WireModel):
    """A seat in a committee, closed committees included."""

    IdentificacaoComissao: CommitteeName
    DescricaoParticipacao: Text | None = None
    DataInicio: Text | None = None
    DataFim: Text | None = None


class CommitteeOffice(WireModel):
    """An office in a committee or board."""

    IdentificacaoComissao: CommitteeName
    DescricaoCargo: Text | None = None
    DataInicio: Text | None = None
    DataFim: Text | None = None

    implied: ClassVar[frozenset[str]] = names("CodigoCargo")


class Leave(WireModel):
    """A leave. The planned days may differ from the real ones."""

    DataInicio: Text | None = None
    DataFim: Text | None = None
    DataInicioPrevista: Text | None = None
    DescricaoTipoAfastamento: Text | None = None

    implied: ClassVar[frozenset[str]] = names("Codigo DataFimPrevista SiglaTipoAfastamento")


class LeadershipRow(WireModel):
    """A row of `/composicao/lideranca`: a leader or deputy leader in either house or in the Congress."""

    key: ClassVar[str] = "codigo"

    codigo: Whole
    codigoParlamentar: Whole
    casa: Text | None = None
    dataDesignacao: Text | None = None
    dataTermino: Text | None = None
    descricaoTipoLideranca: Text | None = None
    descricaoTipoUnidadeLideranca: Text | None = None
    siglaTipoUnidadeLideranca: Text | None = None
    codigoBloco: Whole | None = None
    siglaBloco: Text | None = None
    nomeBloco: Text | None = None
    siglaPartido: Text | None = None
    nomePartido: Text | None = None
    siglaPartidoFiliacao: Text | None = None

    implied: ClassVar[frozenset[str]] = names(
        "codigoPartido codigoPartidoFiliacao idTipoUnidadeLideranca nomeParlamentar nomePartidoFiliacao "
        "numeroOrdemViceLider siglaTipoLideranca"
    )
