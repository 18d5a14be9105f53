"""What a filled API has beside its invented bills: records of every kind, states of its sources, and an export.

The ids are those that the document shows in its examples, and some more.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import asyncpg
from api_gateway.exporter.build import TUNED
from api_gateway.store.bills.bill_writer import apply
from integration.bills import make_bill, observed
from integration.store.records.record_readings import agenda, event, legislator, reading, store, totals, votes, voting
from integration.web.records.asking_records import organization
from legis.domain.bill import Action, Bill
from legis.domain.organization import Organization
from legis.domain.records.any_record import AnyRecord
from legis.domain.records.membership import Membership, MembershipKind
from legis.domain.records.vote_event_record import Orientation, OrientationKind, OrientationOption
from legis.domain.vocabulary import ActionKind, Source
from legis.domain.voting import VoteResult
from stage import Stage

BILL, DEPUTY, ORGAN, EVENT = 2256735, 204534, 2003, 70123
VOTING = f"{BILL}-87"
MANY = 12
STORED: Mapping[str, tuple[str, ...]] = {
    "bill_id": (f"camara-{BILL}", "camara-1", "camara-2"),
    "legislator_id": (f"camara-deputy-{DEPUTY}", "camara-deputy-1", "senado-senator-1"),
    "organization_id": (f"camara-org-{ORGAN}", "camara-org-1"),
    "event_id": (f"camara-event-{EVENT}", "camara-event-1"),
    "vote_event_id": (f"camara-vote-{VOTING}", "camara-vote-1"),
    "export_id": ("latest",),
    "name": ("bills.parquet", "bills.csv.gz", "vote_events.ndjson.gz"),
    "source_id": ("camara", "senado"),
}
"""Some of what is there, by the path parameter that names it."""


def with_records(stage: Stage) -> dict[str, str]:
    """Stores records, and exports everything; the settings of a web that serves the export. Raises CalledProcessError
    where the export fails.
    """
    asyncio.run(store_all(stage.postgres.url("legis")))
    folder = {"EXPORTS_FOLDER": str(stage.folder / "exports")}
    command = [sys.executable, "-m", "api_gateway.exporter.build"]
    settings = {"DATABASE_URL": stage.postgres.url("legis"), "DATASET": "sample", **folder}
    subprocess.run(command, env={**os.environ, **TUNED, **settings}, check=True, capture_output=True, timeout=240)
    return folder


async def store_all(database_url: str) -> None:
    """A bill with a history, records of every kind that belong together, and what the sources' states were."""
    async with asyncpg.create_pool(database_url, min_size=1, max_size=1) as pool:
        items = [observed(one) for one in (_bill("Dispõe sobre a educação"), _bill("Dispõe sobre educação e cultura"))]
        for item in items:  # one after the other: a bill of two versions
            await apply(pool, [item], confirm_seconds=0)
        first, second = _records(), _records(party="PSB", word="Sala das Comissões")
        for number, record in enumerate((*first, *second), 1):
            await store(pool, reading(record, number, at=number))
        await pool.executemany(
            "INSERT INTO source_state_change (source, from_state, to_state, reason, at) VALUES ($1, $2, $3, $4, $5)",
            _states(),
        )


def _bill(title: str) -> Bill:
    moved = datetime(2026, 6, 1, 15, tzinfo=UTC)
    actions = tuple(
        Action(
            date=(moved + timedelta(days=n)).date(), at=moved + timedelta(days=n), order=n + 1,
            kind=ActionKind.TRANSFERRED, description=f"Passo {n}", organization=Organization(acronym="CCJC"),
        )
        for n in range(5)
    )  # fmt: skip
    return make_bill(2630, upstream_id=str(BILL), year=2020, title=title, actions=actions)


def _records(*, party: str = "PT", word: str = "Plenário 1") -> list[AnyRecord]:
    """One of each kind under the ids of the examples, and `MANY` more, so that lists have pages."""
    bill, body = f"camara-{BILL}", f"camara-org-{ORGAN}"
    began, there = date(2023, 2, 1), {"organization_id": body, "organization": Organization(acronym="CCJC")}
    seat = Membership(kind=MembershipKind.COMMITTEE, role="Titular", start_date=began, **there)
    term = Membership(kind=MembershipKind.TERM, legislature=57, start_date=began)
    known = {"in_office": True, "party": party, "memberships": {"terms": (term,), "committees": (seat,)}}
    asked = Orientation(label="PT", kind=OrientationKind.PARTY, party_ids=("PT",), option=OrientationOption.YES)
    held = {
        "bill": bill, "result": VoteResult.PASSED, "counts_published": totals(3, 2), "orientations": (asked,),
        "event_id": f"camara-event-{EVENT}", "day": date(2026, 6, 3), **there,
    }  # fmt: skip
    ballots = votes("YNYNY", parties=("PT", "PL"))
    return [
        organization(ORGAN, acronym="CCJC"),
        *(organization(number) for number in range(1, MANY)),
        legislator(DEPUTY, **known),
        *(legislator(number, **known) for number in range(1, MANY)),
        legislator(1, source=Source.SENADO),
        event(EVENT, agenda=agenda(bill), location=word, organizations=(Organization(acronym="CCJC"),)),
        *(event(number, agenda=agenda(f"camara-{number}"), location=word) for number in range(1, MANY)),
        voting(VOTING, votes=(*ballots, *votes("Y", first=DEPUTY)), **held),
        *(voting(number, bill=f"camara-{number}", votes=ballots) for number in range(1, MANY)),
    ]


def _states() -> list[tuple[str, str | None, str, str, datetime]]:
    now = datetime.now(UTC)
    states = ("FRESH", "STALE", "FRESH", "BLOCKED", "FRESH")
    return [
        (source, before, after, "", now - timedelta(hours=10 * (len(states) - number)))
        for source in ("camara", "senado")
        for number, (before, after) in enumerate(zip((None, *states[:-1]), states, strict=True))
    ]
