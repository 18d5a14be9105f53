"""A whole process of ours: it drains when told to stop, and its exit status says how it ended."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest

PROCESS = """
    import asyncio, sys
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

        async def slow():
            await asyncio.sleep(1.0)
            return {"draining": health.draining}

        async def endless():
            await asyncio.sleep(60)

        app.add_api_route("/slow", slow)
        app.add_api_route("/endless", endless)
        return app

    serve(make, host="127.0.0.1", port=port, graceful_seconds=2, on_stop=lambda: print('{"event": "hook"}', flush=True))
"""

Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def start(unused_tcp_port: int) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def begin(mode: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", textwrap.dedent(PROCESS), str(unused_tcp_port), mode],
            env={**os.environ, "TZ": "Asia/Tokyo"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate(timeout=10)


def ask(port: int, path: str, timeout: float = 5) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=timeout) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def wait_ready(port: int) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            if ask(port, "/health/ready")[0] == 200:
                return
        except OSError:
            assert time.monotonic() < end
        time.sleep(0.05)


def slow_request(port: int, path: str) -> "subprocess.Popen[str]":
    code = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:{port}{path}', timeout=10).read().decode())"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_drains_finishes_requests_and_ends_with_status_0(
    start: Start, unused_tcp_port: int, number: signal.Signals
) -> None:
    process = start("serve")
    wait_ready(unused_tcp_port)
    request = slow_request(unused_tcp_port, "/slow")
    time.sleep(0.6)
    process.send_signal(number)
    reply, _ = request.communicate(timeout=10)
    output, errors = process.communicate(timeout=10)
    assert json.loads(reply) == {"draining": True}
    assert process.returncode == 0, errors
    events = [json.loads(line)["event"] for line in output.splitlines()]
    assert events.index("stopping") < events.index("hook") < events.index("closed")
    assert errors == ""


def test_a_request_that_does_not_end_is_cut_at_the_limit(start: Start, unused_tcp_port: int) -> None:
    process = start("serve")
    wait_ready(unused_tcp_port)
    request = slow_request(unused_tcp_port, "/endless")
    time.sleep(0.6)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    request.communicate(timeout=10)
    assert process.returncode == 0
    assert time.monotonic() - began < 5


def test_a_background_task_that_breaks_ends_the_process_with_an_error(start: Start) -> None:
    process = start("crash")
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    events = [json.loads(line) for line in output.splitlines()]
    failed = next(event for event in events if event["event"] == "background_task_failed")
    assert "worker broke" in failed["exception"]
    assert events[-1]["event"] != "background_task_failed"  # the lifespan was closed in order


def test_a_process_that_cannot_start_says_so_by_its_status(start: Start) -> None:
    process = start("unstartable")
    process.communicate(timeout=20)
    assert process.returncode not in (0, None)


def test_every_line_is_json_and_probes_leave_none(start: Start, unused_tcp_port: int) -> None:
    process = start("serve")
    wait_ready(unused_tcp_port)
    for _ in range(5):
        assert ask(unused_tcp_port, "/health/live")[0] == 200
    assert ask(unused_tcp_port, "/nowhere")[0] == 404
    process.terminate()
    output, _ = process.communicate(timeout=10)
    documents = [json.loads(line) for line in output.splitlines()]
    assert not [one for one in documents if "/health/live" in json.dumps(one)]
