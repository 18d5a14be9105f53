"""Rows of the yearly files of events: eventos and eventosOrgaos."""

from typing import NamedTuple

from ingest_camara.wire.file_columns import Layout


class EventRow(NamedTuple):
    """A row of `eventos-{ano}.csv`."""

    id: str
    dataHoraInicio: str
    dataHoraFim: str
    situacao: str
    descricaoTipo: str
    descricao: str
    localExterno: str
    nome: str
    predio: str
    sala: str
    andar: str
    urlRegistro: str


class EventBodyRow(NamedTuple):
    """A row of `eventosOrgaos-{ano}.csv`: one body of one event."""

    event: str
    id: str
    sigla: str
    nome: str


_PLAIN = EventRow._fields[:7]

EVENT_COLUMNS = Layout(
    EventRow,
    {
        **{field: (field,) for field in (*_PLAIN, "urlRegistro")},
        **{field: (f"localCamara_{field}", f"localCamara.{field}") for field in ("nome", "predio", "sala", "andar")},
    },
    keys=("id",),
    optional=("urlRegistro",),
    ignored=("uri", "urlDocumentoPauta"),
)
EVENT_BODY_COLUMNS = Layout(
    EventBodyRow,
    {
        "event": ("idEvento",),
        "id": ("idOrgao",),
        "sigla": ("siglaOrgao",),
        "nome": ("nomeOrgao",),
    },
    keys=("event", "id"),
    optional=("nome",),
    ignored=("uriEvento", "uriOrgao"),
)
