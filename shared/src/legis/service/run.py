"""Starts uvicorn; the only place that sets process-wide state."""

import asyncio
import gc
import inspect
import socket
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
"""Longer than the proxy's 60 s: who closes first must be the proxy, or it reuses a closed connection."""

COLLECT_EVERY = 5_000
"""Objects between two looks of the garbage collector, where somebody waits for an answer: our data are freed when
nobody refers to them any more, and circles are rare, but one look, at a microsecond an object, keeps all waiting."""

COLLECT_SELDOM = 100_000
"""The same for a process that works through batches: more than a batch has, which would be looked through in vain, a
tenth of all the work."""

_OLDER_THRESHOLDS = (20, 50)

_CLOSE = (b"connection", b"close")
_log = logs.get_logger(__name__)
_serving: "list[_Server]" = []


def prepare(service: str, settings: ServiceSettings) -> Traces:
    """Logs and traces of this process, as its settings say; its caller shuts the traces down at the end."""
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
    """Serves the app, or what a factory without parameters makes, until SIGTERM or SIGINT; returns after draining.

    At the signal `app.state.health` (where the app has one) stops being ready. For `drain_seconds` requests are still
    answered, each on a connection that closes after it, so that whoever sends them here notices and goes elsewhere.
    Then no new connection is taken, requests have `graceful_seconds` to finish, and the lifespan ends. A second signal
    ends the process at once. Raises SystemExit with a status other than 0 when the app cannot start, or when a
    `background` task has failed.

    `listen_fd` is a listening socket that whoever started this process holds for several of its kind. The app then
    answers on both: on that one whoever comes, on `port` those who mean this very process, as probes and scrapers do.
    `collect_every` is the number of new objects after which the garbage collector looks for circles.
    """
    app = _app(app_or_factory)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="auto",  # uvloop where it is installed
        http=HttpProtocol,  # httptools underneath
        lifespan="on",
        log_config=None,
        access_log=False,  # each service logs its own
        server_header=False,
        proxy_headers=False,  # the app alone decides which proxy it believes
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
    """For a lifespan: runs the coroutines beside the server, and stops them at its end by setting `stop`; what still
    runs `grace_seconds` later is cancelled.

    When one of them fails the process must not go on serving as if nothing were wrong: the failure is logged, the
    server stops, and `serve` ends with status 1.
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
    """uvicorn that drains first, and for which a signal to stop is a normal end."""

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
        """Puts what the program is made of out of the garbage collector's sight, once it is all there.

        Else each full collection goes through all of it: tenths of a second in which nobody is answered.
        """
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(self._collect_every, *_OLDER_THRESHOLDS)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Unlike uvicorn's, does not keep the signal to raise it again at the end, so the exit status is 0."""
        if self._serve_until is not None:
            self.force_exit = self.should_exit = True
            return
        self._serve_until = time.monotonic() + self._drain_seconds
        # a proxy must not keep connections to us: the next request on one would meet the closed door
        self.config.encoded_headers = [*self.config.encoded_headers, _CLOSE]
        self.server_state.default_headers = [*self.server_state.default_headers, _CLOSE]
        self._on_stop()

    async def on_tick(self, counter: int) -> bool:
        """uvicorn asks ten times a second whether to stop."""
        if self._serve_until is not None and time.monotonic() >= self._serve_until:
            self.should_exit = True
        return await super().on_tick(counter)

    def fail(self) -> None:
        """Stops with status 1, without draining: what is broken should get no more requests."""
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
