"""Rows of the yearly CSV files, with their columns bound by the header to the field names of the API.

They are tuples, not models: a year has tens of thousands of rows, and each cell is a text already. An empty cell means
that upstream gives no value.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from ingest_camara.wire.wire_model import MOST_DIGITS

Cells = Sequence[str]

_STATUS_COLUMNS = {
    "dataHora": "ultimoStatus_dataHora",
    "sequencia": "ultimoStatus_sequencia",
    "siglaOrgao": "ultimoStatus_siglaOrgao",
    "uriOrgao": "ultimoStatus_uriOrgao",
    "uriUltimoRelator": "ultimoStatus_uriRelator",
    "regime": "ultimoStatus_regime",
    "descricaoTramitacao": "ultimoStatus_descricaoTramitacao",
    "codTipoTramitacao": "ultimoStatus_idTipoTramitacao",
    "descricaoSituacao": "ultimoStatus_descricaoSituacao",
    "codSituacao": "ultimoStatus_idSituacao",
    "despacho": "ultimoStatus_despacho",
    "url": "ultimoStatus_url",
}
_CONSIDERATION = "ultimoStatus_apreciacao"  # since 2025
_DERIVED = frozenset({"uri", "ultimoStatus_idOrgao"})  # repeated by `id` and `ultimoStatus_uriOrgao`


class BulkStatus(NamedTuple):
    """The `ultimoStatus_…` columns under the API's names."""

    dataHora: str
    sequencia: str
    siglaOrgao: str
    uriOrgao: str
    uriUltimoRelator: str
    regime: str
    descricaoTramitacao: str
    codTipoTramitacao: str
    descricaoSituacao: str
    codSituacao: str
    despacho: str
    url: str
    apreciacao: str | None = None
    ambito: str | None = None
    unknown: Mapping[str, Any] = {}

    def has(self, name: str) -> bool:
        """Whether the file has the field: all but the scope, in no file, and the consideration, not in older files."""
        return name != "ambito" and (name != "apreciacao" or self.apreciacao is not None)


class BulkRow(NamedTuple):
    """A row of `proposicoes-{ano}.csv`."""

    id: str
    siglaTipo: str
    numero: str
    ano: str
    codTipo: str
    descricaoTipo: str
    ementa: str
    ementaDetalhada: str
    keywords: str
    dataApresentacao: str
    uriOrgaoNumerador: str
    uriPropAnterior: str
    uriPropPrincipal: str
    uriPropPosterior: str
    urlInteiroTeor: str
    urnFinal: str
    statusProposicao: BulkStatus
    unknown: Mapping[str, Any]
    texto: str | None = None
    justificativa: str | None = None

    def has(self, name: str) -> bool:
        """Whether the file has the field: all but the full texts, which no file has."""
        return name not in ("texto", "justificativa")


class BulkAuthor(NamedTuple):
    """A row of `proposicoesAutores-{ano}.csv` under the API's names."""

    id: str
    uri: str
    codTipo: str
    tipo: str
    nome: str
    siglaPartido: str
    siglaUf: str
    ordemAssinatura: str
    proponente: str


class BulkTheme(NamedTuple):
    """A row of `proposicoesTemas-{ano}.csv`. It refers to its bill only by address."""

    id: str
    codTema: str
    tema: str


class BulkBody(NamedTuple):
    """A row of `orgaos.csv`. Its id is only in its address."""

    id: str
    name: str


_INTRODUCED = BulkRow._fields.index("dataApresentacao")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T|$)", re.ASCII)


class Header:
    """The columns of one file. Raises ValueError when a required column is missing."""

    def __init__(self, columns: Cells) -> None:
        self.columns = tuple(columns)
        self._place = {name: index for index, name in enumerate(self.columns)}

    def pick(self, names: Sequence[str]) -> Callable[[Cells], tuple[str, ...]]:
        """A function that takes these columns out of a row, in this order."""
        missing = [name for name in names if name not in self._place]
        if missing:
            raise ValueError(f"columns missing: {', '.join(missing)}")
        return itemgetter(*(self._place[name] for name in names))

    def others(self, known: frozenset[str]) -> tuple[tuple[str, int], ...]:
        """The unknown columns, with their positions."""
        return tuple((name, index) for name, index in self._place.items() if name not in known)

    def has(self, name: str) -> bool:
        """Whether the file has this column."""
        return name in self._place

    def check(self, cells: Cells) -> None:
        """Raises ValueError when the number of cells in a row is not that of the header."""
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} cells where the header has {len(self.columns)}")


class ProposalLayout:
    """Binds the rows of one `proposicoes-{ano}.csv`."""

    def __init__(self, header: Header) -> None:
        names = BulkRow._fields[: BulkRow._fields.index("statusProposicao")]
        status = list(_STATUS_COLUMNS.values())
        if header.has(_CONSIDERATION):
            status.append(_CONSIDERATION)
        self._header = header
        self._names = header.pick(names)
        self._status = header.pick(status)
        self.unknown = header.others(frozenset(names) | frozenset(status) | _DERIVED)

    def bind(self, cells: Cells) -> BulkRow:
        """The row. Raises ValueError when it has too few or too many cells, or no id."""
        self._header.check(cells)
        names = self._names(cells)
        self._sane(names)
        unknown = {name: cells[index] for name, index in self.unknown if cells[index]} if self.unknown else {}
        status = self._status(cells)
        consideration = () if len(status) > len(_STATUS_COLUMNS) else (None,)
        return BulkRow._make((*names, BulkStatus._make((*status, *consideration, None, {})), unknown, None, None))

    @staticmethod
    def _sane(names: tuple[str, ...]) -> None:
        """Raises ValueError where a cell does not have its column's type: the cells of such a row have shifted."""
        upstream_id, _, number, year, *_ = names
        is_id = 0 < len(upstream_id) <= MOST_DIGITS and upstream_id.isascii()
        if not (is_id and (upstream_id + number + year).isdigit()):
            raise ValueError(f"no numbers: id {upstream_id[:20]!r}, numero {number[:20]!r}, ano {year[:20]!r}")
        introduced = names[_INTRODUCED]
        if introduced and _DAY.match(introduced) is None:
            raise ValueError(f"no date: dataApresentacao {introduced[:30]!r}")


class AuthorLayout:
    """Binds the rows of one `proposicoesAutores-{ano}.csv`."""

    COLUMNS = (
        "idProposicao",
        "uriAutor",
        "codTipoAutor",
        "tipoAutor",
        "nomeAutor",
        "siglaPartidoAutor",
        "siglaUFAutor",
        "ordemAssinatura",
        "proponente",
    )

    def __init__(self, header: Header) -> None:
        self._header = header
        self._pick = header.pick(self.COLUMNS)

    def bind(self, cells: Cells) -> BulkAuthor:
        """The row. Raises ValueError when it has too few or too many cells."""
        self._header.check(cells)
        return BulkAuthor(*self._pick(cells))


class ThemeLayout:
    """Binds the rows of one `proposicoesTemas-{ano}.csv`."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._pick = header.pick(("uriProposicao", "codTema", "tema"))

    def bind(self, cells: Cells) -> BulkTheme:
        """The row. Raises ValueError when it has too few or too many cells."""
        self._header.check(cells)
        uri, code, name = self._pick(cells)
        return BulkTheme(uri.rstrip("/").rpartition("/")[2], code, name)


class BodyLayout:
    """Binds the rows of `orgaos.csv`."""

    LONGEST_NAME = 120
    """Characters of a name above which the shorter name for publication (`nomePublicacao`), if any, is used.

    The full name of a special committee is the description of its whole task.
    """

    def __init__(self, header: Header) -> None:
        self._header = header
        self._pick = header.pick(("uri", "nome", "nomePublicacao"))

    def bind(self, cells: Cells) -> BulkBody:
        """The row. Raises ValueError when it has too few or too many cells."""
        self._header.check(cells)
        uri, whole, published = self._pick(cells)
        name = published if published and (not whole or len(published) < len(whole) > self.LONGEST_NAME) else whole
        return BulkBody(uri.rstrip("/").rpartition("/")[2], " ".join(name.split()))
