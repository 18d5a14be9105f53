"""Replies about exports, for the OpenAPI description."""

from pydantic import AwareDatetime

from api_gateway.documents.shapes import Shape, described
from api_gateway.exports.export_shapes import ExportManifest, ExportProgress, ExportState
from api_gateway.web.responses.envelopes import Meta, One


class ExportLinks(Shape):
    """Addresses of an export."""

    self: str = described("Its manifest", "/api/v1/exports/20260302T060012Z")
    datapackage: str = described(
        "The same as a Data Package", "/api/v1/exports/20260302T060012Z/datapackage.json"
    )  # fmt: skip


class ExportItem(Shape):
    """One export in a list."""

    id: str = described("Id of the export", "20260302T060012Z")
    state: ExportState = described("COMPLETE: only complete exports are listed here", "COMPLETE")
    created_at: AwareDatetime = described("Instant of the data", "2026-03-02T06:00:12Z")
    as_of_seq: int = described("Last entry of the change log that is in it", 48_213)
    epoch: str = described("Identity of that log", "0b2f6a1e-6d53-4a55-8a8f-2f9f1c3a7b10")
    bytes: int = described("Length of all its files", 1_288_490_188, ge=0)
    rows: int = described("Rows of all its tables", 31_204_118, ge=0)
    delta_from: str | None = described("Id of the export that its delta is applied to; null: none", "20260301T060009Z")
    links: ExportLinks = described("Its addresses")


class ExportBuild(ExportProgress):
    """An export that is being built: it has no files yet."""

    state: ExportState = described(
        "BUILDING: it goes on. INTERRUPTED: nothing was heard of it for a minute; it will be begun again", "BUILDING"
    )


class ExportList(Shape):
    """Exports, newest first."""

    data: list[ExportItem] = described("Complete exports, newest first; older ones are deleted")
    building: ExportBuild | None = described("The export that is being built now; null between two")
    meta: Meta = described("About the data, not of them")


class ExportReply(One[ExportManifest]):
    """One export with all its files."""
