"""Every metric that a rule or a dashboard names is served by a running process, under the job it is asked for."""

from collections.abc import Iterator

import pytest
from e2e.conftest import Legis, running
from legis.telemetry.telemetry_reference import declared, label_names
from monitoring.exposition import fetch, names, samples
from monitoring.files import ROOT, panel_expressions, read, recorded, rule_expressions
from monitoring.promql import Named, named

OURS = ("web", "site", "worker", "indexer", "notifier", "exporter", "ingest-camara", "ingest-senado")
EXPORTERS = {
    job: page["metrics"] | page.get("since", {}).get("metrics", {})
    for job, page in read(ROOT / "tests" / "monitoring" / "exporters.yml").items()
}
EVERY_TARGET = {"job", "instance"}
MADE_BY_PROMETHEUS = {
    "up": set[str](),
    "ALERTS": {"alertname", "alertstate", "severity", "priority", "scenario", "symptom"},
}
SELDOM = {
    "legis_unknown_fields_total",
    "legis_publish_waits_total",
    "legis_dead_letters_total",
    "legis_reconcile_years_total",
    "legis_reconcile_last_timestamp_seconds",
    "legis_reconcile_mismatch_total",
    "legis_list_doubts_total",
    "legis_shed_total",
    "legis_rate_limited_total",
}
"""Series that begin when something happens which need not happen in a minute. All others must have samples."""

BORN_WITH_A_VALUE = {"legis_shed_total"}
"""Seldom ones that alerts may still ask for: the limit is one a second, so a first value may be missed."""

EXPRESSIONS = {where: named(text) for where, text in (rule_expressions() | panel_expressions()).items()}


@pytest.fixture(scope="module")
def scrapes() -> Iterator[dict[str, str]]:
    """What each of our processes says, once both chambers have been read and served."""
    with running({"LEGIS_SAMPLE_BILLS": "200"}) as legis:
        wanted = set(_asked_of_us()) - {(metric, job) for metric, job in _asked_of_us() if metric in SELDOM}
        legis.until(lambda: legis.get("/api/v1/bills?limit=1").json()["data"], 60, "bills")
        missing: list[str] = []

        def complete() -> bool:
            missing[:] = _silent(wanted, _scrape(legis))
            return not missing

        try:
            legis.until(complete, 60, "a sample of each")
        except AssertionError as error:
            raise AssertionError(f"no sample of {missing}") from error
        yield _scrape(legis)


def test_every_metric_exists_where_it_is_asked_for(scrapes: dict[str, str]) -> None:
    served = {job: names(text) for job, text in scrapes.items()}
    served |= {job: set(metrics) for job, metrics in EXPORTERS.items()}
    missing = []
    for where, found in EXPRESSIONS.items():
        for one in found.selectors:
            if one.metric in recorded() or one.metric in MADE_BY_PROMETHEUS:
                continue
            jobs = one.values("job") or list(OURS)
            missing += [f"{where}: {one.metric} of {job}" for job in jobs if one.metric not in served.get(job, ())]
    assert not missing


def test_every_metric_has_samples_where_it_is_asked_for(scrapes: dict[str, str]) -> None:
    """A name alone proves little: every process of ours declares all of them."""
    silent = _silent({(metric, job) for metric, job in _asked_of_us() if metric not in SELDOM}, scrapes)
    assert not silent


def test_what_seldom_has_samples_is_still_asked_for() -> None:
    assert {metric for metric, _ in _asked_of_us()} >= SELDOM


def test_what_alerts_count_is_there_before_it_happens() -> None:
    """`increase` sees no increase in a series that begins with its first value: the process begins it with 0."""
    counted = {one.metric for text in rule_expressions().values() for one in named(text).selectors}
    assert counted & SELDOM == BORN_WITH_A_VALUE


def test_every_label_exists(scrapes: dict[str, str]) -> None:
    labels = _labels(scrapes)
    unknown = []
    for where, found in EXPRESSIONS.items():
        for one in found.selectors:
            wrong = {name for name, _, _ in one.matchers} - labels.get(one.metric, set()) - EVERY_TARGET
            unknown += [f"{where}: {one.metric} has no {name}" for name in wrong if one.metric not in recorded()]
        unknown += [f"{where}: nothing has {name}" for name in found.labels - _of_all(found, labels) - EVERY_TARGET]
    assert not unknown


def _labels(scrapes: dict[str, str]) -> dict[str, set[str]]:
    """Labels of every metric: as declared of ours, as seen of the others."""
    labels = dict(MADE_BY_PROMETHEUS)
    for text in scrapes.values():
        for name, seen in samples(text).items():
            labels[name] = labels.get(name, set()) | seen
    for metric in declared():
        (family,) = metric.describe()
        for name in (family.name, *(family.name + end for end in ("_total", "_bucket", "_sum", "_count"))):
            labels[name] = labels.get(name, set()) | set(label_names(metric))
    for metrics in EXPORTERS.values():
        labels |= {name: set(these) for name, these in metrics.items()}
    return labels


def _of_all(found: Named, labels: dict[str, set[str]]) -> set[str]:
    """Labels that something in the expression may have; those of recorded series come from what they record."""
    some = set[str]()
    for one in found.selectors:
        some |= {"slo", "source", "le"} if one.metric in recorded() else labels.get(one.metric, set())
    return some


def _asked_of_us() -> set[tuple[str, str]]:
    """Metric and job, of all that is asked of our processes."""
    return {
        (one.metric, job)
        for found in EXPRESSIONS.values()
        for one in found.selectors
        for job in one.values("job")
        if job in OURS and one.metric != "up"
    }


def _silent(wanted: set[tuple[str, str]], scrapes: dict[str, str]) -> list[str]:
    said = {job: samples(text) for job, text in scrapes.items()}
    return sorted(f"{metric} of {job}" for metric, job in wanted if metric not in said[job])


def _scrape(legis: Legis) -> dict[str, str]:
    ports = {name: record.port for name, record in legis.state.processes.items() if name in OURS}
    return {name: fetch(f"http://127.0.0.1:{port}/metrics") for name, port in ports.items()}
