"""Decides which records of the two houses are the same bill, and which only seem to be."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from upstream_sim.congress.corpus import Corpus
from upstream_sim.congress.kinds import COMMON_SERIES_SINCE, camara_number, senado_number


class PairKind(StrEnum):
    """The relation between the numbers of two records."""

    FROM_CAMARA = "same_number_from_camara"
    FROM_SENADO = "same_number_from_senado"
    RENUMBERED = "renumbered"
    RENUMBERED_BOTH = "renumbered_in_both"
    PLC = "pre_2019_other_type"
    PROVISIONAL = "provisional_measure"
    DECOY = "decoy"


class Identity(NamedTuple):
    """A bill's kind, number and year."""

    kind: str
    number: int
    year: int

    @property
    def text(self) -> str:
        """`PL 8/2025`."""
        return f"{self.kind} {self.number}/{self.year}"


class Pair(NamedTuple):
    """Two indices, one in each house. `origin` is the number in the house where the bill began."""

    camara: int
    senado: int
    kind: PairKind
    origin: Identity
    senado_identity: Identity


_CROSSING: Final = ("PL", "PLP", "PEC", "PDL")
_DECOYS_A_YEAR: Final = 3


def _ordinals(corpus: Corpus, kind: str, year: int, every: int, rest: int) -> Iterator[tuple[int, int]]:
    """Pairs (ordinal, index) of every n-th bill of a kind in a year."""
    for ordinal in range(1, corpus.total_of(kind, year) + 1):
        if ordinal % every == rest:
            index = corpus.find(kind, ordinal, year)
            if index is not None:
                yield ordinal, index


def _from_camara(camara: Corpus, senado: Corpus) -> Iterator[Pair]:
    """Bills of the Câmara that came to the Senado under their own number."""
    for kind in _CROSSING:
        waiting: list[tuple[int, int, int]] = []
        for year in range(COMMON_SERIES_SINCE, camara.years.stop):
            waiting += [(year, *entry) for entry in _ordinals(camara, kind, year, 8, 3)]
            for _, host in _ordinals(senado, kind, year, 3, 1):
                if not waiting:
                    break
                since, ordinal, index = waiting.pop(0)
                origin = Identity(kind, camara_number(kind, ordinal, since), since)
                yield Pair(index, host, PairKind.FROM_CAMARA, origin, origin)


def _from_senado(camara: Corpus, senado: Corpus) -> Iterator[Pair]:
    """Bills of the Senado that the Câmara received a year or more later under the Senado's number."""
    for kind in _CROSSING:
        waiting: list[tuple[int, int, int]] = []
        for year in range(COMMON_SERIES_SINCE + 1, camara.years.stop):
            waiting += [(year - 1, *entry) for entry in _ordinals(senado, kind, year - 1, 3, 2)]
            for _, host in _ordinals(camara, kind, year, 16, 7):
                if not waiting:
                    break
                since, ordinal, index = waiting.pop(0)
                origin = Identity(kind, senado_number(kind, ordinal, since), since)
                yield Pair(host, index, PairKind.FROM_SENADO, origin, origin)


def _renumbered(camara: Corpus, senado: Corpus) -> Iterator[Pair]:
    """Câmara bills from before 2019 that got a new number on arrival; every second one in the Câmara as well."""
    count = 0
    for year in range(COMMON_SERIES_SINCE, camara.years.stop):
        olds = iter(list(_ordinals(camara, "PL", year - 17, 5, 2)))
        for ordinal, host in _ordinals(senado, "PL", year, 6, 3):
            old = next(olds, None)
            if old is None:
                break
            count += 1
            kind = PairKind.RENUMBERED_BOTH if count % 2 == 0 else PairKind.RENUMBERED
            origin = Identity("PL", camara_number("PL", old[0], year - 17), year - 17)
            yield Pair(old[1], host, kind, origin, Identity("PL", senado_number("PL", ordinal, year), year))


def _old_reviews(camara: Corpus, senado: Corpus) -> Iterator[Pair]:
    """PLC of the Senado before 2019: a Câmara PL under another type and number."""
    for year in range(1995, COMMON_SERIES_SINCE):
        bills = iter(list(_ordinals(camara, "PL", year - 2, 4, 1)))
        for ordinal, host in _ordinals(senado, "PLC", year, 2, 1):
            found = next(bills, None)
            if found is None:
                break
            origin = Identity("PL", camara_number("PL", found[0], year - 2), year - 2)
            yield Pair(found[1], host, PairKind.PLC, origin, Identity("PLC", ordinal, year))


def _provisional(camara: Corpus, senado: Corpus) -> Iterator[Pair]:
    """Provisional measures have the same number in both houses."""
    for year in senado.years:
        for ordinal in range(1, min(camara.total_of("MPV", year), senado.total_of("MPV", year)) + 1):
            left, right = camara.find("MPV", ordinal, year), senado.find("MPV", ordinal, year)
            if left is not None and right is not None:
                number = Identity("MPV", ordinal, year)
                yield Pair(left, right, PairKind.PROVISIONAL, number, number)


def decoys(camara: Corpus, senado: Corpus) -> Iterator[Pair]:
    """Unrelated amendments before 2019 that have the same number in both houses (a few each year)."""
    for year in range(camara.years.start, COMMON_SERIES_SINCE):
        common = min(camara.total_of("PEC", year), senado.total_of("PEC", year), _DECOYS_A_YEAR)
        for ordinal in range(1, common + 1):
            left, right = camara.find("PEC", ordinal, year), senado.find("PEC", ordinal, year)
            if left is not None and right is not None:
                number = Identity("PEC", ordinal, year)
                yield Pair(left, right, PairKind.DECOY, number, number)


class Bicameral:
    """The pairs, with look-up from either side."""

    def __init__(self, camara: Corpus, senado: Corpus) -> None:
        self.of_camara: dict[int, Pair] = {}
        self.of_senado: dict[int, Pair] = {}
        for source in (_from_camara, _from_senado, _renumbered, _old_reviews, _provisional):
            for pair in source(camara, senado):
                if pair.camara not in self.of_camara and pair.senado not in self.of_senado:
                    self.of_camara[pair.camara] = pair
                    self.of_senado[pair.senado] = pair
        self.decoys = tuple(decoys(camara, senado))

    def camara_identity(self, index: int) -> Identity | None:
        """The number that a Câmara record got when it crossed; None where its number did not change."""
        pair = self.of_camara.get(index)
        if pair is None:
            return None
        if pair.kind is PairKind.FROM_SENADO:
            return pair.origin
        return pair.senado_identity if pair.kind is PairKind.RENUMBERED_BOTH else None
