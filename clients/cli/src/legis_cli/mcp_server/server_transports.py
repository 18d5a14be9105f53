"""Runs the server: over standard input and output for one assistant, or over HTTP for many."""

from collections.abc import Sequence

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from legis_cli.mcp_server.legis_server import LegisServer

PATH = "/mcp"
_LOOPBACK = ("127.0.0.1:*", "localhost:*", "[::1]:*")
_LOOPBACK_ORIGINS = tuple(f"http://{host}" for host in _LOOPBACK)
_MAX_BODY_BYTES = 64 * 1024
_GRACE_SECONDS = 10


async def serve_http(
    server: LegisServer, host: str, port: int, allowed_hosts: Sequence[str], allowed_origins: Sequence[str]
) -> None:
    """Serves until it is stopped. Requests with another Host are refused with 421, with another Origin with 403."""
    app = http_app(server, allowed_hosts, allowed_origins)
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=_GRACE_SECONDS, limit_concurrency=256
    )
    await uvicorn.Server(config).serve()


def http_app(server: LegisServer, allowed_hosts: Sequence[str], allowed_origins: Sequence[str]) -> ASGIApp:
    """The server as an application, stateless: any process can answer any request."""
    security = TransportSecuritySettings(
        allowed_hosts=[*_LOOPBACK, *allowed_hosts], allowed_origins=[*_LOOPBACK_ORIGINS, *allowed_origins]
    )
    inner = server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        json_response=True,
        max_request_body_size=_MAX_BODY_BYTES,
        transport_security=security,
    )

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] != "POST":
            # The library would keep a GET open as a stream of messages that this server never sends.
            refused = JSONResponse({"error": "only POST is answered"}, 405, {"Allow": "POST"})
            return await refused(scope, receive, send)
        return await inner(scope, receive, send)

    return app
