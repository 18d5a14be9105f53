"""Shows the progress of reading: a live table on a terminal, a line every ten seconds elsewhere."""

import contextlib
import json
import time
import urllib.error
import urllib.request
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

TERMINAL_PERIOD = 1.0
PLAIN_PERIOD = 10.0


class Progress:
    """Polls `/api/v1/sources` every second or so. Enter the context, then call `tick` as often as you like."""

    def __init__(self, console: Console, web_url: str) -> None:
        self._console = console
        self._url = f"{web_url}/api/v1"
        self._live = Live(console=console, refresh_per_second=2, transient=True) if console.is_terminal else None
        self._next = 0.0
        self._last: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            with contextlib.suppress(OSError):  # the terminal may be closed, which may be the reason for the end
                self._live.stop()

    def tick(self) -> None:
        """Shows the newest state when the period is over; without a reply nothing changes."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + (TERMINAL_PERIOD if self._live else PLAIN_PERIOD)
        sources = read_sources(self._url)
        if not sources:
            return
        with contextlib.suppress(OSError):
            self._show(sources)

    def _show(self, sources: list[dict[str, Any]]) -> None:
        if self._live is not None:
            self._live.update(sources_table(sources))
            return
        lines = tuple(source_line(source) for source in sources)
        if lines != self._last:
            for line in lines:
                self._console.print(line, markup=False)
            self._last = lines


def read_sources(api: str) -> list[dict[str, Any]]:
    """The sources from the API, with `bills`, the number of bills served; empty when the API does not answer."""
    sources = [entry for entry in _data(f"{api}/sources", "data") if isinstance(entry, dict)]
    for source in sources:
        chamber = str(source.get("source", "")).upper()
        source["bills"] = _data(f"{api}/bills?chamber={chamber}&limit=1&count=estimated", "page")
    return sources


def _data(url: str, key: str) -> Any:
    """One member of a JSON reply; an empty list when there is no reply within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1) as reply:
            return json.load(reply)[key]
    except (OSError, ValueError, KeyError, TypeError, urllib.error.URLError):
        return []


def sources_table(sources: list[dict[str, Any]]) -> Table:
    """One row per chamber."""
    table = Table(title="What has been read", title_justify="left")
    for heading in ("source", "state", "bills", "read", "reading", "last success"):
        table.add_column(heading, justify="right" if heading in ("bills", "read") else "left")
    for source in sources:
        table.add_row(*cells(source))
    return table


def source_line(source: dict[str, Any]) -> str:
    """The same as one line of text, without values that change every second."""
    name, state, bills, read, reading, _ = cells(source)
    return f"{name}: {state}, {bills} bills served, {read} records read{', ' + reading if reading else ''}"


def cells(source: dict[str, Any]) -> tuple[str, str, str, str, str, str]:
    """The cells of a source's row; an absent field is shown as a dash, so that older APIs work too."""
    walks = [walk for walk in source.get("progress") or [] if walk.get("window")]
    reading = "; ".join(f"{walk['walk']} {walk['window']} {_share(walk)}".strip() for walk in walks)
    return (
        str(source.get("source", "?")),
        _state(source),
        _served(source.get("bills")),
        _count(source.get("records_read")),
        reading,
        str(source.get("last_success_at") or "-"),
    )


def _state(source: dict[str, Any]) -> str:
    """The state; for BLOCKED with the end of the block, for PARTIAL with what is missing."""
    state = str(source.get("state", "-"))
    details = source.get("details") or []
    if state == "BLOCKED":
        return f"{state} {details[0].get('detail', '')}".rstrip() if details else state
    if state != "PARTIAL":
        return state
    # details that are shown in another column, or that change every second, are left out
    shown = [one for one in details if one.get("code") not in ("WALK_BEHIND", "BACKFILL_RUNNING")]
    words = [_reason(one, source) for one in shown]
    left = source.get("backfill") or {}
    if left.get("years"):
        words.insert(0, f"{left['years']} years left{_about(left.get('seconds'))}")
    return f"{state} ({'; '.join(words)})" if words else state


def _reason(detail: dict[str, Any], source: dict[str, Any]) -> str:
    """One reason; of records that are behind only their kinds: each walk and its time are in the API."""
    code, text = str(detail.get("code", "")), str(detail.get("detail", ""))
    if code == "RECORDS_BEHIND":
        text = ", ".join(str(one.get("kind")) for one in source.get("records") or [] if one.get("is_behind"))
    return f"{code.lower().replace('_', ' ')} {text}".strip()


def _about(seconds: object) -> str:
    """An estimate, rounded so that it does not change with every call."""
    if not isinstance(seconds, int) or seconds < 60:
        return ""
    return f", about {seconds // 3600} h" if seconds >= 7200 else f", about {seconds // 600 * 10 or 10} min"


def _served(page: object) -> str:
    """The count in a list reply, `~` before an estimate."""
    count = page.get("count") if isinstance(page, dict) else None
    if not isinstance(count, dict):
        return "-"
    return ("" if count.get("kind") == "exact" else "~") + _count(count.get("value"))


def _share(walk: dict[str, Any]) -> str:
    done, total = walk.get("done") or 0, walk.get("total")
    return f"{done}/{total}" if total else (str(done) if done else "")


def _count(number: object) -> str:
    return f"{number:,}".replace(",", " ") if isinstance(number, int) else "-"
