"""Models of the deprecated `/materia` services, with the Senado's PascalCase names; all scalars are strings."""

from typing import Any, ClassVar

from legis.errors import UpstreamSchemaChanged

from ingest_senado.wire.legacy_envelopes import Nested
from ingest_senado.wire.wire_model import Many, Text, Whole, WireModel, names

PAYLOADS = ("Materia", "Materias")


def unwrap(value: Any, root: str) -> dict[str, Any]:
    """The payload under a response's root. A root that was lost in collapsing is not required.

    Raises UpstreamSchemaChanged when neither root nor payload is present.
    """
    if isinstance(value, dict):
        inner = value.get(root)
        if isinstance(inner, dict):
            return inner
        if any(name in value for name in (*PAYLOADS, "Metadados")):
            return value
    raise UpstreamSchemaChanged(f"no {root} in the answer")


class Identification(WireModel):
    """`IdentificacaoMateria`. Only some versions give the process id of the new services."""

    key: ClassVar[str] = "CodigoMateria"

    CodigoMateria: Whole
    IdentificacaoProcesso: Whole | None = None
    SiglaCasaIdentificacaoMateria: Text | None = None
    SiglaSubtipoMateria: Text
    DescricaoSubtipoMateria: Text | None = None
    NumeroMateria: Text | None = None
    AnoMateria: Text | None = None
    DescricaoIdentificacaoMateria: Text | None = None
    DescricaoObjetivoProcesso: Text | None = None
    IndicadorTramitando: Text | None = None
    SiglaTipoRelacao: Text | None = None

    implied: ClassVar[frozenset[str]] = names("NomeCasaIdentificacaoMateria")


class FlatRow(WireModel):
    """A row of `pesquisa/lista` from version 7 on."""

    key: ClassVar[str] = "IdentificacaoProcesso"

    Codigo: Whole
    IdentificacaoProcesso: Whole | None = None
    DescricaoIdentificacao: Text
    Ementa: Text | None = None
    Autor: Text | None = None
    Data: Text | None = None

    implied: ClassVar[frozenset[str]] = names("Sigla Numero Ano UrlDetalheMateria")


class BasicData(WireModel):
    """`DadosBasicosMateria`."""

    EmentaMateria: Text | None = None
    ExplicacaoEmentaMateria: Text | None = None
    ApelidoMateria: Text | None = None
    DataApresentacao: Text | None = None
    IndexacaoMateria: Text | None = None

    carried: ClassVar[frozenset[str]] = names(
        "IndicadorComplementar DataLeitura SiglaCasaLeitura NomeCasaLeitura NaturezaMateria IdentificacaoComissaoMpv"
    )


class Member(WireModel):
    """`IdentificacaoParlamentar`."""

    CodigoParlamentar: Whole | None = None
    NomeParlamentar: Text | None = None
    SiglaPartidoParlamentar: Text | None = None
    UfParlamentar: Text | None = None

    implied: ClassVar[frozenset[str]] = names(
        "CodigoPublicoNaLegAtual NomeCompletoParlamentar SexoParlamentar FormaTratamento UrlFotoParlamentar "
        "UrlPaginaParlamentar EmailParlamentar"
    )


class LegacyAuthor(WireModel):
    """One `Autor` or `AutorPrincipal`."""

    NomeAutor: Text
    SiglaTipoAutor: Text | None = None
    DescricaoTipoAutor: Text | None = None
    UfAutor: Text | None = None
    NumOrdemAutor: Whole | None = None
    IdentificacaoParlamentar: Member | None = None

    carried: ClassVar[frozenset[str]] = names("IndicadorOutrosAutores")


class Place(WireModel):
    """`Local`."""

    CodigoLocal: Whole | None = None
    SiglaCasaLocal: Text | None = None
    SiglaLocal: Text | None = None
    NomeLocal: Text | None = None

    carried: ClassVar[frozenset[str]] = names("DataLocal TipoLocal")
    implied: ClassVar[frozenset[str]] = names("NomeCasaLocal")


class LegacySituation(WireModel):
    """`Situacao`."""

    SiglaSituacao: Text | None = None
    DescricaoSituacao: Text | None = None
    DataSituacao: Text | None = None

    carried: ClassVar[frozenset[str]] = names("CodigoSituacao")


class LegacyFiling(WireModel):
    """One `Autuacao` of `SituacaoAtual`."""

    NumeroAutuacao: Whole | None = None
    Situacao: LegacySituation | None = None
    Local: Place | None = None


class Subjects(WireModel):
    """`Assunto`: a general and a specific one."""

    AssuntoGeral: "NamedCode | None" = None
    AssuntoEspecifico: "NamedCode | None" = None


class NamedCode(WireModel):
    """A code with its name."""

    Codigo: Text | None = None
    Descricao: Text | None = None


class LegacyOtherNumber(WireModel):
    """One `OutroNumeroDaMateria`; its identification has no code."""

    IdentificacaoMateria: "ForeignIdentification"
    DescricaoTipoNumeracao: Text | None = None


class ForeignIdentification(WireModel):
    """The identification of a bill in another house or service."""

    SiglaCasaIdentificacaoMateria: Text | None = None
    SiglaSubtipoMateria: Text
    NumeroMateria: Text | None = None
    AnoMateria: Whole | None = None
    CodigoMateria: Whole | None = None

    carried: ClassVar[frozenset[str]] = names("DescricaoSubtipoMateria")
    implied: ClassVar[frozenset[str]] = names("NomeCasaIdentificacaoMateria")


class LegacyRelated(WireModel):
    """One `MateriaRelacionada`."""

    IdentificacaoMateria: Identification


class LegacyNorm(WireModel):
    """`IdentificacaoNorma`."""

    SiglaTipoNorma: Text | None = None
    NumeroNorma: Text | None = None
    AnoNorma: Whole | None = None
    DataNorma: Text | None = None
    DescricaoTipoNorma: Text | None = None

    carried: ClassVar[frozenset[str]] = names(
        "CodigoNorma UrlNorma DataPublicacao SiglaVeiculoPublicacao DescricaoVeiculoPublicacao ObservacaoNorma"
    )


class NormNode(WireModel):
    """`NormaGerada`."""

    IdentificacaoNorma: LegacyNorm | None = None


class Origin(WireModel):
    """`CasaIniciadoraNoLegislativo`."""

    SiglaCasaIniciadora: Text | None = None

    implied: ClassVar[frozenset[str]] = names("NomeCasaIniciadora")


class MateriaDetail(Nested):
    """`DetalheMateria.Materia`, and a row of `pesquisa/lista` up to version 5, which has the same form."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {
        "Autoria": ("Autor",),
        "AutoresPrincipais": ("AutorPrincipal",),
        "SituacaoAtual": ("Autuacoes", "Autuacao"),
        "OutrosNumerosDaMateria": ("OutroNumeroDaMateria",),
        "MateriasRelacionadas": ("MateriaRelacionada",),
    }

    IdentificacaoMateria: Identification
    DadosBasicosMateria: BasicData | None = None
    Autoria: Many[LegacyAuthor] = ()
    AutoresPrincipais: Many[LegacyAuthor] = ()
    Assunto: Subjects | None = None
    CasaIniciadoraNoLegislativo: Origin | None = None
    OutrosNumerosDaMateria: Many[LegacyOtherNumber] = ()
    MateriasRelacionadas: Many[LegacyRelated] = ()
    SituacaoAtual: Many[LegacyFiling] = ()
    NormaGerada: NormNode | None = None

    carried: ClassVar[frozenset[str]] = names("OrigemMateria Iniciativa")
    implied: ClassVar[frozenset[str]] = names("OutrasInformacoes UrlGlossario")
