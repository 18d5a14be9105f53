"""Rows of the yearly files of votings: votacoes, votacoesVotos, votacoesOrientacoes, votacoesProposicoes."""

from typing import NamedTuple

from ingest_camara.wire.file_columns import Layout


class VotingRow(NamedTuple):
    """A row of `votacoes-{ano}.csv`. Ids are 0 and cells empty where there is no value."""

    id: str
    data: str
    dataHoraRegistro: str
    idOrgao: str
    siglaOrgao: str
    idEvento: str
    aprovacao: str
    votosSim: str
    votosNao: str
    votosOutros: str
    descricao: str
    abertura: str
    """`ultimaAberturaVotacao_descricao`"""


class VoteRow(NamedTuple):
    """A row of `votacoesVotos-{ano}.csv`."""

    voting: str
    at: str
    option: str
    member: str
    name: str
    party: str
    state: str


class BenchRow(NamedTuple):
    """A row of `votacoesOrientacoes-{ano}.csv`."""

    voting: str
    label: str
    option: str


class VotedBillRow(NamedTuple):
    """A row of `votacoesProposicoes-{ano}.csv`."""

    voting: str
    bill: str
    title: str
    type_code: str


def _same(*fields: str) -> dict[str, tuple[str, ...]]:
    return {field: (field,) for field in fields}


VOTING_COLUMNS = Layout(
    VotingRow,
    {
        **_same(*VotingRow._fields[:-1]),
        "abertura": ("ultimaAberturaVotacao_descricao",),
    },
    keys=("id", "data"),
    ignored=(
        "uri",
        "uriOrgao",
        "uriEvento",
        "ultimaAberturaVotacao_dataHoraRegistro",
        "ultimaApresentacaoProposicao_dataHoraRegistro",
        "ultimaApresentacaoProposicao_descricao",
        "ultimaApresentacaoProposicao_idProposicao",
        "ultimaApresentacaoProposicao_uriProposicao",
    ),
)
VOTE_COLUMNS = Layout(
    VoteRow,
    {
        "voting": ("idVotacao",),
        "at": ("dataHoraVoto", "dataRegistroVoto"),
        "option": ("voto", "tipoVoto"),
        "member": ("deputado_id", "deputado_.id"),
        "name": ("deputado_nome", "deputado_.nome"),
        "party": ("deputado_siglaPartido", "deputado_.siglaPartido"),
        "state": ("deputado_siglaUf", "deputado_.siglaUf"),
    },
    keys=("voting",),
    ignored=(
        "uriVotacao",
        "deputado_uri",
        "deputado_uriPartido",
        "deputado_idLegislatura",
        "deputado_urlFoto",
    ),
)
BENCH_COLUMNS = Layout(
    BenchRow,
    {"voting": ("idVotacao",), "label": ("siglaBancada",), "option": ("orientacao",)},
    keys=("voting", "label"),
    ignored=("uriVotacao", "siglaOrgao", "descricao", "uriBancada"),
)
VOTED_BILL_COLUMNS = Layout(
    VotedBillRow,
    {
        "voting": ("idVotacao",),
        "bill": ("proposicao_id", "proposicao_.id"),
        "title": ("proposicao_titulo", "proposicao_.titulo"),
        "type_code": ("proposicao_siglaTipo", "proposicao_.siglaTipo"),
    },
    keys=("voting", "bill"),
    ignored=(
        "uriVotacao",
        "data",
        "descricao",
        "proposicao_uri",
        "proposicao_ementa",
        "proposicao_codTipo",
        "proposicao_numero",
        "proposicao_ano",
    ),
)
