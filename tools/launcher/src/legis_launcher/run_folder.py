"""The `.run` folder: state, logs and data of the local run, and a lock."""

import fcntl
import json
import os
import secrets
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """A process as it was started. `mark` is its start time, which distinguishes it from a later process with the same
    id.
    """

    name: str
    pid: int
    mark: str
    port: int
    ready_url: str | None
    log: str
    started_at: float
    restarts: int = 0

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return bool(self.mark) and process_mark(self.pid) == self.mark


@dataclass(slots=True)
class RunState:
    """State of a run, for `status`, `stop` and tests."""

    launcher_pid: int
    launcher_mark: str
    phase: str = "starting"
    dataset: str = "live"
    web_url: str = ""
    site_url: str = ""
    simulator_url: str | None = None
    database_url: str = ""
    redis_url: str = ""
    warnings: list[str] = field(default_factory=list)
    """Problems on the way to the chambers, one line each, as found at the start."""
    processes: dict[str, ProcessRecord] = field(default_factory=dict)

    @property
    def launcher_alive(self) -> bool:
        return bool(self.launcher_mark) and process_mark(self.launcher_pid) == self.launcher_mark


class RunFolder:
    """One folder, normally `.run` in the checkout. At most one launcher at a time holds its lock."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._lock: IO[str] | None = None

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def trace(self, name: str) -> Path:
        return self.path / "traces" / f"{name}.jsonl"

    def traces(self) -> list[Path]:
        return sorted((self.path / "traces").glob("*.jsonl"))

    def exports(self, dataset: str) -> Path:
        """Where exports of this kind of data are kept."""
        return self.data / f"exports-{dataset}"

    def signing_master_key(self) -> str:
        """The key that signing keys of webhooks are derived from: made at first use, kept for all later runs, since a
        new one voids the secrets of subscriptions.
        """
        path = self.data / "signing_master_key"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32))
        return path.read_text()

    def lock(self) -> bool:
        """Locks the folder until this process ends. Returns False where another process holds the lock."""
        for folder in (self.path, self.logs, self.path / "traces", self.data):
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self.path / "lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            return False
        self._set_old_logs_aside()
        return True

    def _set_old_logs_aside(self) -> None:
        """Renames the last run's logs to `.log.1`, so that each run's logs begin at its start and do
        not grow for ever.
        """
        for log in self.logs.glob("*.log"):
            if log.stem != "launcher":  # the parent of a background run is writing it
                log.replace(log.with_suffix(".log.1"))

    def unlock(self) -> None:
        """Releases the lock."""
        if self._lock is not None:
            self._lock.close()

    def write(self, state: RunState) -> None:
        """Replaces the state file atomically; only its owner may read it, since it contains passwords."""
        new = self.path / "state.json.new"
        new.touch(mode=0o600)
        new.write_text(json.dumps(asdict(state), indent=1) + "\n")
        new.replace(self.path / "state.json")

    def read(self) -> RunState | None:
        """The state of the last run; None when there is none or it cannot be parsed."""
        try:
            raw = json.loads((self.path / "state.json").read_text())
            processes = {name: ProcessRecord(**record) for name, record in raw.pop("processes").items()}
            return RunState(processes=processes, **raw)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def forget(self) -> None:
        """Removes the state file, after everything was stopped."""
        (self.path / "state.json").unlink(missing_ok=True)

    def remembered_port(self, name: str) -> int:
        """The port that a process used in the last run; 0 when unknown."""
        try:
            return int(json.loads((self.path / "ports.json").read_text()).get(name, 0))
        except (OSError, ValueError, AttributeError):
            return 0

    def remember_ports(self, ports: dict[str, int]) -> None:
        (self.path / "ports.json").write_text(json.dumps(ports) + "\n")


def process_mark(pid: int) -> str:
    """Start time of the process with that id, in the system's own format; empty when there is none (or a zombie)."""
    if pid <= 0:
        return ""
    if os.path.isdir("/proc/self"):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] == "Z" else fields[19]
    done = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()
