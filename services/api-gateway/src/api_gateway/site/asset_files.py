"""The files that pages load, under addresses that hold a hash of their content and so may be kept for ever."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from mimetypes import guess_type

from fastapi import HTTPException, Request
from starlette.responses import Response

PREFIX = "/assets/"
_FOR_EVER = "public, max-age=31536000, immutable"
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file."""

    address: str
    media_type: str
    content: bytes


@cache
def assets() -> Mapping[str, Asset]:
    """All files in `assets/`, by name."""
    folder = files("api_gateway.site") / "assets"
    return {file.name: _asset(file.name, file.read_bytes()) for file in folder.iterdir() if file.is_file()}


def asset(name: str) -> str:
    """The address of a file: `site.css` → `/assets/site.1f3a….css`."""
    return assets()[name].address


async def show_asset(request: Request) -> Response:
    """A file by its address. One whose hash is not that of today's content is not there: a page never gets a mixture
    of two releases.
    """
    found = _by_address().get(request.url.path)
    if found is None:
        raise HTTPException(404)
    headers = {"Cache-Control": _FOR_EVER, "X-Content-Type-Options": "nosniff"}
    return Response(found.content, media_type=found.media_type, headers=headers)


@cache
def _by_address() -> Mapping[str, Asset]:
    return {one.address: one for one in assets().values()}


def _asset(name: str, content: bytes) -> Asset:
    stem, dot, ending = name.rpartition(".")
    content = _without_comments(content) if ending == "css" else content
    digest = hashlib.sha256(content).hexdigest()[:12]
    media_type = _TYPES.get(dot + ending) or guess_type(name)[0] or "application/octet-stream"
    return Asset(f"{PREFIX}{stem}.{digest}{dot}{ending}", media_type, content)


def _without_comments(sheet: bytes) -> bytes:
    """A style sheet as browsers need it: without comments, white space around rules, and their last semicolon."""
    bare = re.sub(rb"\s+", b" ", re.sub(rb"/\*.*?\*/", b"", sheet, flags=re.DOTALL))
    return re.sub(rb" ?([{};>]) ?|([,:]) (?!\")", rb"\1\2", bare).replace(b";}", b"}").strip()
