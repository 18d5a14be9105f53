"""Starts uvicorn; the only module that sets process-wide state."""

import asyncio
import gc
import inspect
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette

from legis.service.http_protocol import HttpProtocol
from legis.service.tasks import GRACE_SECONDS, supervise
from legis.settings import ServiceSettings
from legis.telemetry import logs, traces
from legis.telemetry.traces import Traces

__all__ = ["background", "prepare", "serve", "supervise"]

KEEP_ALIVE_SECONDS = 75
"""Seconds for which idle connections stay open. More than the proxy's 60 s: the proxy must close first, or it would
reuse a connection that is closed already.
"""

COLLECT_EVERY = 5_000
"""New objects between two runs of the garbage collector in processes that answer requests. Our data are freed by
reference counting, and reference cycles are rare; but one run takes a microsecond per object and delays all requests.
"""

COLLECT_SELDOM = 100_000
"""The same for processes that work in batches: more objects than a batch has, since a collection within a batch would
find nothing and take a tenth of the whole time.
"""

SWITCH_SECONDS = 0.0005
"""Longest time in seconds for which one thread holds Python's lock while another waits for it; Python's default is ten
times as long. A search thread needs the lock at its start and end, and a busy event loop lets it wait that long each
time: under overload few of the admitted requests were answered.
"""

_OLDER_THRESHOLDS = (20, 50)

_CLOSE = (b"connection", b"close")
_log = logs.get_logger(__name__)
_serving: "list[_Server]" = []


def prepare(service: str, settings: ServiceSettings) -> Traces:
    """Sets up logs and traces of this process according to its settings; the caller shuts the
    traces down at the end.
    """
    logs.configure(service, settings.log_level)
    return traces.configure(
        service,
        endpoint=settings.otel_exporter_otlp_endpoint,
        ratio=settings.otel_traces_sampler_arg,
        file=settings.trace_file,
    )


def serve(
    app_or_factory: Callable[..., Any],
    *,
    host: str,
    port: int,
    listen_fd: int | None = None,
    drain_seconds: float = 0.0,
    graceful_seconds: int = 10,
    collect_every: int = COLLECT_EVERY,
) -> None:
    """Serves the app, or the result of a factory without parameters, until SIGTERM or SIGINT; returns after draining.

    At the signal `app.state.health` (if the app has it) stops being ready. For `drain_seconds` requests are still
    answered, each on a connection that is closed after it, so that the sender (a proxy) switches to another replica.
    Then no new connection is accepted, running requests have `graceful_seconds` to finish, and the lifespan ends. A
    second signal ends the process at once. Raises SystemExit with a status other than 0 if the app cannot start, or if
    a `background` task has failed.

    `listen_fd` is a listening socket that the parent process shares between several processes of this kind. The app
    then answers on both sockets: on the shared one requests for any of the processes, on `port` requests for this one,
    such as probes and scrapes. `collect_every` is the number of new objects after which the garbage collector looks for
    reference cycles.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    app = _app(app_or_factory)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="auto",  # uvloop if it is installed
        http=HttpProtocol,  # a subclass of uvicorn's httptools protocol
        lifespan="on",
        log_config=None,
        access_log=False,  # each service writes its own access log
        server_header=False,
        proxy_headers=False,  # the app alone decides which proxies are trusted
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=graceful_seconds,
    )
    server = _Server(config, _drain(app), drain_seconds, collect_every)
    _serving.append(server)
    try:
        server.run(None if listen_fd is None else [config.bind_socket(), socket.socket(fileno=listen_fd)])
    finally:
        _serving.remove(server)
    if server.failed:
        raise SystemExit(1)


@asynccontextmanager
async def background(
    stop: asyncio.Event, *coros: Coroutine[Any, Any, object], grace_seconds: float = GRACE_SECONDS
) -> AsyncIterator[None]:
    """For a lifespan: runs the coroutines beside the server, and stops them at its end by setting `stop`; a coroutine
    that still runs `grace_seconds` later is cancelled.

    If one of them fails, the process must not go on serving as if nothing were wrong: the failure is logged, the server
    stops, and `serve` ends with status 1.
    """
    task = asyncio.create_task(_watched(supervise(stop, *coros, grace_seconds=grace_seconds)))
    try:
        yield
    finally:
        stop.set()
        await task


async def _watched(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        _log.exception("background_task_failed")
        for server in _serving:
            server.fail()


class _Server(uvicorn.Server):
    """A uvicorn server that drains before it stops, and treats a signal to stop as a normal end."""

    def __init__(
        self, config: uvicorn.Config, on_stop: Callable[[], object], drain_seconds: float, collect_every: int
    ) -> None:
        super().__init__(config)
        self.failed = False
        self._on_stop = on_stop
        self._drain_seconds = drain_seconds
        self._collect_every = collect_every
        self._serve_until: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Excludes the objects of the loaded program from garbage collection, after the app has started.

        Otherwise each full collection would examine all of them, which blocks all requests for tenths of a second.
        """
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(self._collect_every, *_OLDER_THRESHOLDS)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Handles a signal. Unlike uvicorn's method it does not raise the signal again at the end, so the exit status
        is 0.
        """
        if self._serve_until is not None:
            self.force_exit = self.should_exit = True
            return
        self._serve_until = time.monotonic() + self._drain_seconds
        # a proxy must not keep its connections: its next request on one would fail
        self.config.encoded_headers = [*self.config.encoded_headers, _CLOSE]
        self.server_state.default_headers = [*self.server_state.default_headers, _CLOSE]
        self._on_stop()

    async def on_tick(self, counter: int) -> bool:
        """Called by uvicorn ten times a second; returns whether the server must stop."""
        if self._serve_until is not None and time.monotonic() >= self._serve_until:
            self.should_exit = True
        return await super().on_tick(counter)

    def fail(self) -> None:
        """Stops with status 1, without draining: a failed process should receive no more requests."""
        self.failed = True
        self._on_stop()
        self.should_exit = True


def _app(app_or_factory: Callable[..., Any]) -> Callable[..., Any]:
    if isinstance(app_or_factory, Starlette) or inspect.signature(app_or_factory).parameters:
        return app_or_factory
    made: Callable[..., Any] = app_or_factory()
    return made


def _drain(app: Callable[..., Any]) -> Callable[[], None]:
    health = getattr(getattr(app, "state", None), "health", None)

    def drain() -> None:
        _log.info("stopping")
        if health is not None:
            health.drain()

    return drain
