"""A whole process of ours: it drains when told to stop, and its exit status says how it ended."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest

PROCESS = """
    import asyncio, gc, os, sys
    from contextlib import asynccontextmanager
    from legis.service.app import build_app
    from legis.service.health import Health
    from legis.service.run import background, prepare, serve
    from legis.settings import ServiceSettings

    port, mode = int(sys.argv[1]), sys.argv[2]
    health = Health()

    async def work(stop):
        if mode == "crash":
            await asyncio.sleep(0.5)
            raise RuntimeError("worker broke")
        await stop.wait()

    @asynccontextmanager
    async def lifespan(app):
        if mode == "unstartable":
            raise RuntimeError("no database")
        traces = prepare("worker", ServiceSettings())
        stop = asyncio.Event()
        async with background(stop, work(stop)):
            yield
        await traces.shutdown()
        print('{"event": "closed"}', flush=True)

    def make():
        app = build_app("worker", lifespan=lifespan, health=health)

        begun = []

        async def slow():
            begun.append("slow")
            while not health.draining:
                await asyncio.sleep(0.01)
            return {"draining": health.draining}

        async def endless():
            begun.append("endless")
            await asyncio.sleep(600)

        async def who():
            return os.getpid()

        async def collector():
            return {"frozen": gc.get_freeze_count(), "threshold": gc.get_threshold()[0]}

        app.add_api_route("/collector", collector)
        app.add_api_route("/slow", slow)
        app.add_api_route("/begun", lambda: begun)
        app.add_api_route("/who", who)
        app.add_api_route("/endless", endless)
        return app

    door = int(sys.argv[3]) if len(sys.argv) > 3 else None
    serve(make, host="127.0.0.1", port=port, listen_fd=door, graceful_seconds=2)
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(unused_tcp_port: int) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def begin(mode: str, port: int = unused_tcp_port, door: int | None = None) -> subprocess.Popen[str]:
        descriptors = [] if door is None else [door]
        arguments = [str(port), mode, *map(str, descriptors)]
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", textwrap.dedent(PROCESS), *arguments],
            env={**os.environ, "TZ": "Asia/Tokyo"},
            pass_fds=descriptors,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate(timeout=240)


def ask(port: int, path: str, timeout: float = 5) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=timeout) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def wait_ready(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            if ask(port, "/health/ready")[0] == 200:
                return
        except OSError:
            assert time.monotonic() < end
        time.sleep(0.05)


def wait_begun(port: int) -> None:
    """Until the slow request is at work."""
    end = time.monotonic() + 60
    while not json.loads(ask(port, "/begun")[1]):
        assert time.monotonic() < end
        time.sleep(0.05)


def slow_request(port: int, path: str) -> "subprocess.Popen[str]":
    code = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:{port}{path}', timeout=100).read().decode())"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_drains_finishes_requests_and_ends_with_status_0(
    start: Start, unused_tcp_port: int, number: signal.Signals
) -> None:
    process = start("serve")
    wait_ready(unused_tcp_port)
    request = slow_request(unused_tcp_port, "/slow")
    wait_begun(unused_tcp_port)
    process.send_signal(number)
    reply, _ = request.communicate(timeout=240)
    output, errors = process.communicate(timeout=240)
    assert json.loads(reply) == {"draining": True}
    assert process.returncode == 0, errors
    events = [json.loads(line)["event"] for line in output.splitlines()]
    assert events.index("stopping") < events.index("closed")
    assert errors == ""


def test_a_request_that_does_not_end_is_cut_at_the_limit(start: Start, unused_tcp_port: int) -> None:
    process = start("serve")
    wait_ready(unused_tcp_port)
    request = slow_request(unused_tcp_port, "/endless")
    wait_begun(unused_tcp_port)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=240)
    request.communicate(timeout=240)
    assert process.returncode == 0
    assert time.monotonic() - began < 60, "the client itself leaves after 100 s"


def test_a_background_task_that_breaks_ends_the_process_with_an_error(start: Start) -> None:
    process = start("crash")
    output, _ = process.communicate(timeout=240)
    assert process.returncode == 1
    events = [json.loads(line) for line in output.splitlines()]
    failed = next(event for event in events if event["event"] == "background_task_failed")
    assert "worker broke" in failed["exception"]
    assert events[-1]["event"] != "background_task_failed"  # the lifespan was closed in order


def test_a_process_that_cannot_start_says_so_by_its_status(start: Start) -> None:
    process = start("unstartable")
    process.communicate(timeout=240)
    assert process.returncode not in (0, None)


def test_processes_share_a_door_that_stays_open_while_they_come_and_go(
    start: Start, unused_tcp_port_factory: Callable[[], int]
) -> None:
    own = [unused_tcp_port_factory() for _ in range(2)]
    with socket.create_server(("127.0.0.1", 0), backlog=100) as door:
        port = door.getsockname()[1]
        early = slow_request(port, "/who")  # nobody is there yet
        running = [start("serve", one, door.fileno()) for one in own]
        for one, process in zip(own, running, strict=True):
            wait_ready(one)
            assert ask(one, "/who") == (200, str(process.pid)), "a port of its own, for whoever means this process"
        assert early.communicate(timeout=240)[0].strip() in {str(process.pid) for process in running}
        running[0].kill()
        running[0].wait(5)
        assert {ask(port, "/who") for _ in range(20)} == {(200, str(running[1].pid))}
        running[1].terminate()
        running[1].communicate(timeout=240)
        waiting = slow_request(port, "/who")
        running[0] = start("serve", own[0], door.fileno())
        assert waiting.communicate(timeout=240)[0].strip() == str(running[0].pid)


def test_what_a_program_is_made_of_is_out_of_the_collectors_sight(start: Start, unused_tcp_port: int) -> None:
    start("serve")
    wait_ready(unused_tcp_port)
    told = json.loads(ask(unused_tcp_port, "/collector")[1])
    assert told["frozen"] > 50_000
    assert 2_000 < told["threshold"] <= 10_000, "seldom; and at a microsecond an object, a look is to be short"


def test_every_line_is_json_and_probes_leave_none(start: Start, unused_tcp_port: int) -> None:
    process = start("serve")
    wait_ready(unused_tcp_port)
    for _ in range(5):
        assert ask(unused_tcp_port, "/health/live")[0] == 200
    assert ask(unused_tcp_port, "/nowhere")[0] == 404
    process.terminate()
    output, _ = process.communicate(timeout=240)
    documents = [json.loads(line) for line in output.splitlines()]
    assert not [one for one in documents if "/health/live" in json.dumps(one)]
