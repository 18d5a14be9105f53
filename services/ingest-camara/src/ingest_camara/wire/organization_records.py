"""Models of the JSON of bodies (órgãos) and blocs, with upstream's own field names."""

from ingest_camara.wire.wire_model import Key, Text, WireModel


class BodyRow(WireModel):
    """A row of `/orgaos`."""

    id: Key
    uri: Text = None
    sigla: Text = None
    nome: Text = None
    apelido: Text = None
    nomeResumido: Text = None
    nomePublicacao: Text = None
    codTipoOrgao: Text = None
    tipoOrgao: Text = None


class BodyDetail(BodyRow):
    """The `dados` of `/orgaos/{id}`, and a row of `orgaos.csv`, which alone has the situation. `sala` is not used."""

    dataInicio: Text = None
    dataInstalacao: Text = None
    dataFim: Text = None
    dataFimOriginal: Text = None
    codSituacao: Text = None
    descricaoSituacao: Text = None
    casa: Text = None
    sala: Text = None
    urlWebsite: Text = None


class Bloc(WireModel):
    """A row of `/blocos`: parties that act as one bench. Its id is a JSON string."""

    id: Key
    uri: Text = None
    nome: Text = None
    idLegislatura: Text = None
    federacao: Text = None
