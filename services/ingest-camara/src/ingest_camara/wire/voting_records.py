"""Models of the JSON of a votação, its votos and the deputies who gave them, with upstream's own field names."""

from ingest_camara.wire.wire_model import Text, WireModel


class Voting(WireModel):
    """A row of `/proposicoes/{id}/votacoes`. `id` is a JSON string: `2258609-75`."""

    id: str
    uri: Text = None
    data: Text = None
    dataHoraRegistro: Text = None
    siglaOrgao: Text = None
    uriOrgao: Text = None
    uriEvento: Text = None
    proposicaoObjeto: Text = None
    uriProposicaoObjeto: Text = None
    descricao: Text = None
    aprovacao: Text = None


class Deputy(WireModel):
    """A row of `/deputados`, and the `deputado_` of a vote. Contact data are ignored and never stored."""

    id: Text = None
    uri: Text = None
    nome: Text = None
    siglaPartido: Text = None
    uriPartido: Text = None
    siglaUf: Text = None
    idLegislatura: Text = None
    urlFoto: Text = None
    email: Text = None


class MemberVote(WireModel):
    """A row of `/votacoes/{id}/votos`; the underscore in `deputado_` is upstream's."""

    tipoVoto: Text = None
    dataRegistroVoto: Text = None
    deputado_: Deputy | None = None
