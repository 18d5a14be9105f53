"""Accepts request targets with letters outside ASCII, as people type them after `curl`."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_QUOTED = {byte: f"%{byte:02X}".encode() for byte in range(0x80, 0x100)}


class RequestLineProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with `?q=educação` read as `?q=educa%C3%A7%C3%A3o` where it would refuse the request.

    `uvicorn.Config(http=…)` takes a protocol class, and `data_received` is asyncio's: nothing private is used.
    """

    def data_received(self, data: bytes) -> None:
        """Bytes of the connection as they come; only a request line that starts in them is touched."""
        super().data_received(data if data.isascii() else quote_request_line(data))


def quote_request_line(data: bytes) -> bytes:
    """`data` with bytes above 0x7F in its first line percent-encoded, if that line is a request's."""
    line, end, rest = data.partition(b"\r\n")
    if line.isascii() or not line.rstrip().endswith((b"HTTP/1.1", b"HTTP/1.0")):
        return data
    return b"".join(_QUOTED.get(byte, bytes((byte,))) for byte in line) + end + rest
