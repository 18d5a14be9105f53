"""Runs all of Legis on one machine: starts it in order, restarts what ends, stops it in reverse order."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date

from api_gateway.settings import (
    ExporterSettings,
    IndexerSettings,
    MigrationSettings,
    NotifierSettings,
    SiteSettings,
    WebSettings,
    WorkerSettings,
)
from ingest_camara.settings import CamaraSettings
from ingest_senado.settings import SenadoSettings
from legis.errors import ConfigurationError

from legis_launcher.chamber_choice import DatasetChoice, ProbeRun, choose, probes
from legis_launcher.console.start_failures import CannotStart, disk_space_error
from legis_launcher.plan import MIGRATE, SOURCES, WEB_PORT, Backends, environment_of, nice_of, services
from legis_launcher.processes.child_process import Child, ChildFailed
from legis_launcher.processes.log_rotation import rotate_logs
from legis_launcher.processes.supervisor import ManagedChild, Supervisor
from legis_launcher.run_folder import ProcessRecord, RunFolder, RunState, process_mark
from legis_launcher.servers.backends import remembered_or_free, start_backends
from legis_launcher.servers.ports import LOOPBACK, answers, free_port, is_free
from legis_launcher.settings import LauncherSettings

Say = Callable[[str], None]
SETTINGS = (
    LauncherSettings,
    WorkerSettings,
    IndexerSettings,
    NotifierSettings,
    ExporterSettings,
    WebSettings,
    SiteSettings,
    MigrationSettings,
    CamaraSettings,
    SenadoSettings,
)


class System:
    """One run. Call `start`, then `tick` repeatedly, then `stop`; all from the main thread."""

    def __init__(self, folder: RunFolder, environment: Mapping[str, str], say: Say) -> None:
        self._folder = folder
        self._environment = environment
        self._say = say
        self._supervisor = Supervisor(say, self._save)
        self._web_socket: socket.socket | None = None
        self.state = RunState(os.getpid(), process_mark(os.getpid()))

    def start(self) -> None:
        """Starts everything. Raises ChildFailed, CannotStart, CannotLeaveRoot, ConfigurationError or OSError; call
        `stop` in any case.
        """
        settings = preflight()
        if reason := disk_space_error(self._folder.path):
            raise CannotStart(reason)
        self._save()
        probing = self._probe(settings)
        ports = self._ports(settings.legis_web_processes)
        backends = start_backends(
            self._folder,
            self._supervisor,
            self._environment,
            settings.legis_sample_bills,
            lambda: self._choose(settings, probing).dataset,
        )
        self.state.database_url, self.state.redis_url = backends.database_url, backends.redis_url
        self.state.simulator_url = backends.simulator_url
        self.state.web_url = f"http://{LOOPBACK}:{ports['web']}"
        self.state.site_url = f"http://{LOOPBACK}:{ports['site']}"
        self._migrate(backends, settings.legis_start_timeout_seconds)
        self._open_web_socket(ports)
        self._start_services(backends, ports, settings.legis_start_timeout_seconds)
        self.state.warnings = _warnings(probing) if backends.dataset == "live" else []
        self.state.phase = "ready"
        self._save()
        self._folder.remember_ports({name: record.port for name, record in self.state.processes.items()})

    def tick(self) -> None:
        """Restarts processes that ended, and rotates logs that are full."""
        self._supervisor.tick()
        with contextlib.suppress(OSError):  # a full disk: the run goes on, and the next tick tries again
            rotate_logs(self._folder.logs)

    def stop(self) -> None:
        """Stops everything, in reverse order of start; leaves no process and no state."""
        self.state.phase = "stopping"
        self._save()
        self._supervisor.stop_all()
        self._folder.forget()
        if self._web_socket is not None:
            self._web_socket.close()

    def _probe(self, settings: LauncherSettings) -> ProbeRun:
        """Probes the chambers in the background. With sample data no request is sent."""
        camara, senado = CamaraSettings.from_environment(), SenadoSettings.from_environment()
        asked = () if settings.legis_upstream == "sample" else probes(camara, senado, date.today())
        return ProbeRun(asked, user_agent=camara.signature, proxy=camara.upstream_proxy)

    def _choose(self, settings: LauncherSettings, probing: ProbeRun) -> DatasetChoice:
        own = any(self._environment.get(name) for name in ("CAMARA_BASE_URL", "SENADO_BASE_URL"))
        choice = choose(settings.legis_upstream, own, probing.findings)
        self.state.dataset = choice.dataset
        self._say(f"reading {'the chambers' if choice.dataset == 'live' else 'the SIMULATOR'}: {choice.why}")
        return choice

    def _ports(self, web_processes: int) -> dict[str, int]:
        own = ["worker", "indexer", "notifier", "exporter", *(f"ingest-{source}" for source in SOURCES)]
        if web_processes > 1:
            own += [f"web-{number:02d}" for number in range(1, web_processes + 1)]
        return {
            "web": web_port(self._environment.get("PORT"), self._say),
            "site": int(self._environment.get("SITE_PORT") or 0) or remembered_or_free(self._folder, "site"),
            **{name: remembered_or_free(self._folder, name) for name in own},
        }

    def _open_web_socket(self, ports: Mapping[str, int]) -> None:
        """Listens on the one port of several web processes: connections wait in its queue while a process restarts."""
        if any(name.startswith("web-") for name in ports):
            self._web_socket = socket.create_server((LOOPBACK, ports["web"]), backlog=2048)

    def _migrate(self, backends: Backends, within: float) -> None:
        with self._folder.log("migrate").open("wb") as log:
            try:
                done = subprocess.run(
                    [sys.executable, "-m", MIGRATE],
                    env={**self._environment, **backends.migration_environment},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    timeout=within,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise ChildFailed(f"migrate did not end within {within:.0f} s") from None
        if done.returncode != 0:
            self._supervisor.raise_for_ended()  # if a server has ended, that is the cause
            tail = self._folder.log("migrate").read_text(errors="replace").splitlines()[-15:]
            raise ChildFailed(f"migrate ended with status {done.returncode}:\n" + "\n".join(tail))

    def _start_services(self, backends: Backends, ports: Mapping[str, int], within: float) -> None:
        """Starts all services, then waits for each to become ready: they start concurrently and wait for what they
        need.
        """
        started = []
        for service in services(backends, ports, self._web_socket.fileno() if self._web_socket else None):
            environment = environment_of(service, backends, self._environment, self._folder)
            log = self._folder.log(service.name)
            child = Child(service.name, service.command, log, environment, descriptors=service.descriptors)
            child.nice = nice_of(service.name)
            child.start()
            url = f"http://{LOOPBACK}:{service.port}{service.ready_path}"
            started.append(ManagedChild(child, service.stop_within, service.tier, service.port, url))
            self._supervisor.add(started[-1])
        for managed in started:
            self._supervisor.wait_until_ready(managed, within)

    def _save(self) -> None:
        for managed in self._supervisor.managed:
            child = managed.child
            self.state.processes[child.name] = ProcessRecord(
                child.name,
                child.pid or 0,
                process_mark(child.pid or 0),
                managed.port,
                managed.ready_url,
                str(child.log_path),
                child.started_at,
                managed.restarts,
            )
        try:
            self._folder.write(self.state)
        except OSError as error:
            if self.state.phase == "starting":
                raise
            # a full disk must neither end a running system nor prevent its stop
            self._say(f"the state of this run cannot be written ({error}): `make status` shows an older one")


def _warnings(probing: ProbeRun) -> list[str]:
    return [trouble for finding in probing.findings() if (trouble := finding.trouble)]


def preflight() -> LauncherSettings:
    """Reads the settings of every process before any is started. Raises ConfigurationError naming the wrong setting."""
    for settings in SETTINGS:
        settings.from_environment()
    return LauncherSettings.from_environment()


def web_port(wanted: str | None, say: Say) -> int:
    """The port `PORT`; else 5000, or a free one when 5000 is in use. Raises ConfigurationError when
    `PORT` is in use.
    """
    if wanted and int(wanted):
        if not is_free(int(wanted)):
            raise ConfigurationError(
                f"setting PORT: something else listens on {wanted}; choose another or leave it out"
            )
        return int(wanted)
    if is_free(WEB_PORT) and not answers(WEB_PORT) and not wanted:
        return WEB_PORT
    port = free_port()
    if not wanted:
        say(f"port {WEB_PORT} is taken; the API listens on {port} instead (PORT chooses another)")
    return port
