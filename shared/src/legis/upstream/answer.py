"""A complete HTTP answer of upstream, held in memory."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from legis.upstream.http_errors import Outcome, UpstreamFault, is_json

_UNREAD = object()


@dataclass(frozen=True, slots=True)
class UpstreamAnswer:
    """A complete answer with status 2xx.

    `url` is the final URL after redirects, query included; header names are lower case; `fetched_at` is our clock,
    `server_date` theirs.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    fetched_at: datetime
    server_date: datetime | None
    _document: Any = field(default=_UNREAD, init=False, repr=False, compare=False)

    @property
    def sha256(self) -> str:
        """SHA-256 of the body as received (after decompression), in hex."""
        return hashlib.sha256(self.body).hexdigest()

    def json(self) -> Any:
        """The body as JSON, parsed once. Raises UpstreamUnavailable when it is empty, not JSON, or incomplete."""
        if self._document is _UNREAD:
            object.__setattr__(self, "_document", self._parse())
        return self._document

    def _parse(self) -> Any:
        if not self.body:
            raise UpstreamFault(f"{self.url}: empty body", Outcome.EMPTY)
        content_type = self.headers.get("content-type", "")
        if not is_json(content_type):
            raise UpstreamFault(f"{self.url}: {content_type or 'no type'} instead of JSON", Outcome.WRONG_TYPE)
        try:
            return _loads(self.body)
        except (ValueError, RecursionError) as error:
            raise UpstreamFault(f"{self.url}: JSON is cut or broken ({error})", Outcome.MALFORMED) from error


def _loads(body: bytes) -> Any:
    """Parses JSON; one lone surrogate or one byte that is not UTF-8 does not make the whole page unreadable.

    Such a byte becomes U+FFFD; a surrogate is kept, and the reader of the record rejects or cleans it.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return json.loads(body.decode("utf-8", "replace"))
