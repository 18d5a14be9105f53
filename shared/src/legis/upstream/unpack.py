"""Undoes gzip and deflate piece by piece, and knows a bomb by how small it was packed."""

import zlib

from legis.upstream.http_errors import Outcome, UpstreamFault

PIECE_BYTES = 64 * 1024
MOST_TIMES = 200
"""How many times its packed size a body may have. Recorded answers stay below 60; a bomb comes near 1,000."""

UNSUSPICIOUS_BYTES = 1024 * 1024
"""Below this size a body may be packed as well as it likes."""

MOST_MEMBERS = 100
_GZIP, _ZLIB, _RAW = 31, 15, -15


class Unpacker:
    """Takes a body as it was sent, gives it as it was meant, at most 64 KiB at a time.

    `shown` names the body in messages. Every problem is an UpstreamFault: not an encoding that was asked for, broken
    data, an end before the end, or a bomb. What the transport's own unpacking would do with a bomb is hold as much as
    the body may have, once for each request under way; here a bomb ends at a mebibyte.
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
        """Bytes unpacked so far."""

    def feed(self, packed: bytes) -> None:
        """Adds what was read; only when `take` has nothing more to give."""
        self._waiting += packed
        self._fed += len(packed)

    def take(self) -> bytes:
        """The next piece; nothing when more must be fed first."""
        if self._plain:
            piece, self._waiting = self._waiting, b""
            return piece
        piece = b""
        while self._waiting and not piece:
            piece = self._step()
        self.given += len(piece)
        if self.given > max(UNSUSPICIOUS_BYTES, MOST_TIMES * (self._fed - len(self._waiting))):
            raise UpstreamFault(f"{self._shown}: packed too well to be a body", Outcome.TOO_LARGE)
        return piece

    def end(self) -> None:
        """Nothing more comes. Raises where the packed data say that there should be more."""
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
        """gzip may hold several packed pieces one after another; deflate comes with and without zlib's header."""
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise UpstreamFault(f"{self._shown}: more than {MOST_MEMBERS} packed members", Outcome.TOO_LARGE)
        if self._encoding == "gzip":
            return zlib.decompressobj(_GZIP)
        return zlib.decompressobj(_ZLIB if self._waiting[0] & 0x0F == 8 else _RAW)
