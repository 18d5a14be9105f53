"""Lists of records by keyset, and what they leave out."""

from datetime import date, timedelta
from typing import Any

import orjson
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.event_reader import EventFilter, list_events
from api_gateway.store.records.reading.record_reader import (
    LegislatorFilter,
    MemberFilter,
    OrganizationFilter,
    count_members,
    list_legislators,
    list_organizations,
    load_memberships,
    load_record,
)
from api_gateway.store.records.reading.vote_reader import (
    VoteEventFilter,
    count_member_votes,
    list_member_votes,
    list_vote_events,
    load_bill_votes,
)
from integration.store.records.record_readings import (
    NOON,
    agenda,
    event,
    gone,
    legislator,
    reading,
    store,
    votes,
    voting,
)
from legis.domain.records.membership import Member, Membership, MembershipKind
from legis.domain.records.organization_record import Classification, OrganizationRecord
from legis.domain.records.record import RecordKind
from legis.domain.vocabulary import Chamber, Source

EVERY = EventFilter()


def _ids(page: Any) -> list[str]:
    return [orjson.loads(item)["id"] for item in page.items]


async def _all(read: Any) -> list[str]:
    """Every id of a list, page after page of two."""
    found, after = [], None
    while True:
        page = await read(after=after, limit=2)
        found += _ids(page)
        if not page.more:
            return found
        after = page.keys[-1]


def _body(**claims: Any) -> OrganizationRecord:
    facts: dict[str, Any] = {"house": Chamber.CAMARA, "name": "Comissão de Finanças", "acronym": "CFT"}
    facts |= {"classification": Classification.PERMANENT} | claims
    return OrganizationRecord(id="camara-org-7", source=Source.CAMARA, upstream_id="7", **facts)


async def test_legislators_by_name(pool: Any, database: Database) -> None:
    people = [legislator(n, name=name, party="PT") for n, name in enumerate(["Zé", "Ágata  Melo", "Beto", "Ana"], 1)]
    people += [legislator(9, name="Carla", party="PL", civil_name="CARLA  AGUIAR")]
    await store(pool, *(reading(one, 1) for one in people))
    every = [f"camara-deputy-{n}" for n in (2, 4, 3, 9, 1)]
    assert await _all(lambda **page: list_legislators(database, LegislatorFilter(), **page)) == every
    for wanted, expected in (
        (LegislatorFilter(party="PL"), [9]),
        (LegislatorFilter(name_words=("agata", "me")), [2]),
        (LegislatorFilter(name_words=("me", "agata")), []),
        (LegislatorFilter(name_words=("agui",)), [9]),
        (LegislatorFilter(house="SENADO"), []),
    ):
        page = await list_legislators(database, wanted, after=None, limit=10)
        assert _ids(page) == [f"camara-deputy-{n}" for n in expected], wanted


async def test_memberships_of_both_sides_are_given_once(pool: Any, database: Database) -> None:
    since = date(2023, 2, 1)
    own = Membership(
        kind=MembershipKind.COMMITTEE, organization_id="camara-org-7", role="Titular", start_date=since, legislature=57
    )
    term = Membership(kind=MembershipKind.TERM, legislature=57, start_date=since)
    members = (
        Member(legislator_id="camara-deputy-1", name="Ana", role="Membro titular", start_date=since),
        Member(legislator_id="camara-deputy-2", name="Beto", role="Presidente", start_date=since),
        Member(legislator_id="camara-deputy-3", name="Caio", end_date=date(2024, 1, 1)),
    )
    await store(
        pool,
        reading(legislator(1, name="Ana", memberships={"committees": (own,), "terms": (term,)}), 1),
        reading(_body(members={"now": members}), 2),
    )
    of_person = await load_memberships(database, legislator_id="camara-deputy-1")
    assert sorted(orjson.loads(item)["kind"] for item in of_person.items) == ["COMMITTEE", "TERM"]
    assert {orjson.loads(item)["role"] for item in of_person.items} == {"Titular", None}
    of_body = await load_memberships(database, organization_id="camara-org-7")
    assert {orjson.loads(item)["name"] for item in of_body.items} == {"Ana", "Beto", "Caio"}
    assert of_body.total == 3
    today = await load_memberships(
        database, organization_id="camara-org-7", on=MemberFilter(active=True, today=date(2026, 1, 1))
    )
    assert {orjson.loads(item)["name"] for item in today.items} == {"Ana", "Beto"}
    assert await count_members(database, "camara-org-7", date(2026, 1, 1)) == 2
    behind = await load_memberships(database, organization_id="camara-org-7", offset=50)
    assert (behind.items, behind.total) == ([], 3)
    page = await list_legislators(database, LegislatorFilter(organization_id="camara-org-7"), after=None, limit=5)
    assert _ids(page) == ["camara-deputy-1"], "of those stored"
    legislature = await list_legislators(database, LegislatorFilter(legislature=57), after=None, limit=5)
    assert _ids(legislature) == ["camara-deputy-1"]


async def test_undated_rows_count_for_nothing_where_the_history_has_days(pool: Any, database: Database) -> None:
    undated = Membership(kind=MembershipKind.PARTY, organization_id="camara-org-7", legislature=56)
    dated = undated.model_copy(update={"start_date": date(2019, 2, 1), "end_date": date(2022, 2, 8)})
    lists = {"listed-parties-56": (undated,), "parties-56": (dated,)}
    await store(
        pool,
        reading(_body(), 1),
        reading(legislator(1, name="Ana", memberships=lists), 2),
        reading(legislator(2, name="Beto", memberships={"listed-parties-56": (undated,)}), 3),
    )
    today = date(2026, 1, 1)
    active = await load_memberships(database, organization_id="camara-org-7", on=MemberFilter(active=True, today=today))
    assert active.total == 1
    assert await count_members(database, "camara-org-7", today) == 1
    members = LegislatorFilter(organization_id="camara-org-7", member_on=today)
    assert _ids(await list_legislators(database, members, after=None, limit=5)) == ["camara-deputy-2"]


async def test_a_list_that_ends_leaves_no_member_behind(pool: Any, database: Database) -> None:
    one, two = (Member(legislator_id=f"camara-deputy-{n}", name=f"M{n}") for n in (1, 2))
    await store(pool, reading(_body(members={"now": (one,), "legislature-56": (two,)}), 1))
    await store(pool, reading(_body(members={"now": (one.model_copy(update={"role": "Presidente"}),)}), 2))
    found = await load_memberships(database, organization_id="camara-org-7")
    roles = {orjson.loads(item)["name"]: orjson.loads(item)["role"] for item in found.items}
    assert (roles, found.total) == ({"M1": "Presidente", "M2": None}, 2)


async def test_organizations_by_kind_and_words(pool: Any, database: Database) -> None:
    await store(pool, reading(_body(), 1))
    for wanted, expected in (
        (OrganizationFilter(classifications=("PERMANENT", "JOINT")), 1),
        (OrganizationFilter(classifications=("SPECIAL",)), 0),
        (OrganizationFilter(name_words=("comissao", "fin")), 1),
        (OrganizationFilter(name_words=("cft",)), 1),
    ):
        assert len((await list_organizations(database, wanted, after=None, limit=5)).items) == expected, wanted


async def test_votings_by_instant(pool: Any, database: Database, observe: Any) -> None:
    await apply(pool, [observe(1, "10")])
    base = date(2026, 11, 1)
    records = [
        voting(
            n,
            day=base + timedelta(days=n // 2),
            bill="camara-10" if n % 2 else None,
            votes=votes("YN" if n < 5 else "Y"),
        )
        for n in range(1, 8)
    ]
    await store(pool, *(reading(one, 1) for one in records))
    newest = [f"camara-vote-{n}" for n in (7, 6, 5, 4, 3, 2, 1)]
    assert await _all(lambda **page: list_vote_events(database, VoteEventFilter(), **page)) == newest
    oldest = await _all(lambda **page: list_vote_events(database, VoteEventFilter(), oldest_first=True, **page))
    assert oldest == newest[::-1]
    of_bill = VoteEventFilter(bill_ids=("camara-10", "senado-10"))
    assert await _all(lambda **page: list_vote_events(database, of_bill, **page)) == newest[::2]
    days = VoteEventFilter(since=base + timedelta(days=1), until=base + timedelta(days=2))
    assert await _all(lambda **page: list_vote_events(database, days, **page)) == newest[2:6]
    no = VoteEventFilter(legislator_id="camara-deputy-2", options=("NO",))
    assert await _all(lambda **page: list_vote_events(database, no, **page)) == newest[3:]
    page = await load_bill_votes(database, "camara-10", offset=1, limit=2)
    assert page is not None
    assert (page.total, [orjson.loads(i)["id"] for i in page.items]) == (4, ["camara-vote-3", "camara-vote-5"])
    assert await load_bill_votes(database, "camara-11", offset=0, limit=2) is None
    nothing = await load_bill_votes(database, "camara-10", offset=9, limit=2)
    assert nothing is not None
    assert (nothing.items, nothing.total) == ([], 4)
    first = await list_member_votes(database, "camara-deputy-2", after=None, limit=3)
    assert [(one.vote_event_id, one.option, one.party) for one in first.items] == [
        (f"camara-vote-{n}", "NO", "PT") for n in (4, 3, 2)
    ]
    rest = await list_member_votes(database, "camara-deputy-2", after=first.keys[-1], limit=3)
    assert ([one.vote_event_id for one in rest.items], rest.more) == (["camara-vote-1"], False)
    assert await count_member_votes(database, "camara-deputy-1") == 7
    assert await count_member_votes(database, "camara-deputy-99") == 0


async def test_events_by_start(pool: Any, database: Database) -> None:
    events = [
        event(n, start=NOON + timedelta(hours=n), agenda=agenda("camara-10") if n > 2 else ()) for n in range(1, 5)
    ]
    await store(pool, *(reading(one, 1) for one in events))
    every = [f"camara-event-{n}" for n in range(1, 5)]

    async def read(wanted: EventFilter = EVERY, **more: Any) -> list[str]:
        return [one.id for one in (await list_events(database, wanted, after=None, limit=9, **more)).items]

    assert await read() == every
    assert await read(newest_first=True) == every[::-1]
    assert await read(EventFilter(bill_ids=("camara-10", "camara-11"))) == every[2:]
    window = EventFilter(since=NOON + timedelta(hours=2), until=NOON + timedelta(hours=4))
    assert await read(window) == every[1:3]
    page = await list_events(database, EventFilter(), after=None, limit=3, whole=True)
    assert page.items[0].document is not None
    behind = await list_events(database, EventFilter(), after=page.keys[-1], limit=3)
    assert ([one.id for one in behind.items], behind.more) == (every[3:], False)


async def test_one_record_by_kind(pool: Any, database: Database) -> None:
    await store(pool, reading(event(), 1))
    found = await load_record(database, "camara-event-1")
    assert found is not None
    assert (found.kind, found.version, found.removed_at) == (RecordKind.EVENT, 1, None)
    assert await load_record(database, "camara-event-1", RecordKind.LEGISLATOR) is None
    assert await load_record(database, "camara-event-2") is None


async def test_removed_records_are_in_no_list(pool: Any, database: Database) -> None:
    await store(pool, reading(event(), 1))
    for seq, at in ((2, 0), (3, 700)):
        await store(pool, absences=[gone(event(), seq, at=at)])
    found = await load_record(database, "camara-event-1")
    assert found is not None
    assert found.removed_at is not None
    assert (await list_events(database, EventFilter(), after=None, limit=5)).items == []
    kept = await list_events(database, EventFilter(), after=None, limit=5, with_removed=True)
    assert [one.removed for one in kept.items] == [True]
