"""The command `mcp`: tools for assistants, over standard input and output or HTTP."""

import asyncio
import os
from importlib.metadata import version
from importlib.util import find_spec
from typing import Annotated

import typer

from legis_cli.api_connection import api_key

_ATTEMPTS = 2
"""Requests for one reply: an assistant waits for it."""


def mcp(
    context: typer.Context,
    http: Annotated[bool, typer.Option("--http", help="Listen for HTTP at /mcp instead of standard input.")] = False,
    host: Annotated[str, typer.Option("--host", help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen at.")] = 8765,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allowed-host", envvar="LEGIS_MCP_ALLOWED_HOSTS", help="Host header to accept beside loopback's."
        ),
    ] = None,
    allowed_origin: Annotated[
        list[str] | None,
        typer.Option(
            "--allowed-origin",
            envvar="LEGIS_MCP_ALLOWED_ORIGINS",
            help="Origin of a browser to accept beside loopback's.",
        ),
    ] = None,
) -> None:
    """Serve assistants that speak the Model Context Protocol: ten tools that read the API."""
    if find_spec("mcp") is None:
        typer.echo("legis: the command mcp needs more packages; run: pip install 'legis-cli[mcp]'", err=True)
        raise typer.Exit(1)
    served = _serve(context.obj, (host, port) if http else None, allowed_host or (), allowed_origin or ())
    asyncio.run(served)


async def _serve(
    url: str,
    address: tuple[str, int] | None,
    hosts: "list[str] | tuple[str, ...]",
    origins: "list[str] | tuple[str, ...]",
) -> None:
    from legis_client import AsyncLegis, RetryPolicy

    from legis_cli.mcp_server.legis_server import legis_server
    from legis_cli.mcp_server.server_transports import serve_http

    retry = RetryPolicy(attempts=_ATTEMPTS, longest_wait=5)
    async with AsyncLegis(url, api_key=api_key(os.environ), retry=retry, timeout=30) as legis:
        server = legis_server(legis, url, version("legis-cli"))
        if address is None:
            await server.run_stdio_async()
        else:
            await serve_http(server, *address, hosts, origins)
