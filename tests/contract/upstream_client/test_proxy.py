"""That every request goes through the proxy that was named, and through no other."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from contract.upstream_client.double import MakeClient, Upstream
from legis.errors import UpstreamUnavailable

SECRET = "Basic bWU6cEBzcw=="


@dataclass
class Tunnel:
    """A proxy that notes what it is asked for, and opens no tunnel."""

    address: str = ""
    heads: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def tunnel() -> AsyncIterator[Tunnel]:
    found = Tunnel()
    async with await asyncio.start_server(found.serve, "127.0.0.1", 0) as server:
        found.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield found


async def test_plain_requests_go_to_the_proxy_whole(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.sends(b"[]")
    client = make_client(proxy=upstream.base.replace("//", "//me:p%40ss@"))
    answer = await client.get("http://camara.invalid/api/v2/x", endpoint="x", params={"a": 1})
    assert answer.url == "http://camara.invalid/api/v2/x?a=1"
    (request,) = upstream.requests
    assert request.raw_path == "http://camara.invalid/api/v2/x?a=1"
    assert request.headers["Host"] == "camara.invalid"
    assert request.headers["Proxy-Authorization"] == SECRET


async def test_requests_over_tls_ask_for_a_tunnel_and_a_refusal_is_told_without_the_password(
    tunnel: Tunnel, make_client: MakeClient
) -> None:
    client = make_client(proxy=f"http://me:p%40ss@{tunnel.address}", max_attempts=1)
    with pytest.raises(UpstreamUnavailable) as caught:
        await client.get("https://camara.invalid/api", endpoint="x")
    assert "the proxy answered 407" in str(caught.value)
    assert "p@ss" not in str(caught.value)
    assert "p%40ss" not in str(caught.value)
    (head,) = tunnel.heads
    assert head.startswith("CONNECT camara.invalid:443 ")
    assert f"Proxy-Authorization: {SECRET}" in head


async def test_the_variables_of_the_machine_are_not_read(
    upstream: Upstream, make_client: MakeClient, tunnel: Tunnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{tunnel.address}")
    upstream.sends(b"[]")
    assert (await make_client().get(upstream.base, endpoint="x")).json() == []
    assert tunnel.heads == []
