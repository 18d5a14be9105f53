"""Chooses live or sample data by probing the chambers, and describes problems on the way to them."""

import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from enum import Enum
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Thread
from typing import Literal
from urllib.parse import unquote, urlsplit, urlunsplit

from ingest_camara.settings import CamaraSettings
from ingest_senado.settings import SenadoSettings

PROBE_SECONDS = 10.0
"""Time limit of a probe. Both chambers have taken several seconds for a small answer; a slower one still counts as
reachable."""


class Reachability(Enum):
    """Result of a probe. A chamber that is slow or failing is still worth reading."""

    ANSWERS = "answers"
    SLOW = "is there, but slow"
    UNHEALTHY = "is there, but unwell"
    REFUSES = "refuses us"
    MISSING = "has nothing at that address"
    WRONG = "is not what answers there"
    UNREACHABLE = "cannot be reached"

    @property
    def readable(self) -> bool:
        """Whether the chamber can be read, now or soon. MISSING counts too: only the probed table may have moved."""
        return self in (Reachability.ANSWERS, Reachability.SLOW, Reachability.UNHEALTHY, Reachability.MISSING)


ADVICE = {
    Reachability.SLOW: "nothing to do: it is asked again and again",
    Reachability.UNHEALTHY: "nothing to do: it is asked again and again",
    Reachability.REFUSES: "say who you are (UPSTREAM_CONTACT), or ask from another address (UPSTREAM_PROXY); it is "
    "asked again by itself",
    Reachability.MISSING: "check {setting}; nothing of it is read until something is there",
    Reachability.WRONG: "check {setting}, and whether the network puts a page of its own in between",
    Reachability.UNREACHABLE: "check the network, {setting} and UPSTREAM_PROXY; it is asked again by itself, "
    "LEGIS_UPSTREAM=sample needs no network",
}


@dataclass(frozen=True, slots=True)
class Probe:
    """One small request that checks whether a chamber answers. `setting` names the setting of its address."""

    name: str
    url: str
    setting: str
    method: str = "GET"
    decides: bool = True
    """Whether the `auto` choice depends on it; other probes are only reported."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Result of a probe. `why` describes the observation for people."""

    probe: Probe
    reach: Reachability
    why: str

    def __str__(self) -> str:
        return f"{self.probe.name} {self.reach.value} ({self.probe.url}: {self.why})"

    @property
    def trouble(self) -> str | None:
        """The problem and what to do about it, in one line; None where there is none."""
        if self.reach is Reachability.ANSWERS:
            return None
        return f"{self}; {ADVICE[self.reach].format(setting=self.probe.setting)}"


@dataclass(frozen=True, slots=True)
class DatasetChoice:
    """`dataset` is the value in API replies; `why` is for people."""

    dataset: Literal["live", "sample"]
    why: str


def probes(camara: CamaraSettings, senado: SenadoSettings, today: date) -> tuple[Probe, ...]:
    """The smallest requests there are: a small table of each chamber, and whether last year's file exists."""
    file = f"{camara.camara_files_url}/proposicoes/csv/proposicoes-{today.year - 1}.csv"
    return (
        Probe("the Câmara", f"{camara.camara_base_url}/referencias/proposicoes/codTema", "CAMARA_BASE_URL"),
        Probe("the Senado", f"{senado.senado_base_url}/processo/siglas", "SENADO_BASE_URL"),
        Probe("the Câmara's folder of yearly files", file, "CAMARA_FILES_URL", method="HEAD", decides=False),
    )


class ProbeRun:
    """Sends every probe once, concurrently, in background threads, while the servers start."""

    def __init__(self, probes: Sequence[Probe], *, user_agent: str, proxy: str | None) -> None:
        self._deadline = time.monotonic() + PROBE_SECONDS
        self._headers = {"Accept": "application/json, */*;q=0.1", "User-Agent": user_agent}
        self._proxy = proxy
        self._probes = tuple(probes)
        self._connected: set[Probe] = set()
        self._found: dict[Probe, ProbeResult] = {}
        # Daemon threads: a DNS look-up has no time limit and must not prevent the process from ending.
        self._threads = [Thread(target=self._ask, args=(probe,), daemon=True) for probe in self._probes]
        for thread in self._threads:
            thread.start()

    def findings(self) -> tuple[ProbeResult, ...]:
        """The result of each probe, at most ten seconds after the start."""
        for thread in self._threads:
            thread.join(max(0.0, self._deadline - time.monotonic()))
        return tuple(self._found.get(probe) or self._unanswered(probe) for probe in self._probes)

    def _unanswered(self, probe: Probe) -> ProbeResult:
        if probe in self._connected:
            return ProbeResult(probe, Reachability.SLOW, f"connected, but no answer within {PROBE_SECONDS:g} s")
        return ProbeResult(probe, Reachability.UNREACHABLE, f"no connection within {PROBE_SECONDS:g} s")

    def _ask(self, probe: Probe) -> None:
        began = time.monotonic()
        try:
            connection, target, headers = way_to(probe.url, self._proxy)
            with closing(connection):
                connection.connect()
                self._connected.add(probe)
                connection.request(probe.method, target, headers={**self._headers, **headers})
                reply = connection.getresponse()
                reach, why = _by_status(reply.status, reply.headers.get_content_type(), probe)
            if reach is Reachability.ANSWERS:
                why = f"within {time.monotonic() - began:.1f} s"
            self._found[probe] = ProbeResult(probe, reach, why)
        except TimeoutError:
            self._found[probe] = self._unanswered(probe)
        except (OSError, HTTPException, ValueError) as error:
            proxied = "through the proxy: " if self._proxy else ""
            self._found[probe] = ProbeResult(probe, Reachability.UNREACHABLE, proxied + _reason(error))


def way_to(url: str, proxy: str | None) -> tuple[HTTPConnection, str, dict[str, str]]:
    """An unopened connection for a URL, with the request target and the headers that it needs.

    Like the services it uses the proxy of our own setting, and ignores the machine's proxy variables.
    """
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    make = HTTPSConnection if secure else HTTPConnection
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    if proxy is None:
        return make(host, port, timeout=PROBE_SECONDS), target, {}
    way = urlsplit(proxy)
    pair = f"{unquote(way.username or '')}:{unquote(way.password or '')}"
    authorization = {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"} if way.username else {}
    connection = make(way.hostname or "", way.port or 80, timeout=PROBE_SECONDS)
    if not secure:
        return connection, url, authorization
    connection.set_tunnel(host, port, authorization)
    return connection, target, {}


def choose(wanted: str, own_addresses: bool, look: Callable[[], Sequence[ProbeResult]]) -> DatasetChoice:
    """Live or sample. `own_addresses`: the user set upstream addresses; `look` waits for the probes' results.

    `auto` chooses live as soon as one chamber is reachable, however slow or failing: that one is read while the other
    is retried. With the network available, sample data would be mistaken for real data.
    """
    if own_addresses and wanted != "sample":
        return DatasetChoice("live", "upstream addresses are set in the environment")
    if wanted != "auto":
        return DatasetChoice("live" if wanted == "live" else "sample", f"LEGIS_UPSTREAM={wanted}")
    found = [finding for finding in look() if finding.probe.decides]
    why = "; ".join(map(str, found))
    if any(finding.reach.readable for finding in found):
        return DatasetChoice("live", why)
    return DatasetChoice("sample", f"{why}; LEGIS_UPSTREAM=live tries to read them all the same")


def _by_status(status: int, content_type: str, probe: Probe) -> tuple[Reachability, str]:
    """Reachability by the status of an answer. A redirect counts as an answer: the services follow it."""
    if status in (401, 403):
        return Reachability.REFUSES, f"answers {status}"
    if status == 429 or status >= 500:
        return Reachability.UNHEALTHY, f"answers {status}"
    if status >= 400:
        return Reachability.MISSING, f"answers {status}"
    if status == 200 and probe.decides and content_type == "text/html":
        return Reachability.WRONG, "a web page instead of data"
    return Reachability.ANSWERS, f"answers {status}"


def _reason(error: Exception) -> str:
    """The reason why there was no answer, in words that name what to check."""
    match error:
        case socket.gaierror():
            return f"host not found, {error.strerror}"
        case ConnectionRefusedError():
            return "nothing listens there"
        case ssl.SSLCertVerificationError():
            return f"certificate not trusted, {error.verify_message}"
    return str(error) or type(error).__name__
