"""The query of a search: the parameters of `/bills` in the address of a page, and what a visitor calls them."""

from collections.abc import Iterable
from dataclasses import dataclass

from api_gateway.site.api_filters import filter_name
from api_gateway.site.formats import Formats
from api_gateway.site.subject_words import subject_text
from api_gateway.site.visit import Pairs, Visit
from api_gateway.site.wording import Words

OF_THE_PAGE = frozenset({"fields", "format", "dialect", "highlight", "facets", "count", "min_seq"})
"""Parameters of the API that the page decides; in an address they are passed over."""

NOT_FILTERS = frozenset({"q", "sort", "limit", "cursor"})
_ENDS = {"true": "results.in_progress", "false": "results.ended"}
"""Words of the two values of `in_progress`."""

_VOCABULARIES = {"chamber": "Chamber", "status": "BillStatus", "type": "BillType"}


@dataclass(frozen=True, slots=True)
class BillQuery:
    """The given parameters, in their order, without empty ones; a list in one value is taken apart."""

    pairs: Pairs

    @property
    def filters(self) -> Pairs:
        """Those that narrow the search, but for its words."""
        return tuple(pair for pair in self.pairs if pair[0] not in NOT_FILTERS)

    @property
    def q(self) -> str:
        """The words searched for."""
        return next((value for name, value in self.pairs if name == "q"), "")

    def values(self, name: str) -> tuple[str, ...]:
        """The values of one parameter."""
        return tuple(value for given, value in self.pairs if given == name)

    def without(self, *names: str) -> Pairs:
        """The query without some parameters, whatever their values."""
        return tuple(pair for pair in self.pairs if pair[0] not in names)

    def without_pair(self, dropped: tuple[str, str]) -> Pairs:
        """The query without one value, from its first page."""
        return tuple(pair for pair in self.pairs if pair not in (dropped,) and pair[0] != "cursor")

    def replaced(self, name: str, value: str) -> Pairs:
        """The query with another value, from its first page."""
        return ((name, value), *self.without(name, "cursor"))


def bill_query(visit: Visit) -> BillQuery:
    """The query of a visit. Both answers to `in_progress` are no filter: two ticked boxes hide nothing."""
    pairs = tuple(_apart(visit.query))
    both = {value for name, value in pairs if name == "in_progress"} == set(_ENDS)
    return BillQuery(tuple(pair for pair in pairs if not (both and pair[0] == "in_progress")))


def _apart(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    for name, value in pairs:
        if name in OF_THE_PAGE:
            continue
        parts = value.split(",") if name in _VOCABULARIES or name in ("year", "party", "state") else (value,)
        yield from ((name, part.strip()) for part in parts if part.strip())


def filter_text(words: Words, name: str, value: str, subjects: Iterable[str] = ()) -> str:
    """A filter as its chip says it: `Câmara`, `Ano: 2024`, `sem: Arquivado`. `subjects` are names of subjects that are
    known, so that one of them is said by its name.
    """
    if name == "in_progress":
        return words.t(_ENDS.get(value, "results.ended"))
    text = _plain_text(words, name, value.removeprefix("-"), subjects)
    if name not in _VOCABULARIES:
        text = f"{filter_label(words, name)}: {text}"
    return _excluded(words, value, text)


def filter_label(words: Words, name: str) -> str:
    """Name of a filter in words: the pages' own, else the API's. The name of another parameter stays as it is."""
    if words.has("results", f"filter_{name}"):
        return words.t(f"results.filter_{name}")
    return filter_name(name, words.language) or name


def value_text(words: Words, name: str, value: str) -> str:
    """A value of a facet in words, `sem: Projeto de lei (PL)` where it is excluded."""
    return _excluded(words, value, _plain_text(words, name, value.removeprefix("-")))


def _excluded(words: Words, value: str, text: str) -> str:
    return f"{words.t('results.excluded')} {text}" if value.startswith("-") else text


def _plain_text(words: Words, name: str, value: str, subjects: Iterable[str] = ()) -> str:
    """A value in words; the code of a type stays beside its name."""
    if name == "subject":
        return subject_text(value, subjects)
    if name == "party":
        return Formats(words.language).party(value)
    if name not in _VOCABULARIES or not words.has_label(_VOCABULARIES[name], value):
        return value
    label = words.label(_VOCABULARIES[name], value)
    return f"{label.text} ({value})" if name == "type" and value != "OTHER" else label.text
