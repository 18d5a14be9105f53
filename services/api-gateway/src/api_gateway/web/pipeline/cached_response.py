"""A finished reply as bytes: its validators, its compressed twin, and how it answers a conditional request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import lru_cache

from isal import igzip

from api_gateway.web.pipeline.headers import Headers
from api_gateway.web.responses.json_responses import entity_tag

MIN_COMPRESSED_BYTES = 860
_GZIP_LEVEL = 1
"""Of ISA-L: a list of 20 in 50 µs to 23 % of its size, where zlib takes 560 µs to reach 21 %."""

_GZIP_SUFFIX = '-gzip"'
_COMPRESSIBLE = (b"application/json", b"application/problem+json", b"application/atom+xml", b"text/")
_KEPT_ON_304 = frozenset({b"cache-control", b"vary", b"last-modified", b"link", b"warning", b"x-data-age"})

Answer = tuple[int, Headers, bytes]


@dataclass(slots=True)
class CachedResponse:
    """Status, headers (without length, ETag and encoding) and body; `compressible`: the body is worth compressing.

    Each of the four answers (whole or 304, plain or compressed) is made once, when it is wanted.
    """

    status: int
    headers: Headers
    body: bytes
    etag: str | None
    compressible: bool
    _gzipped: bytes | None = field(default=None, repr=False)
    _answers: dict[tuple[bool, bool], Answer] = field(default_factory=dict, repr=False, init=False)

    @property
    def size(self) -> int:
        """Bytes held, with the compressed body as if it were there: text shrinks to less than a third."""
        return len(self.body) + (len(self.body) // 3 if self.compressible else 0)

    def header(self, name: bytes) -> str | None:
        """The first header of that name."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), None)

    def gzipped(self) -> bytes:
        """The compressed body; the same body gives the same bytes."""
        if self._gzipped is None:
            self._gzipped = igzip.compress(self.body, _GZIP_LEVEL, mtime=0)
        return self._gzipped

    def answer(self, asked: Mapping[bytes, bytes]) -> Answer:
        """Status, headers and body for a request with these headers: 304 where its copy is current, compressed where
        it takes that. Made once for each of the four ways.
        """
        wanted = self._wanted(asked)
        answer = self._answers.get(wanted)
        if answer is None:
            answer = self._answers[wanted] = self._variant(*wanted)
        return answer

    def _wanted(self, asked: Mapping[bytes, bytes]) -> tuple[bool, bool]:
        """Whether compressed, and whether the copy that is known is current."""
        return self.compressible and accepts_gzip(asked.get(b"accept-encoding")), self._is_current(asked)

    def _variant(self, zipped: bool, current: bool) -> Answer:
        etag = self.etag
        if etag is not None and zipped:
            etag = etag[:-1] + _GZIP_SUFFIX
        tag = [] if etag is None else [(b"etag", etag.encode("latin-1"))]
        if self.status == 200 and current:
            return 304, [pair for pair in self.headers if pair[0] in _KEPT_ON_304] + tag, b""
        body = self.gzipped() if zipped else self.body
        encoding = [(b"content-encoding", b"gzip")] if zipped else []
        length = [(b"content-length", str(len(body)).encode())]
        return self.status, self.headers + tag + encoding + length, body

    def _is_current(self, asked: Mapping[bytes, bytes]) -> bool:
        known = asked.get(b"if-none-match")
        if known is not None:  # wins over If-Modified-Since, RFC 9110 §13.2.2
            return self.etag is not None and not _tags_known(known).isdisjoint(("*", self.etag))
        since = asked.get(b"if-modified-since")
        modified = None if since is None else self.header(b"last-modified")
        if since is None or modified is None:
            return False
        try:
            return parsedate_to_datetime(modified) <= parsedate_to_datetime(since.decode("latin-1"))
        except (ValueError, TypeError):
            return False


def finish(status: int, headers: Headers, body: bytes) -> CachedResponse:
    """A reply as the application sent it; a good one without ETag gets one over its body."""
    kept = [pair for pair in headers if pair[0] not in (b"content-length", b"etag")]
    etag = next((value.decode("latin-1") for name, value in headers if name == b"etag"), None)
    if etag is None and status == 200:
        etag = entity_tag(body)
    kind = next((value for name, value in headers if name == b"content-type"), b"")
    compressible = len(body) >= MIN_COMPRESSED_BYTES and kind.startswith(_COMPRESSIBLE)
    return CachedResponse(status, kept, body, etag, compressible)


@lru_cache(maxsize=4096)
def _tags_known(if_none_match: bytes) -> frozenset[str]:
    """The tags that a client knows, as they are without compression."""
    tags = if_none_match.decode("latin-1").split(",")
    return frozenset(tag.strip().removeprefix("W/").replace(_GZIP_SUFFIX, '"') for tag in tags)


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: bytes | None) -> bool:
    """Whether `Accept-Encoding` takes gzip with a weight above zero."""
    for part in (accept_encoding or b"").decode("latin-1").lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
