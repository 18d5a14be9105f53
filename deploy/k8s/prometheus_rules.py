"""Turns Prometheus rule files into PrometheusRule objects, one for each file: `prometheus_rules.py FOLDER >FILE`."""

import sys
from pathlib import Path
from typing import Any

import yaml

HEADER = "# Made from deploy/monitoring/prometheus/rules/ by `make k8s-rules`; a test compares. Do not edit.\n"


class _Dumper(yaml.SafeDumper):
    """Long expressions stay on lines of their own, as they were written."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def render(folder: Path) -> str:
    """The objects of every `*.yml` of the folder, in the order of their names; only a comment where there is none."""
    return HEADER + "".join(f"---\n{_dumped(_rule(path))}" for path in sorted(folder.glob("*.yml")))


def _rule(path: Path) -> dict[str, Any]:
    groups = yaml.safe_load(path.read_text())["groups"]
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "legis-" + path.stem.replace("_", "-").lower().removeprefix("legis-")},
        "spec": {"groups": groups},
    }


def _dumped(document: dict[str, Any]) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)


if __name__ == "__main__":
    sys.stdout.write(render(Path(sys.argv[1])))
