"""Counts requests by client address from nginx's access log on standard input: one line for each, most refused first.

`access_clients.py [--minutes 15] [--most-refused]`. Minutes are counted back from the newest line, not from now:
after an incident the log ends when the door was closed. A line that is no JSON object is skipped.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

SHOWN = 20


@dataclass(slots=True)
class ClientRequests:
    """What one address asked for. A refusal is a reply of 400 to 499; a kept reply counts as any other."""

    address: str
    requests: int = 0
    refused: int = 0
    sent: int = 0
    first: str = ""
    last: str = ""
    agent: str = ""
    paths: Counter[str] = field(default_factory=Counter)

    def add(self, entry: dict[str, Any]) -> None:
        """Counts one line."""
        self.requests += 1
        self.refused += 400 <= entry["status"] < 500
        self.sent += entry["bytes"]
        if not self.first or _moment(entry) < datetime.fromisoformat(self.first):
            self.first = entry["timestamp"]
        if not self.last or _moment(entry) >= datetime.fromisoformat(self.last):
            self.last, self.agent = entry["timestamp"], entry["user_agent"]
        self.paths[entry["path"]] += 1


def by_client(lines: Iterable[str], minutes: float) -> list[ClientRequests]:
    """Clients of the log's last minutes, the most refused first, then the busiest."""
    entries = [entry for line in lines if (entry := _entry(line)) is not None]
    newest = max((_moment(entry) for entry in entries), default=None)
    found: dict[str, ClientRequests] = {}
    for entry in entries:
        if newest is not None and _moment(entry) >= newest - timedelta(minutes=minutes):
            found.setdefault(entry["client"], ClientRequests(entry["client"])).add(entry)
    return sorted(found.values(), key=lambda one: (-one.refused, -one.requests, one.address))


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry: Any = json.loads(line[line.index("{") :])
    except ValueError:
        return None
    wanted = {"client", "status", "bytes", "timestamp", "user_agent", "path"}
    return entry if isinstance(entry, dict) and wanted <= entry.keys() else None


def _moment(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["timestamp"])


def main() -> int:
    """Exit status 0; 1 where `--most-refused` finds nobody who was refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--most-refused", action="store_true", help="only the address that was refused most often")
    options = parser.parse_args()
    clients = by_client(sys.stdin, options.minutes)
    if options.most_refused:
        worst = next((one for one in clients if one.refused), None)
        sys.stdout.write(f"{worst.address}\n" if worst else "")
        return 0 if worst else 1
    sys.stdout.write(
        f"{'CLIENT':39} {'REQUESTS':>8} {'REFUSED':>8} {'MB SENT':>8}  FIRST AND LAST, MOST ASKED, AGENT\n"
    )
    for one in clients[:SHOWN]:
        (path, _), *_rest = one.paths.most_common(1)
        when = f"{one.first[11:19]}-{one.last[11:19]}"
        counts = f"{one.requests:>8} {one.refused:>8} {one.sent / 1e6:>8.1f}"
        sys.stdout.write(f"{one.address:39} {counts}  {when} {path[:60]} {one.agent[:60]}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
