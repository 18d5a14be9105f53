"""Finds the processes of a Senado list query: all of them in one response, unknown parameters ignored."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from upstream_sim.congress.life import OPEN_PATHS
from upstream_sim.congress.nation import Nation
from upstream_sim.query import BadQuery
from upstream_sim.senado.bill import SenadoBill, index_of_materia

_LEGISLATURE_BEGAN: Final = date(2023, 2, 1)
_YEAR: Final = timedelta(days=366)
WINDOW_DETAIL: Final = "Limite o período a um ano ou informe um dos parâmetros obrigatórios."
TYPE_DETAIL: Final = "Type mismatch."
INVALID_DETAIL: Final = "Invalid request content"
_MANDATORY: Final = (
    "numero",
    "ano",
    "idProcesso",
    "codigoMateria",
    "tramitouLegislaturaAtual",
    "codigoParlamentarAutor",
    "numdias",
    "dataInicioApresentacao",
    "dataFimApresentacao",
    "sigla",
)


def whole(text: str) -> int:
    if not text.strip().isdecimal():
        raise BadQuery(TYPE_DETAIL)
    return int(text)


def day(text: str) -> date:
    try:
        if len(text) == 10 and text[4] == "-":
            return date.fromisoformat(text)
    except ValueError as error:
        raise BadQuery(TYPE_DETAIL) from error
    raise BadQuery(TYPE_DETAIL)


class Search:
    """Finds processes for /processo queries."""

    def __init__(self, nation: Nation) -> None:
        self._nation = nation
        self._house = nation.senado

    def find(self, query: Mapping[str, str], ids: Sequence[str]) -> list[int]:
        """Indices of the processes, in order of id. Raises BadQuery with upstream's detail."""
        filters = {name: value for name, value in query.items() if value != ""}
        if not any(name in filters for name in _MANDATORY):
            filters.setdefault("tramitando", "S")
        candidates = self._candidates(filters, ids)
        kept = (index for index in sorted(candidates) if not self._house.is_deleted(index))
        return [index for index in kept if self._matches(index, filters)]

    def in_progress(self, index: int) -> bool:
        if self._house.revision(index):
            return SenadoBill(self._nation, index).in_progress
        return self._house.path(index) in OPEN_PATHS

    def _candidates(self, filters: Mapping[str, str], ids: Sequence[str]) -> Iterable[int]:
        house = self._house
        if ids:
            if len(ids) > 100:
                raise BadQuery(INVALID_DETAIL)
            return {index for each in ids if (index := house.index_of(whole(each))) is not None}
        if "codigoMateria" in filters:
            index = index_of_materia(whole(filters["codigoMateria"]))
            return {index} if index is not None and index < house.size else set()
        if "numdias" in filters:
            return self._recent(whole(filters["numdias"]))
        if "ano" in filters:
            year = whole(filters["ano"])
            return {*house.corpus.of_year(year), *self._nation.years_moved("senado", year)}
        if "dataInicioApresentacao" in filters or "dataFimApresentacao" in filters:
            first, last = self._window(filters, "numero" in filters)
            return set(house.presented_between(first.toordinal(), last.toordinal()))
        return range(house.size)

    def _recent(self, days: int) -> set[int]:
        if not 1 <= days <= 30:
            raise BadQuery(INVALID_DETAIL)
        now = self._nation.clock.now()
        since = now - timedelta(days=days)
        moved = self._house.moved_between(since.toordinal(), now.toordinal())
        return {index for index in moved if self._nation.moved_at("senado", index) >= since}

    def _window(self, filters: Mapping[str, str], unlimited: bool) -> tuple[date, date]:
        start, end = filters.get("dataInicioApresentacao"), filters.get("dataFimApresentacao")
        first = day(start) if start else day(end or "") - _YEAR
        last = day(end) if end else first + _YEAR
        if last - first > _YEAR and not unlimited:
            raise BadQuery(WINDOW_DETAIL)
        return first, last

    def _matches(self, index: int, filters: Mapping[str, str]) -> bool:
        if "sigla" in filters and self._house.place(index).kind != filters["sigla"].upper():
            return False
        if "ano" in filters and self._nation.identity("senado", index).year != whole(filters["ano"]):
            return False
        if "tramitando" in filters and self.in_progress(index) != (filters["tramitando"].upper() == "S"):
            return False
        if "tramitouLegislaturaAtual" in filters:
            recent = self._nation.moved_at("senado", index).date() >= _LEGISLATURE_BEGAN
            if recent != (filters["tramitouLegislaturaAtual"].upper() == "S"):
                return False
        return not _SLOW & filters.keys() or self._slow_matches(SenadoBill(self._nation, index), filters)

    @staticmethod
    def _slow_matches(bill: SenadoBill, filters: Mapping[str, str]) -> bool:
        checks: dict[str, Callable[[str], bool]] = {
            "numero": lambda value: bill.number_text == value.lstrip("0"),
            "siglaEnteIdentificador": lambda value: bill.ente == value.upper(),
            "casa": lambda value: bill.kind.house == value.upper(),
            "autor": lambda value: value.upper() in bill.author_text.upper(),
            "codigoParlamentarAutor": lambda value: any(person.id == whole(value) for person in bill.authors),
            "termo": lambda value: value.lower() in [word.lower() for word in bill.text.keywords],
            "siglaSituacao": lambda value: bill.current[0] is not None and bill.current[0].acronym == value,
            "siglaTipoDocumento": lambda value: bill.kind.document_code == value,
        }
        return all(check(filters[name]) for name, check in checks.items() if name in filters)


_SLOW: Final = frozenset(
    {
        "numero",
        "siglaEnteIdentificador",
        "casa",
        "autor",
        "codigoParlamentarAutor",
        "termo",
        "siglaSituacao",
        "siglaTipoDocumento",
    }
)
