"""A finished reply as bytes: its validators, its compressed bodies, and its answers to conditional requests."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import lru_cache

from api_gateway.web.pipeline.content_coding import CODINGS, content_coding
from api_gateway.web.pipeline.headers import Headers
from api_gateway.web.responses.json_responses import entity_tag

MIN_COMPRESSED_BYTES = 860
_WEAK = "W/"
_FEW_TAGS = 300
"""Bytes of some ten entity tags."""

_CODED = re.compile(rf'-(?:{"|".join(CODINGS)})"$')
_COMPRESSIBLE = (b"application/json", b"application/problem+json", b"application/atom+xml", b"text/")
_KEPT_ON_304 = frozenset({b"cache-control", b"vary", b"last-modified", b"link", b"warning", b"x-data-age"})

Answer = tuple[int, Headers, bytes]


@dataclass(slots=True)
class CachedResponse:
    """Status, headers (without length, ETag and encoding) and body of a reply. `compressible`: the body is worth
    compressing.

    Each variant (whole or 304, plain or in one of the codings) is made once, when it is first needed. Each coding has
    its own ETag.
    """

    status: int
    headers: Headers
    body: bytes
    etag: str | None
    compressible: bool
    _answers: dict[tuple[str | None, bool], Answer] = field(default_factory=dict, repr=False, init=False)

    @property
    def size(self) -> int:
        """Bytes in memory, counted as if every compressed body existed already: text shrinks to less than a third."""
        return len(self.body) + (len(CODINGS) * len(self.body) // 3 if self.compressible else 0)

    def header(self, name: bytes) -> str | None:
        """The value of the first header with that name."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), None)

    def answer(self, asked: Mapping[bytes, bytes]) -> Answer:
        """Status, headers and body for a request with these headers: 304 if the client's copy is current, compressed if
        the client accepts a coding.
        """
        wanted = self._wanted(asked)
        answer = self._answers.get(wanted)
        if answer is None:
            answer = self._answers[wanted] = self._variant(*wanted)
        return answer

    def _wanted(self, asked: Mapping[bytes, bytes]) -> tuple[str | None, bool]:
        """The content coding for the request, and whether the client's copy is current."""
        coding = content_coding(asked.get(b"accept-encoding")) if self.compressible else None
        return coding, self._is_current(asked)

    def _variant(self, coding: str | None, current: bool) -> Answer:
        etag = self.etag
        if etag is not None and coding is not None:
            etag = f'{etag[:-1]}-{coding}"'
        tag = [] if etag is None else [(b"etag", etag.encode("latin-1"))]
        if self.status == 200 and current:
            return 304, [pair for pair in self.headers if pair[0] in _KEPT_ON_304] + tag, b""
        body = self.body if coding is None else CODINGS[coding](self.body)
        encoding = [] if coding is None else [(b"content-encoding", coding.encode())]
        length = [(b"content-length", str(len(body)).encode())]
        return self.status, self.headers + tag + encoding + length, body

    def _is_current(self, asked: Mapping[bytes, bytes]) -> bool:
        known = asked.get(b"if-none-match")
        if known is not None:  # takes precedence over If-Modified-Since, RFC 9110 §13.2.2
            return self.etag is not None and not _tags_of(known).isdisjoint(("*", self.etag.removeprefix(_WEAK)))
        since = asked.get(b"if-modified-since")
        modified = None if since is None else self.header(b"last-modified")
        if since is None or modified is None:
            return False
        try:
            return parsedate_to_datetime(modified) <= parsedate_to_datetime(since.decode("latin-1"))
        except (ValueError, TypeError, OverflowError):  # the last for a year or zone of many digits
            return False


def finish(status: int, headers: Headers, body: bytes) -> CachedResponse:
    """Makes a cached response from the application's reply; a successful one without an ETag gets one computed from its
    body.
    """
    kept = [pair for pair in headers if pair[0] not in (b"content-length", b"etag")]
    etag = next((value.decode("latin-1") for name, value in headers if name == b"etag"), None)
    if etag is None and status == 200:
        etag = entity_tag(body)
    kind = next((value for name, value in headers if name == b"content-type"), b"")
    compressible = len(body) >= MIN_COMPRESSED_BYTES and kind.startswith(_COMPRESSIBLE)
    return CachedResponse(status, kept, body, etag, compressible)


def _tags_of(if_none_match: bytes) -> frozenset[str]:
    """Remembered where they are few: a header of 8 kB may name thousands."""
    return (_tags_known if len(if_none_match) <= _FEW_TAGS else _tags_known.__wrapped__)(if_none_match)


@lru_cache(maxsize=4096)
def _tags_known(if_none_match: bytes) -> frozenset[str]:
    """The entity tags in `If-None-Match`, for weak comparison: without `W/`, and without the suffix of a content
    coding.
    """
    tags = if_none_match.decode("latin-1").split(",")
    return frozenset(_CODED.sub('"', tag.strip().removeprefix(_WEAK)) for tag in tags)
