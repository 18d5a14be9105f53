"""Describes the file formats of lists in the OpenAPI document: media types and headers."""

from typing import Any

from api_gateway.web.files.file_format import FORMATS, MEDIA_TYPES

FILE_HEADERS = ("Content-Disposition", "Legis-Row-Limit")
"""Headers of every file."""

TOTAL_ROWS = "Legis-Total-Rows"
"""Header of files of a list whose matches are counted."""

_TEXTS = {
    "csv": {"type": "string", "description": "A line of column names, then one line for each row"},
    "ndjson": {"type": "string", "description": "One list item in each line"},
    "xlsx": {"type": "string", "format": "binary", "description": "A workbook with one sheet"},
}


def describe_files(operation: dict[str, Any]) -> None:
    """Adds the media types of files to the successful reply."""
    content = operation["responses"]["200"]["content"]
    content.update({MEDIA_TYPES[name]: {"schema": _TEXTS[name]} for name in FORMATS})
