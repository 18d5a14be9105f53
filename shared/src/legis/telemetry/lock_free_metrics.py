"""Counters and histograms for what happens tens of thousands of times a second: added to without a lock.

prometheus_client takes a lock for every addition, four of them for one reply: a tenth of the time that a kept reply
takes. What is here may be added to on one thread only, and read on any.
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
        """Counts one more."""
        self.value += 1


class Distribution:
    """One series of a histogram: how many values fell between each pair of bounds, the last above them all."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """Counts a value; one that equals a bound lies below it."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


Series = TypeVar("Series", Count, Distribution)


class _LockFreeMetric(Collector, ABC, Generic[Series]):
    """A metric that is registered, with a series for every set of label values that was met."""

    def __init__(
        self, name: str, documentation: str, labelnames: Sequence[str], registry: CollectorRegistry = REGISTRY
    ) -> None:
        self.name, self.documentation, self.labelnames = name, documentation, tuple(labelnames)
        self._series: dict[Labels, Series] = {}
        registry.register(self)

    def labels(self, *values: str) -> Series:
        """The series of these label values, in the order of the names."""
        if len(values) != len(self.labelnames):
            names = ", ".join(self.labelnames)
            raise ValueError(f"{len(self.labelnames)} label values are wanted ({names}), not {len(values)}")
        return self._series.setdefault(values, self._new())

    @abstractmethod
    def _new(self) -> Series:
        """A series in which nothing is counted yet."""


class LockFreeCounter(_LockFreeMetric[Count]):
    """As prometheus_client's Counter; `name` without `_total`."""

    def describe(self) -> Iterator[CounterMetricFamily]:
        """The name, kind and meaning, without values."""
        yield CounterMetricFamily(self.name, self.documentation, labels=self.labelnames)

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Every series as it is now."""
        for family in self.describe():
            for labels, count in list(self._series.items()):
                family.add_metric(labels, count.value)
            yield family

    def _new(self) -> Count:
        return Count()


class LockFreeHistogram(_LockFreeMetric[Distribution]):
    """As prometheus_client's Histogram; `buckets` are upper bounds in rising order, without the infinite one."""

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
        """The name, kind and meaning, without values."""
        yield HistogramMetricFamily(self.name, self.documentation, labels=self.labelnames)

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Every series as it is now."""
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
