"""What a process says at /metrics: the names of its series, and their labels where there are samples.

Read line by line, as Prometheus does: prometheus_client's own parser renames counters that do not end in `_total`.
"""

import re
import urllib.request
from collections import defaultdict

_TYPE = re.compile(r"^# TYPE (\S+) (\w+)$", re.MULTILINE)
_SAMPLE = re.compile(r"^([A-Za-z_:][\w:]*)(?:\{(.*)\})? \S+", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="(?:[^"\\]|\\.)*"')
_ENDINGS = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("", "_sum", "_count")}


def fetch(url: str) -> str:
    """The text of one scrape."""
    with urllib.request.urlopen(url, timeout=10) as reply:
        return str(reply.read().decode())


def names(text: str) -> set[str]:
    """Every series that can be asked for, those included that have no sample yet."""
    return {name + ending for name, kind in _TYPE.findall(text) for ending in _ENDINGS.get(kind, ("",))}


def samples(text: str) -> dict[str, set[str]]:
    """Labels by name, of the series that have samples."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, labels in _SAMPLE.findall(text):
        found[name] |= set(_LABEL.findall(labels))
    return dict(found)
