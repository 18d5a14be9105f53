"""Simulates faults in transit: refusals, delays, cut and endless responses."""

import asyncio
import contextlib
import socket
import struct
import zlib
from functools import lru_cache
from typing import Any, Final, Protocol

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from upstream_sim.control.faults import Fault

_KEPT_OF_A_BODY: Final = 1 << 20
_HANG_SECONDS: Final = 3600.0
_BOMB_MEGABYTES: Final = 64
_ENDLESS_MEGABYTES: Final = 1024
_JSON: Final = "application/json;charset=UTF-8"
_LINGER_OFF: Final = struct.pack("ii", 1, 0)


class Transport(Protocol):
    """The methods of uvicorn's connection that faults use."""

    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...
    def get_extra_info(self, name: str, default: Any = None) -> Any: ...


class _CapturedError(Exception):
    """The needed part of the body has been captured."""


def transport_of(send: Send) -> Transport | None:
    """The connection of a request served by uvicorn; None under another server."""
    found: Transport | None = getattr(getattr(send, "__self__", None), "transport", None)
    return found


_NGINX_429: Final = (
    '<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n<body bgcolor="white">\r\n'
    "<center><h1>429 Too Many Requests</h1></center>\r\n<hr><center>nginx/1.12.2</center>\r\n</body>\r\n</html>\r\n"
)
_WAF: Final = (
    "Erro: 403\nServidor: dadosabertos.camara.leg.br\nTipo: Erro de acesso \n"
    "ID: aGaSimulado0000000000000AAARc\nURL: {target}\n"
)
_VARNISH: Final = "<!DOCTYPE html><html><head><title>403</title></head><body><h1>ACESSO NEGADO</h1></body></html>"
_PAGE: Final = (
    "<!DOCTYPE html><html><head><title>Portal</title></head><body><p>Sistema em manutenção.</p></body></html>"
)
_ERROR: Final = '{{"status":{status},"title":null,"detail":"Erro","instance":null,"code":null}}'
_ERROR_500: Final = '{"status":500,"title":null,"detail":"Erro - Contate o Administrador","instance":null,"code":null}'


def refusal(fault: Fault, source: str, target: str) -> Response | None:
    """The complete response of a fault that replaces it; None for other faults.

    `value` sets Retry-After of 429 and 503, the status of `status`, and the target of `redirect`: by default the same
    URL, which responds normally once a `count` of one or two is used up.
    """
    wait = {"Retry-After": str(fault.value)} if fault.value is not None else {}
    match fault.kind:
        case "429":
            return Response(_NGINX_429, 429, {"Retry-After": "30", **wait}, "text/html")
        case "503":
            return Response("<html><body><h1>503 Service Unavailable</h1></body></html>", 503, wait, "text/html")
        case "500":
            return Response(_ERROR_500, 500, media_type=_JSON)
        case "504":
            return Response("upstream request timeout", 504, media_type="text/plain")
        case "waf403":
            return _with_status(403, source, target)
        case "empty200":
            return Response(b"", 200, media_type=_JSON)
        case "html200":
            return Response(_PAGE, 200, media_type="text/html")
        case "gzip_bomb":
            megabytes = int(fault.value or _BOMB_MEGABYTES)
            return Response(_bomb(megabytes), 200, {"Content-Encoding": "gzip"}, _JSON)
    return _ordered(fault, source, target)


def _ordered(fault: Fault, source: str, target: str) -> Response | None:
    """The response whose status or target is the fault's `value`."""
    if fault.kind == "status":
        return _with_status(int(fault.value), source, target)
    if fault.kind == "redirect":
        return Response(b"", 302, {"Location": str(fault.value or target)})
    return None


def _with_status(status: int, source: str, target: str) -> Response:
    """An error in the chamber's own form: a firewall's page for 403, JSON for all others."""
    if status == 403:
        return Response(_WAF.format(target=target) if source == "camara" else _VARNISH, 403, media_type="text/html")
    return Response(_ERROR.format(status=status), status, media_type=_JSON)


@lru_cache(maxsize=4)
def _bomb(megabytes: int) -> bytes:
    """A small gzip body that decompresses to valid JSON with many megabytes of blanks."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(b'{"dados":[')]
    blanks = b" " * (1 << 20)
    parts += [packer.compress(blanks) for _ in range(megabytes)]
    parts += [packer.compress(b"]}"), packer.flush()]
    return b"".join(parts)


async def captured(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and (the beginning of) the body that the routes would send."""
    headers: list[tuple[bytes, bytes]] = []
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers.extend(message["headers"])
            return
        body.extend(message.get("body", b""))
        if len(body) > _KEPT_OF_A_BODY:
            raise _CapturedError

    with contextlib.suppress(_CapturedError):
        await app(scope, receive, keep)
    return [(name, value) for name, value in headers if name.lower() != b"content-length"], bytes(body)


async def broken(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Sends a good response incompletely: cut below its declared length, or closed without one."""
    headers, body = await captured(app, scope, receive)
    half = body[: max(1, len(body) // 2)]
    transport = transport_of(send)
    if transport is None or fault.kind == "truncated":
        declared = [(b"content-length", str(len(body) + 1).encode())] if fault.kind == "truncated" else []
        await send({"type": "http.response.start", "status": 200, "headers": [*headers, *declared]})
        await send({"type": "http.response.body", "body": half, "more_body": True})
        if transport is not None:
            transport.close()
            await _gone(receive)
        return
    lines = [b"HTTP/1.1 200 OK", *(name + b": " + value for name, value in headers), b"connection: close", b"", b""]
    transport.write(b"\r\n".join(lines) + half)
    transport.close()
    await _gone(receive)


async def hang(fault: Fault, receive: Receive) -> None:
    """Sends no response until the client disconnects or `value` seconds have passed."""
    try:
        async with asyncio.timeout(float(fault.value or _HANG_SECONDS)):
            await _gone(receive)
    except TimeoutError:
        return


async def slow_first_byte(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Sends a good response whose headers leave at once and whose body begins only after `value` seconds."""
    waited = False

    async def held_back(message: Message) -> None:
        nonlocal waited
        if message["type"] == "http.response.body" and not waited:
            waited = True
            await asyncio.sleep(float(fault.value or 1))
        await send(message)

    await app(scope, receive, held_back)


async def reset(receive: Receive, send: Send) -> None:
    """Aborts the connection, so that the client sees a reset."""
    transport = transport_of(send)
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_OFF)
    transport.abort()
    await _gone(receive)


async def endless(fault: Fault, headers: dict[str, str], receive: Receive, send: Send) -> None:
    """Sends a body without an end, up to `value` megabytes."""
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", _JSON.encode()), *raw]})
    await send({"type": "http.response.body", "body": b'{"dados":[', "more_body": True})
    left = asyncio.ensure_future(_gone(receive))
    blanks = b" " * (1 << 16)
    try:
        for _ in range(int(fault.value or _ENDLESS_MEGABYTES) * 16):
            if left.done():
                return
            await send({"type": "http.response.body", "body": blanks, "more_body": True})
            await asyncio.sleep(0)
    finally:
        left.cancel()
    await send({"type": "http.response.body", "body": b"]}"})


async def _gone(receive: Receive) -> None:
    """Returns when the client has disconnected."""
    while (await receive())["type"] != "http.disconnect":
        pass
