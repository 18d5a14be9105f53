"""Rows of the yearly files of events: eventos and eventosOrgaos."""

from typing import NamedTuple

from ingest_camara.wire.file_columns import columns_of


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

EVENT_COLUMNS = columns_of(
    EventRow,
    {
        **{field: (field,) for field in (*_PLAIN, "urlRegistro")},
        **{field: (f"localCamara_{field}", f"localCamara.{field}") for field in ("nome", "predio", "sala", "andar")},
    },
    required=("id",),
    ignored=("uri", "urlDocumentoPauta"),
)
EVENT_BODY_COLUMNS = columns_of(
    EventBodyRow,
    {
        "event": ("idEvento",),
        "id": ("idOrgao",),
        "sigla": ("siglaOrgao",),
        "nome": ("nomeOrgao",),
    },
    required=("event", "id"),
)
