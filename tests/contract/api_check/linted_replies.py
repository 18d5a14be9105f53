"""httplint on the replies of a filled API of its own: `python -m contract.api_check.linted_replies --httplint PROGRAM`.

httplint reads one reply as it came, and says what of it breaks HTTP. Warnings are not counted.
"""

import argparse
import socket
import subprocess
import sys
from typing import NamedTuple

from contract.api_check.filled_records import STORED, with_records
from search.fuzz_stage import api_of_its_own


class Asked(NamedTuple):
    """One request."""

    path: str
    headers: str = ""
    method: str = "GET"


BILLS = "/api/v1/bills?limit=20"
RECORDS = (
    ("legislators", "legislator_id"), ("organizations", "organization_id"), ("events", "event_id"),
    ("vote-events", "vote_event_id"),
)  # fmt: skip
EXCHANGES = (
    Asked(BILLS),
    *(Asked(BILLS, f"Accept-Encoding: {coding}\r\n") for coding in ("gzip", "br", "zstd")),
    Asked("/api/v1/bills?q=lei&facets=type,status"),
    *(Asked(f"/api/v1/bills/camara-1{part}") for part in ("", "/actions", "/votes", "/versions", "/similar")),
    Asked("/api/v1/bills/suggest?q=al"),
    Asked("/api/v1/resolve?q=camara-1"),
    Asked("/api/v1/changes?limit=3"),
    Asked("/api/v1/feeds/bills.atom"),
    Asked("/api/v1/bills/events.ics?type=PL"),
    *(Asked(f"/api/v1/{path}") for path in ("sources", "sources/days", "sources/camara/history", "stats")),
    *(Asked(f"/api/v1/{path}?limit=5") for path in ("legislators", "organizations", "events", "vote-events")),
    *(Asked(f"/api/v1/{part}/{STORED[name][0]}") for part, name in RECORDS),
    *(Asked(f"/api/v1/bills/{STORED['bill_id'][0]}/{part}") for part in ("journey", "events", "events.ics", "votes")),
    Asked("/api/v1/vote-events/agreement?a=party-pt&b=party-pl"),
    *(Asked(f"/api/v1/exports{path}") for path in ("", "/latest", "/latest/datapackage.json", "/catalog.jsonld")),
    Asked("/api/v1/exports/latest/files/bills.csv.gz"),
    Asked("/api/v1/bills?limit=20", "Accept: text/csv\r\n"),
    *(Asked(path) for path in ("/", "/api/v1", "/docs", "/openapi.json", "/problems", "/problems/not-found")),
    *(Asked(path) for path in ("/static/docs-init.js", "/.well-known/security.txt", "/metrics", "/api/health")),
    Asked("/api/v1/bills", method="OPTIONS"),
    Asked("/api/v1/bills", method="POST"),
    Asked("/api/v1/bills?limit=0"),
    Asked("/api/v1/bills/nothing"),
    Asked("/nowhere"),
    Asked("/api/v1/bills", "Accept: text/csv\r\n"),
    Asked("/api/v1/bills", "Authorization: Bearer x\r\n"),
    Asked("/api/v1/changes?after=99999999"),
)
"""Each kind of reply that has a body of its own; a HEAD or 304 cannot be told from a reply that was cut."""


def reply_to(port: int, asked: Asked) -> bytes:
    """The bytes of a reply."""
    request = f"{asked.method} {asked.path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{asked.headers}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def complaints(program: str, reply: bytes) -> list[str]:
    """What httplint calls bad. Raises CalledProcessError if it cannot read the reply."""
    told = subprocess.run([program, "--locale", "en"], input=reply, capture_output=True, check=True)
    return [line.strip(" *") for line in told.stdout.decode().splitlines() if "[BAD]" in line]


def main() -> int:
    """0 when nothing is bad."""
    parser = argparse.ArgumentParser(prog="contract.api_check.linted_replies")
    parser.add_argument("--httplint", required=True, metavar="PROGRAM")
    given = parser.parse_args()
    found = 0
    with api_of_its_own(300, with_records) as api:
        port = api.port
        for asked in EXCHANGES:
            for complaint in complaints(given.httplint, reply_to(port, asked)):
                found += 1
                print(f"{asked.method} {asked.path} {asked.headers.strip()}: {complaint}")
    print(f"api-replies: {len(EXCHANGES)} replies read by httplint, {found} complaints")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
