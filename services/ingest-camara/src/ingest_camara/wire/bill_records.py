"""Models of the JSON of a proposição and its sub-resources, with upstream's own field names.

Older names of a field are read as its present name: `id…` before 2019 for `cod…`, and the names of the yearly JSON
files (`ultimoStatus`, `data`, `uriRelator`).
"""

from pydantic import AliasChoices, Field

from ingest_camara.wire.wire_model import Key, Text, WireModel


class ListItem(WireModel):
    """A row of `/proposicoes`; `dataApresentacao` is present since November 2025."""

    id: Key
    uri: Text = None
    siglaTipo: Text = None
    codTipo: Text = Field(None, validation_alias=AliasChoices("codTipo", "idTipo"))
    numero: Text = None
    ano: Text = None
    ementa: Text = None
    dataApresentacao: Text = None


class Status(WireModel):
    """`statusProposicao`, and every row of `/proposicoes/{id}/tramitacoes`, which has the same form."""

    dataHora: Text = Field(None, validation_alias=AliasChoices("dataHora", "data"))
    sequencia: Text = None
    siglaOrgao: Text = None
    uriOrgao: Text = None
    codOrgao: Text = Field(None, validation_alias=AliasChoices("codOrgao", "idOrgao"))
    uriUltimoRelator: Text = Field(None, validation_alias=AliasChoices("uriUltimoRelator", "uriRelator"))
    regime: Text = None
    descricaoTramitacao: Text = None
    codTipoTramitacao: Text = Field(None, validation_alias=AliasChoices("codTipoTramitacao", "idTipoTramitacao"))
    descricaoSituacao: Text = None
    codSituacao: Text = Field(None, validation_alias=AliasChoices("codSituacao", "idSituacao"))
    despacho: Text = None
    url: Text = None
    ambito: Text = None
    apreciacao: Text = None


class Detail(ListItem):
    """The `dados` of `/proposicoes/{id}`, or one object of a yearly JSON file."""

    descricaoTipo: Text = None
    ementaDetalhada: Text = None
    keywords: Text = None
    uriOrgaoNumerador: Text = None
    uriAutores: Text = None
    uriPropPrincipal: Text = None
    uriPropAnterior: Text = None
    uriPropPosterior: Text = None
    urlInteiroTeor: Text = None
    urnFinal: Text = None
    texto: Text = None
    justificativa: Text = None
    statusProposicao: Status | None = Field(None, validation_alias=AliasChoices("statusProposicao", "ultimoStatus"))


class Author(WireModel):
    """A row of `/proposicoes/{id}/autores`. Its only id is in `uri`; authors from outside the Câmara have none."""

    uri: Text = None
    nome: Text = None
    codTipo: Text = None
    tipo: Text = None
    ordemAssinatura: Text = None
    proponente: Text = None
    siglaPartido: Text = None
    siglaUf: Text = None


class Theme(WireModel):
    """A row of `/proposicoes/{id}/temas`."""

    codTema: Text = None
    tema: Text = None
    relevancia: Text = None


class Related(WireModel):
    """A row of `/proposicoes/{id}/relacionadas`, where numbers are JSON strings."""

    id: Key
    uri: Text = None
    siglaTipo: Text = None
    codTipo: Text = None
    numero: Text = None
    ano: Text = None
    ementa: Text = None
    dataApresentacao: Text = None
