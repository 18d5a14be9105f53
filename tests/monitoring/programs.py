"""Prometheus's and Alertmanager's own programs, run as a person would run them."""

import shutil
import subprocess
from pathlib import Path

from monitoring.files import HOME

TEMPLATES = HOME / "alertmanager" / "templates"


def program(*names: str) -> str:
    """The first of these on the path. Raises AssertionError where there is none."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    assert found, f"{' or '.join(names)} is not installed; `make monitoring-tools` installs it"
    return found


def run(name: str, *arguments: object, within: float = 60) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end; its output and exit status."""
    command = [program(name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=within, check=False)


def good(name: str, *arguments: object) -> str:
    """Runs a program that must end well; what it printed."""
    done = run(name, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def alertmanager_configuration(folder: Path) -> Path:
    """alertmanager.yml with our templates where this machine has them."""
    made = folder / "alertmanager.yml"
    text = (HOME / "alertmanager" / "alertmanager.yml").read_text()
    made.write_text(text.replace("/etc/alertmanager/templates", str(TEMPLATES)))
    return made


def prometheus_configuration(folder: Path) -> Path:
    """prometheus.yml with our rules where this machine has them."""
    made = folder / "prometheus.yml"
    text = (HOME / "prometheus" / "prometheus.yml").read_text()
    made.write_text(text.replace("/etc/prometheus/rules", str(HOME / "prometheus" / "rules")))
    return made
