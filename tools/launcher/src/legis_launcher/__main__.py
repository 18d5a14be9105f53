"""The command line: `python -m legis_launcher up|stop|remove|status|trace|dead-letters`."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from legis.errors import ConfigurationError
from legis.telemetry.trace_tree import newest_end_to_end, render
from rich.console import Console

from legis_launcher.console.progress import Progress
from legis_launcher.console.start_failures import CannotStart, one_line
from legis_launcher.console.status_table import status_table
from legis_launcher.console.welcome import welcome
from legis_launcher.processes import attached_command
from legis_launcher.processes.child_process import ChildFailed
from legis_launcher.processes.remove_run import remove_run
from legis_launcher.processes.stop_run import stop_run
from legis_launcher.processes.stop_signals import StopSignal
from legis_launcher.run_folder import RunFolder
from legis_launcher.servers.privilege_drop import CannotLeaveRoot
from legis_launcher.settings import load_dotenv
from legis_launcher.system import System

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The whole of Legis on one machine, without Docker.")
console = Console(highlight=False, soft_wrap=True)
Folder = Annotated[Path, typer.Option("--run-dir", envvar="LEGIS_RUN_DIR", help="Where data, logs and state are kept")]
DEFAULT_FOLDER = Path(".run")


def say(message: str) -> None:
    """Prints one line with the time of day."""
    with contextlib.suppress(OSError):
        console.print(f"[dim]{time.strftime('%H:%M:%S')}[/dim] ", end="")
    show(message)


def show(text: str) -> None:
    """Prints text unchanged. A closed terminal must not prevent running or stopping."""
    with contextlib.suppress(OSError):
        console.print(text, markup=False)


@app.command()
def up(
    run_dir: Folder = DEFAULT_FOLDER,
    detach: Annotated[bool, typer.Option("--detach", help="Return once everything is ready")] = False,
) -> None:
    """Starts everything and stays in the foreground; Ctrl-C stops everything."""
    load_dotenv(Path.cwd())
    folder = RunFolder(run_dir)
    try:
        if not folder.lock():
            _already_running(folder)
        if detach:
            folder.unlock()
            raise typer.Exit(_detached(folder))
    except OSError as error:
        say(f"NOT STARTED: {one_line(error, folder.path)}")
        raise typer.Exit(1) from None
    raise typer.Exit(_run(folder))


@app.command()
def stop(run_dir: Folder = DEFAULT_FOLDER) -> None:
    """Stops a run started elsewhere."""
    if stop_run(RunFolder(run_dir), say):
        say("stopped")


@app.command()
def remove(run_dir: Folder = DEFAULT_FOLDER) -> None:
    """Stops the run and removes all that it keeps: databases, logs, traces."""
    folder = RunFolder(run_dir)
    try:
        removed = remove_run(folder, say)
    except OSError as error:
        say(f"NOT REMOVED: {one_line(error, folder.path)}")
        removed = False
    raise typer.Exit(0 if removed else 1)


@app.command()
def status(run_dir: Folder = DEFAULT_FOLDER) -> None:
    """Shows every process. Exit status: 0 all ready, 1 something is not, 3 not running."""
    state = RunFolder(run_dir).read()
    if state is None or not state.launcher_alive:
        say(
            "Legis is not running here" if state is None else "the last run ended without cleaning up; `make stop` does"
        )
        raise typer.Exit(3)
    table, well = status_table(state)
    console.print(table)
    raise typer.Exit(0 if well else 1)


@app.command()
def trace(run_dir: Folder = DEFAULT_FOLDER) -> None:
    """Prints the newest trace that leads from a chamber's answer to a served bill."""
    spans = newest_end_to_end(RunFolder(run_dir).traces())
    if not spans:
        say("no trace leads from end to end yet; traces are written while `make run` is up")
        raise typer.Exit(1)
    show(render(spans))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def dead_letters(context: typer.Context, run_dir: Folder = DEFAULT_FOLDER) -> None:
    """What could not be stored: list, show ID, replay ID or --all, resolve ID --note WHY."""
    _attached(run_dir, "api_gateway.dead_letters", context.args or ["list"])


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def backfill(context: typer.Context, run_dir: Folder = DEFAULT_FOLDER) -> None:
    """Has a source read again: --source camara|senado|all, and --year YEAR for one year alone."""
    _attached(run_dir, "api_gateway.backfill", context.args)


@app.command()
def export(run_dir: Folder = DEFAULT_FOLDER) -> None:
    """Builds an export now, beside the one of each day."""
    _attached(run_dir, "api_gateway.exporter.build", [])


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def api_keys(context: typer.Context, run_dir: Folder = DEFAULT_FOLDER) -> None:
    """Keys of the API's users: create --name WHO, list, show, rotate, revoke or expire PREFIX."""
    _attached(run_dir, "api_gateway.api_keys", context.args or ["list"])


def _attached(run_dir: Path, module: str, arguments: list[str]) -> None:
    """Goes on as that module, with the addresses of the run that is up."""
    environment = attached_command.attached_environment(RunFolder(run_dir), os.environ, Path(".env"))
    if environment is None:
        say(attached_command.NOT_RUNNING)
        raise typer.Exit(3)
    attached_command.exec_module(module, arguments, environment)


def _run(folder: RunFolder) -> int:
    """Runs in the foreground. Returns the exit status."""
    stop_signal = StopSignal()
    stop_signal.install()
    system = System(folder, dict(os.environ), say)
    try:
        system.start()
        show(welcome(system.state, folder.logs))
        stop_signal.interrupting = False
        with Progress(console, system.state.web_url) as progress:
            while not stop_signal.requested:
                system.tick()
                progress.tick()
                time.sleep(0.25)
    except KeyboardInterrupt:
        pass
    except ConfigurationError as error:
        show(str(error))
        return 2
    except (ChildFailed, CannotStart, CannotLeaveRoot, OSError, subprocess.TimeoutExpired) as error:
        meaning = one_line(error, folder.path)
        say(f"NOT STARTED: {meaning}")
        if str(error) != meaning:
            show(str(error))
        return 1
    finally:
        stop_signal.interrupting = False
        say("stopping")
        system.stop()
    say("stopped")
    return 0


def _detached(folder: RunFolder) -> int:
    """Starts this program again in the background and waits until it is ready. Returns its exit status if it ended."""
    log = folder.log("launcher")
    log.write_bytes(b"")
    with log.open("ab") as output:  # appended to, as every log, so that it can be rotated
        started = subprocess.Popen(
            [sys.executable, "-m", "legis_launcher", "up", "--run-dir", str(folder.path)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    while started.poll() is None:  # this loop ends: every step of the other process's start has a time limit
        state = folder.read()
        if state is not None and state.launcher_pid == started.pid and state.phase == "ready":
            show(welcome(state, folder.logs))
            say("running in the background; `make stop` ends it")
            return 0
        time.sleep(0.1)
    show(log.read_text(errors="replace"))
    return started.returncode or 1


def _already_running(folder: RunFolder) -> None:
    state = folder.read()
    where = f" at {state.web_url} (process {state.launcher_pid})" if state else ""
    say(f"Legis is already running{where}; `make status` shows it, `make stop` ends it")
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
