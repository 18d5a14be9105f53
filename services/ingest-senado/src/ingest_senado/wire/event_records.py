"""Models of the Senado's agendas: meetings of committees, sessions of the plenaries, and results of sessions."""

from typing import ClassVar

from legis.domain.records.record import record_id
from legis.domain.vocabulary import Source
from pydantic import AliasChoices, Field

from ingest_senado.wire.legacy_envelopes import Nested
from ingest_senado.wire.wire_model import Many, Text, Whole, WireModel, names


class MeetingBody(WireModel):
    """A body that meets."""

    codigo: Whole
    sigla: Text | None = None
    nome: Text | None = None
    siglaCasa: Text | None = None

    implied: ClassVar[frozenset[str]] = names(
        "codigoTipo codigoTipoColegiado composicaoPublica descricaoTipo isSubcomissao materiasOriginadoras "
        "nomeTipoColegiado numeroReuniao publicoPortal colegiadoSuperior"
    )


class MeetingStep(WireModel):
    """A state of a meeting. The list is its history, the newest state first."""

    codigoSituacao: Whole | None = None
    descricaoSituacao: Text | None = None
    dataEvento: Text | None = None
    motivo: Text | None = None
    observacao: Text | None = None

    implied: ClassVar[frozenset[str]] = names("codigo realizada rotuloDivulgacao")


class MeetingPaper(WireModel):
    """The paper of an agenda item, with the process it belongs to."""

    idProcesso: Whole | None = None
    identificacao: Text | None = None
    ementa: Text | None = None

    implied: ClassVar[frozenset[str]] = names(
        "ano autoria autorias codigoMateria complementar consolidacao dataApresentacao dataFecho descricaoTipoDoma "
        "idConteudoInformacional idDoma idTipoDoma identificacaoPorExtenso identificado numero numeroSedol proposicao "
        "sigla siglaPorExtenso siglaTipoDoma textos"
    )


class MeetingItem(WireModel):
    """An agenda item of a committee."""

    codigo: Whole | None = None
    ordem: Whole | None = None
    nome: Text | None = None
    descricao: Text | None = None
    doma: Many[MeetingPaper] = ()
    apreciado: Text | None = None
    resultadoPublico: Text | None = None

    implied: ClassVar[frozenset[str]] = names(
        "autorItemPauta cabecalhoParecer categoria classificacao dataHoraEstadoAtual emDeliberacao isTerminativo "
        "nomeFormatadoComOrdem ordemDeliberacao possuiVotacaoSecreta relatorio revisado siglaRelatorio textosPauta "
        "tipo tipoPauta urlDownload"
    )


class MeetingHearing(WireModel):
    """What a part of a meeting is about, where it is no voting. Guests are left out."""

    finalidade: Text | None = None
    resultadoTexto: Text | None = None

    implied: ClassVar[frozenset[str]] = names(
        "codigo convidados domasRelacionados isPublicado isRealizado observacoes participantes resultadoObservacoes"
    )


class MeetingPart(WireModel):
    """A part of a meeting: deliberative with items, a hearing with guests."""

    sequencial: Whole | None = None
    nome: Text | None = None
    descricaoTipo: Text | None = None
    evento: MeetingHearing | None = None
    itens: Many[MeetingItem] = ()

    implied: ClassVar[frozenset[str]] = names("codigo codigoTipo isDeliberativa sequencialFormatado")


class MeetingKind(WireModel):
    """Ordinary, extraordinary, and so on."""

    descricao: Text | None = None

    implied: ClassVar[frozenset[str]] = names("codigo sigla")


class MeetingVideo(WireModel):
    """A recording of a meeting."""

    url: Text | None = None

    implied: ClassVar[frozenset[str]] = names("codigo dataHoraReuniao ordem")


class MeetingRow(WireModel):
    """A meeting. `/comissao/agenda` and `/comissao/reuniao/{codigo}` show the same."""

    key: ClassVar[str] = "codigo"
    id_prefix: ClassVar[str | None] = record_id(Source.SENADO, "meeting", "")

    codigo: Whole
    codigoSituacao: Whole | None = None
    situacao: Text | None = None
    status: Text | None = None
    titulo: Text | None = None
    dataInicio: Text | None = None
    local: Text | None = None
    tipo: MeetingKind | None = None
    colegiados: Many[MeetingBody] = ()
    colegiadoCriador: MeetingBody | None = None
    dataReuniao: Many[MeetingStep] = ()
    partes: Many[MeetingPart] = ()
    videos: Many[MeetingVideo] = ()
    urlUltimaPautaSimplesPublicada: Text | None = None
    urlUltimoResultadoPublicado: Text | None = None
    urlUltimaAtaPublicada: Text | None = None

    carried: ClassVar[frozenset[str]] = names("descricaoDeNaoRealizacao linkECidadania secreta tipoPresenca")
    implied: ClassVar[frozenset[str]] = names(
        "confirmada continuacaoCancelada dataInicioFormatadaComObsHorario descricao foiAgendadaAposTerSidoSuspensa "
        "idUltimaPublicacaoPautaSimples idUltimaPublicacaoResultado isExibirNoPortal numReuniaoConjunta "
        "permitePresencaApp permiteVotacaoSemPresencaFisica possuiVotacaoSecreta presidente realizada "
        "sessaoLegislativa urlSumarioDosPareceres urlUltimaAtaPublicadaDiario urlUltimaPautaCheiaPublicada versao"
    )


class SessionItem(WireModel):
    """An item of a plenary's agenda or of its result, which write some names differently.

    Only the result gives items a code. `TipoPauta`: `O` agenda, `E` added, `A` possible, `R` withdrawn.
    """

    codigoItem: Whole | None = None
    codigoMateria: Whole | None = Field(None, validation_alias=AliasChoices("codigoMateria", "CodigoMateria"))
    sequencialItem: Whole | None = Field(None, validation_alias=AliasChoices("sequencialItem", "SequenciaOrdem"))
    tipoPauta: Text | None = Field(None, validation_alias=AliasChoices("tipoPauta", "TipoPauta"))
    descricaoTipoPauta: Text | None = Field(
        None, validation_alias=AliasChoices("descricaoTipoPauta", "DescricaoTipoPauta")
    )
    siglaMateria: Text | None = Field(None, validation_alias=AliasChoices("siglaMateria", "SiglaMateria"))
    numeroMateria: Text | None = Field(None, validation_alias=AliasChoices("numeroMateria", "NumeroMateria"))
    anoMateria: Text | None = Field(None, validation_alias=AliasChoices("anoMateria", "AnoMateria"))
    ementaPapeleta: Text | None = Field(None, validation_alias=AliasChoices("ementaPapeleta", "EmentaPapeleta"))
    indicadorDeliberacao: Text | None = None
    descricaoDeliberacao: Text | None = None
    textoResultado: Text | None = None

    implied: ClassVar[frozenset[str]] = names(
        "Apreciacao ApreciacaoPapeleta DescricaoIdentificacaoMateria DescricaoObjetivoProcesso Ementa Identificacao "
        "NomeAutor Parecer SiglaCasaIniciadora apreciacaoPapeleta autorMateria codigoTipoApreciacao "
        "descricaoTipoApreciacao idIdentificacao identificacao indicadorRevisado origemMateria parecer siglaCasaMateria"
    )


class SessionDone(WireModel):
    """Whether a session took place."""

    Status: Text | None = None


class SessionRow(Nested):
    """A session of the plenary of the Senado or of the Congress."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {"Materias": ("Materia",)}
    key: ClassVar[str] = "CodigoSessao"
    id_prefix: ClassVar[str | None] = record_id(Source.SENADO, "session", "")

    CodigoSessao: Whole
    Casa: Text | None = None
    Data: Text | None = None
    Hora: Text | None = None
    LocalSessao: Text | None = None
    NumeroSessao: Text | None = None
    TipoSessao: Text | None = None
    SituacaoSessao: Text | None = None
    PautaConfirmada: Text | None = None
    Comunicado: Text | None = None
    Realizada: SessionDone | None = None
    Materias: Many[SessionItem] = ()

    carried: ClassVar[frozenset[str]] = names("CodigoSituacaoSessao DescricaoTipoPresenca SessaoLegislativa")
    implied: ClassVar[frozenset[str]] = names("DiaSemana DiaUtil Horario Legislatura Mes Oradores TipoPresenca")


class SessionResult(Nested):
    """What became of the items of a session."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {"Itens": ("Item",)}
    key: ClassVar[str] = "codigoSessao"
    id_prefix: ClassVar[str | None] = record_id(Source.SENADO, "session", "")

    codigoSessao: Whole
    Itens: Many[SessionItem] = ()

    implied: ClassVar[frozenset[str]] = names(
        "dataSessao descricaoTipoSessao diaSessao horaSessao numeroSessao siglaCasa tipoSessao"
    )
