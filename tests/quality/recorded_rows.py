"""Rows of every recorded yearly file of the Câmara, whole files and parts of files, each bill once."""

import csv
import gzip
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest_camara.wire.bulk import BulkRow, Header, ProposalLayout
from material_folder import RECORDINGS

FOLDER = RECORDINGS / "camara/bulk_csv"
_FILES = "proposicoes-*.csv*"
_YEAR = slice(len("proposicoes-"), len("proposicoes-1946"))
SEED = 20261128
SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row, and the year of the file that it stands in: that of its presentation."""

    year: int
    row: BulkRow

    @property
    def decade(self) -> int:
        """The first year of its decade."""
        return self.year // 10 * 10


def why_missing(folder: Path) -> str | None:
    """What a run says when it skips; None when there are recordings."""
    if any(folder.rglob(_FILES)):
        return None
    return f"no recordings under {folder}: {_FILES} are not part of the repository"


def read_rows(folder: Path) -> Iterator[Recorded]:
    """Every row, by file: whole files first, so that of a row in two files the newer rule of reading is the same."""
    seen: set[str] = set()
    for path in sorted(folder.rglob(_FILES), key=lambda path: (path.suffix != ".gz", path.name)):
        for row in _rows_of(path):
            if row.id not in seen:
                seen.add(row.id)
                yield Recorded(int(path.name[_YEAR]), row)


def says_anything(row: BulkRow) -> bool:
    """Whether the row has any words of its standing: a situation, a kind of proceeding, or an official text."""
    status = row.statusProposicao
    kind = status.descricaoTramitacao if status.codTipoTramitacao != "5" else ""
    return bool(status.descricaoSituacao or kind or status.despacho.strip())


def sample(rows: Iterable[Recorded], size: int = SAMPLE, seed: int = SEED) -> list[Recorded]:
    """A random sample by decade, equal shares as far as they go, with many types of each; same seed, same rows."""
    by_decade: defaultdict[int, list[Recorded]] = defaultdict(list)
    for one in rows:
        by_decade[one.decade].append(one)
    dice, chosen = random.Random(seed), []
    decades = sorted(by_decade, key=lambda decade: (len(by_decade[decade]), decade))
    for place, decade in enumerate(decades):
        share = (size - len(chosen)) // (len(decades) - place)
        chosen += _of_decade(sorted(by_decade[decade], key=lambda one: int(one.row.id)), share, dice)
    return sorted(chosen, key=lambda one: (one.year, int(one.row.id)))


def _of_decade(rows: list[Recorded], share: int, dice: random.Random) -> list[Recorded]:
    shuffled = dice.sample(rows, len(rows))
    first = list({one.row.siglaTipo: one for one in reversed(shuffled)}.values())
    types = dice.sample(first, min(len(first), share // 2))
    rest = [one for one in shuffled if one not in types]
    return [*types, *rest[: share - len(types)]]


def _rows_of(path: Path) -> Iterator[BulkRow]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, delimiter=";")
        layout = ProposalLayout(Header(next(lines)))
        for cells in lines:
            try:
                yield layout.bind(cells)
            except ValueError:  # the product rejects it too
                continue
