"""Does for a local launcher run what `docker compose` does for one service: `launcher_run.py restart web`.

The launcher restarts any process that ends, so a restart here is: end the process and wait for the new one. nginx is
not managed by the launcher: started here in front of `web`, it is the public entry point of a machine that has it.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from legis_launcher.console.status_table import health_of
from legis_launcher.run_folder import ProcessRecord, RunFolder, RunState

NGINX = Path(__file__).resolve().parents[2] / "deploy/nginx"
END_SECONDS, READY_SECONDS, INDEX_SECONDS = 20.0, 60.0, 600.0
"""Time limits. `web` and `indexer` are ready once there is an index of the database: after a restore it is rebuilt."""

WRONG, UNREACHABLE = 2, 4


class Refused(Exception):
    """The command cannot be executed; carries the exit status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def main(arguments: list[str]) -> int:
    """Exit status 0 when it was done, 1 when it was not in time, 2 for a wrong name, 4 when nothing runs."""
    command, names = arguments[0], arguments[1:]
    folder = RunFolder(Path(os.environ["LEGIS_RUN_DIR"]))
    try:
        COMMANDS[command](folder, names)
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return refused.status
    return 0


def services(folder: RunFolder, names: list[str]) -> None:
    """One line per process: its name, and `ready`, `running`, `not-ready` or `dead`."""
    for record in state_of(folder).processes.values():
        sys.stdout.write(f"{record.name} {health_of(record).replace(' ', '-')}\n")


def stats(folder: RunFolder, names: list[str]) -> None:
    """Processor time, memory and age of every process, as `ps` has them."""
    records = state_of(folder).processes.values()
    sys.stdout.write(f"{'NAME':15}    PID %CPU     RSS     ELAPSED STAT\n")
    for record in records:
        sys.stdout.write(f"{record.name:15}{_ps(record.pid)}\n")


def restart(folder: RunFolder, names: list[str]) -> None:
    """Ends each process in order, by force after 20 s, and waits until its successor is ready."""
    for name in names:
        if name == "nginx":
            stop(folder, [name])
            start(folder, [name])
            continue
        before = _record(folder, name)
        _end(before)
        within = INDEX_SECONDS if name.startswith(("web", "indexer")) else READY_SECONDS
        _until(lambda name=name, before=before: _succeeded(folder, name, before), within, f"{name} ready again")
        sys.stdout.write(f"{name} restarted: {before.pid} -> {_record(folder, name).pid}\n")


def stop(folder: RunFolder, names: list[str]) -> None:
    """Stops nginx. No other process can be stopped by itself: the launcher would restart it."""
    _only_nginx(names, "stop")
    pid = _nginx_pid(folder)
    if pid:
        os.kill(pid, signal.SIGQUIT)
        _until(lambda: not _nginx_pid(folder), END_SECONDS, "nginx ended")
    sys.stdout.write("nginx stopped\n")


def start(folder: RunFolder, names: list[str]) -> None:
    """Starts nginx at LEGIS_LISTEN (127.0.0.1:8080), with the configuration template of every deployment. Settings of
    deploy/nginx/render.sh count from the environment, LEGIS_DENIED among them.
    """
    _only_nginx(names, "start")
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None:
        raise Refused(WRONG, "nginx is not installed (Debian: nginx-light); the launcher itself needs none")
    home = folder.path / "nginx"
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "nginx.conf"
    if not _nginx_pid(folder):
        settings = _settings(home, state_of(folder))
        configuration.write_text(_printed("render.sh", settings))
        _printed("rotate.sh", settings)
        with (folder.logs / "nginx.log").open("ab") as log:
            command = [nginx, "-p", str(home), "-e", "stderr", "-c", str(configuration)]
            command += ["-g", "user nobody nogroup;"] if os.geteuid() == 0 else []
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        _until(lambda: _nginx_pid(folder), END_SECONDS, "nginx started")
    sys.stdout.write("nginx started\n")


def reload(folder: RunFolder, names: list[str]) -> None:
    """Has nginx load its files again, the certificate among them; open connections end with the old workers."""
    _only_nginx(names, "reload")
    pid = _nginx_pid(folder)
    if not pid:
        raise Refused(UNREACHABLE, "nginx does not run (legis.sh start nginx)")
    os.kill(pid, signal.SIGHUP)
    sys.stdout.write("nginx reloaded\n")


def state_of(folder: RunFolder) -> RunState:
    """The run. Raises Refused when there is none."""
    state = folder.read()
    if state is None or not state.launcher_alive:
        raise Refused(UNREACHABLE, f"no launcher runs in {folder.path} (make run)")
    return state


COMMANDS: dict[str, Callable[[RunFolder, list[str]], None]] = {
    "services": services,
    "restart": restart,
    "stop": stop,
    "start": start,
    "reload": reload,
    "stats": stats,
}


def _record(folder: RunFolder, name: str) -> ProcessRecord:
    known = state_of(folder).processes
    if name not in known:
        raise Refused(WRONG, f"no process is called {name}; there are {', '.join(known)}")
    return known[name]


def _end(record: ProcessRecord) -> None:
    """Sends SIGTERM, then SIGKILL to a process that does not end: a stopped (SIGSTOP) process never does."""
    for sign, within in (
        (signal.SIGINT if record.name == "postgres" else signal.SIGTERM, END_SECONDS),
        (signal.SIGKILL, 5),
    ):
        if record.alive:
            os.kill(record.pid, sign)
        deadline = time.monotonic() + within
        while record.alive and time.monotonic() < deadline:
            time.sleep(0.05)


def _succeeded(folder: RunFolder, name: str, before: ProcessRecord) -> bool:
    now = _record(folder, name)
    return (now.pid, now.mark) != (before.pid, before.mark) and health_of(now) in ("ready", "running")


def _only_nginx(names: list[str], verb: str) -> None:
    if names != ["nginx"]:
        raise Refused(WRONG, f"only nginx can be told to {verb} alone here; `make stop` ends everything")


def _nginx_pid(folder: RunFolder) -> int:
    """Its process id; 0 when it does not run."""
    try:
        pid = int((folder.path / "nginx" / "nginx.pid").read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return 0
    return pid


def _settings(home: Path, state: RunState) -> dict[str, str]:
    return {
        **os.environ,
        "LEGIS_LISTEN": os.environ.get("LEGIS_LISTEN", "127.0.0.1:8080"),
        "LEGIS_SERVERS": state.web_url.split("/")[2],
        "LEGIS_NGINX_DIR": str(home),
        "LEGIS_ACCESS_LOG": "/dev/null",
        "LEGIS_ACCESS_LOG_DIR": str(home),
    }


def _printed(script: str, settings: dict[str, str]) -> str:
    command = ["sh", str(NGINX / script)]
    return subprocess.run(command, env=settings, capture_output=True, text=True, check=True).stdout


def _until(true: Callable[[], object], within: float, what: str) -> None:
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise Refused(1, f"not within {within:.0f} s: {what}")
        time.sleep(0.1)


def _ps(pid: int) -> str:
    """One line about a process, without a heading; empty where there is none."""
    command = ["ps", "-o", "pid=,pcpu=,rss=,etime=,stat=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.rstrip()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
