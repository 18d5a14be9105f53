"""One child process: started in its own process group, logged to a file, stopped within a time limit."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from legis_launcher.processes.parent_death_signal import with_parent_death_signal

AUTOGROUP_TRIES, AUTOGROUP_WAIT = 10, 0.02
"""Without privileges the kernel takes one value of a session each 0.1 s, whoever writes it."""


class ChildFailed(RuntimeError):
    """A child did not start, or was not ready in time; the message includes the end of its log."""


class Child:
    """A command with its environment and its log; may be started again after it ended.

    `tie` sends it a signal when this process dies; False where the command arranges that itself. `descriptors` are file
    descriptors that it inherits.
    """

    def __init__(
        self,
        name: str,
        command: list[str],
        log_path: Path,
        environment: Mapping[str, str] | None = None,
        *,
        stop_signal: signal.Signals = signal.SIGTERM,
        tie: bool = True,
        descriptors: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.command = command
        self.log_path = log_path
        self.environment = dict(environment) if environment is not None else dict(os.environ)
        self.stop_signal = stop_signal
        self.tie = tie
        self.descriptors = tuple(descriptors)
        self.nice = 0
        """Its priority for a processor from its next start on: 0 to 19, the highest number last."""
        self.started_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """None while it runs or was never started."""
        return self._process.poll() if self._process else None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts it and returns at once. Call it from the main thread (see `with_parent_death_signal`)."""
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        command = with_parent_death_signal(self.command, self.stop_signal) if self.tie else self.command
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                start_new_session=True,
                pass_fds=self.descriptors,
            )
        self.started_at = time.time()
        if self.nice:
            _lower_priority(self._process.pid, self.nice)

    def ask_to_stop(self, stop_signal: signal.Signals | None = None) -> None:
        """Sends the signal for an orderly end; does nothing after its end."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(stop_signal or self.stop_signal)

    def wait_for_end(self, within: float) -> bool:
        """Waits for its end, and kills its process group after `within` seconds. Returns whether it ended by itself."""
        if self._process is None:
            return True
        try:
            self._process.wait(max(within, 0))
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        return True

    def stop(self, within: float = 15.0, stop_signal: signal.Signals | None = None) -> bool:
        """Asks it to end, and kills it after `within` seconds. Returns whether it ended when asked."""
        self.ask_to_stop(stop_signal)
        return self.wait_for_end(within)

    def kill(self) -> None:
        """Kills it and its process group at once."""
        if self._process is None or self._process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(5)

    def log_tail(self, lines: int = 15) -> str:
        """The end of its log, for messages about failures."""
        try:
            text = self.log_path.read_bytes()[-20_000:].decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])


def _lower_priority(pid: int, nice: int) -> None:
    """Lowers the priority of a process and of its session.

    Where Linux groups by session (autogroup), processes of different sessions share a processor by the sessions'
    values, and `nice` alone would change nothing: each child is a session. A failure only means that it does not wait.
    """
    with contextlib.suppress(OSError):  # it has ended already
        os.setpriority(os.PRIO_PROCESS, pid, nice)
    for _ in range(AUTOGROUP_TRIES):
        try:
            Path(f"/proc/{pid}/autogroup").write_text(str(nice))
        except BlockingIOError:
            time.sleep(AUTOGROUP_WAIT)
        except OSError:  # no such grouping here
            return
        else:
            return
