"""Finds the bills of a Câmara list query, in the requested order."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from upstream_sim.camara.bill import CamaraBill
from upstream_sim.congress.kinds import CAMARA_KINDS
from upstream_sim.congress.nation import Nation
from upstream_sim.query import FORMAT_DETAIL, BadQuery, day, only, whole, wholes, words

PARAMETERS: Final = frozenset(
    {
        "id",
        "siglaTipo",
        "numero",
        "ano",
        "codTipo",
        "idDeputadoAutor",
        "autor",
        "siglaPartidoAutor",
        "idPartidoAutor",
        "siglaUfAutor",
        "keywords",
        "tramitacaoSenado",
        "dataInicio",
        "dataFim",
        "dataApresentacaoInicio",
        "dataApresentacaoFim",
        "codSituacao",
        "codTema",
        "pagina",
        "itens",
        "ordem",
        "ordenarPor",
    }
)
ORDERS: Final = ("id", "codTipo", "siglaTipo", "numero", "ano")
_DEFAULT_WINDOW: Final = timedelta(days=30)
_LIFTS_WINDOW: Final = frozenset(
    {"id", "ano", "dataApresentacaoInicio", "dataApresentacaoFim", "idDeputadoAutor", "autor"}
)
_SLOW_FILTERS: Final = frozenset(
    {"codSituacao", "codTema", "keywords", "idDeputadoAutor", "autor", "siglaPartidoAutor", "siglaUfAutor"}
)
_REMEMBERED: Final = 16


class Search:
    """Finds bills for list queries; caches the last few results until a bill changes."""

    def __init__(self, nation: Nation) -> None:
        self._nation = nation
        self._remembered: dict[tuple[object, ...], Sequence[int]] = {}

    def find(self, params: Mapping[str, str]) -> Sequence[int]:
        """Indices of the bills in the requested order. Raises BadQuery."""
        only(params, PARAMETERS)
        order = params.get("ordenarPor", "id")
        direction = params.get("ordem", "ASC").upper()
        if order not in ORDERS or direction not in ("ASC", "DESC"):
            raise BadQuery(FORMAT_DETAIL)
        filters = {name: value for name, value in params.items() if name not in ("pagina", "itens") and value != ""}
        house = self._nation.camara
        key = (house.generation, self._nation.clock.now().date(), tuple(sorted(filters.items())))
        if key not in self._remembered:
            found = self._sorted(self._matching(filters), order)
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.pop(next(iter(self._remembered)))
            self._remembered[key] = found[::-1] if direction == "DESC" else found
        return self._remembered[key]

    def _sorted(self, indices: list[int], order: str) -> list[int]:
        if order == "id":
            return indices
        identity = self._nation.identity
        if order in ("codTipo", "siglaTipo"):
            return sorted(indices, key=lambda index: (str(identity("camara", index).kind), index))
        position = 1 if order == "numero" else 2
        return sorted(indices, key=lambda index: (identity("camara", index)[position], index))

    def _matching(self, filters: Mapping[str, str]) -> list[int]:
        candidates: Iterable[int] | None = self._candidates(filters)
        window = self._window(filters)
        if window is not None:
            moved = self._nation.camara.moved_between(*window)
            candidates = moved if candidates is None else (index for index in candidates if index in moved)
        house = self._nation.camara
        kept = (index for index in sorted(candidates or ()) if not house.is_deleted(index))
        return [index for index in self._by_identity(kept, filters) if self._slow_match(index, filters)]

    def _window(self, filters: Mapping[str, str]) -> tuple[int, int] | None:
        explicit = "dataInicio" in filters or "dataFim" in filters
        if not explicit and _LIFTS_WINDOW & filters.keys():
            return None
        today = self._nation.clock.now().date()
        last = day(filters["dataFim"]) if "dataFim" in filters else today
        first = day(filters["dataInicio"]) if "dataInicio" in filters else last - _DEFAULT_WINDOW
        return first.toordinal(), last.toordinal()

    def _candidates(self, filters: Mapping[str, str]) -> Collection[int] | None:
        """The smallest set that surely contains every match; None for all bills."""
        house = self._nation.camara
        if "id" in filters:
            return {index for each in wholes(filters["id"]) if (index := house.index_of(each)) is not None}
        if {"siglaTipo", "numero", "ano"} <= filters.keys() and 0 not in wholes(filters["ano"]):
            return {
                index
                for kind in words(filters["siglaTipo"])
                for number in wholes(filters["numero"])
                for year in wholes(filters["ano"])
                for index in self._nation.find("camara", kind, number, year)
            }
        if {"dataApresentacaoInicio", "dataApresentacaoFim"} & filters.keys():
            first = day(filters["dataApresentacaoInicio"]) if "dataApresentacaoInicio" in filters else date.min
            last = day(filters["dataApresentacaoFim"]) if "dataApresentacaoFim" in filters else date.max
            return list(house.presented_between(first.toordinal(), last.toordinal()))
        if "ano" in filters and 0 not in wholes(filters["ano"]):
            return {
                index
                for year in wholes(filters["ano"])
                for index in (*house.corpus.of_year(year), *self._nation.years_moved("camara", year))
            }
        return range(house.size) if _LIFTS_WINDOW & filters.keys() else None

    def _by_identity(self, indices: Iterable[int], filters: Mapping[str, str]) -> Iterable[int]:
        kinds = set(words(filters.get("siglaTipo", "")))
        codes = set(wholes(filters.get("codTipo", "")))
        numbers = set(wholes(filters.get("numero", "")))
        years = set(wholes(filters.get("ano", "")))
        house, nation = self._nation.camara, self._nation
        for index in indices:
            if kinds or codes:
                kind = house.place(index).kind
                if (kinds and kind not in kinds) or (codes and CAMARA_KINDS[kind].code not in codes):
                    continue
            if numbers or years:
                _, number, year = nation.identity("camara", index)
                if (numbers and number not in numbers) or (years and year not in years):
                    continue
            if (
                filters.get("tramitacaoSenado", "").lower() in ("true", "s", "1")
                and index not in nation.pairs.of_camara
            ):
                continue
            yield index

    def _slow_match(self, index: int, filters: Mapping[str, str]) -> bool:
        if not _SLOW_FILTERS & filters.keys():
            return True
        bill = CamaraBill(self._nation, index)
        checks: dict[str, Callable[[str], bool]] = {
            "codSituacao": lambda value: bill.last_action.situation.code in wholes(value),
            "codTema": lambda value: bill.kind.law and any(theme.code in wholes(value) for theme in bill.text.themes),
            "keywords": lambda value: any(word in bill.text.keywords for word in value.split(",")),
            "idDeputadoAutor": lambda value: any(person.id in wholes(value) for person in bill.authors),
            "autor": lambda value: value.strip('"').upper() in bill.author_name.upper(),
            "siglaPartidoAutor": lambda value: any(person.party.upper() in words(value) for person in bill.authors),
            "siglaUfAutor": lambda value: any(person.state in words(value) for person in bill.authors),
        }
        return all(check(filters[name]) for name, check in checks.items() if name in filters)


def page_of(params: Mapping[str, str], default: int, most: int) -> tuple[int, int]:
    """The page and its size; a size above `most` is reduced silently."""
    page = whole(params.get("pagina") or "1")
    size = whole(params.get("itens") or str(default))
    if page < 1 or size < 1:
        raise BadQuery(FORMAT_DETAIL)
    return page, min(size, most)
