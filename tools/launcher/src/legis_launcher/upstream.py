"""Decides whose bills are read: the chambers' own APIs, or the simulator."""

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

PROBE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Choice:
    """`dataset` is what replies will say; `why` is for people."""

    dataset: Literal["live", "sample"]
    why: str


def choose(wanted: str, own_addresses: bool, probes: dict[str, str]) -> Choice:
    """Live or sample. `own_addresses`: the user named upstream addresses; `probes`: one small URL per chamber.

    `auto` asks each probe once and takes live only when all of them answer within three seconds.
    """
    if own_addresses and wanted != "sample":
        return Choice("live", "upstream addresses are set in the environment")
    if wanted != "auto":
        return Choice("live" if wanted == "live" else "sample", f"LEGIS_UPSTREAM={wanted}")
    silent = [name for name, answered in probe(probes).items() if not answered]
    if silent:
        return Choice("sample", f"no answer within {PROBE_SECONDS:.0f} s from {' and '.join(silent)}")
    return Choice("live", "both chambers answer")


def probe(urls: dict[str, str]) -> dict[str, bool]:
    """Whether each URL gives a 2xx answer in time; all are asked at once, each once."""
    with ThreadPoolExecutor(len(urls) or 1) as threads:
        return dict(zip(urls, threads.map(_answers, urls.values()), strict=True))


def _answers(url: str) -> bool:
    # The services' own client ignores proxy variables, so an answer through a proxy would prove nothing.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": "legis-launcher"})
    try:
        with opener.open(request, timeout=PROBE_SECONDS) as reply:
            return bool(200 <= reply.status < 300)
    except (OSError, ValueError, urllib.error.URLError):
        return False
