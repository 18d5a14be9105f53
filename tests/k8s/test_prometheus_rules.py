"""The PrometheusRules are the rule files, made again; the metrics that scaling asks for exist."""

from pathlib import Path

import pytest
import yaml
from checks.documents import load
from prometheus_rules import HEADER, render

SAMPLE = """\
groups:
  - name: sample
    rules:
      - record: legis:requests:rate5m
        expr: |
          sum by (status) (
            rate(http_requests_total{job="web"}[5m])
          )
      - alert: ErrorRateHigh
        expr: legis:errors:ratio > 0.01
        for: 5m
        labels: {severity: warning}
        annotations: {summary: "Erros: {{ $value }} acima do limite, não é?"}
"""


def test_a_rule_file_becomes_an_object(tmp_path: Path) -> None:
    (tmp_path / "slo_burn.yml").write_text(SAMPLE)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "slo.yml").write_text("rule_files: []\n")
    (made,) = load(render(tmp_path))
    assert (made["kind"], made["metadata"]["name"]) == ("PrometheusRule", "legis-slo-burn")
    assert made["spec"] == yaml.safe_load(SAMPLE)


def test_without_rule_files_only_a_comment_is_made(tmp_path: Path) -> None:
    assert render(tmp_path) == HEADER


def test_the_objects_of_the_component_are_the_rule_files(root: Path, k8s: Path) -> None:
    rules = root / "deploy" / "monitoring" / "prometheus" / "rules"
    if not rules.is_dir():
        pytest.skip("no rule files: deploy/monitoring is not there")
    written = (k8s / "components" / "monitoring" / "prometheus-rules.yaml").read_text()
    assert written == render(rules), "run `make k8s-rules` and read the difference"


def test_the_metric_that_scales_web_is_what_the_adapter_gives(root: Path, k8s: Path) -> None:
    component = k8s / "components" / "requests-hpa"
    (patch,) = yaml.safe_load((component / "kustomization.yaml").read_text())["patches"]
    wanted = yaml.safe_load(patch["patch"])[0]["value"]["pods"]["metric"]["name"]
    (rule,) = yaml.safe_load((component / "adapter-rules.yaml").read_text())["rules"]
    assert rule["name"]["as"] == wanted
    assert f"`{rule['seriesQuery'].partition('{')[0]}`" in (root / "docs" / "telemetry.md").read_text()
