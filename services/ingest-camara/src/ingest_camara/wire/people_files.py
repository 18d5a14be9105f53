"""Rows of the CSV files about people: deputies of all time, legislatures, and members of bodies (órgãos).

A column that a file lacks is empty in every row. Unknown columns are counted by the reader and kept in `unknown`.
"""

from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from ingest_camara.wire.bulk import Cells, Header
from ingest_camara.wire.organization_records import BodyDetail
from ingest_camara.wire.people_records import PERSONAL

R = TypeVar("R")


class FileDeputy(NamedTuple):
    """A row of `deputados.csv`. Its id is only in its address; it has no party."""

    uri: str
    nome: str
    idLegislaturaInicial: str = ""
    idLegislaturaFinal: str = ""
    nomeCivil: str = ""
    siglaSexo: str = ""
    urlRedeSocial: str = ""
    urlWebsite: str = ""
    dataNascimento: str = ""
    dataFalecimento: str = ""
    ufNascimento: str = ""
    municipioNascimento: str = ""


class FileLegislature(NamedTuple):
    """A row of `legislaturas.csv`, whose addresses hold a literal `%s` before the number."""

    idLegislatura: str
    dataInicio: str
    dataFim: str
    uri: str = ""
    anoEleicao: str = ""


class FileSeat(NamedTuple):
    """A row of `orgaosDeputados-L{n}.csv`: one deputy in one office of one body. Newer files name the deputy too."""

    uriOrgao: str
    uriDeputado: str
    cargo: str
    dataInicio: str
    dataFim: str
    siglaOrgao: str = ""
    nomeOrgao: str = ""
    nomePublicacaoOrgao: str = ""
    nomeDeputado: str = ""
    siglaPartido: str = ""
    siglaUF: str = ""


class Bound(NamedTuple, Generic[R]):
    """A row with the columns that its type does not have and that are not empty."""

    row: R
    unknown: Mapping[str, Any]


class TableLayout(Generic[R]):
    """Binds the rows of one file to a named tuple. Fields without a default are required columns."""

    def __init__(self, header: Header, row: Any) -> None:
        self._header = header
        self._row = row
        self._known = [name for name in row._fields if header.has(name) or name not in row._field_defaults]
        self._pick = header.pick(self._known)
        self._others = header.others(frozenset(self._known) | PERSONAL)

    def bind(self, cells: Cells) -> Bound[R]:
        """The row. Raises ValueError when it has too few or too many cells."""
        self._header.check(cells)
        unknown = {name: cells[place] for name, place in self._others if cells[place]}
        return Bound(self._row(**dict(zip(self._known, self._pick(cells), strict=True))), unknown)


def deputies(header: Header) -> TableLayout[FileDeputy]:
    """The layout of `deputados.csv`."""
    return TableLayout(header, FileDeputy)


def legislatures(header: Header) -> TableLayout[FileLegislature]:
    """The layout of `legislaturas.csv`."""
    return TableLayout(header, FileLegislature)


def seats(header: Header) -> TableLayout[FileSeat]:
    """The layout of `orgaosDeputados-L{n}.csv`."""
    return TableLayout(header, FileSeat)


class BodyFileLayout:
    """Binds the rows of `orgaos.csv` to the model of the API's detail, which has the same fields."""

    def __init__(self, header: Header) -> None:
        header.pick(("uri", "nome", "codTipoOrgao"))
        self._header = header

    def bind(self, cells: Cells) -> BodyDetail:
        """The row. Raises ValueError when it has too few or too many cells, or no id in its address."""
        self._header.check(cells)
        fields = dict(zip(self._header.columns, cells, strict=True))
        return BodyDetail.model_validate({**fields, "id": fields["uri"].rstrip("/").rpartition("/")[2]})
