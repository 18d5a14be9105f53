"""Serves a simulator on a loopback port, inside another program or as a process of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from upstream_sim.app import Simulator, create_app
from upstream_sim.scenario import Scenario

_START_SECONDS = 10.0
_STOP_SECONDS = 10.0


def listening_socket(host: str, port: int) -> socket.socket:
    """A bound socket. With port 0 its actual port is known before serving begins."""
    # asyncio disables Nagle's algorithm only where the protocol is given; else each response waits 40 ms for an ACK.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    return bound


def server_for(app: Simulator) -> uvicorn.Server:
    """A uvicorn server without its own Date header: responses have the simulated one."""
    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        date_header=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=30,
    )
    return uvicorn.Server(config)


class _Embedded(uvicorn.Server):
    """A uvicorn server that does not install signal handlers."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def running(scenario: Scenario | None = None) -> AsyncIterator["Running"]:
    """A simulator in this event loop, on a free port; stopped on leaving the context."""
    app = create_app(scenario)
    bound = listening_socket("127.0.0.1", 0)
    server = _Embedded(server_for(app).config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        async with asyncio.timeout(_START_SECONDS):
            while not server.started:
                if task.done():
                    task.result()
                await asyncio.sleep(0.005)
        yield Running(app, f"http://127.0.0.1:{bound.getsockname()[1]}")
    finally:
        server.should_exit = True
        async with asyncio.timeout(_STOP_SECONDS):
            await task
        bound.close()


class Running:
    """The addresses of a running simulator."""

    def __init__(self, app: Simulator, url: str) -> None:
        self.app, self.url = app, url

    @property
    def camara_base_url(self) -> str:
        return f"{self.url}/camara/api/v2"

    @property
    def camara_files_url(self) -> str:
        return f"{self.url}/camara/arquivos"

    @property
    def senado_base_url(self) -> str:
        return f"{self.url}/senado/dadosabertos"


def serve(scenario: Scenario, host: str, port: int, announce: Callable[[int], None]) -> None:
    """Serves until the process is stopped; `announce` receives the port once connections are accepted."""
    bound = listening_socket(host, port)
    bound.listen(2048)
    server = server_for(create_app(scenario))
    announce(bound.getsockname()[1])
    server.run(sockets=[bound])
