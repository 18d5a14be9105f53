"""Models of the Senado's answers on committees, boards and blocs, and on their members."""

from typing import ClassVar

from legis.domain.records.record import record_id
from legis.domain.vocabulary import Source
from pydantic import AliasChoices, Field

from ingest_senado.wire.legacy_envelopes import Nested
from ingest_senado.wire.people_records import PartyName
from ingest_senado.wire.wire_model import Many, Text, Whole, WireModel, names


class BodyRow(WireModel):
    """A row of `/comissao/lista/colegiados`: bodies at work, the Câmara's and the Congress's too."""

    key: ClassVar[str] = "Codigo"
    id_prefix: ClassVar[str | None] = record_id(Source.SENADO, "org", "")

    Codigo: Whole
    Sigla: Text | None = None
    Nome: Text | None = None
    SiglaCasa: Text | None = None
    SiglaTipoColegiado: Text | None = None
    DescricaoTipoColegiado: Text | None = None
    DataInicio: Text | None = None
    DataFim: Text | None = None

    carried: ClassVar[frozenset[str]] = names("Finalidade Publica")
    implied: ClassVar[frozenset[str]] = names("CodigoTipoColegiado")


class SeatRow(WireModel):
    """A member in `/composicao/comissao/{codigo}`: with days, and without a party."""

    CodigoMembro: Whole
    NomeMembro: Text
    TipoVaga: Text | None = None
    DataInicioMembroVaga: Text | None = None
    DataFimMembroVaga: Text | None = None

    implied: ClassVar[frozenset[str]] = names("IndicadorVagaAtiva")


class MemberRow(WireModel):
    """A member or holder of an office in a detail or a board: with party and state, and without days.

    The board of the Senado has the code under `Http`, and the office as a list; members without these are deputies.
    """

    CodigoParlamentar: Whole | None = Field(None, validation_alias=AliasChoices("CodigoParlamentar", "Http"))
    CodigoDeputadoNaCamara: Whole | None = None
    NomeParlamentar: Text
    TipoCargo: Text | None = Field(None, validation_alias=AliasChoices("TipoCargo", "Cargo"))
    TipoVaga: Text | None = None
    Bancada: Text | None = None
    Partido: Text | None = None
    SiglaUf: Text | None = None

    implied: ClassVar[frozenset[str]] = names(
        "CodigoCargo NumeroOrdem NumeroOrdemImpressao ObservacaoCargo ObservacaoParlamentar Origem OrigemParlamentar "
        "ProprietarioVaga"
    )


class BodyType(WireModel):
    """The type of a body; one service writes `Sigla_casa`."""

    TipoColegiado: Text | None = None
    SiglaCasa: Text | None = Field(None, validation_alias=AliasChoices("SiglaCasa", "Sigla_casa"))

    implied: ClassVar[frozenset[str]] = names("CodigoTipo")


class BodyDetail(Nested):
    """`/comissao/{codigo}` and both boards: offices and members."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {
        "Cargos": ("Cargo",),
        "MembrosBlocoSF": ("PartidoBloco", "MembrosSF", "Membro"),
        "MembrosBlocoCD": ("Membro", "MembrosCD", "Membro"),
        "Membros_bloco_sf": ("PartidoBloco", "Membros_sf", "Membro"),
        "Membros_bloco_cd": ("Membro", "Membros_cd", "Membro"),
    }
    key: ClassVar[str] = "CodigoColegiado"

    CodigoColegiado: Whole
    SiglaColegiado: Text | None = None
    NomeColegiado: Text | None = None
    SiglaCasa: Text | None = None
    DescricaoTipoColegiado: Text | None = None
    TipoColegiado: BodyType | None = None
    DataInicio: Text | None = None
    Cargos: Many[MemberRow] = ()
    MembrosBlocoSF: Many[MemberRow] = Field((), validation_alias=AliasChoices("MembrosBlocoSF", "Membros_bloco_sf"))
    MembrosBlocoCD: Many[MemberRow] = Field((), validation_alias=AliasChoices("MembrosBlocoCD", "Membros_bloco_cd"))

    carried: ClassVar[frozenset[str]] = names(
        "Eventos EventosProrrogacao ObservacoesComissao ObservacoesVaga QuantidadesMembros Suplentes Titulares"
    )
    implied: ClassVar[frozenset[str]] = names("CodigoTipoColegiado")


class BlocMember(WireModel):
    """A party of a bloc."""

    Partido: PartyName
    DataAdesao: Text | None = None
    DataDesligamento: Text | None = None


class BlocRow(Nested):
    """A row of `/composicao/lista/blocos`."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {"Membros": ("Membro",)}
    key: ClassVar[str] = "CodigoBloco"
    id_prefix: ClassVar[str | None] = record_id(Source.SENADO, "org", "bloc-")

    CodigoBloco: Whole
    NomeBloco: Text | None = None
    NomeApelido: Text | None = None
    DataCriacao: Text | None = None
    DataExtincao: Text | None = None
    Membros: Many[BlocMember] = ()


class BlocLeaderPerson(WireModel):
    """The person who led a bloc. `idDeputado` is the Câmara's id, or one of an older numbering."""

    idParlamentar: Whole
    nomeParlamentar: Text | None = None
    idDeputado: Whole | None = None

    implied: ClassVar[frozenset[str]] = names(
        "dataNascimento nomeCidadeNatural nomeCompleto sexoParlamentar siglaUfNatural"
    )


class BlocLeader(WireModel):
    """A leader (`L`) or deputy leader (`V`) of a bloc."""

    parlamentar: BlocLeaderPerson
    tipoLideranca: Text | None = None
    dataDesignacao: Text | None = None
    dataTermino: Text | None = None

    implied: ClassVar[frozenset[str]] = names(
        "codigoUnidLideranca id idLideranca idParlamentar idUnidadePartidaria numeroOrdemViceLider siglaCasa "
        "tipoUnidLideranca"
    )


class BlocDetail(Nested):
    """`/composicao/bloco/{codigo}`: its leaders. Parties and names are those of the list of blocs."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {
        "unidadesLiderancaBloco": ("unidadeLideranca", "liderancas", "lideranca")
    }
    key: ClassVar[str] = "idBloco"

    idBloco: Whole
    unidadesLiderancaBloco: Many[BlocLeader] = ()

    implied: ClassVar[frozenset[str]] = names(
        "composicaoBloco dataCriacao dataExtincao id nomeApelidoBloco nomeBloco siglaCasa"
    )
