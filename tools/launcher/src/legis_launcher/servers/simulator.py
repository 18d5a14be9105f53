"""Runs the simulated chambers as a child process, for sample data and for tests."""

import json
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from legis_launcher.processes.child_process import Child, ChildFailed
from legis_launcher.servers.ports import LOOPBACK


class Simulator:
    """One simulator on one loopback port."""

    def __init__(self, folder: Path, *, seed: int = 1, bills: int = 300, options: tuple[str, ...] = ()) -> None:
        """`options` are further command line options of `python -m upstream_sim`."""
        self._port_file = folder / "simulator.port"
        command = [sys.executable, "-m", "upstream_sim", "--port", "0", "--port-file", str(self._port_file)]
        command += ["--seed", str(seed), "--bills", str(bills), *options]
        self.child = Child("simulator", command, folder / "simulator.log")
        self.port = 0

    def start(self, within: float = 60) -> None:
        """Starts it and waits until it listens. Raises ChildFailed with the end of its log."""
        self._port_file.parent.mkdir(parents=True, exist_ok=True)
        self._port_file.unlink(missing_ok=True)
        self.child.start()
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if not self.child.alive:
                raise ChildFailed(
                    f"simulator ended with status {self.child.exit_code} at start:\n{self.child.log_tail()}"
                )
            if self._port_file.exists() and (text := self._port_file.read_text().strip()):
                self.port = int(text)
                # a restarted simulator must use the same port, which its readers know
                self.child.command[self.child.command.index("--port") + 1] = text
                return
            time.sleep(0.02)
        self.child.kill()
        raise ChildFailed(f"the simulator was not ready after {within:.0f} s:\n{self.child.log_tail()}")

    def stop(self) -> None:
        """Ends it within five seconds."""
        self.child.stop(5)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def get(self, path: str) -> Any:
        """The JSON at `path`, for example the simulator's ground truth."""
        return self._ask(urllib.request.Request(self.url + path))

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Posts JSON to a control path and returns the answer."""
        headers = {"Content-Type": "application/json"}
        return self._ask(
            urllib.request.Request(self.url + path, json.dumps(body or {}).encode(), headers, method="POST")
        )

    def _ask(self, request: urllib.request.Request) -> Any:
        with urllib.request.urlopen(request, timeout=30) as reply:
            raw = reply.read()
        return json.loads(raw) if raw else None
