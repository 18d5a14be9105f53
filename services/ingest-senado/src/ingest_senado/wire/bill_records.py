"""Models of the rows of `/processo` and of the detail of `/processo/{id}`, with the Senado's field names."""

from typing import ClassVar

from ingest_senado.wire.wire_model import Many, Text, Whole, WireModel, names


class ListRow(WireModel):
    """One row of `/processo`. It lacks fields for type, number and year: they are read from `identificacao`."""

    id_prefix: ClassVar[str | None] = ""

    id: Whole
    identificacao: Text
    codigoMateria: Whole | None = None
    apelido: Text | None = None
    objetivo: Text | None = None
    casaIdentificadora: Text | None = None
    tipoDocumento: Text | None = None
    ementa: Text | None = None
    dataApresentacao: Text | None = None
    autoria: Text | None = None
    tramitando: Text | None = None
    situacaoAtual: Text | None = None
    dataSituacaoAtual: Text | None = None
    dataUltimaAtualizacao: Text | None = None
    urlDocumento: Text | None = None

    # Deliberation and norm are whole only in the detail; parts of them from a row would alternate with it.
    carried: ClassVar[frozenset[str]] = names(
        "enteIdentificador tipoConteudo dataDeliberacao siglaTipoDeliberacao normaGerada "
        "ultimaInformacaoAtualizada idDocumento idItemDigital"
    )

    @property
    def enacted(self) -> bool:
        """Whether the row names the norm that the bill became."""
        return bool((self.model_extra or {}).get("normaGerada"))


class Body(WireModel):
    """A committee, board or administrative office (`colegiado`, `enteAdministrativo`, `ente…`)."""

    codigo: Whole | None = None
    id: Whole | None = None
    casa: Text | None = None
    sigla: Text | None = None
    nome: Text | None = None


class Author(WireModel):
    """One entry of `autoria` or `autoriaIniciativa`."""

    autor: Text
    siglaTipo: Text | None = None
    descricaoTipo: Text | None = None
    ordem: Whole | None = None
    codigoParlamentar: Whole | None = None
    uf: Text | None = None
    siglaPartido: Text | None = None
    idEnte: Whole | None = None
    outrosAutoresNaoInformados: Text | None = None

    implied: ClassVar[frozenset[str]] = names("sexo partido siglaCargo cargo siglaEnte casaEnte ente")


class Content(WireModel):
    """`conteudo`: the content of the bill."""

    ementa: Text | None = None
    explicacaoEmenta: Text | None = None

    carried: ClassVar[frozenset[str]] = names(
        "id idTipo siglaTipo tipo assuntoGeral assuntoEspecifico tipoNormaIndicada"
    )


class MainDocument(WireModel):
    """`documento`: the text that began the bill, with its authors."""

    tipo: Text | None = None
    dataApresentacao: Text | None = None
    indexacao: Text | None = None
    url: Text | None = None
    autoria: Many[Author] = ()
    resumoAutoria: Text | None = None

    carried: ClassVar[frozenset[str]] = names("siglaTipo dataLeitura casaLeitura")
    implied: ClassVar[frozenset[str]] = names("id")  # also in the address


class Classification(WireModel):
    """One subject of `classificacoes`."""

    codigo: Whole | None = None
    descricao: Text | None = None
    descricaoHierarquia: Text | None = None


class OtherNumber(WireModel):
    """One entry of `outrosNumeros`; `numero` is padded with zeros."""

    sigla: Text
    idOutroProcesso: Whole | None = None
    numero: Text | None = None
    ano: Whole | None = None
    casaIdentificadora: Text | None = None
    externaAoCongresso: Text | None = None

    carried: ClassVar[frozenset[str]] = names("siglaEnteIdentificador enteIdentificador tramitando")


class RelatedProcess(WireModel):
    """One entry of `processosRelacionados`. No recording has a filled one, so all possible names are declared."""

    id: Whole | None = None
    idProcesso: Whole | None = None
    idOutroProcesso: Whole | None = None
    identificacao: Text | None = None
    tipoRelacao: Text | None = None
    siglaTipoRelacao: Text | None = None

    @property
    def process_id(self) -> str | None:
        """Id of the related process, from whichever field has it."""
        found = self.idOutroProcesso or self.idProcesso or self.id
        return None if found is None else str(found)


class DispatchTarget(WireModel):
    """The body that must act on a dispatch."""

    ordem: Whole | None = None
    tipoAnaliseDeliberacao: Text | None = None
    colegiado: Body | None = None


class Order(WireModel):
    """One `providencia` of a dispatch."""

    descricao: Text | None = None
    unidadesDestinatarias: Many[DispatchTarget] = ()

    carried: ClassVar[frozenset[str]] = names("id tipo ordem analiseTempo analiseConteudo reexame")


class Meeting(WireModel):
    """The session at which something was decided."""

    colegiado: Body | None = None

    carried: ClassVar[frozenset[str]] = names("id numero data casa tipo descricao")


class Dispatch(WireModel):
    """One entry of `despachos`: the body to which the bill was sent, and the purpose."""

    id: Whole
    data: Text | None = None
    siglaTipoMotivacao: Text | None = None
    tipoMotivacao: Text | None = None
    cancelado: Text | None = None
    encontroLegislativo: Meeting | None = None
    providencias: Many[Order] = ()


class AttachedDocument(WireModel):
    """A document published with an entry of the proceedings."""

    id: Whole | None = None
    url: Text | None = None
    siglaTipo: Text | None = None
    tipo: Text | None = None
    identificacao: Text | None = None
    descricao: Text | None = None
    data: Text | None = None

    carried: ClassVar[frozenset[str]] = names("autoria")


class Situation(WireModel):
    """A situation of the bill, with its first and last day."""

    idTipo: Whole | None = None
    sigla: Text | None = None
    descricao: Text | None = None
    inicio: Text | None = None
    fim: Text | None = None
    colegiado: Body | None = None
    enteAdministrativo: Body | None = None


class Report(WireModel):
    """One `informeLegislativo`: an entry of the proceedings."""

    id: Whole
    data: Text | None = None
    colegiado: Body | None = None
    enteAdministrativo: Body | None = None
    descricao: Text | None = None
    idSituacaoIniciada: Whole | None = None
    siglaSituacaoIniciada: Text | None = None
    documentosAssociados: Many[AttachedDocument] = ()


class Movement(WireModel):
    """A movement of the file from one office to another."""

    id: Whole
    dataEnvio: Text | None = None
    enteOrigem: Body | None = None
    dataRecebimento: Text | None = None
    enteDestino: Body | None = None
    colegiadoDestino: Body | None = None
    colegiadoOrigem: Body | None = None


class Filing(WireModel):
    """One `autuacao`; the first is the main one."""

    numero: Whole | None = None
    codigoColegiadoControleAtual: Whole | None = None
    casaColegiadoControleAtual: Text | None = None
    siglaColegiadoControleAtual: Text | None = None
    nomeColegiadoControleAtual: Text | None = None
    idEnteControleAtual: Whole | None = None
    siglaEnteControleAtual: Text | None = None
    nomeEnteControleAtual: Text | None = None
    situacoes: Many[Situation] = ()
    informesLegislativos: Many[Report] = ()
    movimentacoes: Many[Movement] = ()

    carried: ClassVar[frozenset[str]] = names("descricao casaEnteControleAtual")


class Deliberation(WireModel):
    """`deliberacao`: the final decision of this house."""

    data: Text | None = None
    siglaTipo: Text | None = None
    tipoDeliberacao: Text | None = None
    destino: Text | None = None

    carried: ClassVar[frozenset[str]] = names("siglaDestino")


class Norm(WireModel):
    """`normaGerada`: the norm that the bill became."""

    siglaTipo: Text | None = None
    tipo: Text | None = None
    numero: Text | None = None
    anoAssinatura: Whole | None = None
    dataAssinatura: Text | None = None
    descricao: Text | None = None

    carried: ClassVar[frozenset[str]] = names("codigo dataPublicacao siglaVeiculoPublicacao")


class Detail(WireModel):
    """The response of `/processo/{id}`."""

    id_prefix: ClassVar[str | None] = ""

    id: Whole
    identificacao: Text
    codigoMateria: Whole | None = None
    apelido: Text | None = None
    objetivo: Text | None = None
    casaIdentificadora: Text | None = None
    conteudo: Content | None = None
    documento: MainDocument | None = None
    tramitando: Text | None = None
    situacaoAtual: Text | None = None
    siglaSituacaoAtual: Text | None = None
    dataSituacaoAtual: Text | None = None
    classificacoes: Many[Classification] = ()
    autoriaIniciativa: Many[Author] = ()
    outrosNumeros: Many[OtherNumber] = ()
    processosRelacionados: Many[RelatedProcess] = ()
    identificacaoProcessoInicial: Text | None = None
    siglaCasaIniciadora: Text | None = None
    despachos: Many[Dispatch] = ()
    autuacoes: Many[Filing] = ()
    deliberacao: Deliberation | None = None
    normaGerada: Norm | None = None
    dthUltimaAtualizacao: Text | None = None

    carried: ClassVar[frozenset[str]] = names(
        "descricaoSigla siglaEnteIdentificador identificacaoExterna dataInicioEfetivo "
        "idProcessoCasaInicial comissaoMpv ultimaInformacaoAtualizada"
    )
    implied: ClassVar[frozenset[str]] = names("sigla numero ano")  # parts of `identificacao`

    @property
    def enacted(self) -> bool:
        """Whether the detail names the norm that the bill became."""
        return self.normaGerada is not None
