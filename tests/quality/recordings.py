"""The recorded yearly files of the Câmara as the product's bills, by the product's own reader and normaliser."""

import gzip
from collections.abc import Container, Iterator
from pathlib import Path

import material_folder
from ingest_camara.client.csv_records import RecordSplitter, parse
from ingest_camara.normalizer.bill import from_bulk_row
from ingest_camara.wire.bulk import Header, ProposalLayout
from legis.domain.bill import Bill

RECORDINGS = material_folder.RECORDINGS / "camara/bulk_csv/full"
_FILES = "proposicoes-*.csv.gz"
_PIECE = 1 << 18


def why_missing(folder: Path = RECORDINGS) -> str | None:
    """What a test or a run says when it skips; None when the recordings are there."""
    return None if any(folder.glob(_FILES)) else f"no recordings at {folder}: {_FILES} are not part of the repository"


def read_bills(folder: Path = RECORDINGS, wanted: Container[str] | None = None) -> Iterator[Bill]:
    """Every row that the product accepts, oldest year first; a bill that two files hold comes once, as in the store.
    With `wanted`, only rows of these upstream ids are normalised, which takes a tenth of the time.
    """
    seen: set[str] = set()
    for path in sorted(folder.glob(_FILES)):
        for bill in _bills_of(path, wanted):
            if bill.id not in seen:
                seen.add(bill.id)
                yield bill


def _bills_of(path: Path, wanted: Container[str] | None) -> Iterator[Bill]:
    records = _records(path)
    columns = parse(next(records))
    layout, at = ProposalLayout(Header(columns)), columns.index("id")
    for record in records:
        try:
            cells = parse(record)
            if wanted is None or cells[at] in wanted:
                yield from_bulk_row(layout.bind(cells))
        except ValueError:  # the product rejects it: nobody can find it
            continue


def _records(path: Path) -> Iterator[bytes]:
    splitter = RecordSplitter()
    with gzip.open(path, "rb") as file:
        while piece := file.read(_PIECE):
            yield from splitter.feed(piece)
    if (last := splitter.finish()).strip():
        yield last
