"""What a first view of a page costs: bytes on the wire, movement while it loads, time of its largest paint."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import BrowserContext

SLOWER = 4
"""By so much the processor is slowed: a cheap phone beside the machine of a developer."""

MOST_BYTES = {"Document": 15_000, "Stylesheet": 8_000, "Script": 10_000}
MOST_BYTES_IN_ALL = 60_000
"""Compressed, with headers; nothing is kept from before."""

LATEST_PAINT = 1000
"""Milliseconds, at the slowed processor, from this machine to itself."""

_VITALS = """() => new Promise(done => {
    let shift = 0, paint = 0;
    new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput) shift += e.value; }))
        .observe({type: 'layout-shift', buffered: true});
    new PerformanceObserver(l => l.getEntries().forEach(e => { paint = e.startTime; }))
        .observe({type: 'largest-contentful-paint', buffered: true});
    setTimeout(() => done([shift, paint]), 500);
})"""


@dataclass(frozen=True, slots=True)
class FirstView:
    """One loading of a page. `paint` in milliseconds, `sizes` in bytes by the kind of what was loaded."""

    shift: float
    paint: float
    sizes: Mapping[str, float]

    @property
    def in_all(self) -> float:
        return sum(self.sizes.values())


def first_views(context: BrowserContext, address: str, times: int) -> list[FirstView]:
    """Loads the page so often with a slowed processor and an empty cache. It is opened once before: the first visit
    to a process reads its templates.
    """
    tab = context.new_page()
    tab.goto(address)
    wire = context.new_cdp_session(tab)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    kinds: dict[str, str] = {}
    ends: dict[str, float] = {}
    wire.on("Network.responseReceived", lambda seen: kinds.update({seen["requestId"]: seen["type"]}))
    wire.on("Network.loadingFinished", lambda seen: ends.update({seen["requestId"]: seen["encodedDataLength"]}))
    found = []
    for _ in range(times):
        kinds.clear()
        ends.clear()
        tab.goto(address, wait_until="load")
        shift, paint = tab.evaluate(_VITALS)
        sizes: dict[str, float] = {}
        for request, size in ends.items():
            kind = kinds.get(request, "Other")
            sizes[kind] = sizes.get(kind, 0) + size
        found.append(FirstView(shift, paint, sizes))
    tab.close()
    return found
