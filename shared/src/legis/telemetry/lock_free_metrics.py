"""Lock-free Prometheus counters and histograms, for events that happen tens of thousands of times a second.

prometheus_client takes a lock for every addition, four for one reply: a tenth of the time of a cached reply. These may
be incremented on one thread only, and read on any.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

Labels = tuple[str, ...]


class Count:
    """One series of a counter."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def inc(self) -> None:
        """Adds one."""
        self.value += 1


class Distribution:
    """One series of a histogram: the number of values between each pair of bounds; the last number is of values above
    all bounds.
    """

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """Counts a value. A value equal to a bound counts as below it, as in Prometheus."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


Series = TypeVar("Series", Count, Distribution)


class _LockFreeMetric(Collector, ABC, Generic[Series]):
    """A registered metric with one series for each combination of label values in use."""

    def __init__(
        self, name: str, documentation: str, labelnames: Sequence[str], registry: CollectorRegistry = REGISTRY
    ) -> None:
        self.name, self.documentation, self.labelnames = name, documentation, tuple(labelnames)
        self._series: dict[Labels, Series] = {}
        registry.register(self)

    def labels(self, *values: str) -> Series:
        """The series of these label values, in the order of the label names."""
        if len(values) != len(self.labelnames):
            names = ", ".join(self.labelnames)
            raise ValueError(f"{len(self.labelnames)} label values are wanted ({names}), not {len(values)}")
        return self._series.setdefault(values, self._new())

    @abstractmethod
    def _new(self) -> Series:
        """A series with no values."""


class LockFreeCounter(_LockFreeMetric[Count]):
    """Like prometheus_client's Counter; `name` without `_total`."""

    def describe(self) -> Iterator[CounterMetricFamily]:
        """Name, type and help text, without values."""
        yield CounterMetricFamily(self.name, self.documentation, labels=self.labelnames)

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Every series with its present value."""
        for family in self.describe():
            for labels, count in list(self._series.items()):
                family.add_metric(labels, count.value)
            yield family

    def _new(self) -> Count:
        return Count()


class LockFreeHistogram(_LockFreeMetric[Distribution]):
    """Like prometheus_client's Histogram; `buckets` are upper bounds in rising order, without infinity."""

    def __init__(
        self,
        name: str,
        documentation: str,
        labelnames: Sequence[str],
        *,
        buckets: Sequence[float],
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        self._bounds = tuple(map(float, buckets))
        super().__init__(name, documentation, labelnames, registry)

    def describe(self) -> Iterator[HistogramMetricFamily]:
        """Name, type and help text, without values."""
        yield HistogramMetricFamily(self.name, self.documentation, labels=self.labelnames)

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Every series with its present values."""
        for family in self.describe():
            for labels, found in list(self._series.items()):
                family.add_metric(labels, list(_cumulated(found)), found.total)
            yield family

    def _new(self) -> Distribution:
        return Distribution(self._bounds)


def _cumulated(found: Distribution) -> Iterator[tuple[str, float]]:
    below = 0
    for bound, count in zip((*found.bounds, float("inf")), found.counts, strict=True):
        below += count
        yield floatToGoString(bound), below  # type: ignore[no-untyped-call]
