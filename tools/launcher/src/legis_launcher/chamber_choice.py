"""Decides whose bills are read, the chambers' own or the simulator's, and says what stands between us and a chamber."""

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
"""Both chambers have taken several seconds for a small answer; whoever needs more is slow, and no less there."""


class Reach(Enum):
    """How far a probe came. What says that the chamber is there is not less worth reading for being slow or unwell."""

    ANSWERS = "answers"
    SLOW = "is there, but slow"
    UNWELL = "is there, but unwell"
    REFUSES = "refuses us"
    MISSING = "has nothing at that address"
    WRONG = "is not what answers there"
    AWAY = "cannot be reached"

    @property
    def there(self) -> bool:
        """Whether it can be read, now or before long. A table that has moved is no reason to read nothing."""
        return self in (Reach.ANSWERS, Reach.SLOW, Reach.UNWELL, Reach.MISSING)


ADVICE = {
    Reach.SLOW: "nothing to do: it is asked again and again",
    Reach.UNWELL: "nothing to do: it is asked again and again",
    Reach.REFUSES: "say who you are (UPSTREAM_CONTACT), or ask from another address (UPSTREAM_PROXY); it is asked "
    "again by itself",
    Reach.MISSING: "check {setting}; nothing of it is read until something is there",
    Reach.WRONG: "check {setting}, and whether the network puts a page of its own in between",
    Reach.AWAY: "check the network, {setting} and UPSTREAM_PROXY; it is asked again by itself, LEGIS_UPSTREAM=sample "
    "needs no network",
}


@dataclass(frozen=True, slots=True)
class Probe:
    """One small request that tells whether a chamber is there. `setting` is where its address comes from."""

    name: str
    url: str
    setting: str
    method: str = "GET"
    decides: bool = True
    """Whether `auto` asks it too; others are only reported."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a probe. `why` is what was seen, in words."""

    probe: Probe
    reach: Reach
    why: str

    def __str__(self) -> str:
        return f"{self.probe.name} {self.reach.value} ({self.probe.url}: {self.why})"

    @property
    def trouble(self) -> str | None:
        """What is wrong and what to do about it, in one line; None where all is well."""
        if self.reach is Reach.ANSWERS:
            return None
        return f"{self}; {ADVICE[self.reach].format(setting=self.probe.setting)}"


@dataclass(frozen=True, slots=True)
class Choice:
    """`dataset` is what replies will say; `why` is for people."""

    dataset: Literal["live", "sample"]
    why: str


def probes(camara: CamaraSettings, senado: SenadoSettings, today: date) -> tuple[Probe, ...]:
    """The lightest answers there are: a small table of each chamber, and whether last year's file is there."""
    file = f"{camara.camara_files_url}/proposicoes/csv/proposicoes-{today.year - 1}.csv"
    return (
        Probe("the Câmara", f"{camara.camara_base_url}/referencias/proposicoes/codTema", "CAMARA_BASE_URL"),
        Probe("the Senado", f"{senado.senado_base_url}/processo/siglas", "SENADO_BASE_URL"),
        Probe("the Câmara's folder of yearly files", file, "CAMARA_FILES_URL", method="HEAD", decides=False),
    )


class Probing:
    """Asks every probe once, all at the same time, in the background: servers start meanwhile."""

    def __init__(self, probes: Sequence[Probe], *, user_agent: str, proxy: str | None) -> None:
        self._deadline = time.monotonic() + PROBE_SECONDS
        self._headers = {"Accept": "application/json, */*;q=0.1", "User-Agent": user_agent}
        self._proxy = proxy
        self._probes = tuple(probes)
        self._connected: set[Probe] = set()
        self._found: dict[Probe, Finding] = {}
        # Daemons, since the look-up of a name has no time limit of its own and must not keep us from ending.
        self._threads = [Thread(target=self._ask, args=(probe,), daemon=True) for probe in self._probes]
        for thread in self._threads:
            thread.start()

    def findings(self) -> tuple[Finding, ...]:
        """What became of each, at the latest ten seconds after they were asked."""
        for thread in self._threads:
            thread.join(max(0.0, self._deadline - time.monotonic()))
        return tuple(self._found.get(probe) or self._unanswered(probe) for probe in self._probes)

    def _unanswered(self, probe: Probe) -> Finding:
        if probe in self._connected:
            return Finding(probe, Reach.SLOW, f"connected, but no answer within {PROBE_SECONDS:g} s")
        return Finding(probe, Reach.AWAY, f"no connection within {PROBE_SECONDS:g} s")

    def _ask(self, probe: Probe) -> None:
        began = time.monotonic()
        try:
            connection, target, headers = way_to(probe.url, self._proxy)
            with closing(connection):
                connection.connect()
                self._connected.add(probe)
                connection.request(probe.method, target, headers={**self._headers, **headers})
                reply = connection.getresponse()
                reach, why = _told(reply.status, reply.headers.get_content_type(), probe)
            if reach is Reach.ANSWERS:
                why = f"within {time.monotonic() - began:.1f} s"
            self._found[probe] = Finding(probe, reach, why)
        except TimeoutError:
            self._found[probe] = self._unanswered(probe)
        except (OSError, HTTPException, ValueError) as error:
            proxied = "through the proxy: " if self._proxy else ""
            self._found[probe] = Finding(probe, Reach.AWAY, proxied + _reason(error))


def way_to(url: str, proxy: str | None) -> tuple[HTTPConnection, str, dict[str, str]]:
    """The connection to ask a URL by, not yet made, what to ask it for, and the headers that it needs.

    As the services ask: through the proxy of our own setting, whatever the proxy variables of the machine say.
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
    leave = {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"} if way.username else {}
    connection = make(way.hostname or "", way.port or 80, timeout=PROBE_SECONDS)
    if not secure:
        return connection, url, leave
    connection.set_tunnel(host, port, leave)
    return connection, target, {}


def choose(wanted: str, own_addresses: bool, look: Callable[[], Sequence[Finding]]) -> Choice:
    """Live or sample. `own_addresses`: the user named upstream addresses; `look` waits for what probes found.

    `auto` takes live as soon as one chamber is there, however slow or unwell: it is being read while the other is tried
    again, and sample data beside an open network would be taken for real ones.
    """
    if own_addresses and wanted != "sample":
        return Choice("live", "upstream addresses are set in the environment")
    if wanted != "auto":
        return Choice("live" if wanted == "live" else "sample", f"LEGIS_UPSTREAM={wanted}")
    found = [finding for finding in look() if finding.probe.decides]
    why = "; ".join(map(str, found))
    if any(finding.reach.there for finding in found):
        return Choice("live", why)
    return Choice("sample", f"{why}; LEGIS_UPSTREAM=live tries to read them all the same")


def _told(status: int, content_type: str, probe: Probe) -> tuple[Reach, str]:
    """What an answer says of whoever gave it. A redirect counts as one: the services follow it."""
    if status in (401, 403):
        return Reach.REFUSES, f"answers {status}"
    if status == 429 or status >= 500:
        return Reach.UNWELL, f"answers {status}"
    if status >= 400:
        return Reach.MISSING, f"answers {status}"
    if status == 200 and probe.decides and content_type == "text/html":
        return Reach.WRONG, "a web page instead of data"
    return Reach.ANSWERS, f"answers {status}"


def _reason(error: Exception) -> str:
    """Why no answer came about, in words that say what to look at."""
    match error:
        case socket.gaierror():
            return f"host not found, {error.strerror}"
        case ConnectionRefusedError():
            return "nothing listens there"
        case ssl.SSLCertVerificationError():
            return f"certificate not trusted, {error.verify_message}"
    return str(error) or type(error).__name__
