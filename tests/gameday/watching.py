"""A real Prometheus that watches the local system by the product's own rules, faster than in production."""

import json
import os
import re
import shutil
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from legis_launcher.processes.child_process import Child
from legis_launcher.run_folder import RunState
from legis_launcher.servers.ports import free_port
from stage import status, until

FASTER = 20
"""By so much `for:` and the ranges of rules are shortened; thresholds stay."""

SHORTEST_RANGE_SECONDS = 4
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
PROGRAMS = (
    "prometheus",
    "prometheus-blackbox-exporter",
    "prometheus-node-exporter",
    "prometheus-postgres-exporter",
)
OURS = ("web", "worker", "indexer", "ingest-camara", "ingest-senado")
_FOR = re.compile(r"^(\s*(?:for|keep_firing_for):\s*)(\d+)([smhd])\s*$", re.MULTILINE)
_RANGE = re.compile(r"\[(\d+)([smhd])(:[^\]]*)?\]")
CONFIGURATION = """\
global: {{scrape_interval: 1s, scrape_timeout: 900ms, evaluation_interval: 1s}}
rule_files: ["{rules}/*.yml"]
scrape_configs:
{jobs}
"""
PROBE = """\
  - job_name: blackbox
    scrape_interval: 2s  # a probe may take as long as a client would wait
    scrape_timeout: 2s
    metrics_path: /probe
    params: {{module: [health]}}
    static_configs:
      - {{targets: ["{door}/api/health"]}}
      - {{targets: ["https://{tls_door}/api/health"], labels: {{__probe_module: health_tls}}}}
    relabel_configs:
      - {{source_labels: [__probe_module], regex: "(.+)", target_label: __param_module}}
      - {{source_labels: [__address__], target_label: __param_target}}
      - {{source_labels: [__param_target], target_label: instance}}
      - {{target_label: __address__, replacement: "127.0.0.1:{port}"}}
"""
MODULE = """\
modules:
  health: {prober: http, timeout: 1s}
  health_tls: {prober: http, timeout: 1s, http: {tls_config: {insecure_skip_verify: true}}}
"""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert that fires now."""

    name: str
    scenario: str
    priority: str


def faster(rules: str) -> str:
    """The rules with shorter times and the same thresholds."""
    shortened = _FOR.sub(lambda found: f"{found[1]}{max(1, int(found[2]) * SECONDS[found[3]] // FASTER)}s", rules)
    return _RANGE.sub(_shorter_range, shortened)


def _shorter_range(found: re.Match[str]) -> str:
    seconds = max(SHORTEST_RANGE_SECONDS, int(found[1]) * SECONDS[found[2]] // FASTER)
    return f"[{seconds}s{':1s' if found[3] else ''}]"


class Watch:
    """Prometheus and its exporters. `close` ends them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts = folder / "textfile"
        """Folder of the metrics that scripts write."""
        self.texts.mkdir()
        self.children: list[Child] = []
        self._port = 0

    def start(self, rules: Path, state: RunState, door: str, tls_door: str) -> None:
        """Watches the processes of that run. SystemExit when a program is missing or does not come up."""
        missing = [name for name in PROGRAMS if shutil.which(name) is None]
        if missing:
            raise SystemExit(f"gameday needs these packages of Debian: {' '.join(missing)}")
        made = self.folder / "rules"
        made.mkdir()
        for path in sorted(rules.glob("*.yml")):
            (made / path.name).write_text(faster(path.read_text()))
        if not list(made.iterdir()):
            raise SystemExit(f"no rules in {rules}")
        jobs = [_job(name, state.processes[name].port) for name in OURS]
        jobs += [self._blackbox(door, tls_door), self._postgres(state.database_url), self._node()]
        configuration = self.folder / "prometheus.yml"
        configuration.write_text(CONFIGURATION.format(rules=made, jobs="\n".join(jobs)))
        self._port = free_port()
        self._child(
            "prometheus",
            self._port,
            f"--config.file={configuration}",
            f"--storage.tsdb.path={self.folder / 'series'}",
        )
        until(lambda: status(f"http://127.0.0.1:{self._port}/-/ready") == 200, 60, "Prometheus ready")

    def firing(self) -> set[Alert]:
        """What fires now."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/api/v1/alerts", timeout=5) as reply:
            alerts = json.load(reply)["data"]["alerts"]
        return {
            Alert(one["labels"]["alertname"], one["labels"].get("scenario", ""), one["labels"].get("priority", ""))
            for one in alerts
            if one["state"] == "firing"
        }

    def close(self) -> None:
        """Ends all, last first."""
        for child in reversed(self.children):
            child.stop(10)

    def _blackbox(self, door: str, tls_door: str) -> str:
        path, port = self.folder / "blackbox.yml", free_port()
        path.write_text(MODULE)
        self._child("prometheus-blackbox-exporter", port, f"--config.file={path}")
        return PROBE.format(door=door, tls_door=tls_door, port=port)

    def _postgres(self, database_url: str) -> str:
        port = free_port()
        self._child("prometheus-postgres-exporter", port, DATA_SOURCE_NAME=f"{database_url}?sslmode=disable")
        return _job("postgres", port)

    def _node(self) -> str:
        """Only what our scripts write: how busy this machine is with other things is no part of the game."""
        port = free_port()
        only = ("--collector.disable-defaults", "--collector.textfile", f"--collector.textfile.directory={self.texts}")
        self._child("prometheus-node-exporter", port, *only)
        return _job("node", port)

    def _child(self, program: str, port: int, *arguments: str, **environment: str) -> None:
        command = [program, *arguments, f"--web.listen-address=127.0.0.1:{port}"]
        child = Child(program, command, self.folder / f"{program}.log", {"PATH": os.environ["PATH"], **environment})
        child.start()
        self.children.append(child)


def _job(name: str, port: int) -> str:
    return f'  - {{job_name: {name}, static_configs: [{{targets: ["127.0.0.1:{port}"]}}]}}'
