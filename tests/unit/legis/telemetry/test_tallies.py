"""What is tallied reads as prometheus_client's own metrics would."""

import pytest
from legis.telemetry.lock_free_metrics import LockFreeCounter, LockFreeHistogram
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

BOUNDS = (0.001, 0.5, 1, 2.5)
VALUES = (0.0001, 0.001, 0.3, 1, 1.0, 7, 2.5, 0.5)


def shown(registry: CollectorRegistry) -> list[str]:
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if "_created" not in line]


def test_a_counter_reads_as_prometheus_own() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    mine = LockFreeCounter("replies", "Replies", ["route", "status"], registry=ours)
    its = Counter("replies_total", "Replies", ["route", "status"], registry=theirs)
    for labels in (("/a", "200"), ('/"b"\n', "404"), ("/a", "200")):
        mine.labels(*labels).inc()
        its.labels(*labels).inc()
    assert shown(ours) == shown(theirs)


def test_a_histogram_reads_as_prometheus_own() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    mine = LockFreeHistogram("seconds", "Time", ["route"], buckets=BOUNDS, registry=ours)
    its = Histogram("seconds", "Time", ["route"], buckets=BOUNDS, registry=theirs)
    for number, value in enumerate(VALUES):
        mine.labels(f"/{number % 2}").observe(value)
        its.labels(f"/{number % 2}").observe(value)
    assert shown(ours) == shown(theirs)


def test_the_same_labels_are_the_same_series() -> None:
    mine = LockFreeCounter("replies", "Replies", ["route"], registry=CollectorRegistry())
    assert mine.labels("/a") is mine.labels("/a")


def test_labels_that_are_missing_are_an_error() -> None:
    mine = LockFreeCounter("replies", "Replies", ["route", "status"], registry=CollectorRegistry())
    with pytest.raises(ValueError, match="2 label values are wanted"):
        mine.labels("/a")
