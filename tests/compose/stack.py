"""A deployment of its own on a real engine: base and offline layers, started, asked, and taken down."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from layers import BASE, FOLDER, OFFLINE

T = TypeVar("T")

PROJECT = "legis-compose-test"
BILLS = 600
OURS = ("web", "site", "indexer", "worker", "notifier", "ingest-camara", "ingest-senado")
SERVICES = (*OURS, "db", "redis", "nginx", "simulator")
PORT = os.environ.get("LEGIS_PORT", "5000")


class Failed(AssertionError):
    """The deployment did not do what it promises; the text says what was seen."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and all that it printed."""

    status: int
    text: str


class Stack:
    """The deployment: commands are run in `deploy/compose`, as operators run them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "COMPOSE_PROJECT_NAME": PROJECT,
            "COMPOSE_FILE": f"{BASE}:{OFFLINE}",
            "LEGIS_SECRETS_DIR": str(folder / "secrets"),
            "LEGIS_SAMPLE_BILLS": str(BILLS),
            "LEGIS_OFFLINE_POLL_SECONDS": "3",
            "LEGIS_PORT": PORT,
            "COMPOSE_ANSI": "never",
        }

    def shell(self, command: str, *, within: float = 180, follows: float = 0.0) -> Done:
        """A line of shell; one that `follows` is stopped after so many seconds, which counts as its end."""
        line = f"timeout -s INT {follows:g} sh -c {_quoted(command)}" if follows else command
        try:
            done = subprocess.run(
                ["bash", "-c", line],
                cwd=FOLDER,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=within,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Failed(f"not done within {within:g} s: {command}\n{error.output!r}") from None
        return Done(0 if follows and done.returncode in (124, 130) else done.returncode, done.stdout)

    def must(self, command: str, *, within: float = 180) -> str:
        """What a command prints. Raises Failed where it ends with a status other than 0."""
        done = self.shell(command, within=within)
        if done.status:
            raise Failed(f"status {done.status}: {command}\n{done.text[-3000:]}")
        return done.text

    def compose(self, arguments: str, *, within: float = 180) -> str:
        """`docker compose …`, which must succeed."""
        return self.must(f"docker compose {arguments}", within=within)

    def sql(self, statement: str) -> str:
        """One statement's answer, unaligned."""
        return self.compose(f'exec -T db psql -XAtq -U postgres -d legislativo -c "{statement}"').strip()

    def get(self, path: str) -> tuple[int, str]:
        """The public API's status and body; status 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=5) as reply:
                return int(reply.status), reply.read().decode()
        except urllib.error.HTTPError as error:
            return int(error.code), error.read().decode()
        except OSError as error:
            return 0, str(error)

    def simulator(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Orders something of the simulated Congress, or asks it for the truth."""
        data = "None" if body is None else f"json.dumps({body!r}).encode()"
        code = (
            "import json, urllib.request as u; r = u.Request('http://127.0.0.1:8700"
            f"{path}', {data}, {{'Content-Type': 'application/json'}}, method='{method}'); "
            "print(u.urlopen(r, timeout=20).read().decode())"
        )
        return json.loads(self.compose(f'exec -T simulator python -c "{code}"'))

    def containers(self, service: str) -> list[dict[str, Any]]:
        """What the engine knows of a service's containers, in the order of their numbers."""
        ids = self.compose(f"ps -aq {service}").split()
        found = json.loads(self.must(f"docker inspect {' '.join(ids)}")) if ids else []
        return sorted(found, key=lambda one: int(one["Config"]["Labels"]["com.docker.compose.container-number"]))

    def healthy(self, service: str, count: int = 1) -> bool:
        """Whether so many containers of the service run, all of them healthy."""
        states = [one["State"] for one in self.containers(service)]
        return len(states) == count and all(state.get("Health", {}).get("Status") == "healthy" for state in states)

    def served(self) -> bool:
        """Whether the public API answers that it is well."""
        return self.get("/api/health")[0] == 200


def wait_until(what: str, look: Callable[[], T], within: float, every: float = 0.5) -> T:
    """What `look` gives once it is true. Raises Failed when it is not within so many seconds."""
    deadline = time.monotonic() + within
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise Failed(f"not within {within:g} s: {what}")
        time.sleep(every)
    return seen


def say(line: str) -> None:
    """One line of the report, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
