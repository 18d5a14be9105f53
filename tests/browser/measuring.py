"""Costs of a page's first view: bytes on the wire, movement while it loads, time of its largest paint."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import BrowserContext

SLOWER = 4
"""By so much the processor is slowed: a cheap phone beside the machine of a developer."""

MOST_BYTES = {"document": 15_000, "style": 8_000, "script": 10_000}
"""Of the files of each kind, compressed."""

MOST_BYTES_IN_ALL = 60_000
"""Compressed, with all headers; nothing is kept from before."""

LATEST_PAINT = 1000
"""Milliseconds, at the slowed processor, from this machine to itself."""

_VITALS = """() => new Promise(done => {
    let shift = 0, paint = 0;
    new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput) shift += e.value; }))
        .observe({type: 'layout-shift', buffered: true});
    new PerformanceObserver(l => l.getEntries().forEach(e => { paint = e.startTime; }))
        .observe({type: 'largest-contentful-paint', buffered: true});
    const end = () => paint ? setTimeout(() => done([shift, paint]), 500) : setTimeout(end, 50);
    end();
})"""
"""Movement, and the time of the largest paint; half a second after there was one, because movement comes late."""

_SIZES = """() => ['navigation', 'resource'].flatMap(type => performance.getEntriesByType(type)).map(e => [
    e.entryType === 'navigation' ? 'document' : e.name.endsWith('.css') ? 'style' : e.initiatorType,
    e.encodedBodySize])"""


@dataclass(frozen=True, slots=True)
class FirstView:
    """One loading of a page. `paint` in milliseconds; `sizes` in bytes by the kind of file, `in_all` with headers."""

    shift: float
    paint: float
    sizes: Mapping[str, int]
    in_all: float


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
    loaded: list[float] = []
    wire.on("Network.loadingFinished", lambda seen: loaded.append(seen["encodedDataLength"]))
    found = []
    for _ in range(times):
        loaded.clear()
        tab.goto(address, wait_until="load")
        shift, paint = tab.evaluate(_VITALS)
        sizes: Counter[str] = Counter()
        for kind, size in tab.evaluate(_SIZES):
            sizes[kind] += size
        found.append(FirstView(shift, paint, sizes, sum(loaded)))
    tab.close()
    return found
