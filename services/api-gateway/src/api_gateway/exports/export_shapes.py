"""The manifest of an export, and the progress of one that is being built: stored as JSON, and served as they are."""

from enum import StrEnum

from legis.domain.word_enum import Word
from pydantic import AwareDatetime

from api_gateway.documents.shapes import Shape, described
from api_gateway.exports.resources import ResourceName

LICENCE_URL = "https://github.com/legis-br/legis/blob/main/NOTICE"
_FORMATS = "NDJSON: one JSON object a line, as the API serves it. CSV and Parquet: flat columns"


class ExportState(Word):
    """State of an export."""

    COMPLETE = "COMPLETE"
    BUILDING = "BUILDING"
    INTERRUPTED = "INTERRUPTED"


class FileFormat(StrEnum):
    """Format of an export's file; the value is the ending of its name."""

    NDJSON = "ndjson.gz"
    CSV = "csv.gz"
    PARQUET = "parquet"


MEDIA_TYPES = {
    FileFormat.NDJSON: "application/gzip",
    FileFormat.CSV: "application/gzip",
    FileFormat.PARQUET: "application/vnd.apache.parquet",
}
"""Media types of the files as they are: NDJSON and CSV are compressed files, not compressed replies."""


class ExportColumn(Shape):
    """One column of the CSV and Parquet files."""

    name: str = described("Name of the column", "introduced_on")
    type: str = described("Type: text, integer, boolean, date, timestamp (UTC), list<text>, list<integer>", "date")
    description: str = described("What it says", "Day of introduction")


class ExportFile(Shape):
    """One file of an export."""

    name: str = described("Name of the file", "bills.parquet")
    resource: ResourceName = described("What its rows are", "bills")
    format: FileFormat = described(_FORMATS, "parquet")
    media_type: str = described("Media type", "application/vnd.apache.parquet")
    bytes: int = described("Length", 314_572_800, ge=0)
    rows: int = described("Number of rows", 1_203_118, ge=0)
    sha256: str = described("SHA-256 over the file, 64 hexadecimal digits; its ETag too", "5f" * 32)
    url: str = described("Address of the file", "/api/v1/exports/20260302T060012Z/files/bills.parquet")


class ExportTable(Shape):
    """One resource: how many rows, and what makes sure that none is missing."""

    name: ResourceName = described("Name of the resource", "bills")
    title: str = described("What its rows are", "Bills of both houses")
    key: str = described("Column by which rows belong together: a delta replaces all rows with one value of it", "id")
    rows: int = described("Number of rows", 1_203_118, ge=0)
    checksum: str = described(
        "Sum, modulo 2^64, of the first eight bytes (big-endian) of the SHA-256 of each NDJSON line without its line "
        "break: 16 hexadecimal digits, whatever the order of the rows",
        "9c2f0b6a1d3e5f70",
    )
    columns: list[ExportColumn] = described("Columns of its CSV and Parquet files, in order")


class DeltaTable(Shape):
    """What became of one resource since the export before."""

    name: ResourceName = described("Name of the resource", "bills")
    rows: int = described("Number of rows in the delta", 1204, ge=0)
    emptied: list[str] = described("Values of the key that have no rows any more", [])


class ExportDelta(Shape):
    """Rows that are new or different since an earlier export: those of every change in (`from_seq`, `to_seq`], removed
    records included, and those that were rendered again.
    """

    from_export: str = described("Id of the export that it is applied to", "20260301T060009Z")
    from_seq: int = described("Last entry of the change log that the earlier export has", 47_990)
    to_seq: int = described("Last entry that is in it together with the delta", 48_213)
    tables: list[DeltaTable] = described("By resource")
    files: list[ExportFile] = described("Files of the delta, in the formats of the whole export")


class Licence(Shape):
    """The terms of the data."""

    title: str = described("In words", "Terms of the open data of Câmara and Senado; name the house and the day")
    url: str = described("Page that has them", LICENCE_URL)


class ExportManifest(Shape):
    """One complete export: a copy of all data at one entry of the change log. Nothing in it ever changes."""

    id: str = described("Id of the export: the instant at which it began", "20260302T060012Z")
    state: ExportState = described("COMPLETE: an export has a manifest once all its files are there", "COMPLETE")
    created_at: AwareDatetime = described("Instant of the data", "2026-03-02T06:00:12Z")
    as_of_seq: int = described("Last entry of the change log that is in it", 48_213)
    epoch: str = described("Identity of that log", "0b2f6a1e-6d53-4a55-8a8f-2f9f1c3a7b10")
    dataset: str = described("`live`: data of the chambers. `sample`: invented by the simulator", "live")
    licence: Licence = described("The terms of the data")
    tables: list[ExportTable] = described("By resource")
    files: list[ExportFile] = described("All files but those of the delta")
    delta: ExportDelta | None = described("Difference to the export before; null if there is none with the same log")

    def file(self, name: str) -> ExportFile | None:
        """The file of this name, of the delta too."""
        return next((one for one in self.all_files if one.name == name), None)

    @property
    def all_files(self) -> list[ExportFile]:
        """All files, those of the delta last."""
        return self.files + (self.delta.files if self.delta else [])


class ExportProgress(Shape):
    """An export that is being built."""

    id: str = described("Id that it will have", "20260303T060008Z")
    started_at: AwareDatetime = described("When it began", "2026-03-03T06:00:08Z")
    updated_at: AwareDatetime = described("When this was written", "2026-03-03T06:01:31Z")
    resource: ResourceName = described("Resource that is being written", "actions")
    rows: int = described("Rows written so far, of all resources", 812_000, ge=0)
    percent: float = described("Share of the whole that is done", 41.7, ge=0, le=100)
