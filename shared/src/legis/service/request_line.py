"""uvicorn's HTTP protocol, changed at two public hooks: request targets with letters outside ASCII are accepted, as
people type them after `curl`, and what is not HTTP is refused with a problem document.
"""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from legis.languages import Text
from legis.service.problems import problem

_NOT_HTTP = Text("This is not a request of HTTP/1.1.", "Isto não é uma requisição HTTP/1.1.")
_QUOTED = {byte: f"%{byte:02X}".encode() for byte in range(0x80, 0x100)}


class RequestLineProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with `?q=educação` read as `?q=educa%C3%A7%C3%A3o` where it would refuse the request.

    `uvicorn.Config(http=…)` takes a protocol class, `data_received` is asyncio's and `send_400_response` has a public
    name: nothing private is used.
    """

    def data_received(self, data: bytes) -> None:
        """Bytes of the connection as they come; only a request line that starts in them is touched."""
        super().data_received(data if data.isascii() else quote_request_line(data))

    def send_400_response(self, msg: str) -> None:
        """The refusal of what the parser cannot read: unknown methods, wrong chunks, broken headers. English, since the
        headers may not have been read.
        """
        refusal = problem(400, "Bad Request", _NOT_HTTP)
        headers = [*self.server_state.default_headers, *refusal.raw_headers, (b"connection", b"close")]
        lines = b"".join(b"%b: %b\r\n" % pair for pair in headers)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + lines + b"\r\n" + bytes(refusal.body))
        self.transport.close()


def quote_request_line(data: bytes) -> bytes:
    """`data` with bytes above 0x7F in its first line percent-encoded, if that line is a request's."""
    line, end, rest = data.partition(b"\r\n")
    if line.isascii() or not line.rstrip().endswith((b"HTTP/1.1", b"HTTP/1.0")):
        return data
    return b"".join(_QUOTED.get(byte, bytes((byte,))) for byte in line) + end + rest
