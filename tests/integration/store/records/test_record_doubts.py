"""Lists of records that are read shorter than they are stored."""

from datetime import UTC, datetime
from typing import Any

import orjson
from api_gateway.store.bills.doubt_rows import count_doubts, request_doubted
from api_gateway.store.sources.refetch_requests import load_refetch_requests
from integration.store.records.record_readings import (
    NOON,
    SETTLE,
    agenda,
    event,
    gone,
    reading,
    row,
    store,
    votes,
    voting,
)
from legis.domain.records.event_record import EventStatus
from legis.domain.records.membership import Member
from legis.domain.records.organization_record import OrganizationRecord
from legis.domain.vocabulary import ReadingPart, Source
from prometheus_client import REGISTRY

ROLL = votes("Y" * 20 + "N" * 10)


def _body(number: int, *names: str) -> OrganizationRecord:
    members = {"now": tuple(Member(name=name, legislator_id=f"camara-deputy-{name}") for name in names)}
    key = f"camara-org-{number}"
    return OrganizationRecord(id=key, source=Source.CAMARA, upstream_id=str(number), name="C", members=members)


async def _votes(pool: Any) -> tuple[int, list[str]]:
    document = orjson.loads((await row(pool, "record", "camara-vote-1"))["document"])
    return len(document["votes"]), [flag["code"] for flag in document["flags"] if flag["code"] == "LIST_IN_DOUBT"]


async def test_votes_that_vanish_are_kept_until_a_settled_reading(pool: Any) -> None:
    await store(pool, reading(voting(votes=ROLL), 1))
    for seq, at in ((2, 0), (3, 599)):
        result = await store(pool, reading(voting(votes=()), seq, at=at))
        assert not result.results[0].remember
        assert await _votes(pool) == (30, ["LIST_IN_DOUBT"])
    await store(pool, reading(voting(votes=()), 4, at=600))
    assert await _votes(pool) == (0, [])
    assert await pool.fetchval("SELECT count(*) FROM member_vote") == 0
    assert await pool.fetchval("SELECT count(*) FROM list_doubt") == 0


async def _due(pool: Any) -> dict[str, list[str]]:
    await pool.execute("UPDATE list_doubt SET due_at = now()")
    await request_doubted(pool, SETTLE)
    return {source: sorted(ids) for source, ids in (await load_refetch_requests(pool)).items() if ids}


async def test_a_record_in_doubt_is_asked_for_by_its_id_until_it_is_read(pool: Any) -> None:
    """A meeting that was cancelled while its agenda was in doubt is in no list that a poll reads."""
    await store(pool, reading(event(agenda=agenda("camara-1", "camara-2")), 1))
    await store(pool, reading(event(agenda=agenda("camara-1")), 2, at=0))
    assert await _due(pool) == {"camara": ["camara-event-1"]}
    await store(pool, reading(event(status=EventStatus.CANCELLED), 3, at=5, part=ReadingPart.LIST))
    assert await _due(pool) == {"camara": ["camara-event-1"]}, "a row has no agenda"
    await store(pool, reading(event(status=EventStatus.CANCELLED, agenda=agenda("camara-1", "camara-2")), 4, at=10))
    assert await pool.fetchval("SELECT count(*) FROM list_doubt") == 0
    assert await _due(pool) == {}


async def test_a_record_that_is_gone_is_asked_for_no_more(pool: Any) -> None:
    one = voting("1-1", votes=ROLL)
    await store(pool, reading(one, 1), reading(voting("1-1", votes=ROLL[1:]), 2, at=0))
    assert await _due(pool) == {"camara": ["camara-vote-1-1"]}
    await store(pool, absences=(gone(one, 3),))
    assert await pool.fetchval("SELECT count(*) FROM source_question") == 0


async def test_a_source_is_asked_only_for_records_that_it_can_show_alone(pool: Any) -> None:
    """The Senado shows a session of its plenary with all others of a month."""
    for word in ("session", "meeting"):
        told = {"source": Source.SENADO, "word": word}
        await store(pool, reading(event(agenda=agenda("senado-1", "senado-2"), **told), 1))
        await store(pool, reading(event(agenda=agenda("senado-1"), **told), 2, at=0))
    assert await _due(pool) == {"senado": ["senado-meeting-1"]}


async def test_other_entries_missing_begin_the_doubt_anew(pool: Any) -> None:
    await store(pool, reading(voting(votes=ROLL), 1))
    await store(pool, reading(voting(votes=ROLL[1:]), 2, at=0))
    await store(pool, reading(voting(votes=ROLL[:-1]), 3, at=700))
    assert await _votes(pool) == (30, ["LIST_IN_DOUBT"])
    await store(pool, reading(voting(votes=ROLL[:-1]), 4, at=1300))
    assert await _votes(pool) == (29, [])


async def test_new_entries_are_added_while_others_are_in_doubt(pool: Any) -> None:
    await store(pool, reading(_body(1, "Ana", "Beto"), 1))
    await store(pool, reading(_body(1, "Ana", "Caio"), 2))
    document = orjson.loads((await row(pool, "record", "camara-org-1"))["document"])
    stored = await pool.fetch("SELECT document FROM membership ORDER BY place")
    assert [orjson.loads(one["document"])["name"] for one in stored] == ["Ana", "Caio", "Beto"]
    assert [(flag["code"], flag["field"]) for flag in document["flags"]] == [("LIST_IN_DOUBT", "members.now")]


async def test_lists_of_records_in_doubt_are_counted(pool: Any) -> None:
    def gauges(source: str, name: str) -> tuple[float | None, ...]:
        labels = {"source": source, "list": name}
        names = ("legis_lists_in_doubt", "legis_list_outage")
        return tuple(REGISTRY.get_sample_value(one, labels) for one in names)

    bodies, today = range(1, 8), (datetime.now(UTC) - NOON).total_seconds() - 60
    await store(pool, *(reading(_body(number, "Ana", "Beto"), 1) for number in bodies))
    await store(pool, reading(voting(votes=ROLL), 1), reading(voting(votes=ROLL[1:]), 2, at=today))
    await store(pool, *(reading(_body(number), 2, at=today) for number in bodies))
    async with pool.acquire() as connection:
        await count_doubts(connection, ["camara", "senado"], SETTLE)
    assert gauges("camara", "members") == (7, 1), "read empty for many"
    assert gauges("camara", "votes") == (1, 0), "one entry is missing from one list"
    assert gauges("senado", "members") == (0, 0)


async def test_a_list_that_is_empty_for_many_is_out(pool: Any) -> None:
    """In January every committee looks empty, or the service is down: nothing is believed for a day."""
    bodies, today = range(1, 8), (datetime.now(UTC) - NOON).total_seconds() - 3000
    await store(pool, *(reading(_body(number, "Ana", "Beto"), 1) for number in bodies))
    for seq, at in ((2, 0), (3, 700), (4, 1400)):
        await store(pool, *(reading(_body(number), seq, at=today + at) for number in bodies))
    assert await pool.fetchval("SELECT count(*) FROM membership") == 14
    await store(pool, *(reading(_body(number, "Ana", "Beto"), 5, at=today + 2000) for number in bodies))
    assert await pool.fetchval("SELECT count(*) FROM list_doubt") == 0


async def test_one_empty_list_among_others_is_believed(pool: Any) -> None:
    await store(pool, *(reading(_body(number, "Ana", "Beto"), 1) for number in range(1, 8)))
    for seq, at in ((2, 0), (3, 700)):
        await store(pool, reading(_body(1), seq, at=at))
    assert await pool.fetchval("SELECT count(*) FROM membership WHERE given_by = 'camara-org-1'") == 0
    assert await pool.fetchval("SELECT count(*) FROM membership") == 12
