"""A command `legis mcp` for tests, and its answers as JSON."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mcp import Client, StdioServerParameters

MAX_BYTES = 8_000
GENEROUS = 60


def over_stdio(url: str) -> Client:
    """A client of a new process that reads the API at `url`."""
    return Client(StdioServerParameters(command=sys.executable, args=["-m", "legis_cli", "--url", url, "mcp"]))


@contextmanager
def over_http(url: str, *options: str) -> Iterator[str]:
    """The address of a process that listens until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "legis_cli", "--url", url, "mcp", "--http", "--port", str(port), *options]
    with subprocess.Popen(command) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.wait(GENEROUS)


async def told(client: Client, tool: str, **arguments: Any) -> Any:
    """The answer of a tool, which must be no error and of the promised size."""
    answer = await client.call_tool(tool, arguments)
    text = text_of(answer)
    assert not answer.is_error, text
    assert len(text.encode()) <= MAX_BYTES
    return json.loads(text)


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """The text of an error."""
    answer = await client.call_tool(tool, arguments)
    assert answer.is_error, text_of(answer)
    return text_of(answer)


def text_of(answer: Any) -> str:
    """The one text of an answer."""
    (content,) = answer.content
    return str(content.text)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + GENEROUS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the command ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")
