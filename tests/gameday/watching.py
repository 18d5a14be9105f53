"""A real Prometheus that watches a local system by the product's own rules, faster than in production."""

import json
import os
import re
import shutil
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ground import Targets
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import free_port
from stage import status, until

FASTER = 20
"""By so much `for:`, ranges and offsets of rules are shortened; thresholds stay."""

SHORTEST_RANGE_SECONDS = 4
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
PROGRAMS = (
    "prometheus",
    "prometheus-blackbox-exporter",
    "prometheus-node-exporter",
    "prometheus-postgres-exporter",
)
_FOR = re.compile(r"^(\s*(?:for|keep_firing_for):\s*)(\d+)([smhd])\s*$", re.MULTILINE)
_RANGE = re.compile(r"\[(\d+)([smhd])(:[^\]]*)?\]")
_OFFSET = re.compile(r"(?<=\boffset )(\d+)([smhd])\b")
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
      - {{targets: ["{door}/api/health"]}}{tls}
    relabel_configs:
      - {{source_labels: [__probe_module], regex: "(.+)", target_label: __param_module}}
      - {{source_labels: [__address__], target_label: __param_target}}
      - {{source_labels: [__param_target], target_label: instance}}
      - {{target_label: __address__, replacement: "127.0.0.1:{port}"}}
"""
TLS_PROBE = """
      - {{targets: ["https://{tls_door}/api/health"], labels: {{__probe_module: health_tls}}}}"""
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
    shortened = _RANGE.sub(lambda found: f"[{_shorter(found)}{':1s' if found[3] else ''}]", shortened)
    return _OFFSET.sub(_shorter, shortened)


def _shorter(found: re.Match[str]) -> str:
    return f"{max(SHORTEST_RANGE_SECONDS, int(found[1]) * SECONDS[found[2]] // FASTER)}s"


class Watch:
    """Prometheus and its exporters. `close` ends them."""

    def __init__(self, folder: Path, texts: Path) -> None:
        self.folder = folder
        self._texts = texts
        self.children: list[Child] = []
        self._port = 0

    def start(self, rules: Path, targets: Targets) -> None:
        """Watches a system by these rules. SystemExit when a program is missing or does not come up."""
        missing = [name for name in PROGRAMS if shutil.which(name) is None]
        if missing:
            raise SystemExit(f"gameday needs these packages of Debian: {' '.join(missing)}")
        made = self.folder / "rules"
        made.mkdir()
        for path in sorted(rules.glob("*.yml")):
            (made / path.name).write_text(faster(path.read_text()))
        if not list(made.iterdir()):
            raise SystemExit(f"no rules in {rules}")
        names = dict.fromkeys(name for name, _ in targets.processes)
        jobs = [_job(name, *(port for of, port in targets.processes if of == name)) for name in names]
        jobs += [self._blackbox(targets), self._postgres(targets.databases), self._node()]
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

    def _blackbox(self, targets: Targets) -> str:
        path, port = self.folder / "blackbox.yml", free_port()
        path.write_text(MODULE)
        self._child("prometheus-blackbox-exporter", port, f"--config.file={path}")
        tls = TLS_PROBE.format(tls_door=targets.tls_door) if targets.tls_door else ""
        return PROBE.format(door=f"http://{targets.door}", tls=tls, port=port)

    def _postgres(self, databases: Sequence[str]) -> str:
        """An exporter for each server: one that asks several has no word for the one that is away."""
        ports = [free_port() for _ in databases]
        for port, url in zip(ports, databases, strict=True):
            self._child("prometheus-postgres-exporter", port, DATA_SOURCE_NAME=f"{url}?sslmode=disable")
        return _job("postgres", *ports)

    def _node(self) -> str:
        """Only what our scripts write: how busy this machine is with other things is no part of the game."""
        port = free_port()
        only = ("--collector.disable-defaults", "--collector.textfile", f"--collector.textfile.directory={self._texts}")
        self._child("prometheus-node-exporter", port, *only)
        return _job("node", port)

    def _child(self, program: str, port: int, *arguments: str, **environment: str) -> None:
        command = [program, *arguments, f"--web.listen-address=127.0.0.1:{port}"]
        child = Child(
            program, command, self.folder / f"{program}-{port}.log", {"PATH": os.environ["PATH"], **environment}
        )
        child.start()
        self.children.append(child)


def _job(name: str, *ports: int) -> str:
    targets = ", ".join(f'"127.0.0.1:{port}"' for port in ports)
    return f"  - {{job_name: {name}, static_configs: [{{targets: [{targets}]}}]}}"
