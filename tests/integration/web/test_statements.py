"""What a question costs the database: how many statements, how they are planned, on which connections."""

import asyncio
from typing import Any

import pytest
from api_gateway.web.background import status_monitor
from integration.indexing import until
from integration.store.records.record_readings import legislator, voting
from integration.web.records.asking_records import organization
from legis.service import health


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any, put: Any) -> None:
    await store([make_bill(number) for number in range(1, 21)])
    await put(legislator(1), organization(1), voting(1))


async def test_statements_are_planned_for_their_values(serve: Any) -> None:
    async with serve() as client:
        row = await client.app.state.resources.database.row("SHOW plan_cache_mode")
        assert row[0] == "force_custom_plan"
        row = await client.app.state.resources.database.row("SHOW plan_cache_mode", fixed=True)
        assert row[0] == "force_generic_plan"


STATEMENTS = [
    ("/api/v1/bills?q=lei&type=PL&limit=100", 0),  # lists are the index's
    ("/api/v1/bills?type=NEVER_HEARD_OF", 0),
    ("/api/v1/bills?q=lei&sort=relevance", 0),
    ("/api/v1/bills?facets=type,status,year,chamber,party", 0),
    ("/api/v1/bills?count=exact", 0),
    ("/api/v1/bills?min_seq=1", 0),
    ("/api/v1/bills?min_seq=1000000", 1),  # where the log ends, to say that there is no such entry
    ("/api/v1/bills/events.ics?q=lei", 1),  # the agendas; the events only where a bill of theirs matches
    ("/api/v1/bills/suggest?q=lei", 1),  # the words are the index's, names of people and bodies are not
    ("/api/v1/bills/suggest?q=l", 0),
    ("/api/v1/legislators?q=ana&party=PT&organization=camara-org-1", 1),
    ("/api/v1/legislators/camara-deputy-1", 4),  # the record, its memberships, the same person, and a count of votes
    ("/api/v1/legislators/camara-deputy-1/bills", 1),
    ("/api/v1/legislators/camara-deputy-1/votes", 2),  # the second only where there are none
    ("/api/v1/organizations?q=ana", 1),
    ("/api/v1/organizations/camara-org-1", 2),
    ("/api/v1/organizations/camara-org-1/members", 2),
    ("/api/v1/vote-events?legislator=camara-deputy-1&option=YES", 1),
    ("/api/v1/vote-events/camara-vote-1", 1),
    ("/api/v1/vote-events/agreement?a=party-pt&b=party-pl", 1),
    ("/api/v1/vote-events/agreement?a=camara-deputy-1&b=party-pl", 2),
    ("/api/v1/bills/camara-1/similar", 0),
    ("/api/v1/bills/camara-1", 1),
    ("/api/v1/bills/camara-1?as_of=2001-01-01", 2),
    ("/api/v1/bills/camara-1/actions", 1),
    ("/api/v1/bills/camara-1/versions", 1),
    ("/api/v1/bills/camara-1/votes", 1),
    ("/api/v1/resolve?q=PL+1/2024", 1),
    ("/api/v1/changes", 1),
    ("/api/v1/changes?type=PL", 3),  # the entries, their bills, and what came later
    ("/api/v1/changes?type=PEC", 1),  # the same entries are ready for another filter
    ("/api/v1/changes?kind=MOVED", 1),
    ("/api/v1/changes?after=1000000", 1),
    ("/api/v1/changes?sort=-seq&kind=MOVED", 2),  # where the log ends, and its last entries
    ("/api/v1/feeds/bills.atom", 1),
    ("/api/v1/feeds/bills.atom?type=PL&kind=CREATED", 4),  # the entries, their bills, what came later, older entries
    ("/api/v1/feeds/bills.atom?type=PEC&kind=CREATED", 2),
    ("/api/v1/sources", 0),
    ("/api/v1/stats", 0),
    ("/api/health", 0),
    ("/api/metrics", 0),
    ("/", 0),
]


async def test_each_resource_costs_a_fixed_number_of_statements(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (status_monitor, health):  # ask once, and then not in the background any more
        name = "RENEW_SECONDS" if module is status_monitor else "CHECK_EVERY_SECONDS"
        monkeypatch.setattr(module, name, 1000)
    async with serve(database_pool_size=1) as client:
        resources = client.app.state.resources
        checks = resources.health.report
        await until(lambda: all(one.ok is not None for one in checks().checks), "every check ran once")
        await until(lambda: resources.status_monitor.snapshot.epoch, "the board asked once")
        asked: list[str] = []
        for lender in (resources.database._planned, resources.database._fixed):
            only = await lender._take()
            await only.fetch("SELECT $1::smallint[]", [1])  # the driver asks once what this type is
            only.add_query_logger(lambda record: asked.append(record.query))
            lender._ready.append(only)
        for path, wanted in STATEMENTS:
            asked.clear()
            reply = await client.get(path)
            assert reply.status_code in ((200, 503) if path == "/api/health" else (200, 400, 404, 410)), path
            assert len(asked) == wanted, (path, asked)


async def test_connections_that_are_cut_while_they_are_at_hand_cost_nobody_a_reply(serve: Any, connection: Any) -> None:
    async with serve(response_cache_entries=0, admission_slots=8) as client:
        database = client.app.state.resources.database
        await asyncio.gather(*(client.get(f"/api/v1/bills/camara-{n}") for n in range(1, 9)))
        assert database._planned._ready or database._fixed._ready
        names = {await one._ready[-1].fetchval("SHOW application_name") for one in (database._fixed,)}
        cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = ANY($1::text[])"
        assert await connection.fetchval(cut, list(names)) > 0
        await asyncio.sleep(0.2)
        replies = await asyncio.gather(*(client.get(f"/api/v1/bills/camara-{n}") for n in range(1, 9)))
        assert {reply.status_code for reply in replies} == {200}
