"""Decompresses gzip and deflate bodies chunk by chunk, and detects decompression bombs by their ratio."""

import zlib

from legis.upstream.http_errors import Outcome, UpstreamFault

PIECE_BYTES = 64 * 1024
MAX_RATIO = 200
"""Maximum ratio of decompressed to compressed size. Recorded answers stay below 60; a bomb comes near 1,000."""

UNSUSPICIOUS_BYTES = 1024 * 1024
"""Below this decompressed size the ratio is not checked."""

MAX_MEMBERS = 100
_GZIP, _ZLIB, _RAW = 31, 15, -15  # zlib's `wbits`: with a gzip header, with a zlib header, without


class Unpacker:
    """Decompresses a body, in chunks of at most 64 KiB.

    `shown` names the body in messages. Every problem is an UpstreamFault: an encoding that was not requested, broken
    data, an early end, or a bomb. aiohttp's own decompression would hold up to the maximum body size for each
    concurrent request of a bomb; here a bomb is detected at one mebibyte.
    """

    def __init__(self, encoding: str, shown: str) -> None:
        self._shown = shown
        self._encoding = encoding.strip().lower().removeprefix("x-")
        if self._encoding not in ("", "identity", "gzip", "deflate"):
            raise UpstreamFault(f"{shown}: encoding {encoding[:40]!r} was not asked for", Outcome.WRONG_TYPE)
        self._plain = self._encoding in ("", "identity")
        self._waiting = b""
        self._stream: zlib._Decompress | None = None
        self._members = 0
        self._fed = 0
        self.given = 0
        """Bytes decompressed so far."""

    def feed(self, packed: bytes) -> None:
        """Adds compressed data. Call it only when `take` returned nothing."""
        self._waiting += packed
        self._fed += len(packed)

    def take(self) -> bytes:
        """The next chunk; empty when more data must be fed first."""
        if self._plain:
            piece, self._waiting = self._waiting, b""
            return piece
        piece = b""
        while self._waiting and not piece:
            piece = self._step()
        self.given += len(piece)
        if self.given > max(UNSUSPICIOUS_BYTES, MAX_RATIO * (self._fed - len(self._waiting))):
            raise UpstreamFault(f"{self._shown}: packed too well to be a body", Outcome.TOO_LARGE)
        return piece

    def end(self) -> None:
        """Call it at the end of the body. Raises where the compressed data are incomplete."""
        if self._stream is not None and not self._stream.eof:
            raise UpstreamFault(f"{self._shown}: body was cut (packed data end early)", Outcome.CUT)

    def _step(self) -> bytes:
        stream = self._stream
        if stream is None or stream.eof:
            stream = self._stream = self._next_member()
        try:
            piece = stream.decompress(self._waiting, PIECE_BYTES)
        except zlib.error as error:
            raise UpstreamFault(f"{self._shown}: body was cut or broken ({error})", Outcome.CUT) from None
        self._waiting = stream.unused_data if stream.eof else stream.unconsumed_tail
        return piece

    def _next_member(self) -> "zlib._Decompress":
        """A decompressor for the next member: gzip may hold several; deflate comes with and without zlib's header."""
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise UpstreamFault(f"{self._shown}: more than {MAX_MEMBERS} packed members", Outcome.TOO_LARGE)
        if self._encoding == "gzip":
            return zlib.decompressobj(_GZIP)
        return zlib.decompressobj(_ZLIB if self._waiting[0] & 0x0F == 8 else _RAW)
