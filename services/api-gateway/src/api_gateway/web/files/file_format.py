"""Which file format a request wants: by the parameter `format`, else by `Accept`."""

from functools import lru_cache
from typing import Literal, get_args
from urllib.parse import parse_qsl

from legis.negotiation import best_media_type

FileFormat = Literal["csv", "ndjson", "xlsx"]
FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)

MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Media type of each format, the default first."""

OFFERED = tuple(MEDIA_TYPES.values())
_BY_TYPE = {media_type: name for name, media_type in MEDIA_TYPES.items()}


@lru_cache(maxsize=256)  # few are in use; each may be of 32 kB
def file_format(query: bytes, accept: bytes | None) -> FileFormat | None:
    """The format of a request to a route that serves files; None for JSON. An unknown `format` counts as JSON here: the
    route refuses it.
    """
    given = (
        [value for name, value in parse_qsl(query.decode("latin-1")) if name == "format"] if b"format" in query else []
    )
    if given:
        wanted: str | None = given[0]
    elif accept is None:
        return None
    else:
        wanted = _BY_TYPE.get(best_media_type(accept.decode("latin-1"), OFFERED) or "")
    return next((one for one in FORMATS if one == wanted), None)
